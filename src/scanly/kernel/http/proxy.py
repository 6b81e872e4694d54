"""Passes a request on to a process that has the service, and its answer back as it comes (SSE too)."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import aclosing
from itertools import count
from typing import Any

import httpx
from starlette.types import Receive, Scope, Send

from scanly.kernel.auth import PRINCIPAL_HEADER, Principal, PrincipalSigner
from scanly.kernel.errors import Unavailable
from scanly.kernel.telemetry import current_request_id, inject_trace

_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
_NOT_ON = _HOP | {b"cookie", b"authorization", PRINCIPAL_HEADER.encode(), b"x-request-id"}
_TIMEOUT = httpx.Timeout(30.0, connect=2.0, read=60.0)


class Proxy:
    """A reverse proxy for the processes of one installation."""

    def __init__(self, client: httpx.AsyncClient, signer: PrincipalSigner) -> None:
        self._client = client
        self._signer = signer
        self._turn = count()

    async def forward(
        self, bases: Sequence[str], principal: Principal, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Send the request to one of ``bases``, the next one when it refuses the connection."""
        turn = next(self._turn)
        for attempt in range(len(bases)):
            base = bases[(turn + attempt) % len(bases)]
            try:
                response = await self._client.send(self._request(base, principal, scope, receive), stream=True)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
            except httpx.TransportError as error:
                raise Unavailable("A part of Scanly broke off. Try again in a moment.", retry_after=2) from error
            await _while_connected(receive, _relay(response, send))
            return
        raise Unavailable("A part of Scanly does not answer. Try again in a moment.", retry_after=2)

    def _request(self, base: str, principal: Principal, scope: Scope, receive: Receive) -> httpx.Request:
        headers = [(name, value) for name, value in scope["headers"] if name not in _NOT_ON]
        headers.append((PRINCIPAL_HEADER.encode(), self._signer.sign(principal).encode()))
        if request_id := current_request_id():
            headers.append((b"x-request-id", request_id.encode()))
        trace: dict[str, str] = {}
        inject_trace(trace)
        headers += [(name.encode(), value.encode()) for name, value in trace.items()]
        url = httpx.URL(base + "/").copy_with(raw_path=_raw_target(scope))
        names = {name for name, _ in headers}
        content = _body(receive) if b"content-length" in names or scope["method"] in ("POST", "PUT", "PATCH") else None
        # Not `build_request`: the client would add headers and cookies of its own to those of the visitor.
        extensions = {"timeout": _TIMEOUT.as_dict()}
        return httpx.Request(scope["method"], url, headers=headers, content=content, extensions=extensions)


def _raw_target(scope: Scope) -> bytes:
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope["query_string"]
    return path + b"?" + query if query else path


async def _body(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        yield message.get("body", b"")
        if not message.get("more_body"):
            return


async def _while_connected(receive: Receive, work: Coroutine[Any, Any, None]) -> None:
    """Do ``work``, or give it up when the client goes away: a stream without end would hold its process for ever."""
    working, leaving = asyncio.create_task(work), asyncio.create_task(_disconnected(receive))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
    finally:
        leaving.cancel()
        if not working.done():
            working.cancel()
            await asyncio.wait((working,))
    if not working.cancelled():
        await working


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _relay(response: httpx.Response, send: Send) -> None:
    headers = [(name.lower(), value) for name, value in response.headers.raw if name.lower() not in _HOP]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    async with aclosing(response):
        async for part in response.aiter_raw():
            await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
