"""Limits, classes of routes, and the answers' headers: pure functions."""

from typing import Final, NamedTuple

from scanly.kernel.limits import Decision, Limit
from scanly.services.gateway.settings import GatewaySettings

API: Final = "/api/v1/"

_LOG_IN = frozenset(
    {"auth/log-in", "auth/refresh", "auth/password/forgot", "auth/password/reset", "auth/email/confirm", "me/password"}
)
_PREVIEW = frozenset({"qr-codes/preview", "qr-codes/check", "qr-codes/repair"})
ASKED_HEADERS: Final = b", ".join(
    (b"authorization, content-type, idempotency-key, if-match", b"scanly-request, scanly-workspace, upload-offset")
)
"""What pages of other origins may send to the API."""
EXPOSED_HEADERS: Final = b", ".join(
    (
        b"etag, location, ratelimit-limit, ratelimit-remaining, ratelimit-reset",
        b"retry-after, upload-offset, x-request-id",
    )
)
"""What such pages may see of an answer."""
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
WITHOUT_CALLER = (_LOG_IN - {"me/password"}) | {"auth/sign-up"}
"""Routes on which somebody proves who they are: an expired token or an old cookie beside that counts for nothing."""
_UPLOADS = "files/uploads/"
VISITORS: Final = ("/e/", "/f/")
"""Where visitors open events and files. They are not counted: many phones share one address."""
CHANGE_IDENTITY = frozenset({"auth", "me", "workspaces"})
"""First segments of paths behind which callers change their own session, rights or workspaces."""


class BodyLimit(NamedTuple):
    """How large a body may be, in bytes, how long it may take, in seconds, and in which media types it may come."""

    size: int
    seconds: float
    media_types: frozenset[bytes]


JSON: Final = b"application/json"
_MEDIA_TYPES = frozenset({JSON, b"application/merge-patch+json", b"multipart/form-data"})


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


_SHEETS = frozenset(
    {
        b"multipart/form-data",
        b"text/csv",
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        b"application/octet-stream",
    }
)


def is_signed(path: str) -> bool:
    """Whether the address itself says what may be done, so that nobody has to be known: parts of an upload."""
    return path.removeprefix(API).startswith(_UPLOADS)


def body_limit(path: str) -> BodyLimit:
    """Return what a body may be. Files take more, and more time on a slow phone."""
    if is_signed(path):
        return BodyLimit(1_048_576, 120.0, frozenset({b"application/octet-stream"}))
    if path.removeprefix(API).partition("/")[0] == "files":
        return BodyLimit(8_500_000, 120.0, _MEDIA_TYPES)
    if path == f"{API}qr-codes/import":
        return BodyLimit(8_500_000, 120.0, _SHEETS)
    return BodyLimit(1_048_576, 30.0, _MEDIA_TYPES)


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
        (b"permissions-policy", b"camera=(), microphone=(), geolocation=(self), payment=()"),
    ]
    if https:
        headers.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))
    return headers
