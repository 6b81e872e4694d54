"""Rate limits: the algorithm, and that processes count together while Redis is there."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanly.kernel.errors import RateLimited
from scanly.kernel.limits import Decision, Limit, LocalLimiter, OwnTurns, SharedLimiter
from scanly.kernel.redis import Redis
from tests.support.waiting import eventually
from tools.services.redis import RedisServer


@pytest.fixture
async def client(redis: RedisServer) -> AsyncIterator[Redis]:
    client = Redis(redis.url, probe_every=0.05)
    await client.start()
    yield client
    await client.stop()


def test_a_full_window_may_come_as_a_burst_and_then_one_at_a_time() -> None:
    limiter = LocalLimiter()
    limit = Limit(3, 60)
    decisions = [limiter.take_at("a", limit, 100.0) for _ in range(4)]
    assert [decision.allowed for decision in decisions] == [True, True, True, False]
    assert [decision.remaining for decision in decisions] == [2, 1, 0, 0]
    assert decisions[-1].retry_after == 20
    assert not limiter.take_at("a", limit, 119.9).allowed
    assert limiter.take_at("a", limit, 120.0).allowed
    assert not limiter.take_at("a", limit, 120.1).allowed
    assert limiter.take_at("b", limit, 120.1).allowed


@given(
    st.integers(1, 50),
    st.sampled_from([1, 60, 3600]),
    st.lists(st.floats(0, 500, allow_nan=False), min_size=1, max_size=150),
)
def test_no_window_ever_holds_more_than_twice_the_limit_nor_refuses_the_first(
    requests: int, seconds: int, gaps: list[float]
) -> None:
    limiter, limit = LocalLimiter(), Limit(requests, seconds)
    now, allowed = 1_000.0, list[float]()
    for number, gap in enumerate(gaps):
        decision = limiter.take_at("a", limit, now)
        if number < requests:
            assert decision.allowed
        if decision.allowed:
            allowed.append(now)
        else:
            assert 1 <= decision.retry_after <= seconds + 1
            later = limiter.take_at("a", limit, now + decision.retry_after)
            assert later.allowed
            allowed.append(now + decision.retry_after)
            now += decision.retry_after
        now += gap
    for start in allowed:
        assert sum(start <= moment < start + seconds for moment in allowed) <= 2 * requests


def test_the_limiter_forgets_who_came_longest_ago_first() -> None:
    limiter = LocalLimiter(size=2)
    limit = Limit(1, 60)
    for who in ("a", "b", "c"):
        assert limiter.take_at(who, limit, 1.0).allowed
    assert not limiter.take_at("c", limit, 1.0).allowed
    assert limiter.take_at("a", limit, 1.0).allowed


async def taken(limiter: SharedLimiter | LocalLimiter, limit: Limit, number: int) -> list[Decision]:
    return [await limiter.take("a", limit) for _ in range(number)]


@pytest.mark.redis
async def test_redis_decides_as_the_process_does(client: Redis) -> None:
    for limit in (Limit(3, 60), Limit(1, 3600), Limit(1000, 86400)):
        shared, local = SharedLimiter(client), LocalLimiter()
        await client.call("FLUSHALL")
        assert await taken(shared, limit, 5) == await taken(local, limit, 5)


@pytest.mark.redis
async def test_processes_count_together_and_none_slips_through_between(client: Redis, redis: RedisServer) -> None:
    other = Redis(redis.url)
    limiters = [SharedLimiter(client), SharedLimiter(other)]
    decisions = await asyncio.gather(*(limiters[number % 2].take("a", Limit(20, 3600)) for number in range(60)))
    assert sum(decision.allowed for decision in decisions) == 20
    await other.stop()


@pytest.mark.slow
@pytest.mark.redis
async def test_the_window_moves_on_in_redis(client: Redis) -> None:
    limiter = SharedLimiter(client)
    limit = Limit(5, 1)
    assert [decision.allowed for decision in await taken(limiter, limit, 6)] == [True] * 5 + [False]
    await asyncio.sleep(0.25)
    assert [decision.allowed for decision in await taken(limiter, limit, 2)] == [True, False]
    await asyncio.sleep(1.1)
    assert await client.call("DBSIZE") == 0, "nothing is kept of who does not come any more"


@pytest.mark.redis
async def test_while_redis_is_away_each_process_counts_alone(client: Redis, redis: RedisServer) -> None:
    limiter = SharedLimiter(client)
    limit = Limit(2, 3600)
    await taken(limiter, limit, 2)
    redis.pause()
    assert [decision.allowed for decision in await taken(limiter, limit, 3)] == [True, True, False]
    redis.resume()
    await eventually(lambda: client.is_up)
    assert not (await limiter.take("a", limit)).allowed, "Redis still knows"


@pytest.mark.redis
async def test_a_clock_that_was_set_back_locks_nobody_out(client: Redis) -> None:
    await client.call("SET", "scanly:limit:a", 9_000_000_000_000_000)
    assert (await SharedLimiter(client).take("a", Limit(2, 60))).allowed


async def test_heavy_work_of_one_caller_waits_for_its_own() -> None:
    turns = OwnTurns(at_once=2, waiting=1)
    end = asyncio.Event()
    began: list[str] = []

    async def work(caller: str) -> None:
        async with turns.take(caller):
            began.append(caller)
            await end.wait()

    works = [asyncio.create_task(work("greedy")) for _ in range(3)]
    works.append(asyncio.create_task(work("other")))
    await asyncio.sleep(0.01)

    assert sorted(began) == ["greedy", "greedy", "other"]
    with pytest.raises(RateLimited, match="Wait a second"):
        await work("greedy")
    end.set()
    await asyncio.gather(*works)
    assert began.count("greedy") == 3
    await work("greedy")
