"""The ASGI callable for every reserved word: request id, limits, identity, then the service or the file."""

import hmac
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

import msgspec
from starlette.types import Message, Receive, Scope, Send

from scanly.kernel.auth import ANONYMOUS, Principal, set_principal
from scanly.kernel.config import Settings
from scanly.kernel.errors import (
    Forbidden,
    Internal,
    MethodNotAllowed,
    NotFound,
    RateLimited,
    ScanlyError,
    Unauthenticated,
    Unavailable,
)
from scanly.kernel.http.client import client_address, rate_key
from scanly.kernel.http.door import is_browser
from scanly.kernel.http.proxy import Proxy
from scanly.kernel.ids import encode_id, new_id
from scanly.kernel.limits import Limit
from scanly.kernel.manifest import Edge
from scanly.kernel.rpc import problem
from scanly.kernel.telemetry import counter, get_logger, histogram, metrics_page, request_context, span
from scanly.kernel.telemetry.metrics import CONTENT_TYPE
from scanly.kernel.telemetry.readiness import look, readiness
from scanly.services.gateway.bodies import bounded, check_media_type
from scanly.services.gateway.docs import docs_page
from scanly.services.gateway.domain import (
    API,
    ASKED_HEADERS,
    CHANGE_IDENTITY,
    EXPOSED_HEADERS,
    UNSAFE,
    VISITORS,
    WITHOUT_CALLER,
    body_limit,
    counts_by_address,
    is_signed,
    limit_headers,
    route_class,
    security_headers,
)
from scanly.services.gateway.service import GatewayService
from scanly.services.gateway.settings import GatewaySettings
from scanly.services.gateway.streams import while_welcome
from scanly.services.gateway.web import WebFiles

log = get_logger(__name__)

_SIGN_IN = b"/?sign=in"
_DOCUMENTS = frozenset({"/api", "/api/docs", "/api/openapi.json", "/api/asyncapi.json"})
_ELSEWHERE = {"/docs": b"/api/docs", "/login": _SIGN_IN, "/sign-in": _SIGN_IN, "/sign-up": _SIGN_IN}
"""What people type, and where it is."""
_requests = counter("scanly_http_requests_total", "Requests to the application", ("route_class", "status"))
_seconds = histogram("scanly_http_request_seconds", "Time to answer a request to the application", ("route_class",))

_JSON = b"application/json"


@dataclass
class _Request:
    scope: Scope
    headers: dict[bytes, bytes]
    path: str
    method: str
    client: str
    request_id: str
    extra: list[tuple[bytes, bytes]]
    status: int = 0
    started: bool = False
    ended: bool = False
    route: str = "page"


class GatewayDoor:
    """Keeps the one door."""

    def __init__(self, service: GatewayService, settings: Settings, limits: GatewaySettings, edge: Edge) -> None:
        self._service = service
        self._settings = settings
        self._limits = limits
        self._edge = edge
        self._proxy = Proxy(edge.http, edge.signer)
        self._web = WebFiles(edge.web)
        self._security = security_headers(https=settings.public_address.startswith("https://"))
        self._openapi: bytes | None = None
        self._docs: bytes | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = self._request(scope)
        begun = time.perf_counter()

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.body":
                request.ended = not message.get("more_body")
            elif message["type"] == "http.response.start":
                request.started, request.status = True, message["status"]
                given = {name for name, _ in message.get("headers", ())}
                more = [(name, value) for name, value in request.extra if name not in given]
                message = {**message, "headers": [*message.get("headers", ()), *more]}
            await send(message)

        with request_context(request.request_id), span("request", _text_headers(request), path=request.path):
            try:
                await self._answer(request, receive, sending)
            except ScanlyError as error:
                if request.started:
                    raise
                if isinstance(error, NotFound) and not request.path.startswith("/api/") and is_browser(scope):
                    await self._edge.nothing_here(scope, receive, sending)
                else:
                    await problem(error)(scope, receive, sending)
            except Exception:
                if request.started:
                    raise  # to the server, which logs it and cuts the connection
                log.exception("request failed", path=request.path)
                await problem(Internal("This is our fault and was logged. Try again."))(scope, receive, sending)
            finally:
                _record(request, time.perf_counter() - begun)

    def _request(self, scope: Scope) -> _Request:
        headers = dict(scope["headers"])
        peer = scope["client"][0] if scope.get("client") else ""
        forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1")
        client = client_address(peer, forwarded, self._settings.trusted_proxies)
        request_id = encode_id("req", new_id())
        extra = [(b"x-request-id", request_id.encode()), *self._security, *self._cors(headers)]
        return _Request(scope, headers, scope["path"], scope["method"], client, request_id, extra)

    def _cors(self, headers: dict[bytes, bytes]) -> list[tuple[bytes, bytes]]:
        if not self._settings.cors_origins:
            return []
        origin = headers.get(b"origin", b"")
        if origin.decode("latin-1") not in self._settings.cors_origins:
            return [(b"vary", b"origin")]
        return [
            (b"vary", b"origin"),
            (b"access-control-allow-origin", origin),
            (
                b"access-control-expose-headers",
                EXPOSED_HEADERS,
            ),
        ]

    async def _document(self, path: str, send: Send) -> None:
        if path == "/api/openapi.json":
            self._openapi = self._openapi or msgspec.json.encode(self._edge.openapi())
            await _send(send, 200, self._openapi)
        elif path == "/api/asyncapi.json":
            await _send(send, 200, msgspec.json.encode(self._edge.asyncapi()))
        else:
            self._docs = self._docs or docs_page(self._edge.openapi())
            await _send(send, 200, self._docs, b"text/html; charset=utf-8")

    async def _answer(self, request: _Request, receive: Receive, send: Send) -> None:
        if request.path.startswith(API):
            await self._api(request, receive, send)
        elif request.path.startswith(VISITORS):
            await self._file(request, receive, send)
        else:
            await self._own(request, send)

    async def _own(self, request: _Request, send: Send) -> None:
        path = request.path
        if path == "/healthz":
            await _send(send, 200, b'{"status":"ok"}')
        elif path == "/readyz":
            status, document = await readiness(self._edge.ready)
            await _send(send, status, msgspec.json.encode(document))
        elif path == "/metrics":
            await self._metrics(request, send)
        elif path in _DOCUMENTS:
            await self._document(path, send)
        elif path == "/robots.txt" and not self._web.knows(path):
            await _send(send, 200, b"User-agent: *\nDisallow: /app/\nDisallow: /api/\n", b"text/plain; charset=utf-8")
        elif path in ("/", "/app") or path.startswith(("/app/", "/assets/")) or self._web.knows(path):
            if request.method not in ("GET", "HEAD"):
                raise NotFound("There is nothing to send to at this address. See /api/docs.")
            await self._web.answer(path, request.headers, request.method, send, [])
        elif path in _ELSEWHERE and is_browser(request.scope):
            await send({"type": "http.response.start", "status": 302, "headers": [(b"location", _ELSEWHERE[path])]})
            await send({"type": "http.response.body", "body": b""})
        else:
            raise NotFound("There is nothing at this address. Check it for a typing error.")

    async def _file(self, request: _Request, receive: Receive, send: Send) -> None:
        """Let a service answer a visitor with a file; who reads the answer sees a page when there is none."""
        missing = False

        async def unless_missing(message: Message) -> None:
            nonlocal missing
            if message["type"] == "http.response.start":
                missing = message["status"] == NotFound.status and is_browser(request.scope)
            if not missing:
                await send(message)

        if request.method not in ("GET", "HEAD"):
            raise MethodNotAllowed("A file can be read here, and nothing else.")
        request.route = "file"
        upstream = self._edge.upstreams.get(request.path.split("/")[1])
        await self._pass_on(request, ANONYMOUS, receive, unless_missing, upstream)
        if missing:
            await self._edge.nothing_here(request.scope, receive, send)

    async def _metrics(self, request: _Request, send: Send) -> None:
        token = self._settings.ops_token
        given = request.headers.get(b"authorization", b"").decode("latin-1").removeprefix("Bearer ")
        if token is None or not hmac.compare_digest(token.get_secret_value().encode(), given.encode()):
            raise NotFound("Metrics are on the operator's port (SCANLY_OPS_PORT), or here with SCANLY_OPS_TOKEN.")
        await look(self._edge.ready)
        await _send(send, 200, metrics_page(), CONTENT_TYPE.encode())

    async def _api(self, request: _Request, receive: Receive, send: Send) -> None:
        if request.method == "OPTIONS":
            await self._preflight(request, send)
            return
        request.extra.append((b"cache-control", b"no-store"))
        request.route, limit = route_class(request.path, self._limits)
        address = rate_key(request.client)
        if limit.requests and counts_by_address(request.route):
            await self._take(request, address, limit)
        allowed = body_limit(request.path)
        check_media_type(request.method, request.headers, allowed)
        try:
            receive = await bounded(request.headers, receive, allowed)
        except ScanlyError:
            request.extra.append((b"connection", b"close"))  # the rest of the body is not read
            raise
        try:
            principal = await self._identify(request)
        except Unauthenticated:
            if limit.requests and not counts_by_address(request.route):
                await self._take(request, address, limit)
            raise
        if limit.requests and not counts_by_address(request.route):
            who = str(principal.user_id) if principal.user_id else address
            await self._take(request, who, limit)
        segment = request.path.removeprefix(API).split("/", 1)[0]
        changes = request.method in UNSAFE and request.route == "general" and segment not in CHANGE_IDENTITY
        if changes and principal.workspace_id:
            await self._service.require_unblocked(principal.workspace_id)
        set_principal(principal)
        if request.method in UNSAFE and segment in CHANGE_IDENTITY:
            send = self._forgetting(request, principal, send)
        await self._pass_on(request, principal, receive, send, self._edge.upstreams.get(segment))

    async def _pass_on(
        self, request: _Request, principal: Principal, receive: Receive, send: Send, bases: Sequence[str] | None
    ) -> None:
        """Let the service answer: in this process, or one of those at ``bases``."""
        if request.method == "GET" and principal.session_id is not None:
            receive = while_welcome(receive, lambda: self._is_welcome(request, principal))
        if bases:
            await self._proxy.forward(bases, principal, request.scope, receive, send)
        else:
            await self._edge.api(request.scope, receive, send)
        if request.started and not request.ended:  # a stream whose reader is not welcome any more
            await send({"type": "http.response.body", "body": b""})

    async def _is_welcome(self, request: _Request, principal: Principal) -> bool:
        try:
            now = await self._identify(request)
        except Unavailable:
            return True  # nothing new is known
        except ScanlyError:
            return False
        return now.session_id == principal.session_id and now.workspace_id == principal.workspace_id

    def _forgetting(self, request: _Request, principal: Principal, send: Send) -> Send:
        """Return ``send`` that forgets the caller first, so that what they do next sees their own change."""

        async def forgetting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._service.forget(principal, request.headers)
            await send(message)

        return forgetting

    async def _take(self, request: _Request, who: str, limit: Limit) -> None:
        decision = await self._service.limiter.take(f"{request.route} {who}", limit)
        request.extra += limit_headers(decision)
        if not decision.allowed:
            raise RateLimited(
                f"That was a lot at once. Wait {decision.retry_after} seconds and go on.",
                retry_after=decision.retry_after,
            )

    async def _identify(self, request: _Request) -> Principal:
        query = parse_qs(request.scope["query_string"].decode("latin-1"))
        named = request.headers.get(b"scanly-workspace", b"").decode("latin-1") or query.get("workspace", [""])[0]
        if request.path.removeprefix(API) in WITHOUT_CALLER or is_signed(request.path):
            principal = ANONYMOUS
        else:
            unsafe = request.method in UNSAFE and request.route != "preview"
            principal = await self._service.identify(request.headers, workspace=named or None, unsafe=unsafe)
        key = request.headers.get(b"idempotency-key", b"").decode("latin-1") or None
        return principal.model_copy(update={"client": request.client, "idempotency_key": key})

    async def _preflight(self, request: _Request, send: Send) -> None:
        if not any(name == b"access-control-allow-origin" for name, _ in request.extra):
            raise Forbidden("This origin is not in SCANLY_CORS_ORIGINS.")
        headers = [
            (b"access-control-allow-methods", b"GET, HEAD, POST, PUT, PATCH, DELETE"),
            (
                b"access-control-allow-headers",
                ASKED_HEADERS,
            ),
            (b"access-control-max-age", b"600"),
        ]
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def _record(request: _Request, seconds: float) -> None:
    _requests.labels(request.route, f"{request.status // 100}xx").inc()
    _seconds.labels(request.route).observe(seconds)
    log.info(
        "request",
        method=request.method,
        path=request.path,
        status=request.status,
        milliseconds=round(seconds * 1000, 1),
    )


def _text_headers(request: _Request) -> dict[str, str]:
    names = (b"traceparent", b"tracestate")
    return {name.decode(): request.headers[name].decode("latin-1") for name in names if name in request.headers}


async def _send(send: Send, status: int, body: bytes, kind: bytes = _JSON) -> None:
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
