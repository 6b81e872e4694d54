"""Moves scans from the log into counts: each once, in batches, and past every record that cannot be counted.

A batch takes what waits in all partitions of this process and is one transaction: it locks their positions, compares
them with those its records were read at, and writes rows, roll-ups and the new positions. A consumer that lost its turn
finds other positions and throws its batch away, so two of them never count the same record. A record that fails by
itself goes whole to the dead letters.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Final

import msgspec

from scanly.contracts.routing import SCAN_TOPIC, decode_scan
from scanly.kernel.clock import Clock
from scanly.kernel.db import Database, ServiceDatabase, system_scope
from scanly.kernel.errors import Unavailable
from scanly.kernel.events import StreamLog, StreamRecord, bury_record
from scanly.kernel.invalidation import invalidate
from scanly.kernel.pace import paced
from scanly.kernel.telemetry import get_logger
from scanly.services.analytics import metrics
from scanly.services.analytics.domain.agent import load_rules
from scanly.services.analytics.domain.hit import Hit, ScanRefused, as_date, read_hit
from scanly.services.analytics.live import FEED_CHANNEL
from scanly.services.analytics.repository import ingestion as repository
from scanly.services.analytics.settings import AnalyticsSettings
from scanly.services.analytics.shares import Shares

log = get_logger(__name__)

SOURCE: Final = "analytics.ingestion"
_POLL: Final = 1.0
_GATHER: Final = 0.1
"""Seconds in which scans gather into a batch: what they have in common is written once."""
_STEP: Final = 100
"""Records judged in one go, about 2 ms."""
_MOST_READ: Final = 2_000
"""Records read in one go, which takes the loop a few milliseconds."""
_KEEP_COUNTED: Final = timedelta(hours=24)
_AHEAD: Final = timedelta(days=1)


class StalePosition(Exception):
    """Another consumer counted these records; nothing was written."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Records of one partition, those that follow offset ``after``."""

    partition: int
    after: int
    records: Sequence[StreamRecord]


class Ingestion:
    """The consumer of ``qr.scanned``. Any number of processes may run one; they share the partitions."""

    def __init__(
        self,
        *,
        db: ServiceDatabase,
        database: Database,
        streams: StreamLog,
        clock: Clock,
        settings: AnalyticsSettings,
    ) -> None:
        self._db = db
        self._database = database
        self._streams = streams
        self._clock = clock
        self._settings = settings
        self._shares = Shares(db)
        self._positions: dict[int, int] | None = None
        self._days: set[date] = set()
        self._room = settings.ingest_batch
        self._waiting_since: float | None = None
        metrics.lag_seconds.set_function(self._age)

    async def run(self) -> None:
        """Count this process's share until cancelled; a database that is away delays, and loses nothing."""
        await asyncio.to_thread(load_rules)
        metrics.caught_up.set_to_current_time()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._shares.keep())
            group.create_task(self._count_on())

    async def _count_on(self) -> None:
        while True:
            try:
                await self.drain(self._shares.owns)
                await self._streams.wait(SCAN_TOPIC, self._positions or {}, _POLL, owns=self._shares.owns)
                await asyncio.sleep(_GATHER)
            except Unavailable:
                self._room = max(self._room // 2, 1)  # a database that is slow rather than away gets less at a time
                self._waits_since(self._now())
                await asyncio.sleep(_POLL)
            except Exception:
                log.exception("counting failed and is tried again")
                await asyncio.sleep(_POLL)

    async def drain(self, owns: Callable[[int], bool] = lambda _partition: True) -> int:
        """Count everything that is in the log now, in the partitions that are owned; return how many records."""
        passed = 0
        started = time.time()
        heads = await self._streams.heads(SCAN_TOPIC)
        if self._positions is None or any(
            self._positions.get(p, -1) < head - 1 for p, head in heads.items() if owns(p)
        ):
            self._positions = await self._read_positions()  # another process may have counted them
        while batch := await self._next(heads, owns):
            try:
                await self._timed(batch)
                self._room = min(self._room * 2, self._settings.ingest_batch)
                self._positions |= {stretch.partition: stretch.records[-1].offset for stretch in batch}
                passed += sum(len(stretch.records) for stretch in batch)
            except StalePosition:
                self._positions = await self._read_positions()
        self._waiting_since = None
        metrics.caught_up.set(started)
        return passed

    async def _next(self, heads: dict[int, int], owns: Callable[[int], bool]) -> list[Stretch]:
        """Read what waits in the owned partitions, of each the same share, up to about the size of a batch."""
        positions = self._positions or {}
        behind = {p: head - 1 - positions.get(p, -1) for p, head in sorted(heads.items()) if owns(p)}
        behind = {p: number for p, number in behind.items() if number > 0}
        metrics.lag.set(sum(behind.values()))
        share = min(self._room / max(sum(behind.values()), 1), 1)
        batch: list[Stretch] = []
        for partition, number in behind.items():
            after = positions.get(partition, -1)
            if records := await self._read(partition, after, ceil(number * share)):
                batch.append(Stretch(partition, after, records))
        return batch

    async def _read(self, partition: int, after: int, number: int) -> list[StreamRecord]:
        records: list[StreamRecord] = []
        while (room := number - len(records)) > 0:
            more = await self._streams.read(SCAN_TOPIC, partition, after, min(room, _MOST_READ))
            if not more:
                break
            records += more
            after = more[-1].offset
        return records

    async def _timed(self, batch: Sequence[Stretch]) -> None:
        started = time.perf_counter()
        await self.count(batch)
        metrics.batch_seconds.observe(time.perf_counter() - started)
        metrics.batch_records.observe(sum(len(stretch.records) for stretch in batch))

    async def count(self, batch: Sequence[Stretch]) -> None:
        """Count records, which follow the offsets ``after``; ``StalePosition`` when somebody else did.

        When the batch fails, its halves are tried, down to the single record that is at fault.
        """
        hits = await self._judge(batch)
        try:
            await self._write(batch, hits)
        except (Unavailable, StalePosition):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the other records must pass
            if len(batch) == 1 and len(batch[0].records) == 1:
                await self._bury(batch[0].partition, batch[0].records[0], error)
                await self._write(batch, [])
                return
            for half in halves(batch):
                await self.count(half)

    async def _judge(self, batch: Sequence[Stretch]) -> list[Hit]:
        hits: dict[bytes, Hit] = {}
        now = self._clock.now()
        newest = _milliseconds(now + _AHEAD)
        oldest = _milliseconds(now - timedelta(days=self._settings.raw_retention_days))
        for stretch in batch:
            async for records in paced(stretch.records, _STEP):
                for record in records:
                    try:
                        hit = read_hit(decode_scan(record.record), oldest=oldest, newest=newest)
                    except (msgspec.DecodeError, ScanRefused) as error:
                        await self._bury(stretch.partition, record, error)
                    else:
                        hits[hit.id] = hit
        if hits:
            self._waits_since(min(hit.at for hit in hits.values()) / 1000)
        return list(hits.values())

    def _waits_since(self, moment: float) -> None:
        self._waiting_since = moment if self._waiting_since is None else min(moment, self._waiting_since)

    def _age(self) -> float:
        return 0.0 if self._waiting_since is None else max(self._now() - self._waiting_since, 0.0)

    def _now(self) -> float:
        return self._clock.now().timestamp()

    async def _bury(self, partition: int, record: StreamRecord, error: Exception) -> None:
        reason = f"{type(error).__name__}: {error}"
        await bury_record(
            self._database, source=SOURCE, topic=SCAN_TOPIC, partition=partition, record=record, reason=reason
        )
        metrics.refused.inc()
        log.error("scan put among the dead letters", partition=partition, offset=record.offset, reason=reason)

    async def _write(self, batch: Sequence[Stretch], hits: Sequence[Hit]) -> None:
        await self._make_days({as_date(day) for day in {hit.day for hit in hits}})
        new = await self._write_batch(batch, hits)
        for verdict, number in new.items():
            metrics.counted.labels(verdict).inc(max(number, 0))

    @system_scope("counts the scans of all workspaces")
    async def _write_batch(self, batch: Sequence[Stretch], hits: Sequence[Hit]) -> dict[str, int]:
        read_at = {stretch.partition: stretch.after for stretch in batch}
        place = await self._place()
        async with self._db.system() as session:
            if await repository.lock_positions(session, place, read_at) != read_at:
                raise StalePosition
            up_to = {stretch.partition: stretch.records[-1].offset for stretch in batch}
            await repository.move_positions(session, place, up_to)
            if not hits:
                return {}
            for workspace_id in {target.workspace_id for target in {hit.target for hit in hits}}:
                await invalidate(session, FEED_CHANNEL, str(workspace_id))
            window = timedelta(seconds=self._settings.repeat_window_seconds)
            return await repository.write(session, hits, window)

    @system_scope("makes the partitions of the days that hits fall on")
    async def _make_days(self, days: set[date]) -> None:
        if missing := days - self._days:
            async with self._db.system() as session:
                await repository.make_days(session, missing)
            self._days |= missing

    @system_scope("reads how far the log is counted")
    async def _read_positions(self) -> dict[int, int]:
        place = await self._place()
        async with self._db.system() as session:
            return await repository.positions(session, place)

    async def _place(self) -> str:
        """Return the name of positions in this log; those in another one mean other records."""
        origin = await self._streams.origin()
        return f"{SCAN_TOPIC}@{origin}" if origin else SCAN_TOPIC

    async def prepare_days(self) -> None:
        """Make the partitions of the next days before they are needed."""
        today = self._clock.now().date()
        self._days.clear()
        await self._make_days({today + timedelta(days=ahead) for ahead in range(-1, 4)})

    @system_scope("drops days whose retention is over")
    async def forget(self) -> None:
        """Drop single hits that are older than the retention, and counted records of the log; totals stay."""
        before = self._clock.now().date() - timedelta(days=self._settings.raw_retention_days)
        place = await self._place()
        async with self._db.system() as session:
            dropped = await repository.drop_days(session, before)
            counted = await repository.positions(session, place)
        self._days = {day for day in self._days if day >= before}
        for partition, offset in counted.items():
            await self._streams.forget(SCAN_TOPIC, partition, offset, _KEEP_COUNTED)
        if dropped:
            log.info("days dropped", tables=dropped, before=before.isoformat())


def halves(batch: Sequence[Stretch]) -> tuple[list[Stretch], list[Stretch]]:
    """Cut a batch in the middle of its records."""
    left = sum(len(stretch.records) for stretch in batch) // 2
    first: list[Stretch] = []
    second: list[Stretch] = []
    for stretch in batch:
        cut = min(left, len(stretch.records))
        left -= cut
        before, after = stretch.records[:cut], stretch.records[cut:]
        if before:
            first.append(Stretch(stretch.partition, stretch.after, before))
        if after:
            second.append(Stretch(stretch.partition, before[-1].offset if before else stretch.after, after))
    return first, second


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
