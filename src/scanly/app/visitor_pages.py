"""The pages that visitors know, also where no process that redirects is there to send them."""

from starlette.types import Receive, Scope, Send

from scanly.kernel.errors import Unavailable
from scanly.services.routing import pages
from scanly.services.routing.pages import Case

_VARY = b"accept, accept-language"
"""Programs get a problem document at the same address."""


async def nothing_here(scope: Scope, _receive: Receive, send: Send) -> None:
    """Say that nothing is at this address."""
    page = pages.render(Case.UNKNOWN, pages.asked_language(scope), sign_in_href="/app/")
    await pages.show(send, Case.UNKNOWN, page, vary=_VARY)


async def away(error: Unavailable, scope: Scope, send: Send) -> None:
    """Say that a short address cannot be looked up for the moment, and when to come again."""
    page = pages.render(Case.AWAY, pages.asked_language(scope))
    await pages.show(send, Case.AWAY, page, error.retry_after, vary=_VARY)
