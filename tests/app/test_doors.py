"""Doors of a process that is not alone, and the gate of one that is not ready."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from fastapi import APIRouter
from starlette.responses import StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.testing import capture_logs

from scanly.app.gate import Gate
from scanly.app.internal_door import InternalDoor, RedirectProxy, SignedClient
from scanly.app.product import RpcOrDoor
from scanly.kernel.auth import PRINCIPAL_HEADER, Principal, PrincipalSigner, current_principal
from scanly.kernel.errors import Conflict
from scanly.kernel.http import create_api
from scanly.kernel.ids import new_id
from scanly.kernel.telemetry import Check, Grade, current_request_id
from tools.services.server import free_port

SIGNER = PrincipalSigner(b"the installation's secret")
AISHA = Principal(kind="session", user_id=new_id(), client="203.0.113.9")


class Behind:
    """What stands behind a door; it writes down what it was given."""

    def __init__(self, error: Exception | None = None) -> None:
        self.scopes: list[Scope] = []
        self.callers: list[Principal] = []
        self.requests: list[str | None] = []
        self._error = error

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        self.callers.append(current_principal())
        self.requests.append(current_request_id())
        if self._error is not None:
            raise self._error
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"inside"})


async def ready() -> dict[str, Check]:
    return {"database": Check(), "routing": Check(Grade.FAILING, "The disk is gone.")}


async def ask(app: ASGIApp, path: str, client: str = "10.0.0.1", **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(app, client=(client, 1))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with httpx.AsyncClient(transport=transport, base_url="http://process") as http:
        return await http.get(path, headers=named)


async def test_a_peer_is_let_in_with_its_caller_and_its_request() -> None:
    behind = Behind()
    signed = {"scanly_principal": SIGNER.sign(AISHA), "x_request_id": "req_1"}
    assert (await ask(InternalDoor(behind, SIGNER, ready), "/api/v1/me", **signed)).text == "inside"
    assert (behind.callers, behind.requests) == ([AISHA], ["req_1"])


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 404), ({"scanly_principal": "forged"}, 401), ({"scanly_principal": PrincipalSigner(b"x").sign(AISHA)}, 401)],
)
async def test_others_are_not(headers: dict[str, str], status: int) -> None:
    behind = Behind()
    answer = await ask(InternalDoor(behind, SIGNER, ready), "/api/v1/me", **headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"].startswith("req_")
    assert behind.scopes == []


async def test_an_error_behind_the_door_is_told_to_the_peer() -> None:
    door = InternalDoor(Behind(Conflict("Taken.")), SIGNER, ready)
    answer = await ask(door, "/api/v1/me", scanly_principal=SIGNER.sign(AISHA))
    assert (answer.status_code, answer.json()["detail"]) == (409, "Taken.")


async def test_whoever_watches_a_process_needs_no_signature() -> None:
    door = InternalDoor(Behind(), SIGNER, ready)
    assert (await ask(door, "/healthz")).json() == {"status": "ok"}
    answer = await ask(door, "/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {
        "database": {"ok": True},
        "routing": {"ok": False, "degraded": False, "detail": "The disk is gone."},
    }


async def test_only_calls_of_peers_pass_by_the_door_for_people() -> None:
    internal, people = Behind(), Behind()
    app = RpcOrDoor(internal, people)
    for path in ("/rpc/auth/jwks", "/api/v1/me", "/rpc", "/"):
        await ask(app, path)
    assert [scope["path"] for scope in internal.scopes] == ["/rpc/auth/jwks"]
    assert [scope["path"] for scope in people.scopes] == ["/api/v1/me", "/rpc", "/"]


async def test_a_redirect_believes_the_gateway_on_the_visitors_address() -> None:
    behind = Behind()
    app = SignedClient(behind, SIGNER)
    await ask(app, "/menu", scanly_principal=SIGNER.sign(AISHA), x_forwarded_for="6.6.6.6")
    (scope,) = behind.scopes
    assert scope["client"] == ("203.0.113.9", 0)
    assert not {PRINCIPAL_HEADER.encode(), b"x-forwarded-for"} & set(dict(scope["headers"]))


async def test_a_redirect_believes_nobody_else() -> None:
    behind = Behind()
    app = SignedClient(behind, SIGNER)
    await ask(app, "/menu", scanly_principal=PrincipalSigner(b"x").sign(AISHA))
    await ask(app, "/menu")
    assert [scope["client"] for scope in behind.scopes] == [None, ("10.0.0.1", 1)]


@pytest.mark.parametrize(("bases", "status"), [(lambda: (), 404), (lambda: (f"http://127.0.0.1:{free_port()}",), 503)])
async def test_a_visitor_is_told_when_nobody_redirects(bases: Callable[[], tuple[str, ...]], status: int) -> None:
    async with httpx.AsyncClient() as client:
        answer = await ask(RedirectProxy(bases(), client, SIGNER, ()), "/menu")
    assert answer.status_code == status


@pytest.mark.parametrize(("language", "words"), [("hi", "ज़रा रुकिए"), ("en", "One moment, please")])
async def test_a_visitor_sees_a_page_when_every_redirect_is_away(language: str, words: str) -> None:
    async with httpx.AsyncClient() as client:
        proxy = RedirectProxy((f"http://127.0.0.1:{free_port()}",), client, SIGNER, ())
        answer = await ask(proxy, "/menu", accept_language=language)
    assert (answer.status_code, answer.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert int(answer.headers["retry-after"]) >= 1
    assert words in answer.text
    assert "script" not in answer.headers["content-security-policy"]


async def test_a_visitor_who_comes_while_we_start_is_let_in_as_soon_as_we_have() -> None:
    gate = Gate(Behind(), patience=30)
    visit = asyncio.create_task(ask(gate, "/menu"))
    await asyncio.sleep(0.05)
    assert not visit.done()
    gate.open()
    assert (await visit).text == "inside"


async def test_a_visitor_who_comes_while_we_start_sees_a_page_when_that_takes_long() -> None:
    gate = Gate(Behind(), patience=0.05)
    answer = await ask(gate, "/menu", accept="text/html")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert "One moment, please" in answer.text
    assert (await ask(gate, "/readyz", accept="text/html")).json()["status"] == "waiting"


@pytest.mark.parametrize("begun", [True, False])
async def test_an_unexpected_error_is_logged_once(begun: bool) -> None:
    router = APIRouter()

    async def half() -> AsyncIterator[bytes]:
        yield b"half"
        raise ZeroDivisionError

    @router.get("/broken")
    async def broken() -> StreamingResponse:
        if begun:
            return StreamingResponse(half())
        raise ZeroDivisionError

    api = InternalDoor(create_api([router], {}, (), version="1"), SIGNER, ready)
    signed = {"scanly_principal": SIGNER.sign(AISHA)}
    with capture_logs() as logged:
        if begun:
            with pytest.raises(ZeroDivisionError):  # for the server, which logs it
                await ask(api, "/api/v1/broken", **signed)
        else:
            answer = await ask(api, "/api/v1/broken", **signed)
            assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert [line["event"] for line in logged] == ([] if begun else ["unexpected error"])


async def test_a_closed_gate_says_what_it_waits_for() -> None:
    behind = Behind()
    gate = Gate(behind, patience=0.05)
    gate.waiting_for = "run scanly migrate"
    assert (await ask(gate, "/healthz")).status_code == 200
    for path in ("/readyz", "/menu", "/api/v1/me"):
        answer = await ask(gate, path)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert answer.json()["checks"]["start"]["detail"] == "run scanly migrate"
    assert await gate.ready(ready)() == {"start": Check(Grade.FAILING, "run scanly migrate")}
    gate.open()
    assert (await ask(gate, "/menu")).text == "inside"
    assert await gate.ready(ready)() == await ready()


@pytest.mark.parametrize("app", [InternalDoor(Behind(), SIGNER, ready), RpcOrDoor(Behind(), Behind())])
async def test_what_is_no_http_is_passed_over(app: Any) -> None:
    async def receive() -> Message:
        raise AssertionError("nothing is read")

    async def send(message: Message) -> None:
        assert message["type"] != "websocket.accept"

    await app({"type": "websocket", "path": "/", "headers": []}, receive, send)
