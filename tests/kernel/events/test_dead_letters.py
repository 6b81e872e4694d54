import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from scanly.kernel.config import Settings
from scanly.kernel.db import Database, ServiceDatabase
from scanly.kernel.errors import Conflict, NotFound, Unavailable
from scanly.kernel.events import (
    DeadLetter,
    DeadLetters,
    Envelope,
    StreamLog,
    StreamRecord,
    bury,
    bury_record,
    open_event_log,
    open_stream_log,
    partition_of,
)
from scanly.kernel.events.event_log import Share
from scanly.kernel.events.outbox_log import OutboxLog
from scanly.kernel.ids import new_id
from tests.kernel.events.bookkeeping import Books, GoodSold, MakeRunner, rows, sell, subscriber

pytestmark = pytest.mark.slow

SCANS = "qr.scanned"


@pytest.fixture
async def streams(log_settings: Settings, database: Database) -> AsyncIterator[StreamLog]:
    streams = open_stream_log(log_settings, database)
    yield streams
    await streams.close()


@pytest.fixture
def letters(database: Database, streams: StreamLog) -> DeadLetters:
    return DeadLetters(database, streams)


@pytest.fixture
def lean_letters(database: Database) -> DeadLetters:
    return DeadLetters(database, open_stream_log(Settings(), database))


def never(books: Books, *numbers: int) -> None:
    """Let some events fail."""

    async def fault(envelope: Envelope[GoodSold]) -> None:
        if envelope.data.number in numbers:
            raise ValueError("we never sold that")

    books.fault = fault


async def one_letter(database: Database) -> DeadLetter:
    letters = DeadLetters(database, open_stream_log(Settings(), database))
    await bury(database, source="a", topic="shop.good_sold", payload={"n": 1}, reason="no", attempts=5)
    (letter,) = await letters.find()
    return letter


@pytest.mark.usefixtures("quick_retries")
async def test_an_event_that_is_put_back_comes_to_its_group_alone(
    make_runner: MakeRunner, letters: DeadLetters, shop: ServiceDatabase, database: Database
) -> None:
    books, ledger = Books(database), Books(database)
    never(books, 2)
    runner = make_runner(database, [(subscriber("a"), books), (subscriber("b"), ledger)])
    await sell(shop, 1, 2, 3)
    await runner.drain()
    (dead,) = await letters.find()
    assert (dead.source, dead.topic, dead.attempts, dead.state) == ("a", "shop.good_sold", 3, "open")
    assert dead.payload["data"]["number"] == 2
    books.fault = None
    assert (await letters.replay(dead.id)).state == "replaying"
    await runner.drain()
    assert (books.told, ledger.told) == (["bread 1", "bread 3", "bread 2"], ["bread 1", "bread 2", "bread 3"])
    assert (await letters.get(dead.id)).state == "replayed"
    assert await letters.find() == []
    assert [letter.id for letter in await letters.find(settled=True)] == [dead.id]
    await runner.drain()
    assert len(books.told) == 3


@pytest.mark.usefixtures("quick_retries")
async def test_an_event_that_fails_again_is_open_again(
    make_runner: MakeRunner, letters: DeadLetters, shop: ServiceDatabase, database: Database
) -> None:
    books = Books(database)
    never(books, 1)
    runner = make_runner(database, [(subscriber("a"), books)])
    await sell(shop, 1)
    await runner.drain()
    (dead,) = await letters.find()
    await letters.replay(dead.id)
    with pytest.raises(Conflict, match="on its way"):
        await letters.replay(dead.id)
    await runner.drain()
    again = await letters.get(dead.id)
    assert (again.state, again.attempts, again.reason) == ("open", 4, "ValueError: we never sold that")
    whole = {**dead.payload, "data": {**dead.payload["data"], "number": 7}}
    await letters.edit(dead.id, whole)
    await letters.replay(dead.id)
    await runner.drain()
    assert books.told == ["bread 7"]
    with pytest.raises(Conflict, match="replayed already"):
        await letters.edit(dead.id, whole)


async def test_a_record_goes_back_to_its_stream_byte_by_byte(
    letters: DeadLetters, streams: StreamLog, database: Database
) -> None:
    record = StreamRecord(41, "link 7", b'{"broken": "\xff\x00')
    partition = 3
    for _ in range(2):  # a consumer that died after it wrote the letter reads the record again
        await bury_record(
            database, source="counts", topic=SCANS, partition=partition, record=record, reason="it is broken"
        )
    (dead,) = await letters.find(topic=SCANS)
    assert dead.payload["offset"] == 41
    assert (await letters.replay(dead.id)).state == "replayed"
    found = [each for number in range(8) for each in await read(streams, number)]
    assert [(each.key, each.record) for each in found] == [(record.key, record.record)]


async def read(streams: StreamLog, partition: int) -> list[StreamRecord]:
    heads = await streams.heads(SCANS)
    return await streams.read(SCANS, partition, -1, 10) if partition in heads else []


async def test_a_job_goes_back_to_its_queue(lean_letters: DeadLetters, database: Database) -> None:
    job = {"id": 5, "queue": "shop", "name": "shop.bake", "args": {"good": "bread"}, "lock": "oven", "unique": None}
    await bury(database, source="job", topic="shop.bake", payload=job, reason="no flour", attempts=9)
    (dead,) = await lean_letters.find()
    await lean_letters.replay(dead.id)
    (queued,) = await rows(
        database, "select queue_name, task_name, args, lock, status::text from scanly.procrastinate_jobs"
    )
    assert tuple(queued) == ("shop", "shop.bake", {"good": "bread"}, "oven", "todo")
    assert await lean_letters.count() == 0


async def test_a_letter_that_is_discarded_stays_so(lean_letters: DeadLetters, database: Database) -> None:
    dead = await one_letter(database)
    assert await lean_letters.count() == 1
    assert (await lean_letters.discard(dead.id)).state == "discarded"
    assert await lean_letters.count() == 0
    for settle in (lean_letters.discard, lean_letters.replay):
        with pytest.raises(Conflict, match="discarded already"):
            await settle(dead.id)


async def test_an_unknown_letter_is_told_in_words(lean_letters: DeadLetters) -> None:
    for ask in (lean_letters.get, lean_letters.replay, lean_letters.discard):
        with pytest.raises(NotFound, match="scanly dlq list"):
            await ask(new_id())


async def test_letters_are_listed_page_by_page_newest_first(lean_letters: DeadLetters, database: Database) -> None:
    for number in range(5):
        await bury(database, source="a", topic=f"t{number % 2}", payload={"n": number}, reason="no", attempts=1)
    first = await lean_letters.find(limit=3)
    rest = await lean_letters.find(limit=3, before=first[-1].id)
    assert [letter.payload["n"] for letter in (*first, *rest)] == [4, 3, 2, 1, 0]
    assert [letter.payload["n"] for letter in await lean_letters.find(topic="t1")] == [3, 1]


@pytest.mark.usefixtures("quick_retries")
async def test_a_group_that_is_set_back_handles_its_events_anew(
    make_runner: MakeRunner, log_settings: Settings, shop: ServiceDatabase, database: Database
) -> None:
    books, ledger = Books(database), Books(database)
    runner = make_runner(database, [(subscriber("a"), books), (subscriber("b"), ledger)])
    await sell(shop, 1, 2)
    await runner.drain()
    await asyncio.sleep(0.05)
    moment = datetime.now(UTC)
    await asyncio.sleep(0.05)
    await sell(shop, 3)
    await runner.drain()
    log = open_event_log(log_settings, database)

    async def told_after(since: datetime | None) -> list[str]:
        before = len(books.told)
        await log.rewind("a", GoodSold.topic, since)
        await runner.drain()
        return books.told[before:]

    try:
        assert await told_after(moment) == ["bread 3"]
        assert await told_after(None) == ["bread 1", "bread 2", "bread 3"]
    finally:
        await log.close()
    assert ledger.told == ["bread 1", "bread 2", "bread 3"]
    written = await books.written()
    assert written.count("a bread 3") == 3, "its effects happen again"
    assert written.count("b bread 3") == 1


@pytest.mark.kafka
@pytest.mark.usefixtures("quick_retries")
@pytest.mark.parametrize("log_settings", ["kafka"], indirect=True)
async def test_kafka_gets_every_letter_whole(
    make_runner: MakeRunner, streams: StreamLog, shop: ServiceDatabase, database: Database
) -> None:
    books = Books(database)
    never(books, 1)
    runner = make_runner(database, [(subscriber("a"), books)])
    await sell(shop, 1)
    await runner.drain()
    await bury_record(
        database, source="counts", topic=SCANS, partition=0, record=StreamRecord(1, "link", b"\xff"), reason="broken"
    )
    await bury(database, source="job", topic="shop.bake", payload={"name": "shop.bake"}, reason="no", attempts=1)
    await runner.drain()
    await runner.drain()
    event = await all_letters(streams, "shop.good_sold.dlq")
    scan = await all_letters(streams, "qr.scanned.dlq")
    assert [(letter["source"], letter["attempts"], letter["payload"]["data"]["number"]) for letter in event] == [
        ("a", 3, 1)
    ]
    assert event[0]["reason"] == "ValueError: we never sold that"
    assert [(letter["reason"], letter["payload"]["base64"]) for letter in scan] == [("broken", "/w==")]
    assert await rows(database, "select id from scanly.dead_letters where published_at is null") == []


async def all_letters(streams: StreamLog, topic: str) -> list[dict[str, Any]]:
    return [
        msgspec.json.decode(record.record)
        for partition in await streams.heads(topic)
        for record in await streams.read(topic, partition, -1, 100)
    ]


def test_a_partition_keeps_the_order_of_a_key() -> None:
    assert {partition_of("link 7", 3) for _ in range(5)} == {partition_of("link 7", 3)}
    assert {partition_of(f"link {number}", 3) for number in range(50)} == {0, 1, 2}


async def test_what_cannot_be_stored_as_text_is_buried_all_the_same(
    lean_letters: DeadLetters, database: Database
) -> None:
    await bury(database, source="a", topic="t", payload={"n": 1}, reason="a \x00 in it", attempts=1)
    (dead,) = await lean_letters.find()
    assert dead.reason == "a \\x00 in it"
    async with database.connect() as connection:
        assert await connection.scalar(text("select count(*) from scanly.dead_letters")) == 1


async def test_a_group_that_is_busy_is_not_set_back(shop: ServiceDatabase, database: Database) -> None:
    log = OutboxLog(database)
    await sell(shop, 1)
    async with database.borrow() as working, working.begin():
        await working.execute(text("select pg_advisory_xact_lock(:key)"), {"key": Share("a", GoodSold.topic).lock})
        with pytest.raises(Unavailable, match="The group a is busy"):
            await log.rewind("a", GoodSold.topic, None)
