"""Turns every error into ``application/problem+json`` (RFC 9457), with all faults at once."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from scanly.kernel.errors import (
    BadRequest,
    FieldFault,
    Forbidden,
    Internal,
    Invalid,
    MethodNotAllowed,
    NotFound,
    ScanlyError,
)
from scanly.kernel.faults import plain_words
from scanly.kernel.rpc import problem
from scanly.kernel.telemetry import get_logger

log = get_logger(__name__)


class Fault(BaseModel):
    """One fault in what was sent."""

    pointer: str = Field(description="JSON pointer into the body, ?name of the query, or where:name elsewhere")
    code: str = Field(description="A stable word for programs")
    detail: str = Field(description="What is wrong, in plain words")


class Problem(BaseModel):
    """The body of every refusal, as ``ScanlyError.problem`` writes it; for the API's document."""

    type: str
    title: str
    status: int
    code: str = Field(description="A stable word for programs")
    detail: str = Field(description="What is wrong and how to mend it, in plain words")
    request_id: str | None = Field(None, description="Tell us this when you ask about it")
    errors: list[Fault] = Field(default_factory=list, description="All faults, with 422")


_BY_STATUS: dict[int, ScanlyError] = {
    400: BadRequest(
        "The request cannot be read. Check its form; brackets nested hundreds of times and numbers with thousands of "
        "digits cannot be in it."
    ),
    403: Forbidden("This is not allowed."),
    404: NotFound("There is nothing at this address. Check it for a typing error."),
    405: MethodNotAllowed("This method does not work at this address. See /api/docs."),
}


def install_problems(app: FastAPI) -> None:
    """Make ``app`` answer every error as a problem document."""

    async def scanly_error(_request: Request, error: Exception) -> Response:
        assert isinstance(error, ScanlyError)
        return problem(error)

    async def validation_error(_request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return problem(invalid(error.errors()))

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        answer = problem(_BY_STATUS.get(error.status_code) or Internal(str(error.detail)))
        if error.status_code == MethodNotAllowed.status:
            answer.headers["allow"] = ", ".join(_methods_at(app, request.url.path))  # RFC 9110 §15.5.6
        return answer

    app.add_exception_handler(ScanlyError, scanly_error)
    app.add_exception_handler(RequestValidationError, validation_error)
    app.add_exception_handler(HTTPException, http_error)
    app.add_middleware(_Unexpected)


def _methods_at(app: FastAPI, path: str) -> list[str]:
    paths = app.openapi()["paths"].items()
    return sorted({name.upper() for form, names in paths if compile_path(form)[0].match(path) for name in names})


class _Unexpected:
    """Logs and answers what nobody expected. FastAPI's own way raises it again afterwards, to be logged once more."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception:
            if started:
                raise  # to the server, which logs it and cuts the connection
            log.exception("unexpected error", path=scope["path"])
            words = "This is our fault and was logged. Try again; if it stays, give us the request id."
            await problem(Internal(words))(scope, receive, send)


def invalid(faults: Sequence[Any]) -> ScanlyError:
    """Return the error for pydantic's list of faults: 400 when it was not JSON at all, else 422 with pointers."""
    if any(fault["type"] == "json_invalid" for fault in faults):
        return BadRequest("The body is not valid JSON. Check quotes, commas and brackets.")
    found = [FieldFault(_pointer(f["loc"]), _code(f), plain_words(f)) for f in faults]
    plural = f"{len(found)} fields need" if len(found) > 1 else "One field needs"
    return Invalid(f"{plural} another look: see errors.", errors=found)


def _pointer(location: Sequence[str | int]) -> str:
    where, *path = location or ("body",)
    if where == "query":
        return "?" + ".".join(map(str, path))
    if where in ("header", "path", "cookie"):
        return f"{where}:{'.'.join(map(str, path))}"
    parts = path if where == "body" else location
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _code(fault: Any) -> str:  # noqa: ANN401 - pydantic's own dictionary
    known = {"extra_forbidden": "unknown_field", "missing": "required"}
    return known.get(fault["type"], str(fault["type"]))
