import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.kernel.db import Database, ServiceDatabase
from scanly.kernel.errors import Unavailable
from scanly.kernel.events import Envelope, Event, EventRunner, Subscriber, append, caught_up_at, first_time
from scanly.kernel.events import runner as runner_module
from scanly.kernel.ids import new_id
from tests.kernel.shop import SHOP
from tests.support.databases import TestServer

WORKSPACE = new_id()


class GoodSold(Event):
    topic: ClassVar[str] = "shop.good_sold"
    version: ClassVar[int] = 1

    workspace_id: UUID
    good: str
    number: int

    def key(self) -> str:
        return self.good


class ShopClosed(Event):
    topic: ClassVar[str] = "shop.closed"
    version: ClassVar[int] = 3

    def key(self) -> str:
        return "shop"


class Books:
    """A service that writes down what it was told, in a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self.db = database.for_service("shop")
        self.told: list[str] = []
        self.fault: Callable[[Envelope[GoodSold]], Awaitable[None]] | None = None

    async def write(self, group: str, envelope: Envelope[GoodSold]) -> None:
        if self.fault is not None:
            await self.fault(envelope)
        async with self.db.begin(envelope.data.workspace_id) as session:
            if await first_time(session, group, envelope.id):
                await session.execute(
                    text("insert into shop.goods values (:id, :workspace, :name)"),
                    {
                        "id": new_id(),
                        "workspace": WORKSPACE,
                        "name": f"{group} {envelope.data.good} {envelope.data.number}",
                    },
                )
        self.told.append(f"{envelope.data.good} {envelope.data.number}")

    async def written(self) -> list[str]:
        async with self.db.begin(WORKSPACE) as session:
            return list(await session.scalars(text("select name from shop.goods order by id")))


def subscriber(group: str, event: type[Event] = GoodSold) -> Subscriber:
    async def handle(books: Books, envelope: Envelope[Any]) -> None:
        await books.write(group, envelope)

    return Subscriber(event, group, handle)


@pytest.fixture
def dsn(postgres: TestServer) -> Iterator[str]:
    with postgres.copy((SHOP,)) as dsn:
        yield dsn


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    database = Database(dsn, pool_size=6)
    yield database
    await database.close()


@pytest.fixture
def shop(database: Database) -> ServiceDatabase:
    return database.for_service("shop")


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner_module, "_RETRY_DELAYS", (0.01, 0.01))
    monkeypatch.setattr(runner_module, "_POLL", 0.05)


async def sell(shop: ServiceDatabase, *numbers: int, good: str = "bread") -> None:
    async with shop.begin(WORKSPACE) as session:
        for number in numbers:
            await append(session, GoodSold(workspace_id=WORKSPACE, good=good, number=number))


async def rows(database: Database, query: str) -> list[Any]:
    async with database.connect() as connection:
        return list((await connection.execute(text(query))).all())


@asynccontextmanager
async def running(runner: EventRunner) -> AsyncIterator[None]:
    task = asyncio.create_task(runner.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)


async def test_an_event_is_written_if_its_transaction_commits(shop: ServiceDatabase, database: Database) -> None:
    async def change_our_mind() -> None:
        async with shop.begin(WORKSPACE) as session:
            await append(session, GoodSold(workspace_id=WORKSPACE, good="bread", number=1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await change_our_mind()
    await sell(shop, 2)
    assert [
        row.number for row in await rows(database, "select envelope->'data'->>'number' as number from scanly.outbox")
    ] == ["2"]


async def test_the_envelope_is_a_cloud_event(shop: ServiceDatabase, database: Database) -> None:
    async with shop.begin(WORKSPACE) as session:
        identifier = await append(session, GoodSold(workspace_id=WORKSPACE, good="bread", number=1), source="shop")
        await append(session, ShopClosed())
    first, second = [
        row.envelope
        for row in await rows(database, "select cast(envelope as text) as envelope from scanly.outbox order by seq")
    ]
    envelope = Envelope[GoodSold].model_validate_json(first)
    assert (envelope.specversion, envelope.id, envelope.type) == ("1.0", identifier, "shop.good_sold.v1")
    assert (envelope.source, envelope.workspace, envelope.key) == ("/shop", WORKSPACE, "bread")
    assert envelope.data == GoodSold(workspace_id=WORKSPACE, good="bread", number=1)
    assert envelope.time.tzinfo is not None
    closed = Envelope[ShopClosed].model_validate_json(second)
    assert (closed.type, closed.workspace) == ("shop.closed.v3", None)


async def test_every_group_gets_every_event_of_its_topic_in_order(shop: ServiceDatabase, database: Database) -> None:
    books, ledger, closing = Books(database), Books(database), Books(database)
    runner = EventRunner(
        database,
        [(subscriber("a"), books), (subscriber("b"), ledger), (subscriber("c", ShopClosed), closing)],
    )
    await sell(shop, *range(110))
    await runner.drain()
    expected = [f"bread {number}" for number in range(110)]
    assert (books.told, ledger.told, closing.told) == (expected, expected, [])
    await runner.drain()
    assert books.told == expected


async def test_a_transaction_that_commits_late_is_not_skipped(shop: ServiceDatabase, database: Database) -> None:
    books = Books(database)
    runner = EventRunner(database, [(subscriber("a"), books)])
    appended, go_on = asyncio.Event(), asyncio.Event()

    async def slowly() -> None:
        async with shop.begin(WORKSPACE) as session:
            await append(session, GoodSold(workspace_id=WORKSPACE, good="slow", number=1))
            appended.set()
            await go_on.wait()

    slow = asyncio.create_task(slowly())
    await appended.wait()
    await sell(shop, 2)
    await runner.drain()
    assert books.told == ["bread 2"]
    go_on.set()
    await slow
    await runner.drain()
    assert books.told == ["bread 2", "slow 1"]
    sequence = await rows(database, "select key, position from scanly.outbox order by seq")
    assert [(row.key, row.position) for row in sequence] == [("slow", 2), ("bread", 1)]


async def test_changes_of_one_thing_keep_the_order_of_its_row_lock(shop: ServiceDatabase, database: Database) -> None:
    books = Books(database)
    good = new_id()
    async with shop.begin(WORKSPACE) as session:
        await session.execute(text("insert into shop.goods values (:id, :w, '0')"), {"id": good, "w": WORKSPACE})

    async def sell_next() -> None:
        async with shop.begin(WORKSPACE) as session:
            number = int(
                await session.scalar(text("select name from shop.goods where id = :id for update"), {"id": good})
            )
            await session.execute(
                text("update shop.goods set name = :name where id = :id"), {"id": good, "name": str(number + 1)}
            )
            await append(session, GoodSold(workspace_id=WORKSPACE, good="bread", number=number))

    async with running(EventRunner(database, [(subscriber("a"), books)])):
        await asyncio.gather(*(sell_next() for _ in range(40)))
        await until(lambda: len(books.told) == 40)
    assert books.told == [f"bread {number}" for number in range(40)]


async def test_what_is_delivered_twice_has_effect_once(shop: ServiceDatabase, database: Database) -> None:
    books = Books(database)
    runner = EventRunner(database, [(subscriber("a"), books), (subscriber("b"), books)])
    await sell(shop, 1, 2)
    await runner.drain()
    async with database.connect() as connection:
        await connection.execute(text("update scanly.event_positions set position = 0"))
    await runner.drain()
    assert sorted(books.told) == ["bread 1"] * 4 + ["bread 2"] * 4
    assert sorted(await books.written()) == ["a bread 1", "a bread 2", "b bread 1", "b bread 2"]


async def test_what_was_not_committed_counts_as_not_seen(shop: ServiceDatabase) -> None:
    event = new_id()

    async def see(session: AsyncSession) -> bool:
        return await first_time(session, "a", event)

    async def fail() -> None:
        async with shop.begin(WORKSPACE) as session:
            assert await see(session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with shop.begin(WORKSPACE) as session:
        assert await see(session)
        assert not await see(session)


@pytest.mark.usefixtures("quick_retries")
async def test_an_event_that_always_fails_is_buried_whole_and_the_others_pass(
    shop: ServiceDatabase, database: Database
) -> None:
    books, ledger = Books(database), Books(database)
    tries = 0

    async def fault(envelope: Envelope[GoodSold]) -> None:
        nonlocal tries
        if envelope.data.number == 2:
            tries += 1
            raise ValueError("we never sold that")

    books.fault = fault
    runner = EventRunner(database, [(subscriber("a"), books), (subscriber("b"), ledger)])
    await sell(shop, 1, 2, 3)
    await runner.drain()
    assert books.told == ["bread 1", "bread 3"]
    assert ledger.told == ["bread 1", "bread 2", "bread 3"]
    (dead,) = await rows(database, "select *, cast(payload as text) as whole from scanly.dead_letters")
    assert (dead.source, dead.topic, dead.attempts, tries) == ("a", "shop.good_sold", 3, 3)
    assert dead.reason == "ValueError: we never sold that"
    assert dead.resolved_at is None
    assert Envelope[GoodSold].model_validate_json(dead.whole).data.number == 2
    await runner.drain()
    assert tries == 3


async def test_a_failing_group_does_not_keep_the_others_waiting(shop: ServiceDatabase, database: Database) -> None:
    books, ledger = Books(database), Books(database)

    async def fault(_envelope: Envelope[GoodSold]) -> None:
        raise ValueError("no")

    books.fault = fault
    async with running(EventRunner(database, [(subscriber("a"), books), (subscriber("b"), ledger)])):
        await sell(shop, *range(20))
        await until(lambda: len(ledger.told) == 20)
    assert books.told == []
    assert await rows(database, "select * from scanly.dead_letters") == []


@pytest.mark.usefixtures("quick_retries")
async def test_an_event_that_fails_once_is_delivered_after_all(shop: ServiceDatabase, database: Database) -> None:
    books = Books(database)
    failures = iter([ValueError("a hiccup")])

    async def fault(_envelope: Envelope[GoodSold]) -> None:
        if (error := next(failures, None)) is not None:
            raise error

    books.fault = fault
    await sell(shop, 1, 2)
    await EventRunner(database, [(subscriber("a"), books)]).drain()
    assert books.told == ["bread 1", "bread 2"]
    assert await rows(database, "select * from scanly.dead_letters") == []


@pytest.mark.usefixtures("quick_retries")
async def test_a_dependency_that_is_away_delays_for_as_long_as_it_takes(
    shop: ServiceDatabase, database: Database
) -> None:
    books = Books(database)
    away = iter(range(8))

    async def fault(_envelope: Envelope[GoodSold]) -> None:
        if next(away, None) is not None:
            raise Unavailable("The database does not answer.")

    books.fault = fault
    await sell(shop, 1)
    await EventRunner(database, [(subscriber("a"), books)]).drain()
    assert books.told == ["bread 1"]
    assert await rows(database, "select * from scanly.dead_letters") == []


@pytest.mark.usefixtures("quick_retries")
async def test_a_handler_that_hangs_is_given_up(
    shop: ServiceDatabase, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner_module, "_PATIENCE", 0.02)
    books = Books(database)

    async def fault(_envelope: Envelope[GoodSold]) -> None:
        await asyncio.sleep(60)

    books.fault = fault
    await sell(shop, 1)
    await EventRunner(database, [(subscriber("a"), books)]).drain()
    (dead,) = await rows(database, "select reason from scanly.dead_letters")
    assert dead.reason.startswith("TimeoutError")


@pytest.mark.usefixtures("quick_retries")
async def test_an_event_of_a_shape_nobody_understands_is_buried(shop: ServiceDatabase, database: Database) -> None:
    books = Books(database)
    await sell(shop, 1, 2)
    async with database.connect() as connection:
        await connection.execute(
            text("update scanly.outbox set envelope = jsonb_set(envelope, '{data}', '{}') where seq = 1")
        )
    await EventRunner(database, [(subscriber("a"), books)]).drain()
    assert books.told == ["bread 2"]
    (dead,) = await rows(database, "select reason, payload->'data' as data from scanly.dead_letters")
    assert "ValidationError" in dead.reason


@pytest.mark.usefixtures("quick_retries")
async def test_a_database_that_went_away_delays_and_loses_nothing(
    shop: ServiceDatabase, database: Database, dsn: str, postgres: TestServer
) -> None:
    books = Books(database)
    async with running(EventRunner(database, [(subscriber("a"), books)])):
        await sell(shop, 1)
        await until(lambda: books.told == ["bread 1"])
        postgres.close_to_connections(dsn)
        with pytest.raises(Unavailable):
            await sell(shop, 2)
        await asyncio.sleep(0.2)
        postgres.open_to_connections(dsn)
        for _ in range(10):
            try:
                await sell(shop, 3)
                break
            except Unavailable:
                await asyncio.sleep(0.05)
        await until(lambda: "bread 3" in books.told)
    assert await books.written() == ["a bread 1", "a bread 3"]


async def test_two_processes_deliver_in_order_and_share_the_work(shop: ServiceDatabase, dsn: str) -> None:
    databases = [Database(dsn, pool_size=4) for _ in range(2)]
    told: list[str] = []
    runners = []
    for database in databases:
        books = Books(database)
        books.told = told
        runners.append(EventRunner(database, [(subscriber("a"), books)]))
    async with running(runners[0]), running(runners[1]):
        for number in range(30):
            await sell(shop, number)
            for runner in runners:
                runner.wake()
        await until(lambda: len(told) >= 30)
    assert told == [f"bread {number}" for number in range(30)]
    for database in databases:
        await database.close()


async def test_a_group_knows_up_to_when_it_has_seen_everything(shop: ServiceDatabase, database: Database) -> None:
    books = Books(database)
    runner = EventRunner(database, [(subscriber("a"), books)])

    async def known() -> Any:
        async with shop.begin(WORKSPACE) as session:
            return await caught_up_at(session, "a")

    assert await known() is None
    await runner.drain()
    first = await known()
    async with shop.begin(WORKSPACE) as session:
        before = await session.scalar(text("select clock_timestamp()"))
    await sell(shop, 1)
    assert await known() == first < before
    await runner.drain()
    assert await known() > before


async def test_a_group_that_is_behind_does_not_claim_to_have_caught_up(
    shop: ServiceDatabase, database: Database
) -> None:
    books = Books(database)

    async def fault(_envelope: Envelope[GoodSold]) -> None:
        raise ValueError("no")

    books.fault = fault
    await sell(shop, 1)
    async with running(EventRunner(database, [(subscriber("a"), books)])):
        await asyncio.sleep(0.3)
    async with shop.begin(WORKSPACE) as session:
        assert await caught_up_at(session, "a") is None


def test_a_topic_belongs_to_one_event() -> None:
    with pytest.raises(TypeError, match=r"'shop\.closed' already belongs to ShopClosed"):
        type("Closing", (Event,), {"topic": "shop.closed", "__annotations__": {"topic": ClassVar[str]}})
