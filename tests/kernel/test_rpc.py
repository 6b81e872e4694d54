import asyncio
import time
from abc import ABC, abstractmethod
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import httpx
import pytest
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from scanly.kernel.auth import ANONYMOUS, PRINCIPAL_HEADER, Principal, PrincipalSigner, current_principal, set_principal
from scanly.kernel.db import open_scope
from scanly.kernel.errors import BadRequest, Conflict, FieldFault, Internal, NotFound, Unauthenticated, Unavailable
from scanly.kernel.ids import new_id
from scanly.kernel.rpc import Interrupted, interface_methods, local_client, remote_client, rpc_routes
from scanly.kernel.telemetry import current_request_id, request_context
from tools.services.server import free_port

SIGNER = PrincipalSigner(b"the installation's secret")
AISHA = Principal(kind="token", user_id=new_id(), workspace_id=new_id(), role="owner", idempotency_key="k-1")


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


class Parcel(BaseModel):
    id: UUID
    size: Size
    sent_at: datetime
    note: str | None = None
    labels: tuple[str, ...] = ()


class TooHeavy(Conflict):
    code = "test_too_heavy"
    title = "That is too heavy"


class Post(ABC):
    @abstractmethod
    async def send(
        self, *, sender: UUID, size: Size, labels: Sequence[str] = (), note: str | None = None, day: date | None = None
    ) -> Parcel: ...

    @abstractmethod
    async def find(self, *, ids: Sequence[UUID]) -> list[Parcel]: ...

    @abstractmethod
    async def first(self) -> Parcel | None: ...

    @abstractmethod
    async def lose(self, *, why: str) -> None: ...

    @abstractmethod
    async def keys(self) -> dict[str, Any]: ...


@dataclass
class Office(Post):
    """The real thing."""

    parcels: list[Parcel] = field(default_factory=list)
    callers: list[Principal] = field(default_factory=list)
    requests: list[str | None] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)

    async def send(
        self, *, sender: UUID, size: Size, labels: Sequence[str] = (), note: str | None = None, day: date | None = None
    ) -> Parcel:
        self._note()
        sent_at = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
        parcel = Parcel(id=sender, size=size, sent_at=sent_at, note=note or str(day), labels=tuple(labels))
        self.parcels.append(parcel)
        return parcel

    async def find(self, *, ids: Sequence[UUID]) -> list[Parcel]:
        self._note()
        return [parcel for parcel in self.parcels if parcel.id in ids]

    async def first(self) -> Parcel | None:
        self._note()
        return self.parcels[0] if self.parcels else None

    async def lose(self, *, why: str) -> None:
        self._note()
        raise {
            "heavy": TooHeavy("Take something out.", errors=[FieldFault("/size", "heavy", "Above 30 kg.")]),
            "gone": NotFound("There is no such parcel."),
            "bug": KeyError("parcel"),
        }[why]

    async def keys(self) -> dict[str, Any]:
        self._note()
        return {"keys": [{"kty": "OKP", "x": "…"}]}

    def _note(self) -> None:
        self.callers.append(current_principal())
        self.requests.append(current_request_id())
        if self.failures:
            raise self.failures.pop(0)


def served(office: Office, signer: PrincipalSigner = SIGNER) -> Starlette:
    return Starlette(routes=rpc_routes("post", Post, office, signer))


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture(params=["local", "remote"])
async def post(request: pytest.FixtureRequest, office: Office) -> AsyncIterator[Post]:
    if request.param == "local":
        yield local_client(Post, office)
        return
    async with httpx.AsyncClient(transport=httpx.ASGITransport(served(office))) as client:
        yield remote_client(Post, "post", ["http://post:8000"], client, SIGNER)


@pytest.fixture(autouse=True)
def _nobody_calls() -> None:
    set_principal(ANONYMOUS)


async def test_answers_are_the_same(post: Post) -> None:
    sender = new_id()
    sent = await post.send(sender=sender, size=Size.LARGE, labels=["fragile", "ऊपर"], note="ö\x00\n")
    assert sent == Parcel(
        id=sender,
        size=Size.LARGE,
        sent_at=datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
        note="ö\x00\n",
        labels=("fragile", "ऊपर"),
    )
    assert await post.find(ids=[sender, new_id()]) == [sent]
    assert await post.first() == sent
    assert (await post.keys())["keys"][0]["kty"] == "OKP"


async def test_defaults_and_nothing_travel(post: Post) -> None:
    assert await post.first() is None
    assert await post.find(ids=[]) == []
    parcel = await post.send(sender=new_id(), size=Size.SMALL, day=date(2026, 3, 1))
    assert (parcel.note, parcel.labels) == ("2026-03-01", ())


async def test_errors_are_the_same(post: Post) -> None:
    with pytest.raises(TooHeavy) as raised:
        await post.lose(why="heavy")
    assert raised.value.detail == "Take something out."
    assert raised.value.errors == (FieldFault("/size", "heavy", "Above 30 kg."),)
    with pytest.raises(NotFound, match="no such parcel"):
        await post.lose(why="gone")


async def test_a_call_inside_a_transaction_is_refused_before_anything_happens(post: Post, office: Office) -> None:
    async with open_scope("shop"):
        with pytest.raises(RuntimeError, match=r"Post\.first was called inside an open transaction of shop"):
            await post.first()
    assert office.callers == []
    await post.first()


async def test_the_caller_is_known_on_the_other_side(post: Post, office: Office) -> None:
    set_principal(AISHA)
    with request_context("req_1"):
        await post.first()
    assert office.callers == [AISHA]
    assert office.requests[0] in {"req_1", None}


async def test_arguments_are_given_by_name(post: Post) -> None:
    with pytest.raises(TypeError):
        await post.find([new_id()])  # type: ignore[call-arg, misc]


async def test_a_bug_on_the_other_side_is_told_without_its_inside() -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(served(Office()))) as client:
        post = remote_client(Post, "post", ["http://post:8000"], client, SIGNER)
        with pytest.raises(Internal) as raised:
            await post.lose(why="bug")
    assert "parcel" not in raised.value.detail


def headers_of(case: str) -> dict[str, str]:
    good = SIGNER.sign(AISHA)
    body, _, mac = good.partition(".")
    forged = urlsafe_b64encode(urlsafe_b64decode(body).replace(b'"owner"', b'"admin"')).decode()
    return {
        "missing": {},
        "empty": {PRINCIPAL_HEADER: ""},
        "another secret": {PRINCIPAL_HEADER: PrincipalSigner(b"another").sign(AISHA)},
        "no signature": {PRINCIPAL_HEADER: body},
        "changed": {PRINCIPAL_HEADER: f"{forged}.{mac}"},
        "not ascii": {PRINCIPAL_HEADER: "ÿ.ÿ"},
    }[case]


@pytest.mark.parametrize("case", ["missing", "empty", "another secret", "no signature", "changed", "not ascii"])
async def test_a_call_without_a_true_signature_is_refused(office: Office, case: str) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(served(office)), base_url="http://post") as client:
        headers = {name: value.encode("latin-1") for name, value in headers_of(case).items()}
        answer = await client.post("/rpc/post/first", content=b"{}", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert office.callers == []


@pytest.mark.parametrize("seconds", [-61, 61])
def test_a_signature_is_good_for_a_minute(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    now = time.time()
    with monkeypatch.context() as patch:
        patch.setattr("scanly.kernel.auth.time.time", lambda: now + seconds)
        header = SIGNER.sign(AISHA)
    with pytest.raises(Unauthenticated, match="too old"):
        SIGNER.verify(header)


def test_a_secret_can_be_changed_without_a_gap() -> None:
    old, new = PrincipalSigner(b"old"), PrincipalSigner(b"new", b"old")
    assert new.verify(old.sign(AISHA)) == AISHA
    with pytest.raises(Unauthenticated):
        old.verify(new.sign(AISHA))


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"ids": 5}', b'{"ids": [], "more": 1}', b'{"ids": ["x"]}', b"\xff"]
)
async def test_a_call_that_does_not_fit_is_refused(office: Office, body: bytes) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(served(office)), base_url="http://post") as client:
        answer = await client.post("/rpc/post/find", content=body, headers={PRINCIPAL_HEADER: SIGNER.sign(AISHA)})
    assert answer.status_code == 400
    assert office.callers == []


async def test_a_body_is_not_read_before_its_sender_is_known() -> None:
    async def endless() -> AsyncIterator[bytes]:
        raise AssertionError("somebody read the body")
        yield b""

    async with httpx.AsyncClient(transport=httpx.ASGITransport(served(Office())), base_url="http://post") as client:
        assert (await client.post("/rpc/post/first", content=endless())).status_code == 401


class Answers:
    """A peer that gives the answers it was told to, in turn, and counts the calls."""

    def __init__(self, *answers: Callable[[httpx.Request], httpx.Response]) -> None:
        self.answers = list(answers)
        self.hosts: list[str] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.hosts.append(request.url.host)
        return self.answers.pop(0)(request)


def ok(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=b"null")


def unavailable(_request: httpx.Request) -> httpx.Response:
    error = Unavailable("The database does not answer.", retry_after=7)
    return httpx.Response(
        503, json=error.problem(), headers={"content-type": "application/problem+json", "retry-after": "7"}
    )


def failing(error: Exception) -> Callable[[httpx.Request], httpx.Response]:
    def fail(_request: httpx.Request) -> httpx.Response:
        raise error

    return fail


def plain(status: int) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _request: httpx.Response(status, text="<html>proxy</html>")


async def call(answers: Answers, *hosts: str) -> Parcel | None:
    async with httpx.AsyncClient(transport=httpx.MockTransport(answers)) as client:
        bases = [f"http://{host}:8000" for host in hosts or ("one",)]
        return await remote_client(Post, "post", bases, client, SIGNER).first()


@pytest.mark.parametrize(
    "first", [unavailable, failing(httpx.ConnectError("refused")), failing(httpx.ConnectTimeout("t"))]
)
async def test_what_did_not_happen_is_tried_again_at_the_next_address(
    first: Callable[[httpx.Request], httpx.Response],
) -> None:
    answers = Answers(first, ok)
    assert await call(answers, "one", "two") is None
    assert answers.hosts == ["one", "two"]


async def test_after_three_times_the_caller_is_told_when_to_come_back() -> None:
    answers = Answers(unavailable, unavailable, unavailable, ok)
    with pytest.raises(Unavailable) as raised:
        await call(answers)
    assert (len(answers.hosts), raised.value.retry_after) == (3, 7)


async def test_who_waits_for_a_peer_that_takes_long_to_say_no_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanly.kernel.rpc._KEEP_TRYING", 0.04)

    def slow(request: httpx.Request) -> httpx.Response:
        time.sleep(0.05)
        return unavailable(request)

    answers = Answers(slow, ok)
    with pytest.raises(Unavailable):
        await call(answers)
    assert len(answers.hosts) == 1


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (failing(httpx.ReadTimeout("slow")), Interrupted),
        (failing(httpx.ReadError("reset")), Interrupted),
        (failing(httpx.RemoteProtocolError("half")), Interrupted),
        (plain(500), Internal),
        (plain(502), Internal),
        (plain(503), Internal),
        (lambda _request: httpx.Response(200, json={"id": "no parcel"}), Internal),
        (
            lambda _request: httpx.Response(
                404, json=NotFound("gone").problem(), headers={"content-type": "application/problem+json"}
            ),
            NotFound,
        ),
        (
            lambda _request: httpx.Response(
                503, json=Interrupted("half").problem(), headers={"content-type": "application/problem+json"}
            ),
            Interrupted,
        ),
    ],
)
async def test_what_may_have_happened_is_not_repeated(
    answer: Callable[[httpx.Request], httpx.Response], expected: type[Exception]
) -> None:
    answers = Answers(answer, ok)
    with pytest.raises(expected) as raised:
        await call(answers, "one", "two")
    assert type(raised.value) is expected
    assert answers.hosts == ["one"]


async def test_a_real_port_with_nobody_there_is_unavailable() -> None:
    async with httpx.AsyncClient() as client:
        post = remote_client(Post, "post", [f"http://127.0.0.1:{free_port()}"], client, SIGNER)
        with pytest.raises(Unavailable):
            await asyncio.wait_for(post.first(), 10)


async def test_a_peer_that_is_no_peer_is_an_error_not_a_crash(office: Office) -> None:
    async def greet(_request: Request) -> Response:
        return PlainTextResponse("Welcome", 404)

    app = Starlette(routes=[Route("/{rest:path}", greet, methods=["POST"])])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        with pytest.raises(Internal, match="404"):
            await remote_client(Post, "post", ["http://post"], client, SIGNER).first()
    assert office.callers == []


async def test_a_failure_of_the_service_reaches_the_caller_as_it_is(post: Post, office: Office) -> None:
    office.failures = [BadRequest("The caller was wrong.")]
    with pytest.raises(BadRequest, match="The caller was wrong"):
        await post.first()
    assert len(office.callers) == 1


def test_an_interface_with_arguments_by_position_is_refused() -> None:
    class Careless(ABC):
        @abstractmethod
        async def send(self, size: int) -> None: ...

    with pytest.raises(TypeError, match="keyword-only"):
        interface_methods(Careless)
