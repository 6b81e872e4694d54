"""Reads links for the redirect when they are not in memory, over a few connections of its own.

They are logged in as the system role once and for all and need no transaction: a look-up is one round trip.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Any, NoReturn

import asyncpg

from scanly.kernel.db import system_scope
from scanly.kernel.db.database import unavailable_when_down
from scanly.kernel.errors import Unavailable
from scanly.services.routing.links import LinkFacts, address_key, make_stamp
from scanly.services.routing.read_model import Changes
from scanly.services.routing.repository import CHANGED_ADDRESSES, FIND_LINK, FIND_LINKS, STAMPS

_CONNECTIONS = 4
_TIMEOUT = 2.0


class DatabaseLinks:
    """Implements ``read_model.LinkSource``."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._idle: list[asyncpg.Connection] = []
        self._free = asyncio.Semaphore(_CONNECTIONS)
        self._busy: dict[asyncpg.Connection, float] = {}
        self._patience: asyncio.TimerHandle | None = None

    @system_scope("a visitor has no workspace: links are found by host and slug")
    async def find(self, keys: Sequence[str]) -> dict[str, LinkFacts]:
        """Return the links of those addresses that have one; ``Unavailable`` when the database does not answer."""
        if len(keys) == 1:
            rows = await self._fetch(FIND_LINK, *keys[0].split("/", 1))
        else:
            rows = await self._fetch(FIND_LINKS, *_columns(keys))
        return {address_key(row[0], row[2]): _facts(row) for row in rows}

    @system_scope("the snapshot of a process holds links of all workspaces")
    async def stamps(self, keys: Sequence[str]) -> dict[str, bytes]:
        """Return the present stamps of those addresses that have a link; ``Unavailable`` as above."""
        rows = await self._fetch(STAMPS, *_columns(keys))
        return {address_key(row[0], row[1]): make_stamp(row[2], row[3]) for row in rows}

    @system_scope("the safety net looks at the changes of all workspaces")
    async def changed(self, since: int | None, overlap: float, limit: int) -> Changes:
        """Return what changed since ``since`` and ``overlap`` seconds before; ``Unavailable`` as above."""
        rows = await self._fetch(CHANGED_ADDRESSES, since, overlap, limit)
        stamps = {address_key(row[1], row[2]): make_stamp(row[3], row[4]) for row in rows if row[1] is not None}
        return Changes(until=rows[0][0], stamps=stamps, is_whole=len(rows) < limit)

    async def close(self) -> None:
        """Close the connections."""
        idle, self._idle = self._idle, []
        for connection in idle:
            connection.terminate()
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    async def _fetch(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        # By hand rather than by asyncpg's pool and a time-out for each read, which cost as much as the read itself.
        async with self._free:
            connection = self._idle.pop() if self._idle else await self._connect()
            self._busy[connection] = time.monotonic()
            if self._patience is None:
                self._patience = asyncio.get_running_loop().call_later(_TIMEOUT, self._cut_late)
            try:
                rows: list[asyncpg.Record] = await connection.fetch(query, *arguments)
            except BaseException as error:  # noqa: BLE001 - also a cancelled read leaves its answer on the way
                connection.terminate()
                await _raise(error)
            finally:
                del self._busy[connection]
            self._idle.append(connection)
            return rows

    def _cut_late(self) -> None:
        """Cut connections that have waited for an answer for too long; one timer serves many reads."""
        now = time.monotonic()
        for connection, since in self._busy.items():
            if now - since >= _TIMEOUT:
                connection.terminate()
        self._patience = None
        if self._busy:
            self._patience = asyncio.get_running_loop().call_later(_TIMEOUT / 4, self._cut_late)

    async def _connect(self) -> asyncpg.Connection:
        try:
            return await asyncpg.connect(
                self._dsn,
                timeout=_TIMEOUT,
                server_settings={
                    "application_name": "scanly redirect",
                    "role": "svc_routing_system",
                    "statement_timeout": "2000",
                    # Every query here goes by indexes; with a million links a plan that reads a table is never right.
                    "enable_seqscan": "off",
                    "plan_cache_mode": "force_generic_plan",
                    "timezone": "UTC",
                    "jit": "off",
                },
            )
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise Unavailable("The database does not answer.", retry_after=2) from error


async def _raise(error: BaseException) -> NoReturn:
    if isinstance(error, asyncpg.InterfaceError):
        raise Unavailable("The database does not answer.", retry_after=2) from error
    async with unavailable_when_down():
        raise error


def _columns(keys: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the domains and the slug keys."""
    parts = [key.split("/", 1) for key in keys]
    return [domain for domain, _ in parts], [slug_key for _, slug_key in parts]


def _facts(row: Any) -> LinkFacts:  # noqa: ANN401 - a row of asyncpg, which ships no types
    return LinkFacts(*[*row[:-2], make_stamp(row[-2], row[-1])])
