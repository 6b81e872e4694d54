"""Kafka's own ways to fail, on a broker that may be killed."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from scanly.kernel.config import Settings
from scanly.kernel.errors import Unavailable
from scanly.kernel.events.kafka import KafkaStreamLog
from scanly.kernel.events.kafka.connection import client_options
from scanly.kernel.events.stream_log import PARTITIONS
from scanly.kernel.startup import StartupError
from tools.services.kafka import KafkaBroker

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

LONGEST = 15
"""Seconds within which every question ends, on a machine that does other work too: no patience is above ten."""

_numbers = itertools.count(1)


@pytest.fixture
async def log(stoppable_kafka: KafkaBroker) -> AsyncIterator[KafkaStreamLog]:
    log = KafkaStreamLog(Settings(kafka_bootstrap=stoppable_kafka.address))
    yield log
    await log.close()


@pytest.fixture
def topic() -> str:
    return f"test.faults.{next(_numbers)}"


async def everything(log: KafkaStreamLog, topic: str) -> list[str]:
    found = [record for partition in range(PARTITIONS) for record in await log.read(topic, partition, -1, 100_000)]
    return [record.record.decode() for record in found]


async def further(names: list[str], more: int) -> None:
    """Return when ``names`` has grown."""
    before = len(names)
    async with asyncio.timeout(40):
        while len(names) < before + more:  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.02)


async def again(log: KafkaStreamLog, topic: str, record: bytes) -> None:
    """Append as soon as the log is back."""
    async with asyncio.timeout(20):
        while True:
            try:
                await log.append(topic, [("a", record)])
            except Unavailable:
                await asyncio.sleep(0.1)
            else:
                return


async def test_what_was_acknowledged_survives_a_killed_broker(
    stoppable_kafka: KafkaBroker, log: KafkaStreamLog, topic: str
) -> None:
    """As the shipper does: what is not acknowledged is sent again, so nothing is lost and some may be there twice."""
    acknowledged: list[str] = []
    failures = 0
    stop = asyncio.Event()

    async def ship() -> None:
        nonlocal failures
        number = 0
        while not stop.is_set():
            batch = [f"{number + extra}" for extra in range(100)]
            while True:
                try:
                    await log.append(topic, [(f"link {name}", name.encode()) for name in batch])
                    break
                except Unavailable:
                    failures += 1
                    await asyncio.sleep(0.1)
            acknowledged.extend(batch)
            number += 100

    shipping = asyncio.create_task(ship())
    for _ in range(2):
        await further(acknowledged, 1_000)
        await asyncio.to_thread(stoppable_kafka.kill)
        await asyncio.sleep(0.5)
        await asyncio.to_thread(stoppable_kafka.start)
    await further(acknowledged, 1_000)
    stop.set()
    await shipping
    found = await everything(log, topic)
    assert set(acknowledged) <= set(found)
    assert set(found) == set(acknowledged), "nobody wrote anything else"
    assert failures > 0


async def test_a_broker_that_is_away_is_told_soon_and_found_again(
    stoppable_kafka: KafkaBroker, log: KafkaStreamLog, topic: str
) -> None:
    await log.append(topic, [("a", b"one")])
    stoppable_kafka.kill()
    for ask in (
        lambda: log.append(topic, [("a", b"two")]),
        lambda: log.append(topic, [("a", b"two")]),
        lambda: log.heads(topic),
        lambda: log.read(topic, 0, -1, 10),
    ):
        began = time.monotonic()
        with pytest.raises(Unavailable, match="Kafka"):
            await ask()
        assert time.monotonic() - began < LONGEST
    await asyncio.to_thread(stoppable_kafka.start)
    await again(log, topic, b"three")
    assert sorted(set(await everything(log, topic)) - {"two"}) == ["one", "three"]


async def test_a_broker_that_hangs_blocks_nobody(stoppable_kafka: KafkaBroker, log: KafkaStreamLog, topic: str) -> None:
    await log.append(topic, [("a", b"one")])
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.01)
            longest = max(longest, time.perf_counter() - began - 0.01)

    stoppable_kafka.pause()
    watching = asyncio.create_task(watch())
    try:
        with pytest.raises(Unavailable):
            await log.append(topic, [("a", b"%d" % number) for number in range(5_000)])
        with pytest.raises(Unavailable):
            await log.read(topic, 0, -1, 10)
    finally:
        stoppable_kafka.resume()
        watching.cancel()
    assert longest < 0.5  # a thread that held on to the loop would show as seconds
    await again(log, topic, b"two")


async def test_a_log_without_any_broker_says_so(topic: str) -> None:
    log = KafkaStreamLog(Settings(kafka_bootstrap="127.0.0.1:1"))
    with pytest.raises(Unavailable, match="Kafka"):
        await log.append(topic, [("a", b"one")])
    await log.close()


def test_further_options_reach_librdkafka_and_are_judged_at_the_start() -> None:
    given = Settings(kafka_bootstrap="kafka:9092", kafka_options=SecretStr("socket.timeout.ms=900;acks = 1"))
    options = client_options(given)
    assert (options["socket.timeout.ms"], options["acks"]) == ("900", "1")
    with pytest.raises(
        StartupError, match='SCANLY_KAFKA_OPTIONS: librdkafka says: No such configuration property: "a"'
    ):
        KafkaStreamLog(Settings(kafka_bootstrap="kafka:9092", kafka_options=SecretStr("a=b")))
