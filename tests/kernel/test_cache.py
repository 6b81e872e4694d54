import asyncio

import pytest

from scanly.kernel.cache import SingleFlight, TtlCache


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
