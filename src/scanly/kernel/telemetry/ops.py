"""The operator's port: ``/metrics``, ``/healthz`` (the process is alive) and ``/readyz`` (it can do its work)."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from scanly.kernel.telemetry.metrics import CONTENT_TYPE, metrics_page
from scanly.kernel.telemetry.readiness import Readiness, look, readiness

Message = MutableMapping[str, Any]


class OpsApp:
    """ASGI application for the operator; it must not stand on a public address."""

    def __init__(self, ready: Readiness) -> None:
        self._ready = ready

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            status, content_type, body = await self._answer(scope["path"])
            headers = [(b"content-type", content_type.encode()), (b"cache-control", b"no-store")]
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _answer(self, path: str) -> tuple[int, str, bytes]:
        if path == "/metrics":
            await look(self._ready)
            return 200, CONTENT_TYPE, metrics_page()
        if path == "/healthz":
            return 200, "application/json", b'{"status":"ok"}'
        if path == "/readyz":
            status, document = await readiness(self._ready)
            return status, "application/json", json.dumps(document).encode()
        return 404, "text/plain", b"Here are /metrics, /healthz and /readyz."


async def _lifespan(receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
