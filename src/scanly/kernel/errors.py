"""The one tree of errors.

ScanlyError
├── BadRequest 400          ├── Gone 410
├── Unauthenticated 401     ├── TooLarge 413
├── Forbidden 403           ├── UnsupportedMediaType 415
├── NotFound 404            ├── Invalid 422
├── MethodNotAllowed 405    ├── RateLimited 429
├── Conflict 409            ├── Unavailable 503
└── Internal 500

A service's own errors subclass these in its contract with a ``code`` of their own. At the HTTP API an error becomes
``application/problem+json`` (RFC 9457); a remote call raises the same class that the service raised.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One fault in what was sent. ``pointer`` is a JSON pointer (RFC 6901) into the body, or ``?name`` of the query."""

    pointer: str
    code: str
    detail: str


class ScanlyError(Exception):
    """Base of all errors that a caller may see.

    ``detail`` says in plain words what is wrong and how to mend it; ``code`` is stable and made for programs.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    title: ClassVar[str] = "Something went wrong on our side"

    _by_code: ClassVar[dict[str, type["ScanlyError"]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init_subclass__(**kwargs)
        known = ScanlyError._by_code.setdefault(cls.code, cls)
        if known is not cls and known.status != cls.status:
            raise TypeError(f"error code {cls.code!r} already belongs to {known.__name__} with another status")

    def __init__(
        self,
        detail: str,
        *,
        errors: Iterable[FieldFault] = (),
        retry_after: float | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = tuple(errors)
        self.retry_after = retry_after
        self.extra = extra or {}

    def problem(self, request_id: str | None = None) -> dict[str, Any]:
        """Return the members of the problem document."""
        body: dict[str, Any] = {
            "type": f"urn:scanly:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
        }
        if request_id:
            body["request_id"] = request_id
        if self.errors:
            body["errors"] = [{"pointer": e.pointer, "code": e.code, "detail": e.detail} for e in self.errors]
        return {**body, **self.extra}

    @staticmethod
    def from_problem(body: dict[str, Any], retry_after: float | None = None) -> "ScanlyError":
        """Rebuild the error that a remote service answered with; an unknown code becomes the class of its status."""
        cls = ScanlyError._by_code.get(str(body.get("code"))) or _BY_STATUS.get(body.get("status"), Internal)
        standard = {"type", "title", "status", "code", "detail", "request_id", "errors"}
        return cls(
            str(body.get("detail", cls.title)),
            errors=[FieldFault(e["pointer"], e["code"], e["detail"]) for e in body.get("errors", ())],
            retry_after=retry_after,
            extra={key: value for key, value in body.items() if key not in standard},
        )


class BadRequest(ScanlyError):
    status = 400
    code = "bad_request"
    title = "The request cannot be read"


class Unauthenticated(ScanlyError):
    status = 401
    code = "unauthenticated"
    title = "Sign in first"


class Forbidden(ScanlyError):
    status = 403
    code = "forbidden"
    title = "This is not allowed for you"


class NotFound(ScanlyError):
    status = 404
    code = "not_found"
    title = "There is nothing here"


class MethodNotAllowed(ScanlyError):
    status = 405
    code = "method_not_allowed"
    title = "This method does not work here"


class Conflict(ScanlyError):
    status = 409
    code = "conflict"
    title = "This does not fit what is already there"


class StaleVersion(Conflict):
    code = "stale_version"
    title = "Somebody changed this in the meantime"


class Gone(ScanlyError):
    status = 410
    code = "gone"
    title = "This is no longer here"


class TooLarge(ScanlyError):
    status = 413
    code = "too_large"
    title = "That is too large"


class UnsupportedMediaType(ScanlyError):
    status = 415
    code = "unsupported_media_type"
    title = "This kind of content is not understood"


class Invalid(ScanlyError):
    status = 422
    code = "invalid"
    title = "Some of this needs another look"


class RateLimited(ScanlyError):
    status = 429
    code = "rate_limited"
    title = "That was a lot at once"


class Internal(ScanlyError):
    status = 500
    code = "internal"
    title = "Something went wrong on our side"


class Unavailable(ScanlyError):
    status = 503
    code = "unavailable"
    title = "This is resting for a moment"


_BY_STATUS: dict[Any, type[ScanlyError]] = {cls.status: cls for cls in ScanlyError.__subclasses__()}
