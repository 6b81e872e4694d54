"""Moves scans from the spool to the event log, and takes the visitor's address out of them on the way.

Every interval the written segment is sealed, surveyed and appended to the log; it is deleted once the log acknowledged
it. While the log is away, or visitors leave no time for it, segments are rewritten without addresses and wait. So an
address stays on the disk for 5 s at most, as long as this machine can keep up with surveying.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from scanly.contracts.routing import SCAN_TOPIC
from scanly.kernel.errors import Unavailable
from scanly.kernel.events import StreamLog
from scanly.kernel.pace import give_way
from scanly.kernel.telemetry import get_logger
from scanly.services.routing.hits import Shippable, decode_ready, encode_ready
from scanly.services.routing.metrics import Tally
from scanly.services.routing.spool import RAW, READY, Segment, Spool, SpoolFolder, adopt_folders
from scanly.services.routing.survey import Survey
from scanly.services.routing.visitors import Salts

log = get_logger(__name__)

_ADDRESS_SECONDS = 3.0
"""A raw segment may wait this long for the log; surveying and rewriting it fits into the rest of the 5 s."""
_BATCH = 2_000
"""Scans in one transaction of the log."""
_SLICE = 50
"""Hits that are surveyed in one go, well below 5 ms."""
_ADOPT_EVERY = 10.0
_RETRY_SECONDS = 1.0
_BUSY_TURN = 0.001
"""Seconds that a turn of the event loop takes when dozens of visitors wait in it."""
_BUSY_PAUSE = 1.0
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
    ) -> None:
        self._root = root
        self._spool = spool
        self._streams = streams
        self._survey = survey
        self._salts = salts
        self._tally = tally
        self._now = now
        self._seal_seconds = seal_seconds
        self._adopted: list[SpoolFolder] = []
        self._looked_for_dead = 0.0
        self._log_away_until = 0.0
        self._paused_until = 0.0
        self.fault: str | None = None
        """Why segments cannot be handled; ``None`` while all is well."""

    async def run(self) -> None:
        """Ship until cancelled."""
        while True:
            try:
                await self.turn()
                self.fault = None
            except OSError as error:
                self._report(f"The spool cannot be read or written: {error.strerror or error}.")
            except Exception:
                log.exception("shipping failed and is tried again")
                self.fault = "Shipping scans failed; the log of this process says why."
            await asyncio.sleep(self._seal_seconds if self.fault is None else _RETRY_SECONDS)

    async def turn(self) -> None:
        """Seal what was written and ship what waits, as far as the log and the visitors let us."""
        await self._adopt()
        if (lost := self._spool.lost - self._tally.lost) > 0:
            self._tally.lost += lost
            log.error("scans were not recorded", scans=lost, reason=self._spool.fault)
        if self._spool.is_empty and not self._tally.waiting_files and not self._adopted:
            return
        await self._seal()
        if time.monotonic() >= max(self._log_away_until, self._paused_until):
            await self._append_all(spare=await self._is_busy())
        await self._drop_old_addresses()
        self._survey.forget()
        await self._measure()

    async def drain(self) -> None:
        """Ship everything there is, for a clean end; what the log does not take in 3 s stays for the next start."""
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                await self._seal()
                await self._append_all(spare=False)
        except (OSError, Unavailable, TimeoutError):
            log.warning("scans stay in the spool until the next start")
        for folder in self._adopted:
            folder.remove()

    async def _seal(self) -> None:
        if self._spool.is_empty:
            return
        following = await asyncio.to_thread(self._spool.prepare)
        handle = self._spool.swap(following)
        await asyncio.to_thread(self._spool.finish, handle)

    async def _adopt(self) -> None:
        if time.monotonic() - self._looked_for_dead < _ADOPT_EVERY and self._looked_for_dead:
            return
        self._looked_for_dead = time.monotonic()
        self._salts.forget_expired(self._now())
        found = await asyncio.to_thread(lambda: list(adopt_folders(self._root)))
        self._tally.adopted += len(found)
        self._adopted += found

    async def _is_busy(self) -> bool:
        """Say whether visitors fill the event loop; then the log has to wait for a second."""
        started = time.perf_counter()
        for _ in range(3):
            await asyncio.sleep(0)
        busy = time.perf_counter() - started > 3 * _BUSY_TURN
        if busy:
            self._paused_until = time.monotonic() + _BUSY_PAUSE
        return busy

    async def _append_all(self, *, spare: bool) -> None:
        """Append waiting segments, oldest first, and delete those that are acknowledged; with ``spare`` only one."""
        for folder in self._folders:
            for segment in await self._waiting(folder):
                if spare and segment.kind == RAW:
                    continue
                scans = await self._scans(segment)
                if not await self._append(scans):
                    if segment.kind == RAW:
                        await self._make_ready(folder, segment, scans)
                    return
                await asyncio.to_thread(segment.delete)
                if spare:
                    return
        if not spare:
            await self._release_adopted()

    async def _append(self, scans: Sequence[Shippable]) -> bool:
        for start in range(0, len(scans), _BATCH):
            batch = scans[start : start + _BATCH]
            try:
                await self._streams.append(SCAN_TOPIC, [(scan.key, scan.record) for scan in batch])
            except (Unavailable, TimeoutError):
                self._log_away_until = time.monotonic() + _RETRY_SECONDS
                return False
            self._tally.shipped += len(batch)
        return True

    async def _drop_old_addresses(self) -> None:
        """Rewrite the raw segments that have waited long enough."""
        for folder in self._folders:
            for segment in await self._waiting(folder):
                if segment.kind == RAW and time.time() - await asyncio.to_thread(_written, segment) >= _ADDRESS_SECONDS:
                    await self._make_ready(folder, segment, await self._scans(segment))

    async def _make_ready(self, folder: SpoolFolder, raw: Segment, scans: Sequence[Shippable]) -> None:
        await asyncio.to_thread(lambda: folder.make_ready(raw, encode_ready(scans)))

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
        if content.unread:
            self._tally.damaged_bytes += content.unread
            log.error("a spool segment ends in a frame that is not whole", file=segment.path.name, bytes=content.unread)
        payloads = content.payloads
        if segment.kind == READY:
            return [decode_ready(payload) for payload in payloads]
        scans: list[Shippable] = []
        for start in range(0, len(payloads), _SLICE):
            began = time.perf_counter()
            scans += await self._survey.ship(payloads[start : start + _SLICE])
            await give_way(time.perf_counter() - began)
        return scans

    async def _measure(self) -> None:
        waiting = [
            found for folder in self._folders for found in await asyncio.to_thread(_sizes, await self._waiting(folder))
        ]
        self._tally.waiting_files = len(waiting)
        self._tally.waiting_bytes = sum(size for size, _ in waiting)
        self._tally.waiting_seconds = max((time.time() - written for _, written in waiting), default=0.0)

    def _report(self, fault: str) -> None:
        if fault != self.fault:
            log.error("shipping is held up", reason=fault)
        self.fault = fault


def _written(segment: Segment) -> float:
    return segment.path.stat().st_mtime


def _sizes(segments: Sequence[Segment]) -> list[tuple[int, float]]:
    return [(found.st_size, found.st_mtime) for segment in segments for found in [segment.path.stat()]]
