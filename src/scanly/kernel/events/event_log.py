"""Where consumer groups read events: the outbox itself, or Kafka, to which a relay ships the outbox."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

Groups = Mapping[str, str]
"""The topic of each group."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a group's work, done by one process at a time."""

    group: str
    topic: str
    partition: int = 0

    @property
    def lock(self) -> int:
        """Return the key of the advisory lock that whoever does the work holds."""
        name = f"{self.group}/{self.partition}" if self.partition else self.group
        return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event at its place in the log."""

    position: int
    envelope: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """Events in the order of the log; when they are done, the share stands at ``end``."""

    deliveries: Sequence[Delivery]
    end: int


class EventLog(Protocol):
    """An ordered log of events with the positions of groups in it. ``Unavailable`` from any method: try again."""

    async def advance(self) -> bool:
        """Take what was committed into the log, if no other process does; return whether there was anything."""
        ...

    async def behind(self, groups: Groups) -> list[Share]:
        """Return the shares in which there is something to do."""
        ...

    async def next(self, connection: AsyncConnection, share: Share, limit: int) -> Page:
        """Return what follows the position of a share; the caller holds its lock."""
        ...

    async def move(self, connection: AsyncConnection, share: Share, position: int) -> None:
        """Set the position of a share forward."""
        ...

    async def mark_caught_up(self, groups: Groups) -> int:
        """Note the time for every group that has had all events committed by now; return how many those are."""
        ...

    async def lags(self, groups: Groups) -> dict[str, int]:
        """Return how many events each group still has before it."""
        ...

    async def waiting(self) -> int:
        """Return how many committed events are not in the log yet."""
        ...

    async def rewind(self, group: str, topic: str, moment: datetime | None) -> None:
        """Set a group back to the first event since ``moment``, None for all there are, and let it handle them anew."""
        ...

    async def tidy(self) -> None:
        """Delete what is old and needed by nobody."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
