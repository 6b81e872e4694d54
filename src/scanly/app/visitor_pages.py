"""The pages that visitors know, also where no process that redirects is there to send them."""

from starlette.types import Receive, Scope, Send

from scanly.kernel.errors import Unavailable
from scanly.services.routing import pages
from scanly.services.routing.pages import STATUS, Case


async def nothing_here(scope: Scope, _receive: Receive, send: Send) -> None:
    """Say that nothing is at this address."""
    await _show(Case.UNKNOWN, pages.render(Case.UNKNOWN, _language(scope), sign_in_href="/app/"), send)


async def away(error: Unavailable, scope: Scope, send: Send) -> None:
    """Say that a short address cannot be looked up for the moment, and when to come again."""
    await _show(Case.AWAY, pages.render(Case.AWAY, _language(scope)), send, error.retry_after)


def _language(scope: Scope) -> str:
    asked = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
    return pages.choose_language(scope["query_string"], asked)


async def _show(case: Case, page: bytes, send: Send, retry_after: float | None = None) -> None:
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(page)).encode()),
        (b"cache-control", b"private, no-store"),
        (b"vary", b"accept, accept-language"),
        *pages.SECURITY_HEADERS,
    ]
    if retry_after is not None:
        headers.append((b"retry-after", str(max(1, round(retry_after))).encode()))
    await send({"type": "http.response.start", "status": STATUS[case], "headers": headers})
    await send({"type": "http.response.body", "body": page})
