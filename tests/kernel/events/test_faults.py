import asyncio

import pytest
from sqlalchemy import text

from scanly.kernel.db import Database, ServiceDatabase
from scanly.kernel.errors import Unavailable
from scanly.kernel.events import Envelope
from scanly.kernel.events import runner as runner_module
from tests.kernel.events.bookkeeping import (
    Books,
    GoodSold,
    MakeRunner,
    rows,
    running,
    sell,
    subscriber,
)
from tests.support.databases import TestServer
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow


@pytest.mark.usefixtures("quick_retries")
async def test_an_event_that_always_fails_is_buried_whole_and_the_others_pass(
    make_runner: MakeRunner, shop: ServiceDatabase, database: Database
) -> None:
    books, ledger = Books(database), Books(database)
    tries = 0

    async def fault(envelope: Envelope[GoodSold]) -> None:
        nonlocal tries
        if envelope.data.number == 2:
            tries += 1
            raise ValueError("we never sold that")

    books.fault = fault
    runner = make_runner(database, [(subscriber("a"), books), (subscriber("b"), ledger)])
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


async def test_a_failing_group_does_not_keep_the_others_waiting(
    make_runner: MakeRunner, shop: ServiceDatabase, database: Database
) -> None:
    books, ledger = Books(database), Books(database)

    async def fault(_envelope: Envelope[GoodSold]) -> None:
        raise ValueError("no")

    books.fault = fault
    async with running(make_runner(database, [(subscriber("a"), books), (subscriber("b"), ledger)])):
        await sell(shop, *range(20))
        await eventually(lambda: len(ledger.told) == 20, 20)
    assert books.told == []
    assert await rows(database, "select * from scanly.dead_letters") == []


@pytest.mark.usefixtures("quick_retries")
async def test_an_event_that_fails_once_is_delivered_after_all(
    make_runner: MakeRunner, shop: ServiceDatabase, database: Database
) -> None:
    books = Books(database)
    failures = iter([ValueError("a hiccup")])

    async def fault(_envelope: Envelope[GoodSold]) -> None:
        if (error := next(failures, None)) is not None:
            raise error

    books.fault = fault
    await sell(shop, 1, 2)
    await make_runner(database, [(subscriber("a"), books)]).drain()
    assert books.told == ["bread 1", "bread 2"]
    assert await rows(database, "select * from scanly.dead_letters") == []


@pytest.mark.usefixtures("quick_retries")
async def test_a_dependency_that_is_away_delays_for_as_long_as_it_takes(
    make_runner: MakeRunner, shop: ServiceDatabase, database: Database
) -> None:
    books = Books(database)
    away = iter(range(8))

    async def fault(_envelope: Envelope[GoodSold]) -> None:
        if next(away, None) is not None:
            raise Unavailable("The database does not answer.")

    books.fault = fault
    await sell(shop, 1)
    await make_runner(database, [(subscriber("a"), books)]).drain()
    assert books.told == ["bread 1"]
    assert await rows(database, "select * from scanly.dead_letters") == []


@pytest.mark.usefixtures("quick_retries")
async def test_a_handler_that_hangs_is_given_up(
    make_runner: MakeRunner, shop: ServiceDatabase, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner_module, "_PATIENCE", 0.02)
    books = Books(database)

    async def fault(_envelope: Envelope[GoodSold]) -> None:
        await asyncio.sleep(60)

    books.fault = fault
    await sell(shop, 1)
    await make_runner(database, [(subscriber("a"), books)]).drain()
    (dead,) = await rows(database, "select reason from scanly.dead_letters")
    assert dead.reason.startswith("TimeoutError")


@pytest.mark.usefixtures("quick_retries")
async def test_an_event_of_a_shape_nobody_understands_is_buried(
    make_runner: MakeRunner, shop: ServiceDatabase, database: Database
) -> None:
    books = Books(database)
    await sell(shop, 1, 2)
    async with database.connect() as connection:
        await connection.execute(
            text("update scanly.outbox set envelope = jsonb_set(envelope, '{data}', '{}') where seq = 1")
        )
    await make_runner(database, [(subscriber("a"), books)]).drain()
    assert books.told == ["bread 2"]
    (dead,) = await rows(database, "select reason, payload->'data' as data from scanly.dead_letters")
    assert "ValidationError" in dead.reason


@pytest.mark.usefixtures("quick_retries")
async def test_a_database_that_went_away_delays_and_loses_nothing(
    make_runner: MakeRunner, shop: ServiceDatabase, database: Database, dsn: str, postgres: TestServer
) -> None:
    books = Books(database)
    async with running(make_runner(database, [(subscriber("a"), books)])):
        await sell(shop, 1)
        await eventually(lambda: books.told == ["bread 1"], 20)
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
        await eventually(lambda: "bread 3" in books.told, 20)
    assert await books.written() == ["a bread 1", "a bread 3"]
