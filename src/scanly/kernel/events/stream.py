"""An append-only log of records in PostgreSQL, in partitions by key; the lean twin of a Kafka topic.

Offsets of a partition are dense and become visible in order, since appending locks the partition's head row until the
transaction ends. Readers keep their positions in their own schema.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from zlib import crc32

from sqlalchemy import text

from scanly.kernel.db import Database

PARTITIONS = 8


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """One record of a partition."""

    offset: int
    key: str
    record: bytes


def partition_of(key: str) -> int:
    """Return the partition that keeps the order of ``key``."""
    return crc32(key.encode()) % PARTITIONS


class StreamLog:
    """Appends to and reads from streams."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(self, topic: str, records: Iterable[tuple[str, bytes]]) -> int:
        """Append ``(key, record)`` pairs, all or none; return how many. Returning means they are durable."""
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
        """Return up to ``limit`` records of a partition with an offset above ``after`` (-1 for the beginning)."""
        async with self._database.connect() as connection:
            rows = await connection.execute(
                _READ, {"topic": topic, "partition": partition, "after": after, "limit": limit}
            )
            return [StreamRecord(row.offset, row.key, bytes(row.record)) for row in rows]

    async def heads(self, topic: str) -> dict[int, int]:
        """Return the next offset of each partition that was ever written to."""
        async with self._database.connect() as connection:
            rows = await connection.execute(_HEADS, {"topic": topic})
            return {row.partition: row.next_offset for row in rows}

    async def forget(self, topic: str, partition: int, up_to: int, older_than: timedelta) -> int:
        """Delete records up to offset ``up_to`` that are older than a duration; return how many."""
        async with self._database.connect() as connection:
            answer = await connection.execute(
                _FORGET, {"topic": topic, "partition": partition, "up_to": up_to, "age": older_than}
            )
            return answer.rowcount


_APPEND = text(
    "select scanly.append_stream(:topic, cast(:partition as smallint), "
    "cast(:keys as text[]), cast(:records as bytea[]))"
)
_READ = text(
    'select "offset", key, record from scanly.read_stream(:topic, cast(:partition as smallint), :after, :limit)'
)
_HEADS = text("select partition, next_offset from scanly.stream_heads where topic = :topic")
_FORGET = text(
    'delete from scanly.stream where topic = :topic and partition = :partition and "offset" <= :up_to '
    "and appended_at < now() - cast(:age as interval)"
)
_NOTIFY = text(
    "select pg_notify('scanly_invalidate', json_build_object('stream', json_build_array(cast(:topic as text)))::text)"
)
