import asyncio
from collections.abc import Sequence

import pytest

from scanly.kernel.cache import Batches, Overloaded, SingleFlight, TtlCache


class Seconds:
    """A clock that is moved by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Source:
    """Computes slowly and counts how often."""

    def __init__(self) -> None:
        self.asked = 0
        self.gate = asyncio.Event()

    async def compute(self) -> int:
        self.asked += 1
        mine = self.asked
        await self.gate.wait()
        return mine


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture
def cache(clock: Seconds) -> TtlCache[str, int]:
    return TtlCache(size=2, ttl=10, clock=clock)


def test_a_value_lives_for_its_time(cache: TtlCache[str, int], clock: Seconds) -> None:
    cache.put("a", 1)
    cache.put("b", 2, ttl=20)
    clock.now = 9.9
    assert cache.get("a") == 1
    clock.now = 10
    assert cache.get("a") is None
    assert cache.get("a", -1) == -1
    assert "a" not in cache
    assert cache.get("b") == 2


def test_the_least_recently_used_goes_first(cache: TtlCache[str, int]) -> None:
    cache.put("a", 1)
    cache.put("b", 2)
    cache.get("a")
    cache.put("c", 3)
    assert [key in cache for key in "abc"] == [True, False, True]
    assert len(cache) == 2


def test_evict_forgets_one_or_all(cache: TtlCache[str, int]) -> None:
    cache.put("a", 1)
    cache.put("b", 2)
    cache.evict("a")
    cache.evict("unknown")
    assert [key in cache for key in "ab"] == [False, True]
    cache.evict(None)
    assert len(cache) == 0


@pytest.mark.parametrize(("size", "ttl"), [(0, 1), (1, 0)])
def test_a_cache_without_room_or_time_is_refused(size: int, ttl: float) -> None:
    with pytest.raises(ValueError, match="room"):
        TtlCache(size=size, ttl=ttl)


async def test_many_callers_load_once(cache: TtlCache[str, int]) -> None:
    source = Source()
    callers = [asyncio.create_task(cache.load("a", source.compute)) for _ in range(20)]
    await asyncio.sleep(0)
    source.gate.set()
    assert await asyncio.gather(*callers) == [1] * 20
    assert await cache.load("a", source.compute) == 1
    assert source.asked == 1


@pytest.mark.parametrize("key", ["a", None])
async def test_what_was_loaded_before_an_eviction_is_not_kept(cache: TtlCache[str, int], key: str | None) -> None:
    source = Source()
    early = asyncio.create_task(cache.load("a", source.compute))
    await asyncio.sleep(0.01)
    cache.evict(key)
    late = asyncio.create_task(cache.load("a", source.compute))
    await asyncio.sleep(0.01)
    source.gate.set()
    assert (await early, await late) == (1, 2)
    assert cache.get("a") == 2


async def test_an_eviction_during_the_only_load_leaves_nothing(cache: TtlCache[str, int]) -> None:
    source = Source()
    early = asyncio.create_task(cache.load("a", source.compute))
    await asyncio.sleep(0.01)
    cache.evict("a")
    source.gate.set()
    assert await early == 1
    assert "a" not in cache


async def test_an_error_reaches_all_callers_and_is_not_kept(cache: TtlCache[str, int]) -> None:
    async def fail() -> int:
        await asyncio.sleep(0)
        raise LookupError("away")

    for outcome in await asyncio.gather(*(cache.load("a", fail) for _ in range(3)), return_exceptions=True):
        assert isinstance(outcome, LookupError)
    source = Source()
    source.gate.set()
    assert await cache.load("a", source.compute) == 1


async def test_a_caller_that_gives_up_does_not_stop_the_others() -> None:
    flights: SingleFlight[str, int] = SingleFlight()
    source = Source()
    first = asyncio.create_task(flights.run("a", source.compute))
    second = asyncio.create_task(flights.run("a", source.compute))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    source.gate.set()
    assert await second == 1
    assert first.cancelled()
    assert source.asked == 1


class Fetcher:
    """Fetches squares slowly and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.running = self.most = 0

    async def __call__(self, keys: Sequence[int]) -> dict[int, int]:
        self.asked.append(list(keys))
        self.running += 1
        self.most = max(self.most, self.running)
        await asyncio.sleep(0.01)
        self.running -= 1
        if -1 in keys:
            raise LookupError
        return {key: key * key for key in keys if key < 1_000}


async def test_keys_are_fetched_together_and_not_too_many_at_a_time() -> None:
    fetcher = Fetcher()
    batches = Batches(fetcher, running=2, size=50)
    keys = [number % 200 for number in range(400)]
    assert await asyncio.gather(*map(batches.load, keys)) == [key * key for key in keys]
    assert [len(asked) for asked in fetcher.asked] == [1, 1, 50, 50, 50, 48]
    assert fetcher.most == 2
    assert list(batches) == []


async def test_a_key_that_there_is_not_is_none_and_errors_reach_those_who_asked() -> None:
    batches = Batches(Fetcher(), running=1)
    found = await asyncio.gather(*map(batches.load, (1_000, -1, 7, -1)), return_exceptions=True)
    assert found[0] is None
    assert [type(error) for error in found[1:]] == [LookupError] * 3, "what was fetched together fails together"
    assert await batches.load(7) == 49
    with pytest.raises(LookupError):
        await batches.load(-1)


async def test_the_line_is_bounded() -> None:
    batches = Batches(Fetcher(), running=1, size=10, waiting=20)
    found = await asyncio.gather(*map(batches.load, range(30)), return_exceptions=True)
    assert [type(answer) for answer in found] == [int] * 21 + [Overloaded] * 9


async def test_whoever_gives_up_takes_the_answer_from_nobody() -> None:
    fetcher = Fetcher()
    batches = Batches(fetcher, running=1)
    alone = asyncio.create_task(batches.load(3))
    in_line = [asyncio.create_task(batches.load(number)) for number in (4, 5)]
    await asyncio.sleep(0)
    others = [asyncio.create_task(batches.load(number)) for number in (3, 4)]
    await asyncio.sleep(0)
    alone.cancel()
    in_line[0].cancel()
    assert await asyncio.gather(*others, in_line[1]) == [9, 16, 25]


async def test_what_waits_is_cancelled_when_it_stops() -> None:
    batches = Batches(Fetcher(), running=1)
    tasks = [asyncio.create_task(batches.load(number)) for number in range(3)]
    await asyncio.sleep(0.015)
    await batches.stop()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(answer) for answer in found] == [int, asyncio.CancelledError, asyncio.CancelledError]
