"""The redirect: a bare ASGI callable in front of everything. No framework, no call to another service.

On a warm path it reads memory, writes one frame to the spool and answers. Nothing of a visitor's headers is judged.
"""

import time
from collections.abc import Awaitable, Callable, Generator, Mapping
from datetime import UTC, datetime
from random import getrandbits
from time import perf_counter
from types import coroutine
from typing import Any
from urllib.parse import quote

from scanly.kernel.errors import Unavailable
from scanly.kernel.telemetry import get_logger
from scanly.services.routing import pages
from scanly.services.routing.domain import Outcome, decide, is_slug, slug_key
from scanly.services.routing.hits import KEPT_HEADERS, MAX_SPOOLED, MAX_VALUE, cut_headers, encode_hit
from scanly.services.routing.metrics import Tally
from scanly.services.routing.pages import STATUS, Case
from scanly.services.routing.read_model import MAIN_DOMAIN, CompiledLink, ReadModel, address_key
from scanly.services.routing.spool import Spool
from scanly.services.routing.visitors import local_day

log = get_logger(__name__)

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
TimeNs = Callable[[], int]
"""Returns the time in nanoseconds since 1970."""

_EMPTY_BODY = {"type": "http.response.body", "body": b""}
_METHODS = frozenset({"GET", "HEAD"})
_CASES = {
    Outcome.PAUSED: Case.PAUSED,
    Outcome.NOT_STARTED: Case.NOT_STARTED,
    Outcome.ENDED: Case.ENDED,
    Outcome.PREVIEW: Case.PREVIEW,
}
_REDIRECT = Outcome.REDIRECT.value


@coroutine
def _next_turn() -> Generator[None, None, None]:
    """Let the other requests of this turn of the event loop go first."""
    yield


class Redirect:
    """Answers ``/{slug}`` and ``/{slug}+`` on every domain."""

    def __init__(
        self,
        links: ReadModel,
        spool: Spool,
        tally: Tally,
        *,
        time_ns: TimeNs = time.time_ns,
        sign_in_href: str = "/app/",
    ) -> None:
        self._links = links
        self._memory = links.memory
        self._spool = spool
        self._tally = tally
        self._time_ns = time_ns
        self._sign_in_href = sign_in_href

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        tally = self._tally
        path = scope["path"]
        method = scope["method"]
        # Lower case is the key's form for ASCII; anything else misses here and is folded properly in _answer.
        link = self._memory.get(path.lower())
        if link is not None and link.is_plain and method in _METHODS:
            tally.redirects = number = tally.redirects + 1
            started = None if number & 15 else perf_counter()
            self._record(link, _REDIRECT, scope)
            await _next_turn()  # so that they share one write
            self._spool.flush()
            await send(link.redirect)
            await send(_EMPTY_BODY)
        else:
            started = perf_counter()
            tally.count(await self._answer(scope, method, path, send))
        if started is not None:
            tally.timed(perf_counter() - started)

    def _record(self, link: CompiledLink, outcome: str, scope: Scope) -> None:
        """Append the hit to the spool. Nothing is looked into here, that is the shipper's work."""
        client = scope["client"]
        headers = [header for header in scope["headers"] if header[0] in KEPT_HEADERS]
        query = scope["query_string"]
        fields = (
            self._time_ns(),
            getrandbits(64),
            link.target,
            outcome,
            scope["method"],
            client[0] if client else "",
            query,
        )
        payload = encode_hit((*fields, headers))
        if len(payload) > MAX_SPOOLED:
            payload = encode_hit((*fields[:-1], query[:MAX_VALUE], cut_headers(headers)))
        self._spool.append(payload)

    async def _answer(self, scope: Scope, method: str, path: str, send: Send) -> str:
        """Answer everything but a warm, plain redirect; return the outcome for the metrics."""
        if method not in _METHODS:
            await _refuse_method(send)
            return "method_not_allowed"
        slug = path.strip("/")
        if wants_preview := slug.endswith("+"):
            slug = slug[:-1]
        language = pages.choose_language(scope["query_string"], dict(scope["headers"]).get(b"accept-language", b""))
        link = None
        if is_slug(slug):
            try:
                link = await self._links.find(address_key(MAIN_DOMAIN, slug_key(slug)))
            except Unavailable as error:
                await _send_page(send, Case.AWAY, pages.render(Case.AWAY, language), error.retry_after)
                return Case.AWAY.value
        if link is None:
            page = pages.render(Case.UNKNOWN, language, sign_in_href=self._sign_in_href)
            await _send_page(send, Case.UNKNOWN, page)
            return Case.UNKNOWN.value
        outcome = decide(link.conditions, self._time_ns() // 1_000_000)
        if wants_preview and outcome is Outcome.REDIRECT:
            outcome = Outcome.PREVIEW
        self._record(link, outcome.value, scope)
        self._spool.flush()
        if outcome is Outcome.REDIRECT:
            await send(link.redirect)
            await send(_EMPTY_BODY)
        else:
            case = _CASES[outcome]
            await _send_page(send, case, self._page(link, case, language))
        return outcome.value

    def _page(self, link: CompiledLink, case: Case, language: str) -> bytes:
        row = link.row
        if case is Case.PREVIEW:
            return pages.render(
                case, language, shop=row.shop, destination=row.destination, open_href=f"/{quote(row.slug)}"
            )
        moment: datetime | None = None
        if case is Case.NOT_STARTED:
            moment = row.starts_at
        elif case is Case.ENDED and not row.is_removed:
            moment = row.expires_at
        day = local_day(moment.astimezone(UTC), row.time_zone) if moment else None
        return pages.render(case, language, shop=row.shop, day=day)


async def _send_page(send: Send, case: Case, page: bytes, retry_after: float | None = None) -> None:
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(page)).encode()),
        (b"cache-control", b"private, no-store"),
        (b"vary", b"accept-language"),
        *pages.SECURITY_HEADERS,
    ]
    if retry_after is not None:
        headers.append((b"retry-after", str(round(retry_after)).encode()))
    await send({"type": "http.response.start", "status": STATUS[case], "headers": headers})
    await send({"type": "http.response.body", "body": page})


async def _refuse_method(send: Send) -> None:
    headers = [(b"allow", b"GET, HEAD"), (b"content-length", b"0"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 405, "headers": headers})
    await send(_EMPTY_BODY)
