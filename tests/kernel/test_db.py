import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import DateTime, literal, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.kernel.db import Database, ServiceDatabase, in_transaction
from scanly.kernel.db.database import async_dsn
from scanly.kernel.errors import Invalid, Unavailable
from scanly.kernel.ids import new_id
from scanly.kernel.postgres import EmbeddedPostgres
from scanly.kernel.telemetry import REGISTRY
from tests.kernel.shop import SHOP, TILL
from tests.support.databases import TestServer
from tools.services.server import free_port

OURS, THEIRS = new_id(), new_id()
ALL_GOODS = text("select name from shop.goods order by name")


@pytest.fixture
def dsn(postgres: TestServer) -> Iterator[str]:
    with postgres.copy((SHOP, TILL)) as dsn:
        yield dsn


@pytest.fixture(scope="module")
def untouched(postgres: TestServer) -> Iterator[str]:
    """A database in which nothing may change, so that all tests of refusals share it."""
    with postgres.copy((SHOP, TILL)) as dsn:
        yield dsn


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    database = Database(dsn, pool_size=3)
    yield database
    await database.close()


@pytest.fixture
def shop(database: Database) -> ServiceDatabase:
    return database.for_service("shop")


async def add(session: AsyncSession, workspace_id: UUID, name: str) -> None:
    values = {"id": new_id(), "workspace": workspace_id, "name": name}
    await session.execute(text("insert into shop.goods values (:id, :workspace, :name)"), values)


async def names(session: AsyncSession) -> list[str]:
    return list(await session.scalars(ALL_GOODS))


@pytest.fixture
async def stocked(shop: ServiceDatabase) -> ServiceDatabase:
    """One thing of ours, one of theirs."""
    async with shop.begin(OURS) as session:
        await add(session, OURS, "our bread")
    async with shop.begin(THEIRS) as session:
        await add(session, THEIRS, "their wine")
    return shop


async def test_a_tenant_sees_its_own_rows_without_any_filter(stocked: ServiceDatabase) -> None:
    async with stocked.begin(OURS) as session:
        assert await names(session) == ["our bread"]
    async with stocked.begin(THEIRS) as session:
        assert await names(session) == ["their wine"]


async def test_a_tenant_neither_changes_nor_removes_the_rows_of_another(stocked: ServiceDatabase) -> None:
    async with stocked.begin(OURS) as session:
        await session.execute(text("update shop.goods set name = 'mine now' where name = 'their wine'"))
        await session.execute(text("delete from shop.goods where name = 'their wine'"))
    async with stocked.system() as session:
        assert await names(session) == ["our bread", "their wine"]


async def test_a_tenant_cannot_write_a_row_into_another_workspace(stocked: ServiceDatabase) -> None:
    with pytest.raises(DBAPIError, match="row-level security"):
        async with stocked.begin(OURS) as session:
            await add(session, THEIRS, "a gift")
    with pytest.raises(DBAPIError, match="row-level security"):
        async with stocked.begin(OURS) as session:
            await session.execute(text("update shop.goods set workspace_id = :theirs"), {"theirs": THEIRS})


async def test_without_a_workspace_there_are_no_rows(stocked: ServiceDatabase) -> None:
    async with stocked.begin(OURS) as session:
        await session.execute(text("select set_config('scanly.workspace_id', '', true)"))
        assert await names(session) == []


async def test_a_workspace_is_set_for_one_transaction_only(stocked: ServiceDatabase, database: Database) -> None:
    async with stocked.begin(OURS) as session:
        backend = await session.scalar(text("select pg_backend_pid()"))
    seen = set()
    for _ in range(5):
        async with database.connect() as connection:
            row = (
                await connection.execute(
                    text(
                        "select pg_backend_pid() as pid, current_user as who, session_user as login, "
                        "current_setting('scanly.workspace_id', true) as workspace"
                    )
                )
            ).one()
        seen.add(row.pid)
        assert row.who == row.login
        assert not row.workspace
    assert backend in seen


async def test_the_system_scope_sees_all_workspaces(stocked: ServiceDatabase) -> None:
    async with stocked.system() as session:
        assert await names(session) == ["our bread", "their wine"]
        await session.execute(text("insert into shop.opening_hours values (1)"))


@pytest.mark.parametrize(
    "statement",
    [
        "select * from till.coins",
        "insert into till.coins values (gen_random_uuid(), gen_random_uuid())",
        "create table shop.more (id integer)",
        "drop table shop.goods",
        "alter table shop.goods disable row level security",
        "create table public.more (id integer)",
        "select * from scanly.outbox",
        "delete from scanly.outbox",
        "update scanly.outbox set topic = 'x'",
        "select * from scanly.meta",
        "select * from scanly.stream",
        "select * from scanly.dead_letters",
        "select * from scanly.event_positions",
        "select * from scanly.consumed_events",
        "select * from scanly.procrastinate_jobs",
        "delete from scanly.idempotency",
        "select scanly.grant_service('shop')",
    ],
)
async def test_a_service_reaches_nothing_outside_its_home(untouched: str, statement: str) -> None:
    database = Database(untouched, pool_size=2)
    shop = database.for_service("shop")
    for transaction in (shop.begin(OURS), shop.system()):
        with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
            async with transaction as session:
                await session.execute(text(statement))
    await database.close()


async def test_tables_of_the_house_are_for_the_system_role(shop: ServiceDatabase) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with shop.begin(OURS) as session:
            await session.execute(text("select * from shop.opening_hours"))


async def test_an_answer_kept_for_a_key_is_seen_by_its_workspace_only(shop: ServiceDatabase) -> None:
    async with shop.begin(OURS) as session:
        await session.execute(
            text("insert into scanly.idempotency (workspace_id, key, body_hash) values (:ours, 'k', '')"),
            {"ours": OURS},
        )
    count = text("select count(*) from scanly.idempotency")
    async with shop.begin(OURS) as session:
        assert await session.scalar(count) == 1
    async with shop.begin(THEIRS) as session:
        assert await session.scalar(count) == 0


async def test_one_use_case_has_one_transaction(shop: ServiceDatabase, database: Database) -> None:
    assert in_transaction() is None
    async with shop.begin(OURS):
        assert in_transaction() == "shop"
        for nested in (shop.begin(OURS), shop.system(), database.for_service("till").begin(OURS), database.connect()):
            with pytest.raises(RuntimeError, match="a transaction of shop is open"):
                async with nested:
                    pass
    assert in_transaction() is None


async def test_what_fails_in_the_middle_leaves_nothing(shop: ServiceDatabase) -> None:
    async def fail() -> None:
        async with shop.begin(OURS) as session:
            await add(session, OURS, "half a thing")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with shop.begin(OURS) as session:
        assert await names(session) == []


async def test_transactions_of_different_tasks_do_not_mix(shop: ServiceDatabase) -> None:
    async def store(workspace_id: UUID, name: str) -> list[str]:
        async with shop.begin(workspace_id) as session:
            await add(session, workspace_id, name)
            await asyncio.sleep(0.01)
            return await names(session)

    assert await asyncio.gather(store(OURS, "bread"), store(THEIRS, "wine")) == [["bread"], ["wine"]]


async def test_text_that_cannot_be_kept_is_the_callers_fault(shop: ServiceDatabase) -> None:
    for name in ("bread\x00", "half \ud83d"):
        with pytest.raises(Invalid, match="invisible character"):
            async with shop.begin(OURS) as session:
                await add(session, OURS, name)


async def test_a_time_beyond_what_can_be_kept_is_the_callers_fault(shop: ServiceDatabase) -> None:
    far = datetime.max.replace(tzinfo=timezone(-timedelta(hours=14)))
    with pytest.raises(Invalid, match="too far out"):
        async with shop.begin(OURS) as session:
            await session.execute(select(literal(far, DateTime(timezone=True))))


@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://scanly@127.0.0.1:{port}/scanly",
        "postgresql://scanly@/scanly?host=/nonexistent",
    ],
)
async def test_a_database_that_cannot_be_reached_is_unavailable(dsn: str) -> None:
    database = Database(dsn.format(port=free_port()))
    shop = database.for_service("shop")
    for transaction in (shop.begin(OURS), shop.system(), database.connect()):
        with pytest.raises(Unavailable) as raised:
            async with transaction:
                pass
        assert raised.value.retry_after
    with pytest.raises(Unavailable):
        await database.ping()
    assert in_transaction() is None
    await database.close()


async def test_a_database_that_does_not_exist_is_unavailable(postgres: TestServer) -> None:
    database = Database(postgres.address("never_made"))
    with pytest.raises(Unavailable):
        await database.ping()
    await database.close()


@pytest.mark.slow
async def test_a_server_that_never_answers_is_unavailable_within_seconds() -> None:
    ended = asyncio.Event()

    async def silence(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await ended.wait()
        writer.close()

    server = await asyncio.start_server(silence, "127.0.0.1", 0)
    database = Database(f"postgresql://x:y@127.0.0.1:{server.sockets[0].getsockname()[1]}/x")
    with pytest.raises(Unavailable):
        await asyncio.wait_for(database.ping(), 10)
    await database.close()
    ended.set()
    server.close()
    await server.wait_closed()


async def test_a_full_pool_is_unavailable_and_not_a_crash(dsn: str) -> None:
    database = Database(dsn, pool_size=1, pool_timeout=0.05)
    async with database.borrow():
        with pytest.raises(Unavailable):
            await database.ping()
    await database.ping()
    await database.close()


async def test_an_ended_connection_makes_one_use_case_unavailable_and_the_next_works(
    shop: ServiceDatabase, dsn: str
) -> None:
    async def lose_the_connection() -> None:
        async with shop.begin(OURS) as session:
            await add(session, OURS, "lost")
            pid = await session.scalar(text("select pg_backend_pid()"))
            with psycopg.connect(dsn) as other:
                other.execute("select pg_terminate_backend(%s)", [pid])
            await add(session, OURS, "lost too")

    with pytest.raises(Unavailable):
        await lose_the_connection()
    async with shop.begin(OURS) as session:
        assert await names(session) == []


async def test_a_row_that_somebody_holds_for_long_is_unavailable(stocked: ServiceDatabase, dsn: str) -> None:
    async def rename() -> None:
        async with stocked.begin(OURS) as session:
            await session.execute(text("set local lock_timeout = '50ms'"))
            await session.execute(text("update shop.goods set name = 'x'"))

    with psycopg.connect(dsn) as other:
        other.execute("select * from shop.goods for update")
        with pytest.raises(Unavailable):
            await rename()


@pytest.mark.slow
async def test_after_the_server_came_back_work_goes_on(data_dir: Path) -> None:
    first = EmbeddedPostgres(data_dir, fsync=False)
    database = Database(first.start())
    await database.ping()
    first.stop()
    for _ in range(2):
        with pytest.raises(Unavailable):
            await database.ping()
    second = EmbeddedPostgres(data_dir, fsync=False)
    second.start()
    try:
        await database.ping()
    finally:
        await database.close()
        second.stop()


@pytest.mark.parametrize(
    ("dsn", "expected"),
    [
        ("postgresql://u:p@h:1/d", "postgresql+asyncpg://u:p@h:1/d"),
        ("postgresql://u@/d?host=/run/x", "postgresql+asyncpg://u@/d?host=/run/x"),
        ("postgresql://u@h/d?sslmode=disable", "postgresql+asyncpg://u@h/d"),
        ("postgresql://u@h/d?sslmode=require", "postgresql+asyncpg://u@h/d?ssl=require"),
    ],
)
def test_addresses_are_turned_into_the_drivers_form(dsn: str, expected: str) -> None:
    assert async_dsn(dsn) == expected


async def test_how_the_database_does_is_told(kernel_dsn: str) -> None:
    database = Database(kernel_dsn, pool_size=3)
    async with database.connect():
        await database.ping()
    figures = {
        name: REGISTRY.get_sample_value(f"scanly_database_{name}")
        for name in ("connections_in_use", "connections_max", "answer_seconds")
    }
    await database.close()
    assert (figures["connections_in_use"], figures["connections_max"]) == (1, 3)
    assert 0 < (figures["answer_seconds"] or 0) < 2
