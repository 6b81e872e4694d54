"""What somebody can keep open or fill before anybody looks at a request."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Any, cast

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from scanly.app import wire
from scanly.app.wire import MAX_HEAD, Lane, Wire

pytestmark = pytest.mark.slow

OK = b"HTTP/1.1 200 OK"
GET = b"GET /menu HTTP/1.1\r\nHost: x\r\n\r\n"


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    body = b""
    while (message := await receive())["type"] == "http.request":
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    answer = str(len(body)).encode()
    headers = [(b"content-length", str(len(answer)).encode()), (b"path", scope["path"].encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


class Sheet:
    """An express lane that answers ``/express…`` and writes down what it did."""

    def __init__(self) -> None:
        self.log: list[bytes] = []

    def answer(self, url: bytes, method: bytes, headers: Sequence[tuple[bytes, bytes]], peer: str) -> bytes | None:
        assert peer == "127.0.0.1"
        if not url.startswith(b"/express"):
            return None
        self.log.append(b"%b %b %d" % (method, url, len(headers)))
        return b"HTTP/1.1 302 Found\r\nlocation: https://example.com%b\r\ncontent-length: 0\r\n" % url

    def settle(self) -> None:
        self.log.append(b"settled")


@pytest.fixture
def sheet() -> Sheet:
    return Sheet()


@pytest.fixture
async def server(sheet: Sheet) -> AsyncIterator[tuple[uvicorn.Server, int]]:
    lane = Lane()
    lane.express = sheet
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        hello,
        http=cast("Any", partial(Wire, lane=lane)),
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        timeout_keep_alive=1,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    yield server, listener.getsockname()[1]
    server.should_exit = True
    await serving


@pytest.fixture
def port(server: tuple[uvicorn.Server, int]) -> int:
    return server[1]


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


EXPRESS = b"GET /express HTTP/1.1\r\nHost: x\r\n\r\n"
FOUND = b"HTTP/1.1 302 Found"


async def test_the_express_lane_answers_after_settling(port: int, sheet: Sheet) -> None:
    answer, closed = await talk(port, EXPRESS, patience=0.5)
    assert answer.startswith(FOUND + b"\r\nlocation: https://example.com/express\r\ncontent-length: 0\r\n")
    assert answer.endswith(b"\r\n\r\n")
    assert answer.count(b"\r\ndate: ") == 1
    assert not closed
    assert sheet.log == [b"GET /express 1", b"settled"]


async def test_answers_of_many_connections_are_settled_together(port: int, sheet: Sheet) -> None:
    writers = [(await asyncio.open_connection("127.0.0.1", port)) for _ in range(10)]
    for _, writer in writers:
        writer.write(EXPRESS)
    for reader, writer in writers:
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(FOUND)
        writer.close()
    assert sheet.log.count(b"GET /express 1") == 10
    assert sheet.log.count(b"settled") < 10


async def test_pipelined_requests_are_answered_in_their_order(port: int) -> None:
    paths = [
        b"/%b%d" % (kind, number) for number in range(30) for kind in (b"express", b"express", b"usual", b"express")
    ]
    requests = [GET.replace(b"/menu", path) for path in paths]
    packets = [b"".join(requests[start : start + 12]) for start in range(0, len(requests), 12)]
    answer, _ = await talk(port, *packets, pause=0.02, patience=1)
    answers = answer.split(b"HTTP/1.1 ")[1:]
    assert len(answers) == len(paths)
    for path, text in zip(paths, answers, strict=True):
        assert path + b"\r\n" in text
    assert {text[:3] for text in answers[::12]} == {b"302"}, "the first of a packet finds the lane free"
    assert {text[:3] for text in answers[1::12]} == {b"200"}, "the next one does not"


@pytest.mark.parametrize(
    "request_head",
    [
        b"GET /express HTTP/1.0\r\n\r\n",
        b"GET /express HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /express HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n",
        b"GET /express HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n",
    ],
)
async def test_what_is_not_plain_goes_the_usual_way(port: int, sheet: Sheet, request_head: bytes) -> None:
    answer, _ = await talk(port, request_head, patience=0.5)
    assert b"200 OK" in answer
    assert sheet.log == []


async def test_a_body_beside_an_express_request_is_passed_over(port: int) -> None:
    with_body = b"GET /express HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
    answer, _ = await talk(port, with_body + GET + with_body[:-2], b"lo" + GET, pause=0.05, patience=0.5)
    assert [part[:3] for part in answer.split(b"HTTP/1.1 ")[1:]] == [b"302", b"200", b"200", b"200"]


async def test_a_broken_request_behind_an_express_one_is_refused(port: int) -> None:
    answer, closed = await talk(port, EXPRESS, b"NONSENSE\r\n\r\n", pause=0.05)
    assert answer.startswith(FOUND)
    assert b"400 Bad Request" in answer
    assert closed


async def test_an_idle_connection_is_closed_and_a_busy_one_is_not(port: int) -> None:
    answer, closed = await talk(port, *[EXPRESS] * 6, pause=0.4, patience=3)
    assert answer.count(FOUND) == 6
    assert closed


async def test_a_slow_head_after_an_express_answer_is_cut(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "HEAD_SECONDS", 1.5)
    loop = asyncio.get_running_loop()
    started = loop.time()
    answer, closed = await talk(port, EXPRESS, *(bytes([byte]) for byte in GET[:12]), pause=0.1, patience=3)
    assert answer.count(b"HTTP/1.1") == 1
    assert closed
    assert loop.time() - started > 1.2, "a head on its way is not idleness"


async def test_a_stop_sends_what_is_answered(server: tuple[uvicorn.Server, int], sheet: Sheet) -> None:
    running, port = server
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = sheet.answer

    def stop_and_answer(*request: Any) -> bytes | None:
        (connection,) = running.server_state.connections
        asyncio.get_running_loop().call_soon(cast("Any", connection).shutdown)  # before the end of this turn
        return answer(*request)

    sheet.answer = stop_and_answer  # type: ignore[method-assign]
    writer.write(EXPRESS)
    assert (await reader.read()).startswith(FOUND)
    writer.close()
