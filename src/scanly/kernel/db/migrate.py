"""Brings the schemas up to date: the kernel's own first, then each service's, each by its own Alembic history.

A service's migrations run as the owner of its schema, so one that leaves its schema is refused by PostgreSQL. One
process migrates at a time (advisory lock). ``scanly.meta`` carries ``min_code_version``: code below it must not start.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from scanly.kernel.db.migrations import owner_role
from scanly.kernel.startup import StartupError

CODE_VERSION = 1
"""Version of this code as the schema counts it; raised by a contracting migration."""

_LOCK = 0x5CA2_0001
_KERNEL_VERSIONS = Path(__file__).parent / "versions"


@dataclass(frozen=True)
class Schema:
    """A schema with the folder of its migrations (which holds ``versions/``)."""

    name: str
    folder: Path


def sync_engine(dsn: str) -> Engine:
    """Return a plain synchronous engine for migrations and commands."""
    address = dsn.replace("postgresql://", "postgresql+psycopg://", 1)
    return create_engine(address, poolclass=NullPool, connect_args={"connect_timeout": 5})


def migrate(dsn: str, schemas: Iterable[Schema]) -> list[str]:
    """Upgrade everything to the newest version; return what was applied, as ``schema:revision``."""
    schemas = list(schemas)
    engine = sync_engine(dsn)
    with _reachable(engine) as guard:
        guard.execute(text("select pg_advisory_lock(:key)"), {"key": _LOCK})
        guard.commit()
        try:
            check_code_version(guard)
            return _migrate(engine, schemas)
        except DBAPIError as error:
            reason = str(error.orig).partition("\n")[0].rstrip(".")
            raise StartupError(f"The database refused an upgrade, which was undone: {reason}.") from error
        finally:
            guard.execute(text("select pg_advisory_unlock(:key)"), {"key": _LOCK})


def pending(dsn: str, schemas: Iterable[Schema]) -> list[str]:
    """Return which schemas are behind this code; empty when the process may serve.

    A schema that newer code has brought further is not behind, as long as ``min_code_version`` allows this code.
    """
    with _reachable(sync_engine(dsn)) as connection:
        check_code_version(connection)
        return [schema.name for schema in (_kernel(), *schemas) if _is_behind(connection, schema)]


def is_new(dsn: str) -> bool:
    """Whether nothing of ours is in the database yet."""
    with _reachable(sync_engine(dsn)) as connection:
        return not _has_kernel(connection)


class DatabaseUnreachable(StartupError):
    """The database does not take connections now; it may later."""


@contextmanager
def _reachable(engine: Engine) -> Iterator[Connection]:
    try:
        connection = engine.connect()
    except OperationalError as error:
        reason = " ".join(str(error.orig).split())
        raise DatabaseUnreachable(f"The database cannot be reached: {reason.rstrip('.')}.") from error
    with connection:
        yield connection


def check_code_version(connection: Connection) -> None:
    """Refuse to go on when the schema was contracted for newer code."""
    if not _has_kernel(connection):
        return
    required = connection.execute(text("select value from scanly.meta where key = 'min_code_version'")).scalar()
    connection.rollback()
    if required is not None and int(required) > CODE_VERSION:
        raise StartupError(
            f"This program is too old for its database (version {CODE_VERSION}, needed {required}). "
            "Install a newer Scanly; nothing was changed."
        )


def _has_kernel(connection: Connection) -> bool:
    return connection.execute(text("select to_regclass('scanly.meta')")).scalar() is not None


def _migrate(engine: Engine, schemas: list[Schema]) -> list[str]:
    applied: list[str] = []
    with engine.begin() as connection:
        connection.execute(text("create schema if not exists scanly"))
    applied += _upgrade(engine, _kernel(), role=None)
    for schema in schemas:
        with engine.begin() as connection:
            _make_roles(connection, schema.name)
        applied += _upgrade(engine, schema, role=owner_role(schema.name))
    return applied


def _kernel() -> Schema:
    return Schema("scanly", _KERNEL_VERSIONS.parent)


def _make_roles(connection: Connection, service: str) -> None:
    owner = owner_role(service)
    for role in (f"svc_{service}", f"svc_{service}_system", owner):
        connection.execute(
            text(
                f"do $$ begin create role {role} nologin; "
                "exception when duplicate_object or unique_violation then null; end $$"
            )
        )
        connection.execute(text(f"grant {role} to current_user"))
    connection.execute(text(f"create schema if not exists {service} authorization {owner}"))
    roles = f"svc_{service}, svc_{service}_system"
    connection.execute(text(f"grant usage on schema {service} to {roles}"))
    connection.execute(text(f"grant usage on schema scanly to {roles}"))
    connection.execute(text(f"select scanly.grant_service('{service}')"))


def _script(schema: Schema) -> ScriptDirectory:
    return ScriptDirectory(str(schema.folder), version_locations=[str(schema.folder / "versions")])


def _known(script: ScriptDirectory) -> set[str]:
    return {step.revision for step in script.walk_revisions()}


def _is_behind(connection: Connection, schema: Schema) -> bool:
    script = _script(schema)
    context = MigrationContext.configure(
        connection, opts={"version_table_schema": schema.name, "version_table": "alembic_version"}
    )
    current = set(context.get_current_heads())
    connection.rollback()
    return current <= _known(script) and current != set(script.get_heads())


def _upgrade(engine: Engine, schema: Schema, *, role: str | None) -> list[str]:
    script = _script(schema)
    applied: list[str] = []

    def steps(revision: Any, _context: Any) -> Any:  # noqa: ANN401 - Alembic's own untyped hook
        if not set(revision) <= _known(script):
            return []  # newer code was here, and left a schema that this code can work with
        found = script._upgrade_revs("head", revision)  # noqa: SLF001 - the hook that alembic.command.upgrade uses
        applied.extend(f"{schema.name}:{step.revision.revision}" for step in found)
        return found

    with engine.connect() as connection, EnvironmentContext(Config(), script, fn=steps) as environment:
        connection.execute(text("set lock_timeout = '10s'"))
        if role is not None:
            connection.execute(text(f"set role {role}"))
        connection.execute(text(f"set search_path = {schema.name}"))
        connection.commit()
        environment.configure(connection=connection, version_table_schema=schema.name, version_table="alembic_version")
        with environment.begin_transaction():
            environment.run_migrations()
        connection.commit()
    return applied
