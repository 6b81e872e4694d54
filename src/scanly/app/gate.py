"""Answers for a process that is alive but not ready yet, so that whoever watches it sees why."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

import msgspec
from starlette.types import ASGIApp, Receive, Scope, Send

from scanly.app import visitor_pages
from scanly.kernel.errors import Unavailable
from scanly.kernel.http.door import is_browser
from scanly.kernel.telemetry import Check, Grade, Readiness

_ALIVE = b'{"status":"ok"}'


_WATCHERS = ("/healthz", "/readyz")
PATIENCE: Final = 10.0
"""Seconds that a visitor waits for the start; most starts take a fifth of that, so nobody notices a restart."""


class Gate:
    """Closed until ``waiting_for`` is None; then nothing but one comparison."""

    def __init__(self, application: ASGIApp, patience: float = PATIENCE) -> None:
        self._application = application
        self._patience = patience
        self._opened = asyncio.Event()
        self.waiting_for: str | None = "Scanly is starting."

    def open(self) -> None:
        """Let everybody in, also those who wait."""
        self.waiting_for = None
        self._opened.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.waiting_for is not None and scope.get("path") not in _WATCHERS:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._patience):
                    await self._opened.wait()
        if self.waiting_for is None:
            await self._application(scope, receive, send)
        else:
            await self._refuse(self.waiting_for, scope, send)

    async def _refuse(self, reason: str, scope: Scope, send: Send) -> None:
        alive = scope.get("path") == "/healthz"
        if scope.get("path") not in _WATCHERS and is_browser(scope):
            await visitor_pages.away(Unavailable(reason, retry_after=1), scope, send)
            return
        checks = {"start": {"ok": False, "detail": reason}}
        body = _ALIVE if alive else msgspec.json.encode({"status": "waiting", "checks": checks})
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"retry-after", b"1"),
        ]
        await send({"type": "http.response.start", "status": 200 if alive else 503, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def ready(self, inner: Readiness) -> Readiness:
        """Return a readiness that says what is waited for, and afterwards what ``inner`` says."""

        async def checks() -> Mapping[str, Check]:
            return {"start": Check(Grade.FAILING, self.waiting_for)} if self.waiting_for else await inner()

        return checks
