"""The look-ups' own connections: against a database that is there, is closed, and hangs."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from scanly.kernel.errors import Unavailable
from scanly.services.routing.link_source import DatabaseLinks
from scanly.services.routing.repository import STAMPS
from tests.support.databases import TestServer


@pytest.fixture
async def source(product_dsn: str) -> AsyncIterator[DatabaseLinks]:
    source = DatabaseLinks(product_dsn)
    yield source
    await source.close()


async def test_connections_are_used_again_and_are_few(source: DatabaseLinks) -> None:
    found = await asyncio.gather(*(source.find([f"/none{number}", "/other"]) for number in range(40)))
    assert found == [{}] * 40
    assert 1 <= len(source._idle) <= 4
    assert source._busy == {}


async def test_a_closed_database_is_unavailable_and_found_again(
    source: DatabaseLinks, postgres: TestServer, product_dsn: str
) -> None:
    await source.find(["/none"])
    postgres.close_to_connections(product_dsn)
    for _ in range(2):
        with pytest.raises(Unavailable):
            await source.find(["/none"])
    postgres.open_to_connections(product_dsn)
    assert await source.find(["/none"]) == {}


async def test_a_database_that_hangs_is_given_up_after_two_seconds(source: DatabaseLinks) -> None:
    await source.find(["/none"])
    (connection,) = source._idle
    await connection.execute("set statement_timeout = 0")
    began = time.monotonic()
    with pytest.raises(Unavailable):
        await source._fetch(f"with slow as (select pg_sleep(30)) select count(*) from slow, ({STAMPS}) as s", [], [])
    assert 1.9 < time.monotonic() - began < 6
    assert await source.find(["/none"]) == {}


async def test_a_reader_who_gives_up_leaves_no_half_read_connection(source: DatabaseLinks) -> None:
    await source.find(["/none"])
    reading = asyncio.create_task(source._fetch("select pg_sleep(1)"))
    await asyncio.sleep(0.05)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert source._idle == []
    assert await source.find(["/none"]) == {}
