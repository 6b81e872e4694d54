import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from scanly.kernel.db.migrate import CODE_VERSION, DatabaseUnreachable, Schema, migrate, pending
from scanly.kernel.startup import StartupError
from tests.kernel.shop import SHOP, TILL
from tests.support.databases import TestServer
from tools.services.server import free_port

_SECOND = """
from alembic import op

revision = "{revision}"
down_revision = "{down}"


def upgrade() -> None:
    op.execute("{statement}")
"""


@pytest.fixture
def empty(postgres: TestServer) -> Iterator[str]:
    with postgres.empty() as dsn:
        yield dsn


@pytest.fixture
def migrated(postgres: TestServer) -> Iterator[str]:
    with postgres.copy((SHOP, TILL)) as dsn:
        yield dsn


@pytest.fixture
def shop_with(tmp_path: Path) -> Callable[[str], Schema]:
    """The shop's migrations and one more that runs a statement."""

    def make(statement: str) -> Schema:
        versions = tmp_path / "versions"
        versions.mkdir()
        for path in (SHOP.folder / "versions").glob("*.py"):
            (versions / path.name).write_text(path.read_text())
        (versions / "0002_more.py").write_text(_SECOND.format(revision="0002", down="0001", statement=statement))
        return Schema("shop", tmp_path)

    return make


def ask(dsn: str, query: str) -> list[Any]:
    with psycopg.connect(dsn) as connection:
        return [row[0] for row in connection.execute(query.encode()).fetchall()]


def tables(dsn: str) -> list[str]:
    return ask(dsn, "select schemaname || '.' || tablename from pg_tables where schemaname !~ '^pg_|^inf' order by 1")


def test_an_empty_database_is_brought_up_to_date_once(empty: str) -> None:
    assert pending(empty, [SHOP, TILL]) == ["scanly", "shop", "till"]
    assert migrate(empty, [SHOP, TILL]) == ["scanly:0001", "scanly:0002", "shop:0001", "till:0001"]
    before = tables(empty)
    assert "shop.goods" in before
    assert migrate(empty, [SHOP, TILL]) == []
    assert tables(empty) == before
    assert pending(empty, [SHOP, TILL]) == []


@pytest.mark.slow
def test_several_may_migrate_at_once(empty: str) -> None:
    applied: list[str] = []
    threads = [threading.Thread(target=lambda: applied.extend(migrate(empty, [SHOP, TILL]))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(applied) == ["scanly:0001", "scanly:0002", "shop:0001", "till:0001"]


@pytest.mark.slow
def test_a_service_that_came_later_is_pending(migrated: str, shop_with: Callable[[str], Schema]) -> None:
    grown = shop_with("alter table shop.goods add column price integer")
    assert pending(migrated, [grown, TILL]) == ["shop"]
    assert migrate(migrated, [grown, TILL]) == ["shop:0002"]
    assert pending(migrated, [grown, TILL]) == []


def test_code_that_is_older_than_the_schema_serves_on(migrated: str, shop_with: Callable[[str], Schema]) -> None:
    migrate(migrated, [shop_with("alter table shop.goods add column price integer"), TILL])
    assert pending(migrated, [SHOP, TILL]) == []
    assert migrate(migrated, [SHOP, TILL]) == []
    assert ask(migrated, "select version_num from shop.alembic_version") == ["0002"]


def test_code_below_the_required_version_is_refused_and_changes_nothing(
    migrated: str, shop_with: Callable[[str], Schema]
) -> None:
    with psycopg.connect(migrated) as connection:
        connection.execute("update scanly.meta set value = %s", [str(CODE_VERSION + 1)])
    before = tables(migrated)
    grown = shop_with("create table shop.shelves (id integer)")
    for act in (migrate, pending):
        with pytest.raises(StartupError) as raised:
            act(migrated, [grown, TILL])
        assert str(raised.value) == (
            f"This program is too old for its database (version {CODE_VERSION}, needed {CODE_VERSION + 1}). "
            "Install a newer Scanly; nothing was changed."
        )
    assert tables(migrated) == before


@pytest.mark.parametrize(
    "statement",
    [
        "create table till.notes (id integer)",
        "alter table till.coins add column value integer",
        "drop table till.coins",
        "select * from till.coins",
        "create table scanly.notes (id integer)",
        "delete from scanly.outbox",
        "create table public.notes (id integer)",
        "create schema elsewhere",
        "create role somebody",
    ],
)
def test_a_migration_that_leaves_its_schema_is_refused(
    migrated: str, shop_with: Callable[[str], Schema], statement: str
) -> None:
    before = tables(migrated)
    with pytest.raises(StartupError, match=r"refused an upgrade, which was undone: (permission denied|must be owner)"):
        migrate(migrated, [shop_with(statement), TILL])
    assert tables(migrated) == before
    assert ask(migrated, "select version_num from shop.alembic_version") == ["0001"]
    assert migrate(migrated, [SHOP, TILL]) == []


def test_a_database_that_cannot_be_reached_is_one_sentence() -> None:
    for act in (migrate, pending):
        with pytest.raises(DatabaseUnreachable, match="The database cannot be reached") as raised:
            act(f"postgresql://scanly:secret-word@127.0.0.1:{free_port()}/scanly", [SHOP])
        assert "\n" not in str(raised.value)
        assert "secret-word" not in str(raised.value)


def test_a_table_of_tenants_is_closed_for_its_owner_without_the_policies(migrated: str) -> None:
    forced = ask(migrated, "select relforcerowsecurity and relrowsecurity from pg_class where relname = 'goods'")
    assert forced == [True]
    policies = ask(migrated, "select policyname from pg_policies where tablename = 'goods' order by 1")
    assert policies == ["owner", "system", "tenant"]
