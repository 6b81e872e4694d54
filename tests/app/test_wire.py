"""What somebody can keep open or fill before anybody looks at a request."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from scanly.app import wire
from scanly.app.wire import MAX_HEAD, Wire

OK = b"HTTP/1.1 200 OK"
GET = b"GET /menu HTTP/1.1\r\nHost: x\r\n\r\n"


async def hello(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - ASGI's signature
    body = b""
    while (message := await receive())["type"] == "http.request":
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    answer = str(len(body)).encode()
    headers = [(b"content-length", str(len(answer)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


@pytest.fixture
async def port() -> AsyncIterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        hello, http=Wire, ws="none", lifespan="off", access_log=False, log_config=None, proxy_headers=False
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    yield listener.getsockname()[1]
    server.should_exit = True
    await serving


async def talk(port: int, *parts: bytes, pause: float = 0.0, patience: float = 5.0) -> tuple[bytes, bool]:
    """Send parts one after the other; return what came back and whether the server closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    received = b""
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
        async with asyncio.timeout(patience):
            while chunk := await reader.read(65_536):
                received += chunk
    except ConnectionError:
        return received, True
    except TimeoutError:
        return received, False
    finally:
        writer.close()
    return received, True


async def test_heads_and_bodies_of_any_shape_pass(port: int) -> None:
    large = b"GET / HTTP/1.1\r\nHost: x\r\nX-Large: " + b"a" * 65_536 + b"\r\n\r\n"
    post = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"
    answer, _ = await talk(port, large, GET + GET, post, b"b" * 1_000_000 + GET[:10], GET[10:], patience=1)
    assert answer.count(OK) == 5
    assert b"1000000" in answer


async def test_a_head_in_single_bytes_passes(port: int) -> None:
    answer, _ = await talk(port, *(bytes([byte]) for byte in GET), patience=1)
    assert answer.startswith(OK)


@pytest.mark.parametrize("first", [b"", GET])
@pytest.mark.parametrize("filler", [b"a" * 60_000, b"a: b\r\n" * 10_000])
async def test_a_head_without_end_is_cut(port: int, first: bytes, filler: bytes) -> None:
    parts = [b"GET / HTTP/1.1\r\nX: ", *[filler] * (MAX_HEAD // len(filler) * 20)]
    _, closed = await talk(port, first, *parts, pause=0.001)
    assert closed


async def test_who_says_nothing_or_no_end_is_cut(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "HEAD_SECONDS", 0.2)
    silent = await talk(port)
    slow = await talk(port, *(b"GET / HTTP/1.1\r\n", b"a: b\r\n", b"c: d\r\n", b"e: f\r\n"), pause=0.1)
    assert silent == slow == (b"", True)


async def test_an_answer_that_takes_long_is_waited_for(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "HEAD_SECONDS", 0.2)
    post = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4\r\n\r\n"
    answer, closed = await talk(port, post + b"ab", b"", b"", b"cd", pause=0.15)
    assert (answer[: len(OK)], closed) == (OK, True)
