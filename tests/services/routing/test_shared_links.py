"""Redis as second level of the read model, with a real server that dies, hangs and comes back with old content."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from scanly.kernel.errors import Unavailable
from scanly.kernel.redis import Redis
from scanly.services.routing.links import compile_link, make_stamp
from scanly.services.routing.metrics import Tally
from scanly.services.routing.read_model import ReadModel
from scanly.services.routing.shared_links import SharedLinks
from tests.services.routing.visitors import Shelf, facts
from tests.support.services import redis_server
from tests.support.waiting import eventually
from tools.services.redis import RedisServer

pytestmark = pytest.mark.redis

KEY = "/menu"
OLD, NEW = "https://example.com/old", "https://example.com/new"


class Process:
    """One process' read model over the shelf and Redis that all share."""

    def __init__(self, shelf: Shelf, redis: Redis) -> None:
        self.redis = redis
        self.shared = SharedLinks(redis)
        self.tally = Tally()
        self.model = ReadModel(
            shelf, self.tally, max_bytes=1 << 20, unknown_seconds=30, stale_seconds=3600, shared=self.shared
        )

    async def destination(self, key: str = KEY) -> str | None:
        """What a visitor gets, with everything written to Redis that this brings about."""
        link = await self.model.find(key)
        await self.shared.stop()
        return link and link.row.destination

    def found(self, source: str) -> int:
        return self.tally.link_lookups[source]


@asynccontextmanager
async def started(shelf: Shelf, server: RedisServer) -> AsyncIterator[Process]:
    """A process that has polled once, as each does when it starts."""
    redis = Redis(server.url, probe_every=0.05)
    await redis.start()
    process = Process(shelf, redis)
    try:
        await process.model.check()
        yield process
    finally:
        await process.model.stop()
        await redis.stop()


@pytest.fixture
def shelf() -> Shelf:
    shelf = Shelf()
    shelf.put(facts("menu", destination=OLD))
    return shelf


@pytest.fixture
async def process(shelf: Shelf, redis: RedisServer) -> AsyncIterator[Process]:
    async with started(shelf, redis) as process:
        yield process


@pytest.fixture
async def other(shelf: Shelf, redis: RedisServer) -> AsyncIterator[Process]:
    async with started(shelf, redis) as process:
        yield process


@pytest.fixture
def keeping() -> Iterator[RedisServer]:
    """A Redis that finds its data again."""
    with redis_server(keep=True) as server:
        yield server


def change(shelf: Shelf, *, announced: tuple[Process, ...] = (), at: int = 2) -> None:
    """Change the link's destination and tell some processes."""
    shelf.put(facts("menu", destination=NEW, stamp=make_stamp(at, 1)))
    shelf.changes = {KEY: make_stamp(at, 1)}
    for process in announced:
        process.model.evict(KEY)


async def test_what_one_process_read_the_others_find(process: Process, other: Process, shelf: Shelf) -> None:
    assert await process.destination() == OLD
    assert await other.destination() == OLD
    assert shelf.asked == [KEY]
    assert other.found("redis") == 1
    assert await other.destination() == OLD
    assert other.found("memory") == 1


async def test_the_hot_set_is_found_there_after_a_restart(process: Process, shelf: Shelf, redis: RedisServer) -> None:
    for number in range(300):
        shelf.put(facts(f"menu{number}"))
    await asyncio.gather(*(process.destination(f"/menu{number}") for number in range(300)))
    asked = len(shelf.asked)
    async with started(shelf, redis) as again:
        await asyncio.gather(*(again.destination(f"/menu{number}") for number in range(300)))
        assert again.found("redis") == 300
    assert len(shelf.asked) == asked


async def test_unknown_addresses_take_no_room_there(process: Process) -> None:
    assert await process.destination("/none") is None
    assert await process.redis.call("KEYS", "*none*") == []


async def test_links_do_not_stay_for_ever(process: Process) -> None:
    await process.destination()
    (name,) = await process.redis.call("KEYS", "scanly:link:*")
    assert 86_000 < await process.redis.call("TTL", name) <= 86_400


async def test_whoever_hears_of_a_change_reads_the_database(process: Process, other: Process, shelf: Shelf) -> None:
    await process.destination()
    change(shelf, announced=(process, other))
    assert await other.destination() == NEW
    assert await process.destination() == NEW


async def test_a_change_that_only_one_hears_of_reaches_the_other_by_the_poll(
    process: Process, other: Process, shelf: Shelf
) -> None:
    await process.destination()
    await other.destination()
    change(shelf, announced=(process,))
    assert await other.destination() == OLD, "a lost notification is still to be healed"
    await other.model.check()
    assert await other.destination() == NEW


async def test_a_change_while_nobody_runs_is_seen_by_who_comes_next(shelf: Shelf, redis: RedisServer) -> None:
    async with started(shelf, redis) as before:
        await before.destination()
    last = shelf.now
    change(shelf)
    async with started(shelf, redis) as after:
        assert shelf.since == last, "it goes on from where the last one stopped"
        assert await after.destination() == NEW


async def test_an_older_link_never_overwrites_a_newer_one(process: Process, other: Process, shelf: Shelf) -> None:
    change(shelf, at=5)
    await process.destination()
    shelf.changes = {}
    late = compile_link(facts("menu", destination=OLD, stamp=make_stamp(4, 1)))
    other.shared.put({KEY: late}, time.monotonic())
    await other.shared.stop()
    assert await other.destination() == NEW
    newer = compile_link(facts("menu", destination="https://example.com/newest", stamp=make_stamp(6, 1)))
    other.shared.put({KEY: newer}, time.monotonic())
    await other.shared.stop()
    assert [link.row.destination for link in (await process.shared.get([KEY])).values()] == [newer.row.destination]


async def test_of_two_links_that_are_each_newer_in_one_half_none_stays(process: Process) -> None:
    for stamp in (make_stamp(5, 1), make_stamp(4, 2)):
        process.shared.put({KEY: compile_link(facts("menu", stamp=stamp))}, time.monotonic())
        await process.shared.stop()
    assert await process.shared.get([KEY]) == {}


async def test_what_was_read_long_ago_is_not_written(process: Process) -> None:
    process.shared.put({KEY: compile_link(facts("menu"))}, time.monotonic() - 6)
    await process.shared.stop()
    assert await process.shared.get([KEY]) == {}


async def test_very_many_changes_begin_a_new_epoch(
    process: Process, other: Process, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    await process.destination()
    await other.destination()
    change(shelf)
    shelf.changes = {"/a": make_stamp(2, 1), "/b": make_stamp(2, 1)}
    monkeypatch.setattr("scanly.services.routing.read_model._MANY_CHANGES", 2)
    await process.model.check()
    assert await process.destination() == NEW
    await other.model.check()
    assert await other.destination() == NEW


async def test_an_emptied_redis_is_filled_again(process: Process, other: Process, shelf: Shelf) -> None:
    await process.destination()
    await process.redis.call("FLUSHALL")
    await process.model.check()
    await other.model.check()
    process.model.evict(KEY)
    await process.model.check()
    assert await process.destination() == OLD
    asked = len(shelf.asked)
    assert await other.destination() == OLD
    assert len(shelf.asked) == asked


async def test_strange_content_is_passed_over(process: Process, other: Process) -> None:
    await process.destination()
    (name,) = await process.redis.call("KEYS", "scanly:link:*")
    for content in (b"", b"x", b"\x00" * 40, make_stamp(9, 9) + b"\x93\x01\x02\x03"):
        await process.redis.call("SET", name, content)
        other.model.memory.clear()
        assert await other.destination() == OLD
    await process.redis.call("SET", process.redis.name("links:1"), "nonsense")
    await other.model.check()
    await other.model.check()
    assert other.shared.is_trusted


async def test_everything_goes_on_when_redis_is_killed_and_comes_back(
    process: Process, other: Process, shelf: Shelf, redis: RedisServer
) -> None:
    await process.destination()
    redis.kill()
    assert await other.destination() == OLD, "from the database"
    change(shelf, announced=(process, other))
    assert await process.destination() == NEW
    redis.start()
    await eventually(lambda: process.redis.is_up and other.redis.is_up)
    for one in (process, other):
        await one.model.check()
        one.model.memory.clear()
    assert await process.destination() == NEW
    assert await other.destination() == NEW
    assert other.found("redis") == 1


async def test_a_redis_that_hangs_costs_one_visitor_a_tenth_of_a_second(
    process: Process, shelf: Shelf, redis: RedisServer
) -> None:
    for number in range(50):
        shelf.put(facts(f"menu{number}"))
    redis.pause()
    times = []
    for number in range(50):
        began = time.perf_counter()
        assert await process.model.find(f"/menu{number}") is not None
        times.append(time.perf_counter() - began)
    redis.resume()
    assert times[0] < 1
    assert sum(times[1:]) < 0.5, "the others do not wait"
    await eventually(lambda: process.redis.is_up)


@pytest.mark.slow
async def test_old_content_that_comes_back_is_compared_before_it_counts(shelf: Shelf, keeping: RedisServer) -> None:
    async with started(shelf, keeping) as process:
        await process.destination()
        keeping.kill()
        change(shelf)
        compared = shelf.now
        await process.model.check()  # without Redis, where the moment of comparison stays behind
        keeping.start()
        await eventually(lambda: process.redis.is_up)
        process.model.memory.clear()
        assert not process.shared.is_trusted
        assert await process.destination() == NEW
        async with started(shelf, keeping) as other:
            assert shelf.since == compared
            assert await other.destination() == NEW


async def test_links_in_redis_answer_for_an_absent_database(process: Process, shelf: Shelf, redis: RedisServer) -> None:
    await process.destination()
    async with started(shelf, redis) as other:
        shelf.is_away = True
        assert await other.destination() == OLD
        other.shared.distrust()
        other.model.memory.clear()
        assert await other.destination() == OLD
        assert other.found("stale") == 1
        with pytest.raises(Unavailable):
            await other.destination("/never-seen")
