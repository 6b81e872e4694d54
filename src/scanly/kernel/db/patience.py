"""How long a transaction may take. PostgreSQL's own limits do not help when its server hangs or a network swallows all.

Who waits for an answer gets one, if only that the database is away; what runs beside requests has time.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar

from scanly.kernel.errors import Unavailable

_unhurried: ContextVar[bool] = ContextVar("unhurried", default=False)


def take_time() -> None:
    """Let transactions of this task, and of those it starts, take as long as PostgreSQL lets them (a minute)."""
    _unhurried.set(True)


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """End what takes longer than ``seconds`` with ``Unavailable``; a connection that is in use then is thrown away."""
    limit = asyncio.timeout(None if _unhurried.get() else seconds)
    try:
        async with limit:
            yield
    except TimeoutError as error:
        if limit.expired():
            raise away() from error
        raise


def away() -> Unavailable:
    """Return the error for a database that does not answer."""
    return Unavailable("The database does not answer. Try again in a moment.", retry_after=2)
