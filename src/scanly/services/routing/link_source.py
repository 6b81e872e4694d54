"""Reads links for the redirect when they are not in memory, over a few connections of its own.

They are logged in as the system role once and for all and need no transaction: a look-up is one round trip.
"""

import asyncio

import asyncpg

from scanly.kernel.db import system_scope
from scanly.kernel.db.database import unavailable_when_down
from scanly.kernel.errors import Unavailable
from scanly.services.routing.read_model import LinkFacts
from scanly.services.routing.repository import CHANGED_ADDRESSES, FIND_LINK

_CONNECTIONS = 4
_TIMEOUT = 2.0


class DatabaseLinks:
    """Implements ``read_model.LinkSource``."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._pool: asyncpg.Pool | None = None
        self._opening = asyncio.Lock()

    @system_scope("a visitor has no workspace: links are found by host and slug")
    async def find(self, domain: str, slug_key: str) -> LinkFacts | None:
        """Return the link at an address; ``Unavailable`` when the database does not answer."""
        rows = await self._fetch(FIND_LINK, domain, slug_key)
        return LinkFacts(*rows[0]) if rows else None

    @system_scope("the safety net looks at the changes of all workspaces")
    async def changed(self, seconds: float, limit: int) -> list[tuple[str, str, str]]:
        """Return domain, slug key and stamp of up to ``limit`` addresses that changed in the last ``seconds``."""
        rows = await self._fetch(CHANGED_ADDRESSES, seconds, limit)
        return [(row[0], row[1], row[2]) for row in rows]

    async def close(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            self._pool.terminate()
            self._pool = None

    async def _fetch(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        try:
            async with unavailable_when_down():
                pool = await self._opened()
                async with pool.acquire(timeout=_TIMEOUT) as connection:
                    rows: list[asyncpg.Record] = await connection.fetch(query, *arguments, timeout=_TIMEOUT)
                    return rows
        except (asyncpg.InterfaceError, TimeoutError) as error:
            raise Unavailable("The database does not answer.", retry_after=2) from error

    async def _opened(self) -> asyncpg.Pool:
        async with self._opening:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self._dsn,
                    min_size=0,
                    max_size=_CONNECTIONS,
                    timeout=_TIMEOUT,
                    reset=_keep,
                    server_settings={
                        "application_name": "scanly redirect",
                        "role": "svc_routing_system",
                        "statement_timeout": "2000",
                        "timezone": "UTC",
                    },
                )
            return self._pool


async def _keep(_connection: object) -> None:
    """Leave a connection as it is: nothing here changes its session."""
