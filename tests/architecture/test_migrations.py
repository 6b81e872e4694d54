"""Tables stay home and tenants apart, by PostgreSQL's own means; models and migrations say the same."""

import importlib
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, text

from scanly.app.registry import SERVICES, schemas
from scanly.kernel.db.migrate import Schema, migrate, pending, sync_engine
from scanly.kernel.startup import StartupError
from tests.support.databases import TestServer

NAMES = [manifest.name for manifest in SERVICES]


@pytest.fixture(scope="module")
def dsn(postgres: TestServer) -> Iterator[str]:
    """A database with all schemas, which these tests only read."""
    with postgres.copy(tuple(schemas())) as address:
        yield address


@pytest.fixture
def connection(dsn: str) -> Iterator[Connection]:
    engine = sync_engine(dsn)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def metadata_of(service: str) -> MetaData:
    metadata: MetaData = importlib.import_module(f"scanly.services.{service}.models").Base.metadata
    return metadata


def differences(connection: Connection, metadata: MetaData, service: str) -> list[object]:
    """What autogenerate would change; partitions and Alembic's own table are not the models' business."""
    query = "select c.relname from pg_class c where c.relispartition"
    foreign = {name for (name,) in connection.execute(text(query))} | {"alembic_version"}

    def is_ours(name: str | None, kind: str, parents: object) -> bool:
        table = getattr(parents, "get", lambda _key: None)("table_name")
        if kind == "schema":
            return name == service
        return name not in foreign and table not in foreign

    options = {"include_schemas": True, "include_name": is_ours, "compare_type": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


@pytest.mark.parametrize("service", NAMES)
def test_models_and_migrations_agree(connection: Connection, service: str) -> None:
    assert differences(connection, metadata_of(service), service) == []


def test_a_drift_is_caught(connection: Connection) -> None:
    connection.execute(text("alter table auth.users add column drift integer"))
    assert differences(connection, metadata_of("auth"), "auth") != []
    connection.rollback()


def test_nothing_is_pending_after_a_migration(dsn: str) -> None:
    assert pending(dsn, schemas()) == []


@pytest.mark.parametrize("service", NAMES)
@pytest.mark.parametrize("suffix", ["", "_system", "_owner"])
def test_a_role_reads_no_table_of_others(dsn: str, service: str, suffix: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as session:
        tables = session.execute(
            "select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace "
            "where c.relkind in ('r', 'p', 'v') and n.nspname = any(%s) order by 1, 2",
            ([*(name for name in NAMES if name != service), "scanly"],),
        ).fetchall()
        session.execute(f"set role svc_{service}{suffix}".encode())
        readable = []
        for schema, table in tables:
            try:
                session.execute(f'select 1 from "{schema}"."{table}" limit 0'.encode())
            except psycopg.errors.InsufficientPrivilege:
                continue
            readable.append(f"{schema}.{table}")
    assert readable == ([] if suffix == "_owner" else ["scanly.idempotency"])


@pytest.mark.parametrize("service", NAMES)
def test_every_table_of_a_tenant_is_under_row_level_security(dsn: str, service: str) -> None:
    """What the tenant's role may touch is filtered by workspace, or holds nothing of a workspace."""
    with psycopg.connect(dsn) as session:
        rows = session.execute(
            "select c.relname, c.relrowsecurity and c.relforcerowsecurity, "
            "has_any_column_privilege(%(role)s, c.oid, 'select') "
            "or has_table_privilege(%(role)s, c.oid, 'insert, update, delete'), "
            "exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id') "
            "from pg_class c where c.relnamespace = %(service)s::regnamespace and c.relkind in ('r', 'p')",
            {"role": f"svc_{service}", "service": service},
        ).fetchall()
    assert rows
    open_to_all = [table for table, secured, reachable, has_tenant in rows if reachable and has_tenant and not secured]
    assert open_to_all == []


def revision(folder: Path, statement: str) -> Schema:
    """A schema ``coupons`` with one migration."""
    (folder / "versions").mkdir(parents=True)
    head = "from alembic import op\nrevision = '0001'\ndown_revision = None\n"
    (folder / "versions/0001_x.py").write_text(f"{head}def upgrade():\n    op.execute({statement!r})\n")
    return Schema("coupons", folder)


@pytest.mark.parametrize(
    "statement",
    [
        "create table auth.stolen (id uuid)",
        "alter table auth.users add column stolen text",
        "insert into scanly.meta values ('stolen', '1')",
        "create table scanly.stolen (id uuid)",
        "create table public.stolen (id uuid)",
    ],
)
def test_postgresql_refuses_a_migration_that_leaves_its_schema(
    postgres: TestServer, tmp_path: Path, statement: str
) -> None:
    auth = next(schema for schema in schemas() if schema.name == "auth")
    with postgres.copy((auth,)) as address, pytest.raises(StartupError, match=r"permission denied|must be owner"):
        migrate(address, [revision(tmp_path / "migrations", statement)])


def test_a_migration_at_home_runs(postgres: TestServer, tmp_path: Path) -> None:
    with postgres.copy() as address:
        schema = revision(tmp_path / "migrations", "create table coupons.mine (id uuid)")
        assert migrate(address, [schema]) == ["coupons:0001"]
        assert migrate(address, [schema]) == []
