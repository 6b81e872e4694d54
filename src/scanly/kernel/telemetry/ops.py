"""The operator's port: ``/metrics``, ``/healthz`` (the process is alive) and ``/readyz`` (it can do its work)."""

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from scanly.kernel.telemetry.metrics import CONTENT_TYPE, metrics_page

Readiness = Callable[[], Awaitable[Mapping[str, str | None]]]
"""Returns what this process depends on, each with None when it works or a plain word about what is wrong."""

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
            return 200, CONTENT_TYPE, metrics_page()
        if path == "/healthz":
            return 200, "application/json", b'{"status":"ok"}'
        if path == "/readyz":
            status, document = await readiness(self._ready)
            return status, "application/json", json.dumps(document).encode()
        return 404, "text/plain", b"Here are /metrics, /healthz and /readyz."


async def readiness(ready: Readiness) -> tuple[int, dict[str, Any]]:
    """Return status and body of ``/readyz``: 200 when everything works, 503 otherwise, with a line per dependency."""
    found = await ready()
    works = all(fault is None for fault in found.values())
    checks = {name: {"ok": fault is None, **({"detail": fault} if fault else {})} for name, fault in found.items()}
    return (200 if works else 503), {"status": "ready" if works else "waiting", "checks": checks}


async def _lifespan(receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
