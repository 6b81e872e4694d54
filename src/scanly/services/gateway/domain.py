"""Limits, classes of routes, and the answers' headers: pure functions."""

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from scanly.services.gateway.settings import GatewaySettings, Limit

API: Final = "/api/v1/"

_LOG_IN = frozenset(
    {"auth/log-in", "auth/refresh", "auth/password/forgot", "auth/password/reset", "auth/email/confirm", "me/password"}
)
_PREVIEW = frozenset({"qr-codes/preview", "qr-codes/check"})
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
WITHOUT_CALLER = (_LOG_IN - {"me/password"}) | {"auth/sign-up"}
"""Routes on which somebody proves who they are: an expired token or an old cookie beside that counts for nothing."""
CHANGE_IDENTITY = frozenset({"auth", "me", "workspaces"})
"""First segments of paths behind which callers change their own session, rights or workspaces."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a limiter says of one request."""

    limit: int
    remaining: int
    reset: int
    """Seconds until the whole limit is free again."""
    retry_after: int
    """Seconds until one more request fits; 0 when it was allowed."""

    @property
    def allowed(self) -> bool:
        """Whether the request fits."""
        return not self.retry_after


class RateLimiter:
    """Generic cell rate algorithm (ITU-T I.371): smooth, one number per key, bounded in memory.

    A full window may come as a burst; after that one request fits every ``seconds / requests``.
    """

    def __init__(self, size: int = 100_000) -> None:
        self._size = size
        self._arrival: OrderedDict[str, float] = OrderedDict()

    def take(self, key: str, limit: Limit, now: float) -> Decision:
        """Count one request of ``key`` at the monotonic time ``now``."""
        interval = limit.seconds / limit.requests
        arrival = max(self._arrival.get(key, 0.0), now)
        ahead = arrival - now
        if ahead + interval > limit.seconds + 1e-9:
            wait = ahead + interval - limit.seconds
            return Decision(limit.requests, 0, math.ceil(ahead), max(1, math.ceil(wait)))
        self._arrival[key] = arrival + interval
        self._arrival.move_to_end(key)
        if len(self._arrival) > self._size:
            self._arrival.popitem(last=False)
        remaining = int((limit.seconds - ahead - interval) / interval + 1e-9)
        return Decision(limit.requests, remaining, math.ceil(ahead + interval), 0)


def route_class(path: str, settings: GatewaySettings) -> tuple[str, Limit]:
    """Return the class of a path and its limit; each class is counted for itself."""
    route = path.removeprefix(API)
    if route in _LOG_IN:
        return "log_in", settings.limit_log_in
    if route == "auth/sign-up":
        return "sign_up", settings.limit_sign_up
    if route in _PREVIEW:
        return "preview", settings.limit_preview
    return "general", settings.limit_general


def counts_by_address(name: str) -> bool:
    """Whether a class is counted by address even for people who are signed in."""
    return name in ("log_in", "sign_up")


def limit_headers(decision: Decision) -> list[tuple[bytes, bytes]]:
    """Return the RateLimit headers (draft-ietf-httpapi-ratelimit-headers, the widely read three-field form)."""
    headers = [
        (b"ratelimit-limit", str(decision.limit).encode()),
        (b"ratelimit-remaining", str(decision.remaining).encode()),
        (b"ratelimit-reset", str(decision.reset).encode()),
    ]
    if not decision.allowed:
        headers.append((b"retry-after", str(decision.retry_after).encode()))
    return headers


_CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


def security_headers(*, https: bool) -> list[tuple[bytes, bytes]]:
    """Return the headers of every answer of the application (not of redirects)."""
    headers = [
        (b"content-security-policy", _CSP.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"strict-origin-when-cross-origin"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=()"),
    ]
    if https:
        headers.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))
    return headers
