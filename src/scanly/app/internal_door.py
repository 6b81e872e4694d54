"""Doors of a process that is not alone: for calls of its peers, and towards the processes that redirect.

What the gateway's process found out about a request (the caller, the client's address) travels in one signed header.
"""

from collections.abc import Sequence

import httpx
import msgspec
from starlette.types import ASGIApp, Receive, Scope, Send

from scanly.app import visitor_pages
from scanly.kernel.auth import PRINCIPAL_HEADER, Principal, PrincipalSigner, set_principal
from scanly.kernel.errors import NotFound, ScanlyError, Unavailable
from scanly.kernel.http.client import Network, client_address
from scanly.kernel.http.express import Express
from scanly.kernel.http.proxy import Proxy
from scanly.kernel.ids import encode_id, new_id
from scanly.kernel.rpc import problem
from scanly.kernel.telemetry import Readiness, request_context
from scanly.kernel.telemetry.readiness import readiness

_HEADER = PRINCIPAL_HEADER.encode()


class InternalDoor:
    """Lets in what a peer signed; answers ``/healthz`` and ``/readyz`` for whoever watches the process."""

    def __init__(self, api: ASGIApp, signer: PrincipalSigner, ready: Readiness) -> None:
        self._api = api
        self._signer = signer
        self._ready = ready

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path = scope["path"]
        if path in ("/healthz", "/readyz"):
            status, document = await readiness(self._ready) if path == "/readyz" else (200, {"status": "ok"})
            await _send_json(send, status, msgspec.json.encode(document))
            return
        headers = dict(scope["headers"])
        request_id = headers.get(b"x-request-id", b"").decode("latin-1")[:64] or encode_id("req", new_id())
        with request_context(request_id):
            try:
                signed = headers.get(_HEADER)
                if signed is None:
                    raise NotFound("This process serves other parts of Scanly. Use the address people use.")
                set_principal(self._signer.verify(signed.decode("latin-1")))
                await self._api(scope, receive, send)
            except ScanlyError as error:
                await problem(error)(scope, receive, send)


class SignedClient:
    """In front of a redirect whose visitors come through a gateway's process: believes its word on their address.

    Those who come directly are answered by the express lane if the redirect has one.
    """

    def __init__(self, redirect: ASGIApp, signer: PrincipalSigner) -> None:
        self._redirect = redirect
        self._express = redirect if isinstance(redirect, Express) else None
        self._signer = signer

    def answer(self, url: bytes, method: bytes, headers: Sequence[tuple[bytes, bytes]], peer: str) -> bytes | None:
        """Answer who comes directly; see ``kernel.http.express``."""
        if self._express is None or any(name == _HEADER for name, _ in headers):
            return None
        return self._express.answer(url, method, headers, peer)

    def settle(self) -> None:
        """Settle what was answered."""
        if self._express is not None:
            self._express.settle()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = scope["headers"]
        signed = next((value for name, value in headers if name == _HEADER), None)
        if signed is not None:
            kept = [(name, value) for name, value in headers if name not in (_HEADER, b"x-forwarded-for")]
            scope = {**scope, "headers": kept}
            try:
                scope["client"] = (self._signer.verify(signed.decode("latin-1")).client, 0)
            except ScanlyError:
                scope["client"] = None
        await self._redirect(scope, receive, send)


class RedirectProxy:
    """Passes short addresses on to the processes that redirect."""

    def __init__(
        self,
        bases: Sequence[str],
        client: httpx.AsyncClient,
        signer: PrincipalSigner,
        trusted_proxies: Sequence[Network],
    ) -> None:
        self._bases = bases
        self._proxy = Proxy(client, signer)
        self._trusted = trusted_proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if not self._bases:
                raise NotFound("This process does not redirect, and SCANLY_PEERS names none that does.")
            headers = dict(scope["headers"])
            peer = scope["client"][0] if scope.get("client") else ""
            address = client_address(peer, headers.get(b"x-forwarded-for", b"").decode("latin-1"), self._trusted)
            await self._proxy.forward(self._bases, Principal(client=address), scope, receive, send)
        except Unavailable as error:
            await visitor_pages.away(error, scope, send)
        except ScanlyError as error:
            await problem(error)(scope, receive, send)


async def _send_json(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
