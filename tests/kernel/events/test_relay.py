"""The relay to Kafka and groups that share a topic, under faults."""

import asyncio
import itertools
from collections import defaultdict
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from scanly.kernel.config import Settings
from scanly.kernel.db import Database, ServiceDatabase
from scanly.kernel.events import Envelope, EventRunner, PostgresStreamLog, open_event_log, open_stream_log, partition_of
from scanly.kernel.events.event_log import Share
from scanly.kernel.telemetry import metrics_page
from tests.kernel.events.bookkeeping import Books, GoodSold, rows, running, sell, subscriber
from tests.support.waiting import eventually
from tools.services.kafka import KafkaBroker

pytestmark = [pytest.mark.kafka, pytest.mark.slow, pytest.mark.usefixtures("quick_retries")]

_numbers = itertools.count(1)


@pytest.fixture
def settings(kafka: KafkaBroker) -> Settings:
    return Settings(kafka_bootstrap=kafka.address, kafka_prefix=f"relay{next(_numbers)}.", kafka_partitions=3)


class Process:
    """A process of its own: connections, log and runner."""

    def __init__(self, dsn: str, settings: Settings, told: list[str]) -> None:
        self.database = Database(dsn, pool_size=6)
        self.log = open_event_log(settings, self.database)
        self.books = Books(self.database)
        self.books.told = told
        self.runner = EventRunner(self.database, [(subscriber("a"), self.books)], self.log)

    async def close(self) -> None:
        await self.log.close()
        await self.database.close()


@pytest.fixture
async def pair(dsn: str, settings: Settings) -> AsyncIterator[tuple[Process, Process]]:
    told: list[str] = []
    first, second = (Process(dsn, settings, told) for _ in range(2))
    yield first, second
    await first.close()
    await second.close()


def by_good(told: list[str]) -> dict[str, list[int]]:
    """The numbers told of each good, the first time each."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for entry in dict.fromkeys(told):
        good, number = entry.split()
        found[good].append(int(number))
    return dict(found)


async def test_order_of_a_key_and_every_event_survive_a_killed_broker(
    shop: ServiceDatabase, pair: tuple[Process, Process], stoppable_kafka: KafkaBroker
) -> None:
    first, second = pair
    goods = [f"good{number}" for number in range(6)]
    async with running(first.runner), running(second.runner):
        for number in range(60):
            for good in goods:
                await sell(shop, number, good=good)
            if number in (15, 40):
                await asyncio.to_thread(stoppable_kafka.kill)
            if number in (25, 50):
                await asyncio.to_thread(stoppable_kafka.start)
        await eventually(lambda: len(set(first.books.told)) == 60 * len(goods), 20)
    assert by_good(first.books.told) == {good: list(range(60)) for good in goods}
    assert len(await first.books.written()) == 60 * len(goods), "each has effect once"


async def test_two_processes_share_the_partitions_and_one_takes_over(
    shop: ServiceDatabase, pair: tuple[Process, Process]
) -> None:
    first, second = pair
    goods = [next(f"g{n}" for n in range(100) if partition_of(f"g{n}", 3) == partition) for partition in range(3)]
    told_by: list[str] = []
    stuck: list[int] = []

    def slowly(name: str, books: Books) -> None:
        async def fault(envelope: Envelope[GoodSold]) -> None:
            told_by.append(name)
            await asyncio.sleep(0.01)
            if name == "first" and envelope.data.number >= 50:
                stuck.append(goods.index(envelope.data.good))
                await asyncio.sleep(60)

        books.fault = fault

    slowly("first", first.books)
    slowly("second", second.books)
    async with running(first.runner), running(second.runner):
        for good in goods:
            await sell(shop, *range(50), good=good)
        await eventually(lambda: len(set(first.books.told)) == 150, 20)
        assert {"first", "second"} == set(told_by), "both had work"
        for number in range(50, 100):
            for good in goods:
                await sell(shop, number, good=good)
            if stuck:
                break
        await eventually(lambda: bool(stuck), 20)
        # What the server sees of a process that dies: its connection ends, and its lock with it.
        lock = Share("a", GoodSold.topic, stuck[0]).lock & (1 << 64) - 1
        ended = await rows(
            second.database,
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' "
            f"and classid = {lock >> 32} and objid = {lock & 0xFFFFFFFF}",
        )
        assert len(ended) == 1
        await sell(shop, 100, good=goods[stuck[0]])
        await eventually(lambda: f"{goods[stuck[0]]} 100" in second.books.told, 20)
    numbers = by_good(second.books.told)[goods[stuck[0]]]
    assert numbers == sorted(numbers)


async def test_another_cluster_begins_anew_and_effects_happen_once(
    shop: ServiceDatabase, pair: tuple[Process, Process]
) -> None:
    first, second = pair
    await sell(shop, 1, 2)
    await first.runner.drain()
    async with first.database.connect() as connection:
        await connection.execute(text("update scanly.meta set value = 'another' where key = 'kafka_cluster'"))
    await second.runner.drain()
    published = await rows(first.database, "select sum(next_offset) as records from scanly.log_heads")
    assert published[0].records == 4, "both events were published again"
    assert await first.books.written() == ["a bread 1", "a bread 2"]


async def test_what_is_too_large_for_kafka_is_buried_and_the_others_pass(
    shop: ServiceDatabase, pair: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanly.kernel.events.kafka.event_log.LARGEST", 1_000)
    first, _ = pair
    await sell(shop, 1, good="b" * 2_000)
    await sell(shop, 2)
    await first.runner.drain()
    assert first.books.told == ["bread 2"]
    (dead,) = await rows(first.database, "select source, reason from scanly.dead_letters")
    assert dead.source == "relay"
    assert "1,000 bytes" in dead.reason


async def test_scans_of_the_time_before_kafka_are_moved_to_it(
    pair: tuple[Process, Process], settings: Settings
) -> None:
    first, second = pair
    lean = PostgresStreamLog(first.database)
    scans = [(f"link {number}", b"%d \xff" % number) for number in range(1_200)]
    await lean.append("qr.scanned", scans)
    await asyncio.gather(first.runner.drain(), second.runner.drain())
    kafka = open_stream_log(settings, first.database)
    heads = await kafka.heads("qr.scanned")
    found = [each for partition in heads for each in await kafka.read("qr.scanned", partition, -1, 2_000)]
    await kafka.close()
    assert sorted((each.key, each.record) for each in found) == sorted(scans)
    assert await rows(first.database, "select 1 from scanly.stream") == []


async def test_an_operator_sees_what_waits(shop: ServiceDatabase, pair: tuple[Process, Process]) -> None:
    first, _ = pair
    await sell(shop, 1, 2, 3)
    assert await first.log.waiting() == 3
    await first.log.advance()
    assert await first.log.waiting() == 0
    assert await first.log.lags({"a": GoodSold.topic}) == {"a": 3}
    await first.runner.drain()
    assert await first.log.lags({"a": GoodSold.topic}) == {"a": 0}
    await first.runner._measure()
    page = metrics_page().decode()
    for line in (
        'scanly_event_lag_events{group="a"} 0.0',
        "scanly_relay_lag_events 0.0",
        "scanly_dead_letters_open 0.0",
    ):
        assert line in page
