"""An append-only log of records in partitions by key, for scans. Readers keep their positions in their own schema.

Two forms with the same promises: in PostgreSQL (``postgres_stream_log``) and in Kafka (``kafka``). A record that was
acknowledged is durable; one whose append failed may be there all the same, so whoever appends sends it again and
whoever reads tells records apart by an id of theirs.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zlib import crc32

PARTITIONS = 8


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """One record of a partition."""

    offset: int
    key: str
    record: bytes


def partition_of(key: str, partitions: int = PARTITIONS) -> int:
    """Return the partition that keeps the order of ``key``."""
    return crc32(key.encode()) % partitions


def every_partition(_partition: int) -> bool:
    """Own all of them."""
    return True


class StreamLog(Protocol):
    """Appends to and reads from streams; ``Unavailable`` from any method when the log does not answer in seconds."""

    async def append(self, topic: str, records: Iterable[tuple[str, bytes]]) -> int:
        """Append ``(key, record)`` pairs and return how many. Returning means they are durable, every one of them."""
        ...

    async def read(self, topic: str, partition: int, after: int, limit: int) -> list[StreamRecord]:
        """Return up to ``limit`` records of a partition with an offset above ``after`` (-1 for the beginning).

        Offsets grow and may have gaps. An empty list means that there is nothing now.
        """
        ...

    async def origin(self) -> str:
        """Return which log this is, since offsets of one mean nothing in another: empty for the database's own."""
        ...

    async def heads(self, topic: str) -> dict[int, int]:
        """Return the next offset of each partition that was ever written to."""
        ...

    async def wait(
        self, topic: str, after: Mapping[int, int], seconds: float, *, owns: Callable[[int], bool] = every_partition
    ) -> None:
        """Return soon when an owned partition has records above its offset in ``after``, at the latest after a while.

        Made for one reader of a topic per process; it may return early for no reason.
        """
        ...

    async def offsets_at(self, topic: str, moment: datetime) -> dict[int, int]:
        """Return for each partition the offset of the first record that was appended at ``moment`` or later."""
        ...

    async def forget(self, topic: str, partition: int, up_to: int, older_than: timedelta) -> int:
        """Delete records up to offset ``up_to`` that are older than a duration; return how many.

        Where the log forgets by itself, as Kafka does by its retention, nothing happens.
        """
        ...

    async def ping(self) -> None:
        """Ask for a sign of life."""
        ...

    async def close(self) -> None:
        """Let go of connections and threads."""
        ...
