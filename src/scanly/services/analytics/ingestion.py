"""Moves scans from the log into counts: each once, in batches, and past every record that cannot be counted.

A batch is one transaction: it locks the partition's position, compares it with the one its records were read at, and
writes rows, roll-ups and the new position. A consumer that lost its turn finds another position and throws its batch
away, so two of them never count the same record. A record that fails by itself goes whole to the dead letters.
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import msgspec

from scanly.contracts.routing import SCAN_TOPIC, decode_scan
from scanly.kernel.clock import Clock
from scanly.kernel.db import Database, ServiceDatabase, system_scope
from scanly.kernel.errors import Unavailable
from scanly.kernel.events import StreamLog, StreamRecord, bury_record
from scanly.kernel.invalidation import invalidate
from scanly.kernel.pace import give_way
from scanly.kernel.telemetry import get_logger
from scanly.services.analytics import metrics
from scanly.services.analytics.domain.agent import load_rules
from scanly.services.analytics.domain.hit import Hit, ScanRefused, read_hit
from scanly.services.analytics.live import FEED_CHANNEL
from scanly.services.analytics.repository import ingestion as repository
from scanly.services.analytics.settings import AnalyticsSettings

log = get_logger(__name__)

SOURCE = "analytics.ingestion"
_POLL = 1.0
_BREATH = 40
"""Records judged in one go, about 2 ms."""
_KEEP_COUNTED = timedelta(hours=24)


class StalePosition(Exception):
    """Another consumer counted these records; nothing was written."""


class Ingestion:
    """The consumer of ``qr.scanned``. Any number of processes may run one; partitions are shared by their locks."""

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
        self._positions: dict[int, int] | None = None
        self._days: set[date] = set()

    async def run(self) -> None:
        """Count until cancelled; a database that is away delays, and loses nothing."""
        await asyncio.to_thread(load_rules)
        metrics.caught_up.set_to_current_time()
        while True:
            try:
                await self.drain()
                await self._streams.wait(SCAN_TOPIC, self._positions or {}, _POLL)
            except Unavailable:
                await asyncio.sleep(_POLL)
            except Exception:
                log.exception("counting failed and is tried again")
                await asyncio.sleep(_POLL)

    async def drain(self) -> int:
        """Count everything that is in the log now; return how many records were passed."""
        passed = 0
        started = time.time()
        heads = await self._streams.heads(SCAN_TOPIC)
        if self._positions is None or any(self._positions.get(p, -1) < head - 1 for p, head in heads.items()):
            self._positions = await self._read_positions()  # another process may have counted them
        for partition, head in sorted(heads.items()):
            while (after := self._positions.get(partition, -1)) < head - 1:
                records = await self._streams.read(SCAN_TOPIC, partition, after, self._settings.ingest_batch)
                if not records:
                    break
                try:
                    await self._timed(partition, after, records)
                    self._positions[partition] = records[-1].offset
                    passed += len(records)
                except StalePosition:
                    self._positions = await self._read_positions()
        behind = sum(head - 1 - self._positions.get(p, -1) for p, head in heads.items())
        metrics.lag.set(behind)
        if not behind:
            metrics.caught_up.set(started)
        return passed

    async def _timed(self, partition: int, after: int, records: Sequence[StreamRecord]) -> None:
        started = time.perf_counter()
        await self.count(partition, after, records)
        metrics.batch_seconds.observe(time.perf_counter() - started)

    async def count(self, partition: int, after: int, records: Sequence[StreamRecord]) -> None:
        """Count the records that follow offset ``after``; ``StalePosition`` when somebody else did.

        When the batch fails, its halves are tried, down to the single record that is at fault.
        """
        hits: dict[UUID, Hit] = {}
        began = time.perf_counter()
        for number, record in enumerate(records):
            if number % _BREATH == 0:  # the same loop may be redirecting visitors
                await give_way(time.perf_counter() - began)
                began = time.perf_counter()
            if (hit := await self._read(partition, record)) is not None:
                hits[hit.id] = hit
        try:
            await self._write(partition, after, records[-1].offset, list(hits.values()))
        except (Unavailable, StalePosition):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the other records must pass
            if len(records) == 1:
                await self._bury(partition, records[0], error)
                await self._write(partition, after, records[0].offset, [])
                return
            middle = len(records) // 2
            await self.count(partition, after, records[:middle])
            await self.count(partition, records[middle - 1].offset, records[middle:])

    async def _read(self, partition: int, record: StreamRecord) -> Hit | None:
        now = self._clock.now()
        oldest = now - timedelta(days=self._settings.raw_retention_days)
        try:
            return read_hit(decode_scan(record.record), now=now, oldest=oldest)
        except (msgspec.DecodeError, ScanRefused) as error:
            await self._bury(partition, record, error)
            return None

    async def _bury(self, partition: int, record: StreamRecord, error: Exception) -> None:
        reason = f"{type(error).__name__}: {error}"
        await bury_record(
            self._database, source=SOURCE, topic=SCAN_TOPIC, partition=partition, record=record, reason=reason
        )
        metrics.refused.inc()
        log.error("scan put among the dead letters", partition=partition, offset=record.offset, reason=reason)

    async def _write(self, partition: int, after: int, up_to: int, hits: Sequence[Hit]) -> None:
        await self._make_days({hit.day for hit in hits} | {hit.local_day for hit in hits})
        new = await self._write_batch(partition, after, up_to, hits)
        for verdict, number in new.items():
            metrics.counted.labels(verdict).inc(max(number, 0))

    @system_scope("counts the scans of all workspaces")
    async def _write_batch(self, partition: int, after: int, up_to: int, hits: Sequence[Hit]) -> dict[str, int]:
        place = await self._place()
        async with self._db.system() as session:
            if await repository.lock_position(session, place, partition) != after:
                raise StalePosition
            await repository.move_position(session, place, partition, up_to)
            if not hits:
                return {}
            for workspace_id in {hit.workspace_id for hit in hits}:
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
