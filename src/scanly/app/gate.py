"""Answers for a process that is alive but not ready yet, so that whoever watches it sees why."""

from collections.abc import Mapping

import msgspec
from starlette.types import ASGIApp, Receive, Scope, Send

from scanly.app import visitor_pages
from scanly.kernel.errors import Unavailable
from scanly.kernel.http.door import is_browser
from scanly.kernel.telemetry import Check, Grade, Readiness

_ALIVE = b'{"status":"ok"}'


class Gate:
    """Closed until ``waiting_for`` is None; then nothing but one comparison."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application
        self.waiting_for: str | None = "Scanly is starting."

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.waiting_for is None:
            await self._application(scope, receive, send)
            return
        alive = scope.get("path") == "/healthz"
        if scope.get("path") not in ("/healthz", "/readyz") and is_browser(scope):
            await visitor_pages.away(Unavailable(self.waiting_for, retry_after=1), scope, send)
            return
        checks = {"start": {"ok": False, "detail": self.waiting_for}}
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
