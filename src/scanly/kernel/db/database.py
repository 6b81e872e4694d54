"""Transactions of a service: ``begin(workspace_id)`` for what a tenant does, ``system()`` for the few other cases.

Both set the role of the service for the length of the transaction, so that PostgreSQL itself keeps tables at home and
tenants apart (row-level security), in the lean shape too.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from typing import Any, ClassVar, TypeVar, cast
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

import asyncpg
from sqlalchemy import MetaData, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import QueuePool

from scanly.kernel.db.patience import away, within
from scanly.kernel.errors import Invalid
from scanly.kernel.telemetry import gauge

_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
_SET_SCOPE = text("select set_config('role', :role, true), set_config('scanly.workspace_id', :workspace, true)")
_SESSION_SETTINGS = {
    "application_name": "scanly",
    "timezone": "UTC",
    "jit": "off",  # compiling takes longer than any of these statements
    "idle_in_transaction_session_timeout": "15000",
    "lock_timeout": "10000",
    "statement_timeout": "60000",
}

REQUEST_SECONDS = 7.0
"""What a transaction may take while somebody waits; throwing away a connection that hangs takes two more."""

_answer = gauge("scanly_database_answer_seconds", "Time that the database took for nothing, when it was last asked")
_in_use = gauge("scanly_database_connections_in_use", "Connections of the pool that somebody holds")
_size = gauge("scanly_database_connections_max", "Connections that the pool may open")

_open: ContextVar[str | None] = ContextVar("open_transaction", default=None)

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


def service_metadata(schema: str) -> MetaData:
    """Return the metadata for the tables of one service: ``class Base(DeclarativeBase): metadata = …``.

    Prefer this to ``service_base`` where the tables are type-checked: mypy takes no base class from a call.
    """
    return MetaData(schema=schema, naming_convention=_NAMING)


def service_base(schema: str) -> type[DeclarativeBase]:
    """Return the declarative base for the tables of one service, in the schema of its name."""

    class Base(DeclarativeBase):
        metadata: ClassVar[MetaData] = service_metadata(schema)

    return Base


def in_transaction() -> str | None:
    """Return the name of the service whose transaction is open in this context, or None."""
    return _open.get()


def system_scope(reason: str) -> Callable[[F], F]:
    """Mark a function that may call ``system()``, with the reason; a lint keeps the list of them."""

    def mark(function: F) -> F:
        function.__system_scope__ = reason  # type: ignore[attr-defined]
        return function

    return mark


def async_dsn(dsn: str) -> str:
    """Return a ``postgresql://`` address in the form SQLAlchemy needs for asyncpg."""
    parts = urlsplit(dsn)
    query = dict(parse_qsl(parts.query))
    query.pop("sslmode", None) if query.get("sslmode") == "disable" else None
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    return urlunsplit(("postgresql+asyncpg", parts.netloc, parts.path, urlencode(query, safe="/"), ""))


class Database:
    """The engine of a process. Transactions are opened through ``for_service``."""

    def __init__(
        self, dsn: str, *, pool_size: int = 16, pool_timeout: float = 10, timeout: float = REQUEST_SECONDS
    ) -> None:
        self.dsn = dsn
        self._timeout = timeout
        _size.set(pool_size)
        self._engine = create_async_engine(
            async_dsn(dsn),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=pool_timeout,
            pool_pre_ping=False,
            connect_args={"server_settings": _SESSION_SETTINGS, "timeout": 5, "command_timeout": 60},
        )

    @property
    def engine(self) -> AsyncEngine:
        """The engine, for the kernel's own blocks."""
        return self._engine

    def for_service(self, name: str) -> "ServiceDatabase":
        """Return the database as the service ``name`` may see it."""
        return ServiceDatabase(self._engine, name, self._timeout)

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction as the login role, for the kernel's own tables."""
        async with within(self._timeout), open_scope("kernel"), self.borrow() as connection, connection.begin():
            yield connection

    @asynccontextmanager
    async def borrow(self) -> AsyncIterator[AsyncConnection]:
        """Take a connection for what is no transaction, such as holding a session's lock while others work."""
        async with unavailable_when_down(), AsyncExitStack() as stack:
            yield await connected(stack.enter_async_context(self._engine.connect()))

    async def ping(self) -> None:
        """Ask the database for an answer within two seconds; ``Unavailable`` when it has none."""
        started = time.perf_counter()
        try:
            async with within(2), self.borrow() as connection:
                await connection.execute(text("select 1"))
                _in_use.set(cast("QueuePool", self._engine.pool).checkedout() - 1)
        finally:
            _answer.set(time.perf_counter() - started)

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()


class ServiceDatabase:
    """The database as one service may see it: its schema, its two roles."""

    def __init__(self, engine: AsyncEngine, name: str, timeout: float = REQUEST_SECONDS) -> None:
        self._engine = engine
        self._timeout = timeout
        self.name = name

    @asynccontextmanager
    async def begin(self, workspace_id: UUID) -> AsyncIterator[AsyncSession]:
        """Open the transaction of a use case; rows of other workspaces do not exist in it. Commits at the end."""
        async with self._transaction(f"svc_{self.name}", str(workspace_id)) as session:
            yield session

    @asynccontextmanager
    async def system(self) -> AsyncIterator[AsyncSession]:
        """Open a transaction over all workspaces; only in functions marked with ``system_scope``."""
        async with self._transaction(f"svc_{self.name}_system", "") as session:
            yield session

    @asynccontextmanager
    async def _transaction(self, role: str, workspace: str) -> AsyncIterator[AsyncSession]:
        async with (
            within(self._timeout),
            open_scope(self.name),
            unavailable_when_down(),
            AsyncSession(self._engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            await connected(session.connection())
            await session.execute(_SET_SCOPE, {"role": role, "workspace": workspace})
            yield session


@asynccontextmanager
async def open_scope(name: str) -> AsyncIterator[None]:
    """Remember that a transaction is open, so that a call to another service inside it is refused."""
    if (outer := _open.get()) is not None:
        raise RuntimeError(f"a transaction of {outer} is open; one use case has one transaction")
    token = _open.set(name)
    try:
        yield
    finally:
        _open.reset(token)


async def connected(opening: Awaitable[T]) -> T:
    """Return what ``opening`` a connection gives; whatever is in the way of it means ``Unavailable``."""
    try:
        return await opening
    except (OSError, PoolTimeout, DBAPIError) as error:
        raise away() from error


@asynccontextmanager
async def unavailable_when_down() -> AsyncIterator[None]:
    """Turn a database that cannot be reached, went away or is in somebody's way into ``Unavailable``.

    What PostgreSQL cannot store (U+0000, half of a surrogate pair, a time outside of its range) becomes ``Invalid``.
    """
    try:
        yield
    except DBAPIError as error:
        cause = error.orig.__cause__ if error.orig is not None and error.orig.__cause__ else error
        if error.connection_invalidated or isinstance(cause, _DOWN):
            raise away() from error
        if isinstance(cause, _UNSTORABLE) or isinstance(cause.__cause__, UnicodeEncodeError):
            raise Invalid("The text holds an invisible character that cannot be kept. Remove it.") from error
        if isinstance(cause.__cause__, OverflowError):
            raise Invalid("A number or a time is too far out to be kept. Use one nearer to today.") from error
        raise
    except _DOWN as error:
        raise away() from error


_DOWN: tuple[type[Exception], ...] = (
    ConnectionError,
    FileNotFoundError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.QueryCanceledError,
)
_UNSTORABLE = (asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError)
