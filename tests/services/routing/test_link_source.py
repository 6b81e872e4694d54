"""The look-ups' own connections: against a database that is there, is closed, and hangs."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from benchmarks.links import make_links
from scanly.kernel.errors import Unavailable
from scanly.kernel.ids import decode_id
from scanly.services.routing.link_source import DatabaseLinks
from scanly.services.routing.repository import (
    CHANGED_ADDRESSES,
    FIND_LINK,
    FIND_LINKS,
    STAMPS,
    learn_workspace,
    touch_addresses,
)
from tests.support.databases import TestServer
from tests.support.product import InProcess
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow


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
        await source._fetch("select pg_sleep(30)")
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


async def made(product: InProcess, slug: str) -> tuple[httpx.AsyncClient, str]:
    """Somebody with a link at ``slug``; returns the link's path at the API."""
    owner = await product.sign_up()
    answer = await owner.post("/api/v1/links", json={"destination": "https://example.com/old", "slug": slug})
    assert answer.status_code == 201, answer.text
    return owner, f"/api/v1/links/{answer.json()['id']}"


async def has_heard_of_its_workspace(source: DatabaseLinks, key: str) -> bool:
    """Whether the news of the link's workspace, which change its stamp, have come."""
    return any((await source.stamps([key]))[key][8:])  # the half of the workspace


async def test_one_and_many_are_read_alike(product: InProcess) -> None:
    owner, _ = await made(product, "मेन्यू")
    await owner.post("/api/v1/links", json={"destination": "https://example.com/a", "slug": "Menu/A"})
    source = DatabaseLinks(product.dsn)
    keys = ["/मेन्यू", "/menu/a", "/none"]
    await eventually(lambda: has_heard_of_its_workspace(source, "/मेन्यू"))
    await eventually(lambda: has_heard_of_its_workspace(source, "/menu/a"))
    together = await source.find(keys)
    assert sorted(together) == sorted(keys[:2])
    for key in keys:
        assert await source.find([key]) == {found: row for found, row in together.items() if found == key}
    assert await source.stamps(keys) == {key: row.stamp for key, row in together.items()}
    await source.close()


async def test_changes_are_listed_from_a_moment_on(product: InProcess) -> None:
    owner, path = await made(product, "menu")
    source = DatabaseLinks(product.dsn)

    await eventually(lambda: has_heard_of_its_workspace(source, "/menu"))
    first = await source.changed(None, 15, 100)
    assert first.is_whole
    assert first.stamps == await source.stamps(["/menu"])
    assert abs(first.until / 1e6 - time.time()) < 60
    assert (await source.changed(first.until, 0, 100)).stamps == {}
    await owner.patch(path, json={"destination": "https://example.com/new"})
    changes = await source.changed(first.until, 0, 100)
    assert changes.until > first.until
    assert changes.stamps["/menu"] > first.stamps["/menu"]
    await owner.post("/api/v1/links", json={"destination": "https://example.com/b", "slug": "b"})
    assert not (await source.changed(first.until, 0, 2)).is_whole
    await source.close()


async def test_the_later_commit_has_the_later_stamp_whichever_began_first(product: InProcess) -> None:
    _, path = await made(product, "menu")
    link_id = decode_id("link", path.rsplit("/", 1)[1])
    source = DatabaseLinks(product.dsn)
    stamps = []
    database = product.product.database.for_service("routing")
    async with AsyncExitStack() as early:
        # A transaction that began before the other one changes the link after it.
        late = await early.enter_async_context(AsyncSession(product.product.database.engine))
        await early.enter_async_context(late.begin())
        await late.execute(text("set local role svc_routing_system"))
        await late.execute(text("select now()"))

        async def change() -> None:
            async with database.system() as session:
                await touch_addresses(session, [link_id])

        await asyncio.create_task(change())
        stamps += (await source.stamps(["/menu"])).values()
        await touch_addresses(late, [link_id])
    stamps += (await source.stamps(["/menu"])).values()
    async with database.system() as session:  # the database's clock was set back by an hour since
        await session.execute(text("update routing.addresses set changed_at = now() + interval '1 hour'"))
    stamps += (await source.stamps(["/menu"])).values()
    await change()
    stamps += (await source.stamps(["/menu"])).values()
    assert stamps == sorted(set(stamps))
    await source.close()


async def test_no_look_up_and_no_poll_reads_a_whole_table(source: DatabaseLinks, product_dsn: str) -> None:
    make_links(product_dsn, 5_000)
    await source.find(["/code0000001"])
    (connection,) = source._idle
    queries = {
        FIND_LINK: "'', 'code0000001'",
        FIND_LINKS: "array[''], array['code0000001']",
        STAMPS: "array[''], array['code0000001']",
        CHANGED_ADDRESSES: "null, 15, 20000",
    }
    for number, (query, arguments) in enumerate(queries.items()):
        await connection.execute(f"prepare query_{number} as {query}")
        plan = "\n".join(row[0] for row in await connection.fetch(f"explain execute query_{number}({arguments})"))
        assert "Seq Scan" not in plan, plan
        # An index that is read from end to end is a table that is read.
        for line, following in itertools.pairwise([*plan.splitlines(), ""]):
            assert not ("Index Scan" in line or "Index Only Scan" in line) or "Index Cond" in following, plan


async def test_a_renamed_workspace_changes_its_links(product: InProcess) -> None:
    owner, _ = await made(product, "menu")
    workspace = (await owner.get("/api/v1/workspaces")).json()["data"][0]["id"]
    source = DatabaseLinks(product.dsn)
    database = product.product.database.for_service("routing")
    at = datetime.now(UTC)
    async with database.system() as session:
        await learn_workspace(session, decode_id("ws", workspace), "Before", "Asia/Kolkata", at)
    first = await source.changed(None, 15, 100)
    async with database.system() as session:
        await learn_workspace(session, decode_id("ws", workspace), "After", "Asia/Kolkata", at + timedelta(seconds=1))
    changes = await source.changed(first.until, 0, 100)
    assert changes.stamps["/menu"] > first.stamps["/menu"]
    assert (await source.find(["/menu"]))["/menu"].shop == "After"
    await source.close()
