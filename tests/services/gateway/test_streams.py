"""Live feeds and slow bodies: what a door must not leave open for ever."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.types import Message, Scope

from scanly.services.gateway import domain, door, streams
from tests.services.gateway.factories import problem_of
from tests.support.product import PASSWORD, InProcess

LIVE = "/api/v1/analytics/live"


class Feed:
    """A live feed somebody reads, spoken to as a server would: httpx's transport waits for the end of an answer."""

    def __init__(self, product: InProcess, headers: dict[str, str]) -> None:
        self.messages: list[Message] = []
        self.begun = asyncio.Event()
        self._asked = False
        scope: Scope = {
            "type": "http",
            "method": "GET",
            "path": LIVE,
            "raw_path": LIVE.encode(),
            "query_string": b"",
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 1),
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "scheme": "http",
            "server": ("localhost", 8000),
        }
        self.reading = asyncio.create_task(product.product.application(scope, self._receive, self._send))

    async def _receive(self) -> Message:
        if self._asked:
            await asyncio.Event().wait()
        self._asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def _send(self, message: Message) -> None:
        self.messages.append(message)
        self.begun.set()


@asynccontextmanager
async def reading(product: InProcess, client: httpx.AsyncClient) -> AsyncIterator[Feed]:
    feed = Feed(product, {"authorization": client.headers["authorization"]})
    try:
        await asyncio.wait_for(feed.begun.wait(), 10)
        assert feed.messages[0]["status"] == 200
        yield feed
    finally:
        feed.reading.cancel()


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "LOOK_EVERY", 0.05)


@pytest.mark.slow
async def test_a_live_feed_ends_with_its_session(product: InProcess) -> None:
    thief = await product.sign_up("sunita@example.com")
    owner = await product.client()
    log_in = {"email": "sunita@example.com", "password": PASSWORD}
    token = (await owner.post("/api/v1/auth/log-in", json=log_in)).json()["access_token"]
    owner.headers["authorization"] = f"Bearer {token}"
    async with reading(product, thief) as theirs, reading(product, owner) as ours:
        await asyncio.sleep(0.3)
        assert not theirs.reading.done()
        assert (await owner.delete("/api/v1/me/sessions")).status_code == 204
        await asyncio.wait_for(theirs.reading, 8)
        assert theirs.messages[-1] == {"type": "http.response.body", "body": b""}, "it ends whole"
        assert not ours.reading.done()


async def test_a_body_that_never_ends_is_given_up(product: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "body_limit", lambda path: domain.body_limit(path)._replace(seconds=0.05))

    async def dripping() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    anybody = await product.client()
    for headers in ({"content-length": "100"}, {"transfer-encoding": "chunked"}):
        headers["content-type"] = "application/json"
        answer = await anybody.post("/api/v1/auth/sign-up", content=dripping(), headers=headers)
        assert "did not arrive" in problem_of(answer, 400, "bad_request")["detail"]
        assert answer.headers["connection"] == "close"
