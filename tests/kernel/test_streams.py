import asyncio
import itertools
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from scanly.kernel.config import Settings
from scanly.kernel.db import Database
from scanly.kernel.errors import Invalid, Unavailable
from scanly.kernel.events import PostgresStreamLog, StreamLog, StreamRecord, open_stream_log, partition_of
from scanly.kernel.events.stream_log import PARTITIONS
from tools.services.server import free_port

pytestmark = pytest.mark.slow

_numbers = itertools.count(1)


@pytest.fixture
async def database(kernel_dsn: str) -> AsyncIterator[Database]:
    database = Database(kernel_dsn, pool_size=6)
    yield database
    await database.close()


@pytest.fixture(params=["postgres", pytest.param("kafka", marks=pytest.mark.kafka)])
async def log(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[StreamLog]:
    broker = request.getfixturevalue("kafka") if request.param == "kafka" else None
    log = open_stream_log(Settings(kafka_bootstrap=broker and broker.address), database)
    yield log
    await log.close()


@pytest.fixture
def lean(database: Database) -> PostgresStreamLog:
    return PostgresStreamLog(database)


@pytest.fixture
def topic() -> str:
    """A name nobody else uses: all tests share a broker."""
    return f"test.scanned.{next(_numbers)}"


async def everything(log: StreamLog, topic: str) -> dict[int, list[StreamRecord]]:
    return {partition: await log.read(topic, partition, -1, 10_000) for partition in range(PARTITIONS)}


def of_partition(partition: int) -> str:
    """A key that lands in a partition."""
    return next(key for key in map(str, range(1_000)) if partition_of(key) == partition)


async def test_records_are_read_in_order_after_a_position(log: StreamLog, topic: str) -> None:
    key = of_partition(3)
    assert await log.append(topic, [(key, b"one"), (key, b"two \x00\xff"), (key, b"")]) == 3
    assert await log.read(topic, 3, -1, 10) == [
        StreamRecord(0, key, b"one"),
        StreamRecord(1, key, b"two \x00\xff"),
        StreamRecord(2, key, b""),
    ]
    assert [record.offset for record in await log.read(topic, 3, 0, 1)] == [1]
    assert await log.read(topic, 3, 2, 10) == []
    assert await log.heads(topic) == {3: 3}


async def test_nothing_to_append_is_no_work(log: StreamLog, topic: str) -> None:
    assert await log.append(topic, []) == 0
    assert await log.heads(topic) == {}


async def test_topics_do_not_mix(log: StreamLog, topic: str) -> None:
    key = of_partition(0)
    await log.append(topic, [(key, b"scan")])
    await log.append(f"{topic}.other", [(key, b"else")])
    assert [record.record for record in await log.read(f"{topic}.other", 0, -1, 10)] == [b"else"]


async def test_many_who_append_at_once_get_dense_offsets_in_their_own_order(log: StreamLog, topic: str) -> None:
    async def ship(shipper: int) -> None:
        for batch in range(5):
            await log.append(topic, [(f"key {n}", f"{shipper} {batch} {n}".encode()) for n in range(20)])

    await asyncio.gather(*(ship(shipper) for shipper in range(5)))
    found = await everything(log, topic)
    assert sum(map(len, found.values())) == 500
    for partition, records in found.items():
        assert [record.offset for record in records] == list(range(len(records)))
        assert {partition_of(record.key) for record in records} <= {partition}
        for shipper in map(str, range(5)):
            mine = [
                record.record.decode().split() for record in records if record.record.decode().split()[0] == shipper
            ]
            assert [int(batch) for _, batch, _ in mine] == sorted(int(batch) for _, batch, _ in mine)
    assert await log.heads(topic) == {partition: len(records) for partition, records in found.items() if records}


async def test_a_reader_never_sees_a_gap(lean: PostgresStreamLog, topic: str, database: Database) -> None:
    """An append that is not committed yet holds back the ones after it in its partition."""
    key = of_partition(5)
    async with database.borrow() as slow, slow.begin() as transaction:
        await slow.execute(
            text("select scanly.append_stream(:topic, cast(5 as smallint), array[:key], array[cast('slow' as bytea)])"),
            {"topic": topic, "key": key},
        )
        quick = asyncio.create_task(lean.append(topic, [(key, b"quick")]))
        await asyncio.sleep(0.1)
        assert not quick.done()
        assert await lean.read(topic, 5, -1, 10) == []
        await transaction.commit()
    await quick
    assert [(record.offset, record.record) for record in await lean.read(topic, 5, -1, 10)] == [
        (0, b"slow"),
        (1, b"quick"),
    ]


async def test_an_append_is_whole_or_not_at_all(lean: PostgresStreamLog, topic: str) -> None:
    bad = next(key for key in (f"{number}\x00" for number in range(1_000)) if partition_of(key) == 7)
    with pytest.raises(Invalid):
        await lean.append(topic, [(of_partition(0), b"good"), (bad, b"bad")])
    assert await lean.heads(topic) == {}


async def test_what_is_old_and_consumed_can_be_forgotten(
    lean: PostgresStreamLog, topic: str, database: Database
) -> None:
    key = of_partition(1)
    await lean.append(topic, [(key, b"%d" % number) for number in range(4)])
    async with database.connect() as connection:
        await connection.execute(
            text("update scanly.stream set appended_at = now() - interval '2 days' where \"offset\" < 3")
        )
    assert await lean.forget(topic, 1, up_to=1, older_than=timedelta(days=1)) == 2
    assert [record.offset for record in await lean.read(topic, 1, -1, 10)] == [2, 3]
    await lean.append(topic, [(key, b"next")])
    assert [record.offset for record in await lean.read(topic, 1, -1, 10)] == [2, 3, 4]


async def test_a_waiting_reader_hears_of_records_within_a_second(log: StreamLog, topic: str) -> None:
    key = of_partition(2)
    await log.append(topic, [(key, b"known")])
    loop = asyncio.get_running_loop()
    waiting = asyncio.create_task(log.wait(topic, {2: 0}, 20 if not isinstance(log, PostgresStreamLog) else 0.2))
    await asyncio.sleep(0.15)
    assert not waiting.done()
    began = loop.time()
    await log.append(topic, [(key, b"news")])
    await waiting
    assert loop.time() - began < 1
    assert [record.record for record in await log.read(topic, 2, 0, 10)] == [b"news"]


async def test_a_moment_has_a_position(log: StreamLog, topic: str) -> None:
    key = of_partition(4)
    await log.append(topic, [(key, b"before")])
    await asyncio.sleep(0.05)
    moment = datetime.now(UTC)
    await asyncio.sleep(0.05)
    assert (await log.offsets_at(topic, moment))[4] == 1
    await log.append(topic, [(key, b"after"), (key, b"last")])
    assert (await log.offsets_at(topic, moment))[4] == 1
    assert (await log.offsets_at(topic, moment - timedelta(hours=1)))[4] == 0


async def test_a_database_that_is_away_is_told_to_the_shipper() -> None:
    database = Database(f"postgresql://scanly@127.0.0.1:{free_port()}/scanly")
    with pytest.raises(Unavailable):
        await PostgresStreamLog(database).append("qr.scanned", [("key", b"record")])
    await database.close()
