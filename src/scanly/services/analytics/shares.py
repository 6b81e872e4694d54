"""Who counts which partition: a lease by heartbeat, so that several consumers share the work and none is wasted.

Each process says every second that it is there; partitions go to those who were seen within three seconds, by
rendezvous hashing, so that few of them move when one comes or goes. Processes may disagree for a moment. That costs
one of them a batch and nothing else: the positions, locked and compared, decide who counts.
"""

import asyncio
from hashlib import blake2b
from typing import Final
from uuid import UUID, uuid4

from scanly.kernel.db import ServiceDatabase, system_scope
from scanly.kernel.errors import Unavailable
from scanly.kernel.telemetry import get_logger
from scanly.services.analytics.repository import ingestion as repository

log = get_logger(__name__)

_BEAT: Final = 1.0
_FAREWELL: Final = 2.0


class Shares:
    """The share of this process; all of it until the first heartbeat tells of others."""

    def __init__(self, db: ServiceDatabase) -> None:
        self._db = db
        self._process = uuid4()
        self._members = frozenset({self._process})

    def owns(self, partition: int) -> bool:
        """Whether this process is to count a partition."""
        return max(self._members, key=lambda member: _rank(member, partition)) == self._process

    async def keep(self) -> None:
        """Say every second that this process is there, until cancelled; then say that it is gone."""
        try:
            while True:
                try:
                    await self.beat()
                except Unavailable:
                    pass  # nobody can count now
                except Exception:
                    log.exception("heartbeat of counting failed and is tried again")
                await asyncio.sleep(_BEAT)
        finally:
            try:
                async with asyncio.timeout(_FAREWELL):
                    await self.leave()
            except (Unavailable, TimeoutError):
                pass  # the others find out within seconds

    @system_scope("says that this process counts, and reads which others do")
    async def beat(self) -> None:
        """Say that this process is there and learn who else is."""
        async with self._db.system() as session:
            members = await repository.consumers(session, self._process)
        self._members = frozenset(members) | {self._process}

    @system_scope("says that this process counts no more")
    async def leave(self) -> None:
        """Say that this process is gone, so that the others need not wait for its silence."""
        async with self._db.system() as session:
            await repository.remove_consumer(session, self._process)


def _rank(member: UUID, partition: int) -> bytes:
    return blake2b(member.bytes + partition.to_bytes(4, "big"), digest_size=8).digest()
