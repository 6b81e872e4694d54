import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from scanly.app.product import peer_client
from scanly.kernel.auth import PRINCIPAL_HEADER, Principal, PrincipalSigner
from scanly.kernel.errors import Unavailable
from scanly.kernel.http.proxy import Proxy
from tools.services.server import free_port

SIGNER = PrincipalSigner(b"a secret")


class Peer:
    """Another process, which writes down what reached it."""

    def __init__(self, answer: Callable[[Request], Awaitable[Response]]) -> None:
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self._answer = answer
        self.app = Starlette(routes=[Route("/{path:path}", self._endpoint, methods=["GET", "POST", "HEAD"])])

    async def _endpoint(self, request: Request) -> Response:
        target = request.scope["raw_path"].decode() + "?" + request.url.query
        self.seen.append((request.method, target, dict(request.headers), await request.body()))
        return await self._answer(request)


async def hello(_request: Request) -> Response:
    answer = Response(b"hello", 201, {"etag": '"1"', "connection": "close"})
    answer.set_cookie("scanly_session", "somebody's")
    answer.set_cookie("other", "one")
    return answer


class Exchange:
    """One request through the proxy at the level of ASGI."""

    def __init__(self, client: httpx.AsyncClient, *addresses: str) -> None:
        self._proxy = Proxy(client, SIGNER)
        self._addresses = addresses
        self.sent: list[Message] = []
        self.gone = asyncio.Event()

    async def forward(self, method: str = "GET", path: str = "/menu", body: bytes = b"", **headers: str) -> None:
        parts: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Message:
            if parts:
                return parts.pop(0)
            await self.gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            self.sent.append(message)

        scope: Scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"a=1&b=%20",
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        }
        await self._proxy.forward(self._addresses, Principal(client="1.2.3.4"), scope, receive, send)

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        headers: list[tuple[bytes, bytes]] = self.sent[0]["headers"]
        return headers

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)


async def test_a_request_passes_as_it_came_but_for_credentials() -> None:
    peer = Peer(hello)
    async with listening(peer.app) as address, peer_client({}) as client:
        exchange = Exchange(client, address)
        await exchange.forward(
            "POST",
            "/menu%2Fa",
            b"a body",
            host="go.example.org",
            content_length="6",
            cookie="scanly_session=mine",
            authorization="Bearer t",
            scanly_principal="forged",
            accept_language="hi",
            connection="keep-alive",
        )
    ((method, target, headers, body),) = peer.seen
    assert (method, target, body) == ("POST", "/menu%2Fa?a=1&b=%20", b"a body")
    assert headers["host"] == "go.example.org"
    assert headers["accept-language"] == "hi"
    assert SIGNER.verify(headers[PRINCIPAL_HEADER]).client == "1.2.3.4"
    assert set(headers) == {"host", "content-length", "accept-language", PRINCIPAL_HEADER}
    assert exchange.sent[0]["status"] == 201
    assert [value for name, value in exchange.headers if name == b"set-cookie"] == [
        b"scanly_session=somebody's; Path=/; SameSite=lax",
        b"other=one; Path=/; SameSite=lax",
    ]
    assert b"connection" not in dict(exchange.headers)
    assert exchange.body == b"hello"
    assert not exchange.sent[-1].get("more_body")


@pytest.mark.slow
async def test_what_one_visitor_was_given_never_goes_out_with_another() -> None:
    peer = Peer(hello)
    async with listening(peer.app) as address, peer_client({}) as client:
        for _ in range(3):
            await Exchange(client, address).forward()
        assert len(client.cookies) == 0
    assert all("cookie" not in headers for _, _, headers, _ in peer.seen)


async def test_a_visitor_without_a_user_agent_stays_without() -> None:
    peer = Peer(hello)
    async with listening(peer.app) as address, peer_client({}) as client:
        await Exchange(client, address).forward()
    assert set(peer.seen[0][2]) == {"host", PRINCIPAL_HEADER}


@asynccontextmanager
async def listening(app: ASGIApp) -> AsyncIterator[str]:
    """A real server in this loop, since the in-process transport knows no streams."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_config=None, ws="none"))
    listener = socket.create_server(("127.0.0.1", 0))
    task = asyncio.create_task(server.serve([listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


async def test_a_stream_ends_at_the_peer_when_its_reader_goes_away() -> None:
    started, ended = asyncio.Event(), asyncio.Event()

    async def endless(_scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"data: 1\n\n", "more_body": True})
        started.set()
        assert (await receive())["type"] == "http.disconnect"
        ended.set()

    async with listening(endless) as address, peer_client({}) as client:
        exchange = Exchange(client, address)
        task = asyncio.create_task(exchange.forward())
        await asyncio.wait_for(started.wait(), 10)
        exchange.gone.set()
        await asyncio.wait_for(task, 10)
        await asyncio.wait_for(ended.wait(), 10)
    assert exchange.body == b"data: 1\n\n"


async def test_the_next_process_takes_over_when_one_refuses() -> None:
    peer = Peer(hello)
    async with listening(peer.app) as address, peer_client({}) as client:
        for _ in range(4):
            exchange = Exchange(client, f"http://127.0.0.1:{free_port()}", address)
            await exchange.forward()
            assert exchange.sent[0]["status"] == 201
    assert len(peer.seen) == 4


async def test_nobody_there_is_unavailable() -> None:
    async with peer_client({}) as client:
        for addresses in ((), (f"http://127.0.0.1:{free_port()}",)):
            with pytest.raises(Unavailable) as raised:
                await Exchange(client, *addresses).forward()
            assert raised.value.retry_after


async def test_a_peer_that_hangs_up_is_unavailable_and_the_request_is_not_repeated() -> None:
    calls = 0

    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal calls
        calls += 1
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, peer_client({}) as client:
        with pytest.raises(Unavailable):
            await Exchange(client, address, address).forward("POST", body=b"x", content_length="1")
    assert calls == 1
