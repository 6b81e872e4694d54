"""Consumers share the log by partition, and take over from one that is gone."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from scanly.contracts.routing import SCAN_TOPIC, encode_scan
from scanly.kernel.events.stream_log import PARTITIONS
from scanly.kernel.ids import new_id
from scanly.services.analytics.ingestion import Ingestion
from tests.services.analytics.factories import LINK, NOW, Bench, make_scan, running_analytics

pytestmark = pytest.mark.slow


def share_of(bench: Bench) -> set[int]:
    """The partitions that this process counts."""
    return {partition for partition in range(PARTITIONS) if bench.service.ingestion._shares.owns(partition)}


async def beat(*benches: Bench) -> None:
    for _ in range(2):  # the first of them hears of the last one only in the second round
        for bench in benches:
            await bench.service.ingestion._shares.beat()


@pytest.fixture
async def pair(analytics_dsn: str, analytics: Bench) -> AsyncIterator[tuple[Bench, Bench]]:
    """Two processes that know of each other."""
    async with running_analytics(analytics_dsn) as other:
        while True:
            await beat(analytics, other)
            if share_of(analytics) and share_of(other):
                break
            await other.service.ingestion._shares.leave()  # one in 128 gets nothing
            other.service.ingestion._shares._process = new_id()
        yield analytics, other


async def test_one_process_counts_everything(analytics: Bench) -> None:
    assert share_of(analytics) == set(range(PARTITIONS))
    await beat(analytics)
    assert share_of(analytics) == set(range(PARTITIONS))


async def test_two_processes_share_without_overlap(pair: tuple[Bench, Bench]) -> None:
    first, second = map(share_of, pair)
    assert first | second == set(range(PARTITIONS))
    assert not first & second


async def test_each_counts_its_share_only(pair: tuple[Bench, Bench]) -> None:
    scans = [make_scan(link_id=new_id()) for _ in range(80)]
    await pair[0].streams.append(SCAN_TOPIC, [(str(scan.link_id), encode_scan(scan)) for scan in scans])
    counted = [await bench.service.ingestion.drain(bench.service.ingestion._shares.owns) for bench in pair]
    assert sum(counted) == len(scans)
    assert all(counted)
    assert await pair[0].sql("select count(*) from analytics.hits") == [(len(scans),)]


async def test_who_leaves_hands_over_at_once(pair: tuple[Bench, Bench]) -> None:
    await pair[1].service.ingestion._shares.leave()
    await beat(pair[0])
    assert share_of(pair[0]) == set(range(PARTITIONS))


async def test_who_is_silent_for_three_seconds_hands_over(pair: tuple[Bench, Bench]) -> None:
    silent = pair[1].service.ingestion._shares._process
    aged = "update analytics.consumers set seen_at = seen_at - cast(:age as interval) where process = :silent"
    await pair[0].sql(aged, age=timedelta(seconds=2), silent=silent)
    await beat(pair[0])
    assert share_of(pair[0]) != set(range(PARTITIONS))
    await pair[0].sql(aged, age=timedelta(seconds=2), silent=silent)
    await beat(pair[0])
    assert share_of(pair[0]) == set(range(PARTITIONS))


async def test_a_killed_consumer_is_replaced_within_seconds(analytics_dsn: str, analytics: Bench) -> None:
    async with running_analytics(analytics_dsn) as killed:
        await beat(killed)  # and never again
        running = asyncio.create_task(analytics.service.ingestion.run())
        scans = [make_scan(NOW, link_id=new_id()) for _ in range(40)]
        await analytics.streams.append(SCAN_TOPIC, [(str(scan.link_id), encode_scan(scan)) for scan in scans])
        try:
            async with asyncio.timeout(10):
                while await analytics.sql("select count(*) from analytics.hits") != [(40,)]:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
    left = await analytics.sql("select process from analytics.consumers")
    assert left == [(killed.service.ingestion._shares._process,)]


async def test_one_that_still_believes_in_its_share_counts_nothing_twice(pair: tuple[Bench, Bench]) -> None:
    first, second = (bench.service.ingestion for bench in pair)
    await first._streams.append(SCAN_TOPIC, [(str(LINK), encode_scan(make_scan())) for _ in range(3)])

    async def count(consumer: Ingestion) -> int:
        return await consumer.drain()  # all partitions, whatever the other does

    assert sum(await asyncio.gather(count(first), count(second))) == 3
    assert await pair[0].sql("select count(*), max(number) from analytics.hits") == [(3, 3)]
