"""Redis as the product uses it: with a real server that is killed, hangs and comes back."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from scanly.kernel.redis import Redis, RedisAway, Script
from tests.support.waiting import eventually
from tools.services.redis import RedisServer
from tools.services.server import free_port

pytestmark = pytest.mark.redis

ADD = Script("return redis.call('INCRBY', KEYS[1], ARGV[1])")


@pytest.fixture
async def client(redis: RedisServer) -> AsyncIterator[Redis]:
    client = Redis(redis.url, probe_every=0.05)
    await client.start()
    yield client
    await client.stop()


async def away(client: Redis) -> float:
    """Seconds after which a command is told that Redis is away."""
    began = time.perf_counter()
    with pytest.raises(RedisAway):
        await client.call("GET", "a")
    return time.perf_counter() - began


async def test_commands_and_scripts(client: Redis) -> None:
    await client.call("SET", "a", b"\x00\xff")
    assert await client.call("MGET", "a", "b") == [b"\x00\xff", None]
    assert [await client.run(ADD, ["n"], [2]) for _ in range(2)] == [2, 4]


async def test_a_refusal_is_no_outage(client: Redis) -> None:
    await client.call("SET", "a", "text")
    with pytest.raises(RedisAway):
        await client.run(ADD, ["a"], [1])
    assert client.is_up
    assert client.outages == 0


async def test_a_server_that_hangs_costs_one_time_out(client: Redis, redis: RedisServer) -> None:
    await client.call("PING")
    redis.pause()
    assert 0.05 < await away(client) < 1
    assert not client.is_up
    costs = [await away(client) for _ in range(1_000)]
    assert sum(costs) < 0.1, "nobody else waits"
    redis.resume()
    await eventually(lambda: client.is_up)
    await client.call("PING")
    assert client.outages == 1


async def test_a_killed_server_is_found_again(client: Redis, redis: RedisServer) -> None:
    await client.call("PING")
    redis.kill()
    await away(client)
    redis.start()
    await eventually(lambda: client.is_up)
    assert await client.run(ADD, ["n"], [1]) == 1, "the script is sent again to a server that does not know it"


async def test_a_server_that_comes_later(redis: RedisServer) -> None:
    redis.stop()
    client = Redis(redis.url, probe_every=0.05)
    await client.start()
    await eventually(lambda: not client.is_up)
    redis.start()
    await eventually(lambda: client.is_up)
    await client.stop()


async def test_a_wrong_password_and_a_missing_database_are_an_outage(redis: RedisServer) -> None:
    for url in (redis.url.replace("//", "//:wrong@"), redis.url.replace("/0", "/99")):
        client = Redis(url)
        await away(client)
        await client.stop()


async def test_messages_are_heard_until_the_server_is_gone(client: Redis, redis: RedisServer) -> None:
    heard: list[bytes] = []
    begun = asyncio.Event()
    listening = asyncio.create_task(client.listen("news", heard.append, begun.set))
    await begun.wait()
    await client.call("PUBLISH", "news", b"one")
    await client.call("PUBLISH", "else", b"two")
    await client.call("PUBLISH", "news", b"three")
    await eventually(lambda: len(heard) == 2)
    assert heard == [b"one", b"three"]
    redis.kill()
    with pytest.raises(RedisAway):
        await listening


async def test_a_hanging_server_is_not_listened_to_for_ever(
    client: Redis, redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanly.kernel.redis._LISTEN_SECONDS", 0.1)
    begun = asyncio.Event()
    listening = asyncio.create_task(client.listen("news", lambda _message: None, begun.set))
    await begun.wait()
    await asyncio.sleep(0.5)
    assert not listening.done(), "silence alone is no fault"
    redis.pause()
    with pytest.raises(RedisAway):
        async with asyncio.timeout(3):
            await listening


async def test_it_stops_though_nobody_answers() -> None:
    client = Redis(f"redis://127.0.0.1:{free_port()}/0")
    await client.start()
    await client.stop()
