"""Calls between services: one interface, two transports.

An interface is an abstract class with keyword-only async methods. In one process the caller holds the object itself
behind ``local_client``; across processes ``remote_client`` posts JSON to ``/rpc/{service}/{method}`` with the signed
principal. Both refuse a call while a transaction is open, and both raise the same errors, so the caller cannot tell.
Only 503 and a refused connection are retried: then the other side did nothing. A call that breaks off is not.
"""

import inspect
import json
import typing
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeVar, cast

import httpx
import stamina
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, create_model
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from scanly.kernel.auth import PRINCIPAL_HEADER, Principal, PrincipalSigner, current_principal, set_principal
from scanly.kernel.db import in_transaction
from scanly.kernel.errors import BadRequest, Internal, ScanlyError, Unauthenticated, Unavailable
from scanly.kernel.telemetry import current_request_id, get_logger, inject_trace

I = TypeVar("I")  # noqa: E741 - an interface

log = get_logger(__name__)

PROBLEM: Final = "application/problem+json"
_ATTEMPTS = 3
_KEEP_TRYING = 4.0
"""Seconds after which nothing is repeated: who calls waits for the answer."""
_TIMEOUT = httpx.Timeout(10.0, connect=2.0)
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Interrupted(Unavailable):
    """The other side broke off in the middle: nobody knows whether it did the work, so the call is not repeated."""

    code = "interrupted"
    title = "This broke off in the middle"


class _Method:
    """A method of an interface with the shapes of its arguments and its answer."""

    def __init__(self, interface: type[Any], name: str) -> None:
        function = getattr(interface, name)
        hints = typing.get_type_hints(function, include_extras=True)
        answer = hints.pop("return", None)
        fields: dict[str, Any] = {}
        for parameter in list(inspect.signature(function).parameters.values())[1:]:
            if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
                raise TypeError(f"{interface.__name__}.{name}: arguments of an interface are keyword-only")
            default = ... if parameter.default is inspect.Parameter.empty else parameter.default
            fields[parameter.name] = (hints[parameter.name], default)
        self.name = name
        self.arguments: type[BaseModel] = create_model(
            f"{interface.__name__}_{name}", __config__=ConfigDict(extra="forbid"), **fields
        )
        self.answer: TypeAdapter[Any] = TypeAdapter(answer)


def interface_methods(interface: type[Any]) -> dict[str, _Method]:
    """Return the methods of an interface by name; ``TypeError`` where one cannot travel."""
    names: frozenset[str] = getattr(interface, "__abstractmethods__", frozenset())
    return {name: _Method(interface, name) for name in sorted(names)}


def _refuse_inside_transaction(interface: type[Any], name: str) -> None:
    if (owner := in_transaction()) is not None:
        raise RuntimeError(f"{interface.__name__}.{name} was called inside an open transaction of {owner}")


def local_client(interface: type[I], implementation: I) -> I:
    """Return ``implementation`` behind the same guard that a remote call has."""

    def guarded(name: str) -> Callable[..., Awaitable[Any]]:
        method = getattr(implementation, name)

        async def call(_self: object, **arguments: Any) -> Any:  # noqa: ANN401
            _refuse_inside_transaction(interface, name)
            return await method(**arguments)

        return call

    return _make(interface, "Local", guarded)


def remote_client(
    interface: type[I], service: str, bases: Sequence[str], client: httpx.AsyncClient, signer: PrincipalSigner
) -> I:
    """Return a client of ``interface`` that calls one of ``bases`` (addresses of processes with that service)."""
    methods = interface_methods(interface)

    def calling(name: str) -> Callable[..., Awaitable[Any]]:
        method = methods[name]

        async def call(_self: object, **arguments: Any) -> Any:  # noqa: ANN401
            _refuse_inside_transaction(interface, name)
            body = method.arguments(**arguments).model_dump_json()
            async for attempt in stamina.retry_context(
                on=_did_nothing,
                attempts=_ATTEMPTS,
                timeout=_KEEP_TRYING,
                wait_initial=0.05,
                wait_max=0.5,
                wait_jitter=0.05,
            ):
                with attempt:
                    base = bases[(attempt.num - 1) % len(bases)]
                    answer = await _post(client, f"{base}/rpc/{service}/{name}", body, signer)
            try:
                return method.answer.validate_json(answer)
            except ValidationError as error:
                raise Internal(f"{service} answered {name} in another shape: it runs another version.") from error

        return call

    return _make(interface, "Remote", calling)


def _make(interface: type[I], prefix: str, method: Callable[[str], Callable[..., Awaitable[Any]]]) -> I:
    members = {name: method(name) for name in interface_methods(interface)}
    cls = type(f"{prefix}{interface.__name__}", (interface,), members)
    return cast("I", cls())


def _did_nothing(error: Exception) -> bool:
    return isinstance(error, Unavailable) and not isinstance(error, Interrupted)


async def _post(client: httpx.AsyncClient, url: str, body: str, signer: PrincipalSigner) -> bytes:
    headers = {"content-type": "application/json", PRINCIPAL_HEADER: signer.sign(current_principal())}
    if request_id := current_request_id():
        headers["x-request-id"] = request_id
    inject_trace(headers)
    try:
        response = await client.post(url, content=body, headers=headers, timeout=_TIMEOUT)
    except _NEVER_SENT as error:
        raise Unavailable("A part of Scanly does not answer. Try again in a moment.", retry_after=2) from error
    except httpx.TransportError as error:
        raise Interrupted("A part of Scanly broke off in the middle. Look what was done.", retry_after=2) from error
    if response.status_code == httpx.codes.OK:
        return response.content
    retry_after = response.headers.get("retry-after", "")
    if response.headers.get("content-type") != PROBLEM:
        raise Internal(f"A part of Scanly answered {response.status_code} without saying why.")
    raise ScanlyError.from_problem(response.json(), float(retry_after) if retry_after.isdigit() else None)


def rpc_routes(service: str, interface: type[Any], implementation: object, signer: PrincipalSigner) -> list[Route]:
    """Return the routes under ``/rpc/{service}/`` that serve ``implementation`` to other processes."""
    return [
        Route(f"/rpc/{service}/{name}", _endpoint(method, implementation, signer), methods=["POST"])
        for name, method in interface_methods(interface).items()
    ]


def _endpoint(
    method: _Method, implementation: object, signer: PrincipalSigner
) -> Callable[[Request], Awaitable[Response]]:
    call = getattr(implementation, method.name)

    async def endpoint(request: Request) -> Response:
        try:
            principal: Principal = signer.verify(request.headers.get(PRINCIPAL_HEADER, ""))
            set_principal(principal)
            arguments = _read(method, await request.body())
            answer = await call(**arguments)
        except ScanlyError as error:
            return problem(error)
        except Exception:
            log.exception("a call from another process failed", path=request.url.path)
            return problem(Internal("This is our fault and was logged."))
        return Response(method.answer.dump_json(answer), media_type="application/json")

    return endpoint


def _read(method: _Method, body: bytes) -> dict[str, Any]:
    try:
        arguments = method.arguments.model_validate_json(body)
    except ValidationError as error:
        raise BadRequest(f"The call does not fit the interface: {error}") from error
    return {name: getattr(arguments, name) for name in type(arguments).model_fields}


def problem(error: ScanlyError) -> Response:
    """Return an error as the response that both the API and calls between services use (RFC 9457)."""
    headers = {} if error.retry_after is None else {"retry-after": str(max(1, round(error.retry_after)))}
    if isinstance(error, Unauthenticated):
        headers["www-authenticate"] = "Bearer"  # RFC 9110 §15.5.2
    return _Problem(error.problem(current_request_id()), error.status, headers)


class _Problem(JSONResponse):
    media_type = PROBLEM

    def render(self, content: Any) -> bytes:  # noqa: ANN401 - Starlette's signature
        # What is wrong may be quoted, and JSON lets people send half of a surrogate pair, which UTF-8 does not have.
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
