"""What the server makes of bytes that no browser sends: the redirect behind the server that `scanly run` uses."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanly.app.wire import Lane
from scanly.app.wire import Wire as Protocol
from tests.services.routing.visitors import Stand, facts, scan_of

pytestmark = pytest.mark.slow


class Wire:
    """A listening redirect."""

    def __init__(self, stand: Stand, port: int) -> None:
        self.stand = stand
        self._port = port

    async def send(self, data: bytes, patience: float = 10) -> bytes:
        """Send bytes and return what comes back until the server closes, or nothing came for ``patience`` seconds."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        received = b""
        try:
            writer.write(data)
            await writer.drain()
            async with asyncio.timeout(patience):
                while chunk := await reader.read(65_536):
                    received += chunk
        except (ConnectionError, TimeoutError):
            pass
        finally:
            writer.close()
        return received


@pytest.fixture(params=["through ASGI", "on the express lane"])
async def wire(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Wire]:
    async with listening(tmp_path, express=request.param != "through ASGI") as wire:
        yield wire


@asynccontextmanager
async def listening(folder: Path, *, express: bool) -> AsyncIterator[Wire]:
    """A redirect behind a server, with one link in memory."""
    stand = Stand(folder, datetime(2026, 11, 9, tzinfo=UTC))
    stand.shelf.put(facts("menu"))
    await stand.links.find("/menu")
    lane = Lane()
    lane.express = stand.redirect if express else None
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        stand.redirect,
        http=cast("Any", partial(Protocol, lane=lane)),
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        proxy_headers=False,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    yield Wire(stand, listener.getsockname()[1])
    server.should_exit = True
    await serving
    stand.spool.close()


def request(path: bytes, *headers: bytes, method: bytes = b"GET", version: bytes = b"1.1") -> bytes:
    lines = [method + b" " + path + b" HTTP/" + version, b"Host: go.example", b"Connection: close", *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


async def alive(wire: Wire) -> bool:
    return status(await wire.send(request(b"/menu"))) == 302


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (b"/menu", 302),
        (b"/MENU?utm_source=flyer", 302),
        (b"/%6D%65nu", 302),
        (b"/menu%00", 404),
        (b"/menu%0d%0aSet-Cookie:%20a=b", 404),
        (b"/%ff%fe", 404),
        (b"/%e2%80%ae", 404),
        (b"/%", 404),
        (b"//menu", 302),
        (b"/../menu", 404),
        (b"/menu%2b", 200),
        (b"/" + b"a" * 65_000, 404),
        (b"http://evil.example/menu", 302),
    ],
)
async def test_strange_paths(wire: Wire, path: bytes, expected: int) -> None:
    answer = await wire.send(request(path))
    assert status(answer) == expected
    assert b"\nSet-Cookie" not in answer
    assert await alive(wire)


@pytest.mark.parametrize(
    "data",
    [
        request(b"/m\xff\xfenu"),
        request(b"/me\x00nu"),
        b"\x00\x01\x02\r\n\r\n",
        b"GET /menu\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /menu HTTP/9.9\r\n\r\n",
        request(b"/menu", b"Content-Length: -1"),
        request(b"/menu", b"X\x00: y"),
        b"GET /menu HTTP/1.1\r\nHost: a\r\n",
    ],
)
async def test_what_is_not_http_harms_nobody(wire: Wire, data: bytes) -> None:
    answer = await wire.send(data, patience=0.5)
    assert answer == b"" or status(answer) in {302, 400}
    assert await alive(wire)


async def test_old_and_pipelined_requests(wire: Wire) -> None:
    assert status(await wire.send(request(b"/menu", version=b"1.0"))) == 302
    pipelined = b"GET /menu HTTP/1.1\r\nHost: a\r\n\r\n" * 5
    answer = await wire.send(pipelined + request(b"/menu"))
    assert answer.count(b"HTTP/1.1 302") == 6
    assert len(wire.stand.hits()) == 7


async def test_head_has_no_body(wire: Wire) -> None:
    for path in (b"/menu", b"/nothing", b"/menu+"):
        answer = await wire.send(request(path, method=b"HEAD"))
        assert answer.endswith(b"\r\n\r\n")
        assert b"content-length" in answer


async def test_control_characters_in_headers_stay_out_of_the_log(wire: Wire) -> None:
    await wire.send(request(b"/menu", b"User-Agent: a\x01\x1b[31mb\x7f\xe2\x80\xae\xff", b"Referer: \x0b"))
    scans = [scan_of(hit) for hit in wire.stand.hits()]
    assert all(scan.user_agent.isprintable() and scan.referrer.isprintable() for scan in scans)
    assert await alive(wire)


async def test_a_flood_of_headers(wire: Wire) -> None:
    headers = [b"X-Forwarded-For: 6.6.6.6"] * 2_000 + [b"User-Agent: " + b"x" * 60_000]
    answer = await wire.send(request(b"/menu", *headers))
    assert answer == b"" or status(answer) in {302, 400, 431}
    assert wire.stand.spool.writing.stat().st_size < 64_000
    assert await alive(wire)


_paths = st.sampled_from(
    [b"/menu", b"/MENU", b"/menu/", b"/menu+", b"/me%6eu", b"//menu", b"/nobody", b"/menu?a=b", b"/menu?a#b"]
)
_header = st.tuples(
    st.sampled_from([b"User-Agent", b"Referer", b"X-Forwarded-For", b"Purpose", b"Cookie", b"Accept-Language"]),
    st.binary(max_size=40),
)
_end = st.sampled_from([b"Connection: close", b"Connection: close\r\nContent-Length: 3", b"Connection: keep-alive"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from([b"GET", b"HEAD", b"POST", b"get", b"OPTIONS"]),
    path=st.one_of(_paths, st.binary(max_size=30).map(lambda part: b"/" + part)),
    version=st.sampled_from([b"1.1", b"1.1", b"1.0"]),
    headers=st.lists(_header, max_size=5),
    end=_end,
)
def test_both_ways_answer_and_write_down_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    method: bytes,
    path: bytes,
    version: bytes,
    headers: list[tuple[bytes, bytes]],
    end: bytes,
) -> None:
    lines = [b"%b %b HTTP/%b" % (method, path, version), b"Host: x", *(b"%b: %b" % header for header in headers), end]
    data = b"\r\n".join(lines) + b"\r\n\r\nabc"

    async def both() -> list[tuple[bytes, list[tuple[Any, ...]]]]:
        seen = []
        for express in (False, True):
            async with listening(tmp_path_factory.mktemp("wire"), express=express) as wire:
                answer = await wire.send(data, patience=0.3)
                hits = [(hit.outcome, hit.method, hit.peer, hit.query, hit.headers) for hit in wire.stand.hits()]
                seen.append((re.sub(rb"date: [^\r]*", b"date", answer), hits))
        return seen

    usual, quick = asyncio.run(both())
    assert quick == usual
