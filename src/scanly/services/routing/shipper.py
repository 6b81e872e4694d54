"""Moves scans from the spool to the event log, and takes the visitor's address out of them on the way.

Every interval the written segment is sealed, beside whatever else goes on. Sealed segments are surveyed and appended to
the log, oldest first, and deleted once the log acknowledged them. Large ones are surveyed in another process, so that
visitors do not wait. While the log is away segments are rewritten without addresses and wait: an address stays on the
disk for 5 s at most, as long as this machine can keep up with surveying.
"""

import asyncio
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from scanly.contracts.routing import SCAN_TOPIC
from scanly.kernel.errors import Unavailable
from scanly.kernel.events import StreamLog
from scanly.kernel.pace import give_way
from scanly.kernel.telemetry import get_logger
from scanly.services.routing.hits import Shippable, decode_ready, encode_ready
from scanly.services.routing.metrics import Tally
from scanly.services.routing.spool import RAW, READY, Segment, Spool, SpoolFolder, adopt_folders, write_ready
from scanly.services.routing.survey import Survey
from scanly.services.routing.visitors import Salts

log = get_logger(__name__)

_ADDRESS_SECONDS = 2.0
"""A raw segment may wait this long for the log before it is rewritten without addresses."""
_APPEND_SECONDS = 2.0
"""For one batch of scans that still wait in a raw segment; with the line above well below 5 s."""
_BATCH = 1_000
"""Scans in one transaction of the log."""
_SLICE = 50
"""Hits that are surveyed in one go, well below 5 ms."""
_LARGE = 1 << 19
"""Bytes from which a segment is surveyed in another process: some 1,600 hits, what 8,000 a second leave in one."""
_SEAL_BYTES = 4 << 20
"""A segment is sealed at this size, however short its time."""
_SEAL_TICK = 0.2
_ADOPT_EVERY = 10.0
_RETRY_SECONDS = 1.0
_MOST_WORK = 0.005
"""Of the time that an append takes, what may have been this process's own work."""
_DRAIN_SECONDS = 3.0


class Shipper:
    """Ships this process's folder and those of dead processes."""

    def __init__(
        self,
        *,
        root: Path,
        spool: Spool,
        streams: StreamLog,
        survey: Survey,
        salts: Salts,
        tally: Tally,
        now: Callable[[], datetime],
        seal_seconds: float,
        max_bytes: int,
    ) -> None:
        self._root = root
        self._spool = spool
        self._streams = streams
        self._survey = survey
        self._salts = salts
        self._tally = tally
        self._now = now
        self._seal_seconds = seal_seconds
        self._max_bytes = max_bytes
        self._adopted: list[SpoolFolder] = []
        self._looked_for_dead = 0.0
        self._log_away_until = 0.0
        self._sealing = asyncio.Lock()
        self._news = asyncio.Event()
        """Something was sealed or made ready."""
        self.fault: str | None = None
        """Why segments cannot be handled; ``None`` while all is well."""

    async def run(self) -> None:
        """Ship until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._seal_in_time())
            group.create_task(self._ship())

    async def turn(self) -> None:
        """Seal what was written and ship what waits, as far as the log lets us."""
        await self._seal()
        await self._ship_once()

    async def _seal_in_time(self) -> None:
        tick = min(self._seal_seconds, _SEAL_TICK)
        while True:
            await asyncio.sleep(tick)
            since = self._spool.unsynced_since
            is_due = since is not None and time.monotonic() - since >= self._seal_seconds - tick
            if is_due or self._spool.size > _SEAL_BYTES:
                with self._faults():
                    await self._seal()

    async def _ship(self) -> None:
        while True:
            with self._faults():
                await self._ship_once()
            if self.fault is not None:
                await asyncio.sleep(_RETRY_SECONDS)
            with suppress(TimeoutError):
                async with asyncio.timeout(_RETRY_SECONDS):
                    await self._news.wait()
            self._news.clear()

    async def _ship_once(self) -> None:
        self._note_recorded()
        await self._adopt()
        if time.monotonic() >= self._log_away_until:
            await self._append_all()
        await self._drop_old_addresses()
        self._survey.forget()
        await self._measure()
        self.fault = None

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._report(f"The spool cannot be read or written: {error.strerror or error}.")
        except Exception:
            log.exception("shipping failed and is tried again")
            self.fault = "Shipping scans failed; the log of this process says why."

    async def drain(self) -> None:
        """Ship everything there is, for a clean end; what the log does not take in 3 s stays for the next start."""
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                await self._seal()
                await self._append_all()
        except (OSError, Unavailable, TimeoutError):
            log.warning("scans stay in the spool until the next start")
        for folder in self._adopted:
            folder.remove()

    async def _seal(self) -> None:
        async with self._sealing:
            if self._spool.is_empty:
                return
            following = await asyncio.to_thread(self._spool.prepare)
            handle = self._spool.swap(following)
            await asyncio.to_thread(self._spool.finish, handle)
            self._news.set()

    async def _adopt(self) -> None:
        if time.monotonic() - self._looked_for_dead < _ADOPT_EVERY and self._looked_for_dead:
            return
        self._looked_for_dead = time.monotonic()
        self._salts.forget_expired(self._now())
        found = await asyncio.to_thread(lambda: list(adopt_folders(self._root)))
        self._tally.adopted += len(found)
        self._adopted += found

    async def _append_all(self) -> None:
        """Append waiting segments, oldest first, and delete those that are acknowledged."""
        for folder in self._folders:
            for segment in await self._waiting(folder):
                if segment.kind == RAW and await asyncio.to_thread(_size, segment) > _LARGE:
                    await self._make_ready(segment)
                    self._news.set()  # what it became is appended in the next turn
                    continue
                scans = await self._scans(segment)
                if not await self._append(scans, is_raw=segment.kind == RAW):
                    if segment.kind == RAW:
                        await asyncio.to_thread(write_ready, segment.path, encode_ready(scans))
                        await asyncio.to_thread(segment.delete)
                    return
                await asyncio.to_thread(segment.delete)
        await self._release_adopted()

    async def _append(self, scans: Sequence[Shippable], *, is_raw: bool) -> bool:
        for start in range(0, len(scans), _BATCH):
            batch = scans[start : start + _BATCH]
            began = time.perf_counter()
            try:
                async with asyncio.timeout(_APPEND_SECONDS if is_raw else None):
                    await self._streams.append(SCAN_TOPIC, [(scan.key, scan.record) for scan in batch])
            except (Unavailable, TimeoutError):
                self._log_away_until = time.monotonic() + _RETRY_SECONDS
                return False
            self._tally.shipped += len(batch)
            await give_way(min(time.perf_counter() - began, _MOST_WORK))
        return True

    async def _drop_old_addresses(self) -> None:
        """Rewrite the raw segments that have waited long enough."""
        for folder in self._folders:
            for segment in await self._waiting(folder):
                if segment.kind == RAW and time.time() - await asyncio.to_thread(_written, segment) >= _ADDRESS_SECONDS:
                    await self._make_ready(segment)

    async def _make_ready(self, segment: Segment) -> None:
        """Replace a raw segment by ready ones: in another process, or here when there is none."""
        try:
            unread = await self._survey.make_ready(segment)
        except Unavailable:
            scans = await self._scans(segment)
            await asyncio.to_thread(write_ready, segment.path, encode_ready(scans))
            await asyncio.to_thread(segment.delete)
        else:
            self._note_damage(segment, unread)

    async def _release_adopted(self) -> None:
        for folder in self._adopted:
            await asyncio.to_thread(folder.remove)
        self._adopted = []

    @property
    def _folders(self) -> list[SpoolFolder]:
        return [*self._adopted, self._spool.folder]

    async def _waiting(self, folder: SpoolFolder) -> list[Segment]:
        return await asyncio.to_thread(lambda: folder.segments(skip=self._spool.writing))

    async def _scans(self, segment: Segment) -> list[Shippable]:
        content = await asyncio.to_thread(segment.read)
        self._note_damage(segment, content.unread)
        payloads = content.payloads
        if segment.kind == READY:
            return [decode_ready(payload) for payload in payloads]
        scans: list[Shippable] = []
        for start in range(0, len(payloads), _SLICE):
            began = time.perf_counter()
            scans += await self._survey.ship(payloads[start : start + _SLICE])
            await give_way(time.perf_counter() - began)
        return scans

    def _note_recorded(self) -> None:
        self._tally.recorded = self._spool.recorded
        if (lost := self._spool.lost - self._tally.lost) > 0:
            self._tally.lost += lost
            log.error("scans were not recorded", scans=lost, reason=self._spool.fault)

    def _note_damage(self, segment: Segment, unread: int) -> None:
        if unread:
            self._tally.damaged_bytes += unread
            log.error("a spool segment ends in a frame that is not whole", file=segment.path.name, bytes=unread)

    async def _measure(self) -> None:
        waiting = [
            found for folder in self._folders for found in await asyncio.to_thread(_sizes, await self._waiting(folder))
        ]
        self._tally.waiting_files = len(waiting)
        self._tally.waiting_bytes = sum(size for size, _ in waiting)
        self._spool.is_full = self._tally.waiting_bytes > self._max_bytes
        self._tally.waiting_seconds = max((time.time() - written for _, written in waiting), default=0.0)
        self._tally.free_bytes = (await asyncio.to_thread(shutil.disk_usage, self._root)).free

    def _report(self, fault: str) -> None:
        if fault != self.fault:
            log.error("shipping is held up", reason=fault)
        self.fault = fault


def _size(segment: Segment) -> int:
    return segment.path.stat().st_size


def _written(segment: Segment) -> float:
    return segment.path.stat().st_mtime


def _sizes(segments: Sequence[Segment]) -> list[tuple[int, float]]:
    return [(found.st_size, found.st_mtime) for segment in segments for found in [segment.path.stat()]]
