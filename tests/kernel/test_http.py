import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from ipaddress import ip_network
from typing import Annotated, Any
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter, Query
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from scanly.kernel.auth import ANONYMOUS, Principal, set_principal
from scanly.kernel.errors import BadRequest, Conflict, FieldFault, Invalid, StaleVersion
from scanly.kernel.http import (
    RESERVED_WORDS,
    ApiModel,
    Caller,
    Door,
    Editor,
    Limit,
    Line,
    Page,
    Tenant,
    Text,
    check_version,
    create_api,
    decode_cursor,
    encode_cursor,
    etag,
    merge_patch,
)
from scanly.kernel.http.client import client_address, rate_key
from scanly.kernel.ids import new_id
from scanly.kernel.rpc import problem

pytestmark = pytest.mark.slow

router = APIRouter()


class Good(ApiModel):
    name: Annotated[Line, Field(min_length=1, max_length=10)]
    note: Text = ""
    price: int = Field(0, ge=0)
    tags: tuple[str, ...] = ()


@router.post("/goods")
async def make(body: Good) -> Good:
    return body


@router.get("/goods")
async def several(limit: Limit = 25, sort: Annotated[str, Query(pattern="^-?name$")] = "name") -> Page[str]:
    return Page(data=[sort] * limit)


@router.get("/fault/{kind}")
async def fault(kind: str) -> None:
    if kind == "known":
        raise Conflict("Taken.", errors=[FieldFault("/name", "taken", "Choose another.")], retry_after=1.4)
    raise KeyError(kind)


@router.get("/me")
async def me(caller: Caller) -> UUID | None:
    return caller.user_id


@router.get("/mine")
async def mine(tenant: Tenant) -> UUID:
    return tenant.workspace_id


@router.delete("/mine")
async def remove(tenant: Editor) -> UUID:
    return tenant.workspace_id


@pytest.fixture
async def api() -> AsyncIterator[httpx.AsyncClient]:
    set_principal(ANONYMOUS)
    app = create_api([router], {}, [], version="1")
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://api/api/v1") as client:
        yield client


def problem_of(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert (document["status"], document["code"]) == (status, code)
    assert document["type"] == f"urn:scanly:problem:{code}"
    assert document["title"]
    assert document["detail"]
    return document


async def test_all_faults_are_told_at_once_with_pointers(api: httpx.AsyncClient) -> None:
    answer = await api.post("/goods", json={"nmae": "x", "price": -1, "tags": ["a", 5], "a/b~c": 1})
    errors = problem_of(answer, 422, "invalid")["errors"]
    assert {(error["pointer"], error["code"]) for error in errors} == {
        ("/name", "required"),
        ("/nmae", "unknown_field"),
        ("/a~1b~0c", "unknown_field"),
        ("/price", "greater_than_equal"),
        ("/tags/1", "string_type"),
    }
    assert all(error["detail"].endswith((".", "!", "?")) for error in errors)


async def test_faults_of_the_query_say_so(api: httpx.AsyncClient) -> None:
    answer = await api.get("/goods", params={"limit": "many", "sort": "price"})
    pointers = {error["pointer"] for error in problem_of(answer, 422, "invalid")["errors"]}
    assert pointers == {"?limit", "?sort"}


@pytest.mark.parametrize("body", [b"{", b"nothing", b'{"name": "x",}', b"\xff\xfe", b'{"name": ' + b"[" * 100_000])
async def test_what_is_no_json_is_told(api: httpx.AsyncClient, body: bytes) -> None:
    answer = await api.post("/goods", content=body, headers={"content-type": "application/json"})
    problem_of(answer, 400, "bad_request")


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'"text"', b"5", b"{}"])
async def test_json_of_another_shape_is_told(api: httpx.AsyncClient, body: bytes) -> None:
    answer = await api.post("/goods", content=body, headers={"content-type": "application/json"})
    problem_of(answer, 422, "invalid")


@pytest.mark.parametrize(
    "name", ["a\nb", "a\x00", "a\x7f", "line\u2028separator", "\x1b[31m", "invoice\u202egpj", "\u2067"]
)
async def test_a_line_has_no_control_characters(api: httpx.AsyncClient, name: str) -> None:
    (error,) = problem_of(await api.post("/goods", json={"name": name}), 422, "invalid")["errors"]
    assert error["pointer"] == "/name"
    assert "U+" in error["detail"]


async def test_half_of_a_character_is_refused(api: httpx.AsyncClient) -> None:
    answer = await api.post("/goods", content=b'{"name": "\\ud83d"}', headers={"content-type": "application/json"})
    assert problem_of(answer, 422, "invalid")["errors"][0]["pointer"] == "/name"


async def test_a_length_is_told_in_characters(api: httpx.AsyncClient) -> None:
    (error,) = problem_of(await api.post("/goods", json={"name": "x" * 11}), 422, "invalid")["errors"]
    assert error == {"pointer": "/name", "code": "too_long", "detail": "Keep this to 10 characters; it has 11."}
    (error,) = problem_of(await api.post("/goods", json={"name": " "}), 422, "invalid")["errors"]
    assert error == {"pointer": "/name", "code": "too_short", "detail": "Write at least 1 character."}


def test_a_fault_may_quote_half_of_a_character() -> None:
    assert json.loads(problem(Conflict("“ऊ\ud83d” is taken.")).body)["detail"] == "“ऊ?” is taken."


async def test_names_of_all_scripts_are_kept_and_trimmed(api: httpx.AsyncClient) -> None:
    for given_name, kept in [(" मेनू ", "मेनू"), ("e\u0301", "é"), ("قائمة", "قائمة"), ("👨‍👩‍👧", "👨‍👩‍👧")]:
        answer = await api.post("/goods", json={"name": given_name, "note": "two\nlines"})
        assert answer.json()["name"] == kept
        assert answer.json()["note"] == "two\nlines"


async def test_errors_of_services_are_problems(api: httpx.AsyncClient) -> None:
    answer = await api.get("/fault/known")
    assert problem_of(answer, 409, "conflict")["errors"][0]["pointer"] == "/name"
    assert answer.headers["retry-after"] == "1"


async def test_bugs_are_problems_that_tell_nothing_of_the_inside(api: httpx.AsyncClient) -> None:
    answer = await api.get("/fault/unknown")
    problem_of(answer, 500, "internal")
    assert "KeyError" not in answer.text


async def test_wrong_addresses_and_methods_are_problems(api: httpx.AsyncClient) -> None:
    problem_of(await api.get("/nothing"), 404, "not_found")
    refused = await api.delete("/goods")
    problem_of(refused, 405, "method_not_allowed")
    assert refused.headers["allow"] == "GET, POST"


@pytest.mark.parametrize(
    ("principal", "path", "method", "status", "code"),
    [
        (ANONYMOUS, "/me", "GET", 401, "unauthenticated"),
        (ANONYMOUS, "/mine", "GET", 401, "unauthenticated"),
        (Principal(user_id=new_id(), workspaces=2), "/me", "GET", 200, ""),
        (Principal(user_id=new_id(), workspaces=2), "/mine", "GET", 400, "workspace_required"),
        (Principal(user_id=new_id(), workspaces=0), "/mine", "GET", 403, "forbidden"),
        (Principal(user_id=new_id(), workspace_id=new_id(), role="viewer", workspaces=1), "/mine", "GET", 200, ""),
        (
            Principal(user_id=new_id(), workspace_id=new_id(), role="viewer", workspaces=1),
            "/mine",
            "DELETE",
            403,
            "forbidden",
        ),
        (Principal(user_id=new_id(), workspace_id=new_id(), role="editor", workspaces=1), "/mine", "DELETE", 200, ""),
        (
            Principal(user_id=new_id(), workspace_id=new_id(), role="robot", workspaces=1),
            "/mine",
            "DELETE",
            403,
            "forbidden",
        ),
    ],
)
async def test_who_may_do_what(
    api: httpx.AsyncClient, principal: Principal, path: str, method: str, status: int, code: str
) -> None:
    set_principal(principal)
    answer = await api.request(method, path)
    if code:
        problem_of(answer, status, code)
    assert answer.status_code == status
    assert answer.headers.get("www-authenticate") == ("Bearer" if status == 401 else None)


_scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text() | st.datetimes().map(str)


@given(st.lists(_scalars, min_size=1, max_size=4))
def test_cursors_read_back(position: list[Any]) -> None:
    assert decode_cursor(encode_cursor(*position), len(position)) == position


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "ü", "A" * 5, encode_cursor("one"), encode_cursor(1, 2, 3), "bnVsbA", "////", encode_cursor({"a": 1})],
)
def test_a_cursor_of_somebody_else_is_a_fault_of_the_query(cursor: str) -> None:
    with pytest.raises(Invalid) as raised:
        decode_cursor(cursor, 2)
    assert raised.value.errors[0].pointer == "?cursor"


def test_a_cursor_of_thousands_of_brackets_is_a_fault_too() -> None:
    with pytest.raises(Invalid):
        decode_cursor(urlsafe_b64encode(b"[" * 50_000).decode(), 2)


def test_a_patch_of_thousands_of_objects_is_a_fault() -> None:
    patch: dict[str, Any] = {}
    for _ in range(5_000):
        patch = {"a": patch}
    with pytest.raises(BadRequest, match="too deeply"):
        merge_patch({}, patch)


@pytest.mark.parametrize(
    ("target", "patch", "expected"),  # RFC 7396, appendix A
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_merge_patch_does_as_its_rfc_says(target: Any, patch: Any, expected: Any) -> None:
    before = json.dumps(target)
    assert merge_patch(target, patch) == expected
    assert json.dumps(target) == before


@pytest.mark.parametrize("if_match", [None, "*", ' "7"', 'W/"7"', '"3", "7"', etag(7)])
def test_the_present_version_may_be_changed(if_match: str | None) -> None:
    check_version(if_match, 7)


@pytest.mark.parametrize("if_match", ['"6"', "7", "", '"77"'])
def test_another_version_may_not(if_match: str) -> None:
    with pytest.raises(StaleVersion):
        check_version(if_match, 7)


TRUSTED = "10.0.0.0/8"


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.5", "", "203.0.113.5"),
        ("203.0.113.5", "1.2.3.4", "203.0.113.5"),
        ("10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.7", "1.2.3.4"),
        ("10.0.0.1", "1.2.3.4, nonsense", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.9", "10.0.0.9"),
        ("::ffff:10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "[2001:db8::1]", "2001:db8::1"),
        ("", "1.2.3.4", ""),
        ("/run/socket", "1.2.3.4", ""),
    ],
)
def test_the_clients_address_is_believed_only_from_our_proxies(peer: str, forwarded: str, client: str) -> None:
    assert client_address(peer, forwarded, [ip_network(TRUSTED)]) == client


def test_one_ipv6_customer_is_one_for_the_limits() -> None:
    assert rate_key("2001:db8:1:2:3::4") == rate_key("2001:db8:1:2::9") == "2001:db8:1:2::/64"
    assert rate_key("2001:db8:1:3::9") != rate_key("2001:db8:1:2::9")
    assert rate_key("203.0.113.5") == "203.0.113.5"


def answering(text: str) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await Response(text)(scope, receive, send)

    return app


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("/", "application"),
        ("/app", "application"),
        ("/app/codes/qr_1", "application"),
        ("/api/v1/me", "application"),
        ("/healthz", "application"),
        ("/menu", "redirect"),
        ("/menu/", "redirect"),
        ("/APP", "redirect"),
        ("/apple", "redirect"),
        ("/api-docs", "redirect"),
        ("/मेनू", "redirect"),
        ("/menu+", "redirect"),
        ("/menu/api", "redirect"),
    ],
)
async def test_the_door_knows_the_reserved_words(path: str, who: str) -> None:
    door = Door(answering("application"), answering("redirect"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(door), base_url="http://x") as client:
        assert (await client.get(path)).text == who


def test_reserved_words_are_in_lower_case() -> None:
    assert all(word == word.casefold() for word in RESERVED_WORDS)
