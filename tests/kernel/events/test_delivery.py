import asyncio
from dataclasses import replace
from typing import Any, ClassVar

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.kernel.db import Database, ServiceDatabase
from scanly.kernel.events import Envelope, Event, append, append_all, caught_up_at, first_time, first_times
from scanly.kernel.ids import new_id
from tests.kernel.events.bookkeeping import (
    WORKSPACE,
    Books,
    GoodSold,
    MakeRunner,
    ShopClosed,
    rows,
    running,
    sell,
    subscriber,
)
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow


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


async def test_every_group_gets_every_event_of_its_topic_in_order(
    make_runner: MakeRunner, shop: ServiceDatabase, database: Database
) -> None:
    books, ledger, closing = Books(database), Books(database), Books(database)
    runner = make_runner(
        database,
        [(subscriber("a"), books), (subscriber("b"), ledger), (subscriber("c", ShopClosed), closing)],
    )
    await sell(shop, *range(110))
    await runner.drain()
    expected = [f"bread {number}" for number in range(110)]
    assert (books.told, ledger.told, closing.told) == (expected, expected, [])
    await runner.drain()
    assert books.told == expected


async def test_a_transaction_that_commits_late_is_not_skipped(
    make_runner: MakeRunner, shop: ServiceDatabase, database: Database
) -> None:
    books = Books(database)
    runner = make_runner(database, [(subscriber("a"), books)])
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


async def test_changes_of_one_thing_keep_the_order_of_its_row_lock(
    make_runner: MakeRunner, shop: ServiceDatabase, database: Database
) -> None:
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

    async with running(make_runner(database, [(subscriber("a"), books)])):
        await asyncio.gather(*(sell_next() for _ in range(40)))
        await eventually(lambda: len(books.told) == 40, 20)
    assert books.told == [f"bread {number}" for number in range(40)]


async def test_what_is_delivered_twice_has_effect_once(
    make_runner: MakeRunner, shop: ServiceDatabase, database: Database
) -> None:
    books = Books(database)
    runner = make_runner(database, [(subscriber("a"), books), (subscriber("b"), books)])
    await sell(shop, 1, 2)
    await runner.drain()
    async with database.connect() as connection:
        await connection.execute(text("update scanly.event_positions set position = 0"))
        await connection.execute(text('update scanly.log_positions set "offset" = -1'))
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


async def test_two_processes_deliver_in_order_and_share_the_work(
    make_runner: MakeRunner, shop: ServiceDatabase, dsn: str
) -> None:
    databases = [Database(dsn, pool_size=4) for _ in range(2)]
    told: list[str] = []
    runners = []
    for database in databases:
        books = Books(database)
        books.told = told
        runners.append(make_runner(database, [(subscriber("a"), books)]))
    async with running(runners[0]), running(runners[1]):
        for number in range(30):
            await sell(shop, number)
            for runner in runners:
                runner.wake()
        await eventually(lambda: len(told) >= 30, 20)
    assert told == [f"bread {number}" for number in range(30)]
    for database in databases:
        await database.close()


async def test_a_group_knows_up_to_when_it_has_seen_everything(
    make_runner: MakeRunner, shop: ServiceDatabase, database: Database
) -> None:
    books = Books(database)
    runner = make_runner(database, [(subscriber("a"), books)])

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
    make_runner: MakeRunner, shop: ServiceDatabase, database: Database
) -> None:
    books = Books(database)

    async def fault(_envelope: Envelope[GoodSold]) -> None:
        raise ValueError("no")

    books.fault = fault
    await sell(shop, 1)
    async with running(make_runner(database, [(subscriber("a"), books)])):
        await asyncio.sleep(0.3)
    async with shop.begin(WORKSPACE) as session:
        assert await caught_up_at(session, "a") is None


def test_a_topic_belongs_to_one_event() -> None:
    with pytest.raises(TypeError, match=r"'shop\.closed' already belongs to ShopClosed"):
        type("Closing", (Event,), {"topic": "shop.closed", "__annotations__": {"topic": ClassVar[str]}})


async def test_what_waits_comes_together_and_one_by_one_when_that_fails(
    make_runner: MakeRunner, shop: ServiceDatabase, database: Database
) -> None:
    books, calls = Books(database), list[list[int]]()

    async def together(books: Books, envelopes: list[Envelope[GoodSold]]) -> None:
        calls.append([each.data.number for each in envelopes])
        async with books.db.begin(WORKSPACE) as session:
            assert await first_times(session, "a", [each.id for each in envelopes]) == {each.id for each in envelopes}
            if 4 in calls[-1]:
                raise ValueError("this one is strange")

    runner = make_runner(database, [(replace(subscriber("a"), handle_all=together), books)])
    async with shop.begin(WORKSPACE) as session:
        await append_all(session, [GoodSold(workspace_id=WORKSPACE, good="bread", number=each) for each in (1, 2, 3)])
    await runner.drain()
    assert (calls, books.told) == ([[1, 2, 3]], [])
    await sell(shop, 4, 5)
    await runner.drain()
    assert calls[1:] == [[4, 5]]
    assert await books.written() == ["a bread 4", "a bread 5"]
