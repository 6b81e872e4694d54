"""Who is calling: cookies, tokens, workspaces, and what passes for none of them."""

import asyncio
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from scanly.kernel.ids import encode_id, new_id
from tests.services.gateway.conftest import Start
from tests.services.gateway.factories import browser, problem_of
from tests.support.product import PASSWORD, InProcess

pytestmark = pytest.mark.slow

ME = "/api/v1/me"


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def part(value: dict[str, Any]) -> str:
    return b64(json.dumps(value).encode())


def token_of(client: httpx.AsyncClient) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Header, claims and the whole of a client's token."""
    token = client.headers["authorization"].removeprefix("Bearer ")
    header, claims, _ = (
        json.loads(urlsafe_b64decode(p + "==")) if i < 2 else p for i, p in enumerate(token.split("."))
    )
    return header, claims, token


async def forgeries(person: httpx.AsyncClient) -> dict[str, str]:
    header, claims, token = token_of(person)
    (jwk,) = (await person.get("/api/v1/auth/jwks")).json()["keys"]
    public = urlsafe_b64decode(jwk["x"] + "==")
    head, body, signature = token.split(".")
    stranger = Ed25519PrivateKey.generate()
    their_jwk = {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": b64(stranger.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)),
    }

    def signed(header: dict[str, Any], claims: dict[str, Any]) -> str:
        text = f"{part(header)}.{part(claims)}"
        return f"{text}.{b64(stranger.sign(text.encode()))}"

    def hs256(key: bytes) -> str:
        text = f"{part({**header, 'alg': 'HS256'})}.{part(claims)}"
        return f"{text}.{b64(hmac.digest(key, text.encode(), 'sha256'))}"

    return {
        "alg none": f"{part({**header, 'alg': 'none'})}.{body}.",
        "alg none with a signature": f"{part({**header, 'alg': 'none'})}.{body}.{signature}",
        "alg None": f"{part({**header, 'alg': 'None'})}.{body}.",
        "HS256 with the public key": hs256(public),
        "HS256 with the public key as text": hs256(jwk["x"].encode()),
        "HS256 with the key set": hs256(json.dumps(jwk).encode()),
        "another key": signed(header, claims),
        "another key, named": signed({**header, "kid": "mine"}, claims),
        "a key in the header": signed({**header, "jwk": their_jwk}, claims),
        "a key behind an address": signed({**header, "jku": "http://127.0.0.1/keys"}, claims),
        "changed claims": f"{head}.{part({**claims, 'sid': str(new_id())})}.{signature}",
        "later end": f"{head}.{part({**claims, 'exp': claims['exp'] + 9999})}.{signature}",
        "no signature": f"{head}.{body}.",
        "two parts": f"{head}.{body}",
        "five parts": f"{token}.{body}.{body}",
        "no token": "token",
        "dots": "..",
        "not ascii": "é.é.é",
        "very long": "a" * 20_000,
        "a refresh token": "srt_" + "a" * 40,
    }


async def test_no_forgery_passes_for_a_token(product: InProcess) -> None:
    person = await product.sign_up()
    anybody = await product.client()
    for name, forged in (await forgeries(person)).items():
        headers = {"authorization": f"Bearer {forged}".encode()}
        answer = await anybody.get(ME, headers=headers)
        assert answer.status_code == 401, name
        problem_of(answer, 401, "unauthenticated")
    assert (await person.get(ME)).status_code == 200


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "Token x", "bearer"])
async def test_other_credentials_are_refused(anybody: httpx.AsyncClient, header: str) -> None:
    problem_of(await anybody.get(ME, headers={"authorization": header}), 401, "unauthenticated")


async def test_a_wrong_token_is_refused_where_nobody_need_sign_in(anybody: httpx.AsyncClient) -> None:
    answer = await anybody.get("/api/v1/qr-content-types", headers={"authorization": "Bearer wrong"})
    problem_of(answer, 401, "unauthenticated")


async def test_the_scheme_is_read_without_regard_to_case(product: InProcess) -> None:
    person = await product.sign_up()
    _, _, token = token_of(person)
    assert (await person.get(ME, headers={"authorization": f"bearer  {token} "})).status_code == 200


async def test_an_unknown_cookie_is_nobody(anybody: httpx.AsyncClient) -> None:
    for cookie in ("scanly_session=unknown", "scanly_session=", "scanly_session", "=;scanly_session=\xff", ";" * 100):
        problem_of(await anybody.get(ME, headers={"cookie": cookie.encode("latin-1")}), 401, "unauthenticated")


async def test_over_https_only_the_cookie_that_no_other_host_can_set_counts(start: Start) -> None:
    product = await start(public_url="https://go.example.org")
    sunita = await product.client(base_url="https://go.example.org")
    body = {"email": "sunita@example.org", "password": PASSWORD}
    await sunita.post("/api/v1/auth/sign-up", json=body, headers={"Scanly-Request": "1"})
    token = sunita.cookies["__Host-scanly_session"]
    anybody = await product.client(base_url="https://go.example.org")
    for cookie in (f"scanly_session={token}", f"__Host-scanly_session=; scanly_session={token}"):
        problem_of(await anybody.get(ME, headers={"cookie": cookie}), 401, "unauthenticated")
    for other in ("scanly_session=other", 'a[b]={"1"}'):
        cookie = f"{other}; __Host-scanly_session={token}"
        assert (await anybody.get(ME, headers={"cookie": cookie})).status_code == 200


async def test_a_browser_must_say_that_a_change_is_its_own(product: InProcess) -> None:
    sunita = await browser(product, "sunita@example.org")
    assert (await sunita.get(ME)).status_code == 200
    for method, path in [
        ("PATCH", ME),
        ("POST", "/api/v1/qr-codes"),
        ("POST", "/api/v1/me/password"),
        ("DELETE", "/api/v1/me/sessions"),
    ]:
        body = {"json": {"name": "Somebody"}} if method != "DELETE" else {}
        problem_of(await sunita.request(method, path, **body), 403, "forbidden")
    answer = await sunita.patch(ME, json={"name": "Sunita"}, headers={"Scanly-Request": "1"})
    assert answer.status_code == 200


async def test_a_program_needs_no_such_header(product: InProcess) -> None:
    person = await product.sign_up()
    assert (await person.patch(ME, json={"name": "Arjun"})).status_code == 200


async def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(product: InProcess) -> None:
    client = await product.client()
    body = {"email": "sunita@example.org", "password": PASSWORD}
    answer = await client.post("/api/v1/auth/sign-up", json=body, headers={"Scanly-Request": "1"})
    flags = {flag.strip().lower() for flag in answer.headers["set-cookie"].split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= flags


async def test_with_one_workspace_none_need_be_named(product: InProcess) -> None:
    person = await product.sign_up()
    assert (await person.get("/api/v1/qr-codes")).status_code == 200


async def test_with_two_workspaces_one_must_be_named(product: InProcess) -> None:
    person = await product.sign_up()
    (first,) = (await person.get("/api/v1/workspaces")).json()["data"]
    second = (await person.post("/api/v1/workspaces", json={"name": "Second"})).json()
    problem_of(await person.get("/api/v1/qr-codes"), 400, "workspace_required")
    for workspace in (first, second):
        headers = {"Scanly-Workspace": workspace["id"]}
        assert (await person.get("/api/v1/qr-codes", headers=headers)).status_code == 200
        assert (await person.get("/api/v1/qr-codes", params={"workspace": workspace["id"]})).status_code == 200
    assert (await person.get(ME)).status_code == 200


async def test_what_is_in_one_workspace_is_not_in_the_other(product: InProcess) -> None:
    person = await product.sign_up()
    (first,) = (await person.get("/api/v1/workspaces")).json()["data"]
    second = (await person.post("/api/v1/workspaces", json={"name": "Second"})).json()
    here, there = ({"Scanly-Workspace": workspace["id"]} for workspace in (first, second))
    link = (await person.post("/api/v1/links", json={"destination": "https://example.org/"}, headers=here)).json()
    assert (await person.get(f"/api/v1/links/{link['id']}", headers=here)).status_code == 200
    problem_of(await person.get(f"/api/v1/links/{link['id']}", headers=there), 404, "not_found")


async def test_somebody_elses_workspace_is_refused(product: InProcess) -> None:
    ours, theirs = await product.sign_up(), await product.sign_up()
    (workspace,) = (await theirs.get("/api/v1/workspaces")).json()["data"]
    for named in (workspace["id"], encode_id("ws", new_id())):
        answer = await ours.get("/api/v1/qr-codes", headers={"Scanly-Workspace": named})
        problem_of(answer, 403, "forbidden")


@pytest.mark.parametrize("named", ["x", "ws_", "qr_00000000000000000000000000", "ws_" + "z" * 26])
async def test_what_is_no_workspaces_id_is_told(product: InProcess, named: str) -> None:
    person = await product.sign_up()
    problem_of(await person.get("/api/v1/qr-codes", headers={"Scanly-Workspace": named}), 400, "bad_request")


async def sign_in(product: InProcess, email: str) -> httpx.AsyncClient:
    client = await product.client()
    answer = await client.post("/api/v1/auth/log-in", json={"email": email, "password": PASSWORD})
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return client


async def refused(client: httpx.AsyncClient) -> None:
    """Return when the client is refused, which it must be within seconds."""
    async with asyncio.timeout(30):
        while (await client.get(ME)).status_code != 401:  # noqa: ASYNC110 - the server has no event for it
            await asyncio.sleep(0.05)


async def test_an_ended_session_is_refused_at_once_by_the_process_that_ended_it(product: InProcess) -> None:
    sunita = await product.sign_up("sunita@example.org")
    assert (await sunita.post("/api/v1/auth/log-out", json={})).status_code == 204
    problem_of(await sunita.get(ME), 401, "unauthenticated")


async def test_ended_sessions_are_refused_everywhere(product: InProcess, start: Start) -> None:
    other_process = await start()
    sunita = await product.sign_up("sunita@example.org")
    phone = await sign_in(other_process, "sunita@example.org")
    assert (await phone.get(ME)).status_code == 200
    assert (await sunita.delete("/api/v1/me/sessions")).status_code == 204
    await refused(phone)
    assert (await sunita.get(ME)).status_code == 200


@pytest.mark.slow
async def test_ended_sessions_are_refused_everywhere_though_no_word_comes_through(
    product: InProcess, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCANLYTEST_CUT_NOTIFICATIONS", "1")
    deaf_process = await start()
    sunita = await product.sign_up("sunita@example.org")
    phone = await sign_in(deaf_process, "sunita@example.org")
    assert (await phone.get(ME)).status_code == 200
    assert (await sunita.delete("/api/v1/me/sessions")).status_code == 204
    await refused(phone)
