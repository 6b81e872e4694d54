"""The one door: reserved words go to the application, everything else is a short address."""

from collections.abc import Awaitable
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

RESERVED_WORDS: Final = frozenset(
    {
        "",
        ".well-known",
        "admin",
        "api",
        "app",
        "apple-app-site-association",
        "assets",
        "docs",
        "e",
        "f",
        "favicon.ico",
        "favicon.svg",
        "healthz",
        "help",
        "login",
        "logout",
        "manifest.webmanifest",
        "metrics",
        "privacy",
        "readyz",
        "robots.txt",
        "rpc",
        "scanly",
        "sign-in",
        "sign-up",
        "sitemap.xml",
        "static",
        "status",
        "sw.js",
        "terms",
        "www",
    }
)
"""First path segments that can never be a slug, on any domain, in lower case."""


def is_browser(scope: Scope) -> bool:
    """Whether a person reads the answer: browsers ask for a page, programs and pictures for something else."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return False
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


class Door:
    """Dispatches by the first path segment. A page's address inside the application never reaches the redirect.

    A slug behind two slashes is a slip of whoever printed it, and the redirect's to answer.
    """

    def __init__(self, application: ASGIApp, redirect: ASGIApp) -> None:
        self._application = application
        self._redirect = redirect

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        # Not async: it hands on what the caller awaits, and each redirect is spared a coroutine.
        if scope["type"] == "http":
            path: str = scope["path"]
            end = path.find("/", 1)
            if end == 1 or (path[1:] if end < 0 else path[1:end]) not in RESERVED_WORDS:
                return self._redirect(scope, receive, send)
        return self._application(scope, receive, send)
