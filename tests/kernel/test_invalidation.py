import asyncio
import json
import time
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.kernel.db import Database
from scanly.kernel.invalidation import CUT, PG_CHANNEL, REDIS_CHANNEL, Invalidation, invalidate, pack
from scanly.kernel.redis import Redis, RedisAway
from scanly.kernel.telemetry import REGISTRY
from tests.support.waiting import eventually
from tools.services.redis import RedisServer


@pytest.fixture
async def database(kernel_dsn: str) -> AsyncIterator[Database]:
    database = Database(kernel_dsn, pool_size=2)
    yield database
    await database.close()


@pytest.fixture
async def bus(kernel_dsn: str) -> AsyncIterator[Invalidation]:
    bus = Invalidation(kernel_dsn, check_every=0.2, retry_every=0.05)
    await bus.start()
    yield bus
    await bus.stop()


def told(payload: str) -> dict[str, list[str]]:
    """What a payload says besides its time."""
    message: dict[str, list[str]] = json.loads(payload)
    assert abs(float(message.pop("@")[0]) - time.time()) < 30
    return message


@pytest.fixture
async def payloads(kernel_dsn: str) -> AsyncIterator[list[str]]:
    """What PostgreSQL delivers, as it is."""
    found: list[str] = []
    connection = await asyncpg.connect(kernel_dsn)
    await connection.add_listener(PG_CHANNEL, lambda *message: found.append(message[3]))
    yield found
    await connection.close()


async def test_subscribers_hear_of_their_channel_after_the_commit(database: Database, bus: Invalidation) -> None:
    links: list[str | None] = []
    others: list[str | None] = []
    end = bus.subscribe("link", links.append)
    bus.subscribe("other", others.append)
    async with AsyncSession(database.engine) as session:
        async with session.begin():
            await invalidate(session, "link", "grüße")
            await asyncio.sleep(0.1)
            assert links == []
        await eventually(lambda: links)
        end()
        async with session.begin():
            await invalidate(session, "link", "b")
            await invalidate(session, "other", "c")
    await eventually(lambda: others)
    assert (links, others) == (["grüße"], ["c"])


async def test_a_transaction_sends_one_notification(database: Database, payloads: list[str]) -> None:
    async with AsyncSession(database.engine) as session:
        async with session.begin():
            for key in ("b", "a", "b"):
                await invalidate(session, "link", key)
            async with session.begin_nested():
                await invalidate(session, "page", "x")
            async with session.begin_nested() as inner:
                await session.execute(text("select 1"))
                await inner.rollback()
        async with session.begin():
            await session.execute(text("select 1"))
    await eventually(lambda: payloads)
    await asyncio.sleep(0.1)
    assert [told(payload) for payload in payloads] == [{"link": ["a", "b"], "page": ["x"]}]


async def test_a_rollback_sends_nothing_also_later(database: Database, payloads: list[str]) -> None:
    async with AsyncSession(database.engine) as session:
        async with session.begin() as transaction:
            await invalidate(session, "link", "a")
            await transaction.rollback()
        async with session.begin():
            await invalidate(session, "link", "b")
    await eventually(lambda: payloads)
    assert [told(payload) for payload in payloads] == [{"link": ["b"]}]


async def test_outside_of_a_transaction_it_is_refused(database: Database) -> None:
    async with AsyncSession(database.engine) as session:
        with pytest.raises(RuntimeError, match="transaction"):
            await invalidate(session, "link", "a")


async def test_many_keys_reach_their_receivers(database: Database, bus: Invalidation) -> None:
    heard: list[str | None] = []
    bus.subscribe("link", heard.append)
    keys = {f"some.example.org/slug-{number}" for number in range(500)}
    async with AsyncSession(database.engine) as session, session.begin():
        for key in keys:
            await invalidate(session, "link", key)
    await eventually(lambda: len(heard) >= len(keys))
    assert set(heard) == keys


@pytest.mark.parametrize(
    ("pending", "payloads"),
    [
        ({}, []),
        ({"a": {"k"}, "b": set()}, [{"a": ["k"]}]),
        ({"a": {f"{number:06}" for number in range(100_000)}}, [{"a": ["*"]}]),
        ({"a": {"x" * 9000}, "b": {"k"}}, [{"a": ["*"], "b": ["k"]}]),
        ({"a": {"x" * 5000}, "b": {"y" * 5000}}, [{"a": ["x" * 5000]}, {"b": ["y" * 5000]}]),
    ],
)
def test_payloads_stay_below_the_limit(pending: dict[str, set[str]], payloads: list[object]) -> None:
    found = list(pack(pending))
    assert sorted(map(str, map(json.loads, found))) == sorted(map(str, payloads))
    assert all(len(payload.encode()) < 8000 for payload in found)


def test_a_channel_is_split_before_it_is_given_up() -> None:
    found = list(pack({"a": {f"{'ü' * 40}{number}" for number in range(100)}}))
    assert 1 < len(found) <= 4
    assert all(len(payload.encode()) < 8000 for payload in found)
    assert sum(len(json.loads(payload)["a"]) for payload in found) == 100


async def test_after_a_lost_connection_everything_is_forgotten(database: Database, bus: Invalidation) -> None:
    heard: list[str | None] = []
    bus.subscribe("link", heard.append)
    async with database.connect() as connection:
        await connection.exec_driver_sql(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where application_name = 'scanly invalidation' and datname = current_database()"
        )
    await eventually(lambda: heard)
    assert heard == [None]
    assert bus.connected


async def test_it_starts_and_stops_without_a_database(unused_tcp_port: int) -> None:
    bus = Invalidation(f"postgresql://x@127.0.0.1:{unused_tcp_port}/x", retry_every=0.01)
    await bus.start(timeout=0.1)
    assert not bus.connected
    await bus.stop()


async def test_a_failing_subscriber_does_not_keep_others_from_hearing(database: Database, bus: Invalidation) -> None:
    heard: list[str | None] = []

    def fail(_key: str | None) -> None:
        raise LookupError

    bus.subscribe("link", fail)
    bus.subscribe("link", heard.append)
    async with AsyncSession(database.engine) as session, session.begin():
        await session.execute(text("select pg_notify(:channel, 'not json')"), {"channel": PG_CHANNEL})
        await invalidate(session, "link", "a")
    await eventually(lambda: heard)
    assert heard == ["a"]


async def test_tests_can_cut_notifications(
    database: Database, kernel_dsn: str, payloads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CUT, "1")
    deaf = Invalidation(kernel_dsn)
    heard: list[str | None] = []
    deaf.subscribe("link", heard.append)
    await deaf.start()
    async with AsyncSession(database.engine) as session, session.begin():
        await invalidate(session, "link", "a")
    await eventually(lambda: payloads)
    await asyncio.sleep(0.1)
    assert heard == []
    await deaf.stop()


@pytest.fixture
async def client(redis: RedisServer) -> AsyncIterator[Redis]:
    client = Redis(redis.url, probe_every=0.05)
    await client.start()
    yield client
    await client.stop()


@pytest.fixture
async def both(kernel_dsn: str, database: Database, client: Redis) -> AsyncIterator[Invalidation]:
    """A bus over both carriers, which is heard on both."""
    bus = Invalidation(kernel_dsn, redis=client, engine=database.engine, check_every=0.2, retry_every=0.05)
    await bus.start()
    await heard_on_redis(client)
    yield bus
    await bus.stop()


async def heard_on_redis(client: Redis) -> None:
    async def is_heard() -> bool:
        try:
            found = await client.call("PUBSUB", "NUMSUB", client.name(REDIS_CHANNEL))
        except RedisAway:
            return False
        return int(found[1]) == 1

    await eventually(is_heard)


async def commit(database: Database, key: str) -> None:
    async with AsyncSession(database.engine) as session, session.begin():
        await invalidate(session, "link", key)


def delays(carrier: str) -> float:
    return REGISTRY.get_sample_value("scanly_invalidation_delay_seconds_count", {"carrier": carrier}) or 0


async def test_the_delay_is_measured(database: Database, bus: Invalidation) -> None:
    before = delays("postgresql")
    heard: list[str | None] = []
    bus.subscribe("link", heard.append)
    await commit(database, "a")
    await eventually(lambda: heard)
    assert delays("postgresql") == before + 1


@pytest.mark.redis
async def test_with_two_carriers_each_word_is_heard_once(database: Database, both: Invalidation) -> None:
    heard: list[str | None] = []
    both.subscribe("link", heard.append)
    before = delays("redis") + delays("postgresql")
    for key in "abc":
        await commit(database, key)
    await eventually(lambda: len(heard) == 3)
    await asyncio.sleep(0.2)
    assert heard == ["a", "b", "c"]
    assert delays("redis") + delays("postgresql") == before + 3


@pytest.mark.redis
async def test_redis_brings_the_word_while_the_connection_to_postgresql_is_cut(
    database: Database, both: Invalidation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(both, "_receive", lambda *_message: None)
    async with database.connect() as connection:
        await connection.exec_driver_sql(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where application_name = 'scanly invalidation' and datname = current_database()"
        )
    heard: list[str | None] = []
    both.subscribe("link", heard.append)
    await commit(database, "a")
    await eventually(lambda: "a" in heard)


@pytest.mark.redis
async def test_redis_says_nothing_of_a_rollback(database: Database, both: Invalidation, client: Redis) -> None:
    heard: list[bytes] = []
    begun = asyncio.Event()
    listening = asyncio.create_task(client.listen(client.name(REDIS_CHANNEL), heard.append, begun.set))
    await begun.wait()
    async with AsyncSession(database.engine) as session:
        async with session.begin() as transaction:
            await invalidate(session, "link", "a")
            await transaction.rollback()
        async with session.begin():
            async with session.begin_nested():
                await invalidate(session, "link", "b")
            await asyncio.sleep(0.1)
            assert heard == [], "not before the commit"
    await eventually(lambda: heard)
    assert [told(payload.decode()) for payload in heard] == [{"link": ["b"]}]
    assert both.connected
    listening.cancel()


@pytest.mark.redis
async def test_words_go_on_without_redis_and_with_it_again(
    database: Database, both: Invalidation, client: Redis, redis: RedisServer
) -> None:
    heard: list[str | None] = []
    both.subscribe("link", heard.append)
    redis.kill()
    await commit(database, "a")
    await eventually(lambda: heard == ["a"])
    redis.start()
    await eventually(lambda: client.is_up)
    await heard_on_redis(client)
    before = delays("redis") + delays("postgresql")
    await commit(database, "b")
    await eventually(lambda: heard == ["a", "b"])
    assert delays("redis") + delays("postgresql") == before + 1
