"""The redirect: a bare ASGI callable in front of everything. No framework, no call to another service.

On a warm path it reads memory, writes one frame to the spool and answers; a server that has an express lane is spared
ASGI for that (``answer`` and ``settle``). Nothing of a visitor's headers is judged.
"""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from random import getrandbits
from time import perf_counter
from typing import Any
from urllib.parse import quote

from scanly.kernel.errors import Unavailable
from scanly.kernel.telemetry import get_logger
from scanly.services.routing import pages, resolver
from scanly.services.routing.domain import Outcome, decide, is_slug, slug_key
from scanly.services.routing.hits import KEPT_HEADERS, MAX_SPOOLED, MAX_VALUE, cut_headers, encode_hit
from scanly.services.routing.links import MAIN_DOMAIN, CompiledLink, address_key
from scanly.services.routing.metrics import Tally
from scanly.services.routing.pages import Case
from scanly.services.routing.read_model import ReadModel
from scanly.services.routing.spool import Spool
from scanly.services.routing.visitors import local_day

log = get_logger(__name__)

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Headers = Sequence[tuple[bytes, bytes]]
TimeNs = Callable[[], int]
"""Returns the time in nanoseconds since 1970."""

_EMPTY_BODY = {"type": "http.response.body", "body": b""}
_METHODS = frozenset({"GET", "HEAD"})
_RAW_METHODS = {b"GET": "GET", b"HEAD": "HEAD"}
_CASES = {
    Outcome.PAUSED: Case.PAUSED,
    Outcome.NOT_STARTED: Case.NOT_STARTED,
    Outcome.ENDED: Case.ENDED,
    Outcome.PREVIEW: Case.PREVIEW,
}
_REDIRECT = Outcome.REDIRECT.value
_LONGEST_TYPE = 40
"""Of an unknown link type, in a page: pages are kept. All types that there are have fewer letters."""


class Redirect:
    """Answers ``/{slug}`` and ``/{slug}+`` on every domain."""

    def __init__(
        self,
        links: ReadModel,
        spool: Spool,
        tally: Tally,
        *,
        time_ns: TimeNs = time.time_ns,
        base_url: str = "",
        sign_in_href: str = "/app/",
    ) -> None:
        self._links = links
        self._memory = links.memory
        self._spool = spool
        self._tally = tally
        self._time_ns = time_ns
        self._base_url = base_url
        self._sign_in_href = sign_in_href
        self._started: float | None = None
        """When a hit of this turn came that is timed."""

    def answer(self, url: bytes, method: bytes, headers: Headers, peer: str) -> bytes | None:
        """Answer a plain redirect of a link that is in memory; see ``kernel.http.express``."""
        path, _, query = url.partition(b"?")
        # Lower case is the key's form for ASCII. Whatever is written in another way misses, and is folded elsewhere.
        link = self._memory.get(path.decode("latin-1").lower())
        if link is None or not link.is_plain or method not in _RAW_METHODS or b"#" in query:
            return None
        tally = self._tally
        tally.redirects = number = tally.redirects + 1
        if not number & 15 and self._started is None:
            self._started = perf_counter()
        self._record(link, _REDIRECT, _RAW_METHODS[method], peer, query, headers)
        return link.head

    def settle(self) -> None:
        """Write the hits of this turn to the spool, with one call."""
        self._spool.flush()
        if self._started is not None:
            self._tally.timed(perf_counter() - self._started)
            self._started = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        started = perf_counter()
        self._tally.count(await self._answer(scope, scope["method"], scope["path"], send))
        self._tally.timed(perf_counter() - started)

    def _record(  # noqa: PLR0917 - each is a field of the hit, and keywords cost more than the work
        self, link: CompiledLink, outcome: str, method: str, peer: str, query: bytes, headers: Headers
    ) -> None:
        """Append the hit to the spool. Nothing is looked into here, that is the shipper's work."""
        kept = [header for header in headers if header[0] in KEPT_HEADERS]
        fields = (self._time_ns(), getrandbits(64), link.target, outcome, method, peer)
        payload = encode_hit((*fields, query, kept))
        if len(payload) > MAX_SPOOLED:
            payload = encode_hit((*fields, query[:MAX_VALUE], cut_headers(kept)))
        self._spool.append(payload)

    async def _answer(self, scope: Scope, method: str, path: str, send: Send) -> str:
        """Answer whatever it is; return the outcome for the metrics."""
        if method not in _METHODS and method != "OPTIONS":
            return await _refuse_method(send)
        status = HTTPStatus.NOT_FOUND
        try:
            link, wants_preview = await self._find(path.strip("/"), scope)
        except Unavailable as error:
            await pages.show(send, Case.AWAY, pages.render(Case.AWAY, pages.asked_language(scope)), error.retry_after)
            return Case.AWAY.value
        except resolver.Malformed:
            link, wants_preview, status = None, False, HTTPStatus.BAD_REQUEST
        if link is None:
            page = pages.render(Case.UNKNOWN, pages.asked_language(scope), sign_in_href=self._sign_in_href)
            await pages.show(send, Case.UNKNOWN, page, status=status)
            return Case.UNKNOWN.value
        if method == "OPTIONS":
            return await (_allow_all(send) if link.is_resolver else _refuse_method(send))
        return await self._serve(link, scope, send, wants_preview=wants_preview)

    async def _serve(self, link: CompiledLink, scope: Scope, send: Send, *, wants_preview: bool) -> str:
        outcome = decide(link.conditions, self._time_ns() // 1_000_000)
        if wants_preview and outcome is Outcome.REDIRECT:
            outcome = Outcome.PREVIEW
        if outcome is Outcome.REDIRECT and link.is_resolver:
            return await self._resolve(link, scope, send)
        self._note(link, outcome, scope)
        if outcome is Outcome.REDIRECT:
            await send(link.start)
            await send(_EMPTY_BODY)
        else:
            case = _CASES[outcome]
            await pages.show(send, case, self._page(link, case, pages.asked_language(scope)))
        return outcome.value

    def _note(self, link: CompiledLink, outcome: Outcome, scope: Scope) -> None:
        """Write a hit to the spool at once."""
        client = scope["client"]
        peer = client[0] if client else ""
        self._record(link, outcome.value, scope["method"], peer, scope["query_string"], scope["headers"])
        self._spool.flush()

    async def _find(self, slug: str, scope: Scope) -> tuple[CompiledLink | None, bool]:
        """Return the link at an address, and whether the page about it is wanted; ``Unavailable``, ``Malformed``."""
        below = resolver.BELOW.search(slug) if "/" in slug else None
        if below and (link := await self._at(slug[: below.start()])) is not None and link.is_resolver:
            return (link if resolver.names(link.row.elements, _raw_path(scope)) else None), False
        wants_preview = slug.endswith("+")
        return await self._at(slug.removesuffix("+")), wants_preview

    async def _at(self, slug: str) -> CompiledLink | None:
        return await self._links.find(address_key(MAIN_DOMAIN, slug_key(slug))) if is_slug(slug) else None

    async def _resolve(self, link: CompiledLink, scope: Scope, send: Send) -> str:
        """Answer with what is asked for of a product; return the outcome for the metrics."""
        row, query, headers = link.row, scope["query_string"], scope["headers"]
        wanted = resolver.wanted(query, headers)
        location = None if wanted == resolver.EVERYTHING else resolver.place(row, wanted, query, headers)
        if wanted != resolver.EVERYTHING and location is None:
            page = pages.render(
                Case.NO_LINK,
                pages.asked_language(scope),
                shop=row.shop,
                open_href=row.destination,
                asked=f"linkType=gs1:{quote((wanted or '')[:_LONGEST_TYPE], safe='')}&",
            )
            await pages.show(send, Case.NO_LINK, page)
            return Case.NO_LINK.value
        self._note(link, Outcome.REDIRECT, scope)
        if location is not None:
            await send(link.start_to(location, *resolver.redirect_headers(row, self._base_url, _raw_path(scope))))
            await send(_EMPTY_BODY)
            return Outcome.REDIRECT.value
        body = resolver.link_set(row, self._base_url, _raw_path(scope))
        await send(resolver.start_of(body))
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
        return Outcome.REDIRECT.value

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


def _raw_path(scope: Scope) -> bytes:
    """Return the path as it was sent: a decoded one does not tell a slash in a number from one between two."""
    return scope.get("raw_path") or quote(scope["path"]).encode()


async def _allow_all(send: Send) -> str:
    """Tell a browser that a program of any site may ask a resolver."""
    headers = [(b"allow", b"GET, HEAD, OPTIONS"), (b"access-control-allow-methods", b"GET, HEAD, OPTIONS")]
    headers += [*resolver.OPEN_TO_ALL, (b"access-control-allow-headers", b"*"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send(_EMPTY_BODY)
    return "options"


async def _refuse_method(send: Send) -> str:
    headers = [(b"allow", b"GET, HEAD"), (b"content-length", b"0"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 405, "headers": headers})
    await send(_EMPTY_BODY)
    return "method_not_allowed"
