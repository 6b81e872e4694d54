"""What the live feed promises."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, Self

import pytest

from scanly.contracts.routing import SCAN_TOPIC, encode_scan
from scanly.kernel.ids import encode_id
from scanly.services.analytics import live
from tests.services.analytics.factories import (
    GOOGLEBOT,
    LINK,
    OTHER_LINK,
    OTHER_WORKSPACE,
    WORKSPACE,
    Bench,
    make_scan,
)


class Stream:
    """Reads server-sent events straight from the ASGI application, as a browser would."""

    def __init__(self, analytics: Bench, query: str = "", last_event_id: str | None = None) -> None:
        headers = [(b"test-workspace", str(WORKSPACE).encode())]
        if last_event_id is not None:
            headers.append((b"last-event-id", last_event_id.encode()))
        self._scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
            "scheme": "http", "path": "/api/v1/analytics/live", "raw_path": b"", "root_path": "",
            "query_string": query.encode(), "headers": headers, "client": ("test", 1), "server": ("test", 80),
        }  # fmt: skip
        self._app = analytics.app
        self._sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._gone = asyncio.Event()

    async def __aenter__(self) -> Self:
        async def receive() -> dict[str, Any]:
            await self._gone.wait()
            return {"type": "http.disconnect"}

        self._task = asyncio.create_task(self._app(self._scope, receive, self._sent.put))
        start = await asyncio.wait_for(self._sent.get(), 5)
        assert start["status"] == 200
        assert (b"content-type", b"text/event-stream; charset=utf-8") in start["headers"]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._gone.set()
        await asyncio.wait_for(self._task, 5)

    async def next(self) -> dict[str, str]:
        message = await asyncio.wait_for(self._sent.get(), 5)
        lines = message["body"].decode().strip().splitlines()
        return dict(line.split(": ", 1) for line in lines)


async def test_the_live_feed_sends_hits_as_they_are_counted(analytics: Bench) -> None:
    await analytics.ship(make_scan())
    async with Stream(analytics) as stream:
        ready = await stream.next()
        assert (ready["event"], ready["id"]) == ("ready", "1")
        await analytics.ship(make_scan(user_agent=GOOGLEBOT))
        event = await stream.next()
    assert (event["event"], event["id"]) == ("hit", "2")
    hit = json.loads(event["data"])
    assert (hit["verdict"], hit["reason"], hit["link_id"]) == ("bot", "search_engine", encode_id("link", LINK))


async def test_the_live_feed_resumes_after_the_last_event(analytics: Bench) -> None:
    await analytics.ship(make_scan(), make_scan(), make_scan())
    async with Stream(analytics, last_event_id="1") as stream:
        await stream.next()
        assert [(await stream.next())["id"] for _ in range(2)] == ["2", "3"]


async def test_the_live_feed_filters(analytics: Bench) -> None:
    query = f"link_id={encode_id('link', OTHER_LINK)}&traffic=human"
    async with Stream(analytics, query, last_event_id="0") as stream:
        await stream.next()
        await analytics.ship(make_scan(), make_scan(link_id=OTHER_LINK, user_agent=GOOGLEBOT))
        await analytics.ship(make_scan(link_id=OTHER_LINK))
        event = await stream.next()
    assert json.loads(event["data"])["link_id"] == encode_id("link", OTHER_LINK)
    assert json.loads(event["data"])["verdict"] == "human"


async def test_the_feed_can_be_followed_for_the_installations_own_host(analytics: Bench) -> None:
    async with Stream(analytics, "domain=localhost:8000", last_event_id="0") as stream:
        await stream.next()
        await analytics.ship(make_scan(domain="go.sharma.example"), make_scan())
        event = await stream.next()
    assert json.loads(event["data"])["domain"] == "localhost:8000"


async def test_more_live_views_than_the_database_bears_are_refused(
    analytics: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST_WATCHERS", 1)
    async with Stream(analytics) as stream, analytics.client(WORKSPACE) as client:
        await stream.next()
        refused = await client.get("/api/v1/analytics/live")
        assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
        assert refused.headers["retry-after"] == "30"
    async with Stream(analytics) as stream:
        assert (await stream.next())["event"] == "ready"


@pytest.mark.slow
async def test_a_lost_notification_only_delays(analytics: Bench) -> None:
    async with Stream(analytics) as stream:
        await stream.next()
        analytics.service.live._waiting.clear()
        await analytics.ship(make_scan())
        assert (await stream.next())["event"] == "hit"
        analytics.service.live._waiting[str(WORKSPACE)].add(asyncio.Event())


async def test_another_workspaces_hits_are_not_in_the_feed(analytics: Bench) -> None:
    async with Stream(analytics, last_event_id="0") as stream:
        await stream.next()
        await analytics.ship(make_scan(workspace_id=OTHER_WORKSPACE, link_id=OTHER_LINK))
        await analytics.ship(make_scan())
        assert json.loads((await stream.next())["data"])["link_id"] == encode_id("link", LINK)


@pytest.fixture
async def counting(analytics: Bench) -> AsyncIterator[Bench]:
    """Analytics whose ingestion runs by itself."""
    task = asyncio.create_task(analytics.service.ingestion.run())
    yield analytics
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_shipped_scan_is_in_the_feed_within_a_second(counting: Bench) -> None:
    async with Stream(counting) as stream:
        await stream.next()
        scan = make_scan()
        await counting.streams.append(SCAN_TOPIC, [(str(scan.link_id), encode_scan(scan))])
        event = await asyncio.wait_for(stream.next(), 3)
    assert json.loads(event["data"])["id"] == encode_id("hit", scan.id)
