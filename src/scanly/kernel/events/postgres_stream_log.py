"""Streams in PostgreSQL, the lean form of the log.

Offsets of a partition are dense and become visible in order, since appending locks the partition's head row until the
transaction ends.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import text

from scanly.kernel.db import Database
from scanly.kernel.events.stream_log import StreamRecord, every_partition, partition_of
from scanly.kernel.invalidation import Invalidation


class PostgresStreamLog:
    """See ``StreamLog``. Appends are whole or not at all; ``wait`` is woken by notifications of ``invalidation``."""

    def __init__(self, database: Database, invalidation: Invalidation | None = None) -> None:
        self._database = database
        self._news: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        if invalidation is not None:
            invalidation.subscribe("stream", self._heard)

    async def append(self, topic: str, records: Iterable[tuple[str, bytes]]) -> int:
        """See ``StreamLog``; all or none."""
        parts: defaultdict[int, list[tuple[str, bytes]]] = defaultdict(list)
        for key, record in records:
            parts[partition_of(key)].append((key, record))
        if not parts:
            return 0
        async with self._database.connect() as connection:
            for partition in sorted(parts):  # one order for everybody, so that two shippers cannot deadlock
                pairs = parts[partition]
                await connection.execute(
                    _APPEND,
                    {
                        "topic": topic,
                        "partition": partition,
                        "keys": [key for key, _ in pairs],
                        "records": [record for _, record in pairs],
                    },
                )
            await connection.execute(_NOTIFY, {"topic": topic})
        return sum(map(len, parts.values()))

    async def read(self, topic: str, partition: int, after: int, limit: int) -> list[StreamRecord]:
        """See ``StreamLog``."""
        async with self._database.connect() as connection:
            rows = await connection.execute(
                _READ, {"topic": topic, "partition": partition, "after": after, "limit": limit}
            )
            return [StreamRecord(row.offset, row.key, bytes(row.record)) for row in rows]

    async def origin(self) -> str:
        """See ``StreamLog``."""
        return ""

    async def heads(self, topic: str) -> dict[int, int]:
        """See ``StreamLog``."""
        async with self._database.connect() as connection:
            rows = await connection.execute(_HEADS, {"topic": topic})
            return {row.partition: row.next_offset for row in rows}

    async def wait(
        self,
        topic: str,
        after: Mapping[int, int],  # noqa: ARG002 - it is told
        seconds: float,
        *,
        owns: Callable[[int], bool] = every_partition,  # noqa: ARG002
    ) -> None:
        """See ``StreamLog``."""
        with contextlib.suppress(TimeoutError):
            # Not wait_for: before Python 3.12 it can swallow a cancellation (cpython issue 86296).
            async with asyncio.timeout(seconds):
                await self._news[topic].wait()
        self._news[topic].clear()

    def _heard(self, topic: str | None) -> None:
        for news in self._news.values() if topic is None else (self._news[topic],):
            news.set()

    async def offsets_at(self, topic: str, moment: datetime) -> dict[int, int]:
        """See ``StreamLog``."""
        async with self._database.connect() as connection:
            rows = await connection.execute(_OFFSETS_AT, {"topic": topic, "moment": moment})
            return {row.partition: row.offset for row in rows}

    async def forget(self, topic: str, partition: int, up_to: int, older_than: timedelta) -> int:
        """See ``StreamLog``."""
        async with self._database.connect() as connection:
            answer = await connection.execute(
                _FORGET, {"topic": topic, "partition": partition, "up_to": up_to, "age": older_than}
            )
            return answer.rowcount

    async def ping(self) -> None:
        """See ``StreamLog``."""
        await self._database.ping()

    async def close(self) -> None:
        """See ``StreamLog``; the database belongs to somebody else."""


_APPEND = text(
    "select scanly.append_stream(:topic, cast(:partition as smallint), "
    "cast(:keys as text[]), cast(:records as bytea[]))"
)
_READ = text(
    'select "offset", key, record from scanly.read_stream(:topic, cast(:partition as smallint), :after, :limit)'
)
_HEADS = text("select partition, next_offset from scanly.stream_heads where topic = :topic")
_OFFSETS_AT = text(
    'select h.partition, coalesce((select min(s."offset") from scanly.stream s where s.topic = h.topic '
    "and s.partition = h.partition and s.appended_at >= :moment), h.next_offset) as offset "
    "from scanly.stream_heads h where h.topic = :topic"
)
_FORGET = text(
    'delete from scanly.stream where topic = :topic and partition = :partition and "offset" <= :up_to '
    "and appended_at < now() - cast(:age as interval)"
)
_NOTIFY = text(
    "select pg_notify('scanly_invalidate', json_build_object('stream', json_build_array(cast(:topic as text)))::text)"
)
