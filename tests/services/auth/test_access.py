"""Identities, signing keys and operators."""

import asyncio
import json
from base64 import urlsafe_b64encode
from datetime import timedelta

import httpx
import pytest

from scanly.kernel.errors import Conflict, Internal, NotFound
from scanly.kernel.ids import decode_id
from scanly.kernel.tokens import read_key_set, verify_access_token
from tests.services.auth.factories import PASSWORD, Person, sign_up
from tests.services.auth.installation import Installation

CLAIM = "/api/v1/auth/operator/claim"


def token_of(link: str | None) -> str:
    assert link is not None
    assert link.startswith("http://scanly.example/app/operator?token=scop_")
    return link.partition("token=")[2]


async def test_an_access_token_leads_to_an_identity(installation: Installation, sunita: Person) -> None:
    keys = read_key_set(await installation.auth.jwks())
    claims = verify_access_token(sunita.access_token, keys, now=installation.clock.now())
    identity = await installation.auth.identify_session(session_id=claims.sid)
    assert identity is not None
    assert identity.user_id == claims.sub == decode_id("user", sunita.id)
    assert (identity.email_confirmed, identity.is_operator) == (False, False)
    [membership] = identity.memberships
    assert membership.workspace_id == decode_id("ws", sunita.workspace_id)
    assert (membership.role, membership.time_zone) == ("owner", "Asia/Kolkata")


async def test_an_access_token_is_good_for_a_quarter_of_an_hour(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    assert (await program.get("/api/v1/me", headers=sunita.headers)).status_code == 200
    installation.clock.advance(timedelta(minutes=15, seconds=6))
    assert (await program.get("/api/v1/me", headers=sunita.headers)).status_code == 401


async def test_unknown_cookies_lead_to_nobody(installation: Installation, sunita: Person) -> None:
    for token in ("", "x", sunita.access_token, sunita.refresh_token, "\ud800", "a\x00b"):
        assert await installation.auth.identify_cookie(token=token) is None


async def test_public_keys_are_published_without_the_private_half(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    answer = await program.get("/api/v1/auth/jwks")
    [key] = answer.json()["keys"]
    assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("OKP", "Ed25519", "EdDSA", "sig")
    assert "d" not in key
    assert answer.headers["cache-control"] == "public, max-age=300"
    [(private,)] = await installation.rows("select private_key from auth.signing_keys")
    assert b"Ed25519" not in bytes(private)
    assert sunita.access_token


async def test_processes_that_start_at_once_agree_on_a_key(installation: Installation) -> None:
    await asyncio.gather(*(installation.another_process().jwks() for _ in range(3)))
    assert len(await installation.rows("select 1 from auth.signing_keys")) == 1


async def test_keys_are_renewed_without_a_gap(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    await installation.auth.rotate_keys()
    assert len((await installation.auth.jwks())["keys"]) == 1
    installation.clock.advance(timedelta(days=91))
    await installation.auth.rotate_keys()
    await installation.auth.rotate_keys()
    old, new = [row[0] for row in await installation.rows("select id from auth.signing_keys order by signs_from")]

    async def signer() -> str:
        person = await sign_up(program)
        keys = read_key_set(await installation.auth.jwks())
        for kid in (old, new):
            if person.access_token.startswith(_head(kid)):
                verify_access_token(person.access_token, keys, now=installation.clock.now())
                return str(kid)
        raise AssertionError(person.access_token)

    assert await signer() == old
    installation.clock.advance(timedelta(hours=1))
    assert await signer() == new
    assert {key["kid"] for key in (await installation.auth.jwks())["keys"]} == {old, new}
    installation.clock.advance(timedelta(days=90))
    await installation.auth.rotate_keys()
    assert old not in {key["kid"] for key in (await installation.auth.jwks())["keys"]}
    assert sunita.id


def _head(kid: str) -> str:
    header = {"typ": "at+jwt", "alg": "EdDSA", "kid": kid}
    return urlsafe_b64encode(json.dumps(header, separators=(",", ":")).encode()).decode().rstrip("=") + "."


async def test_with_another_secret_it_says_what_to_do(installation: Installation, sunita: Person) -> None:
    installation._context.secret = b"the secret of another installation"
    with pytest.raises(Internal, match="SCANLY_SECRET_KEY"):
        await installation.another_process().jwks()
    assert sunita.id


async def test_the_first_to_sign_up_is_no_operator_but_who_has_the_link(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    token = token_of(await installation.auth.offer_operator_link())
    me = await program.get("/api/v1/me", headers=sunita.headers)
    assert me.json()["user"]["is_operator"] is False
    assert (await program.post(CLAIM, json={"token": token}, headers=sunita.headers)).status_code == 204
    me = await program.get("/api/v1/me", headers=sunita.headers)
    assert me.json()["user"]["is_operator"] is True
    other = await sign_up(program)
    again = await program.post(CLAIM, json={"token": token}, headers=other.headers)
    assert (again.status_code, again.json()["code"]) == (410, "link_refused")
    assert await installation.auth.offer_operator_link() is None


async def test_each_start_makes_a_new_link_and_the_old_one_ends(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    first = token_of(await installation.auth.offer_operator_link())
    second = token_of(await installation.auth.offer_operator_link())
    assert (await program.post(CLAIM, json={"token": first}, headers=sunita.headers)).status_code == 410
    installation.clock.advance(timedelta(hours=24))
    person = await sign_up(program)
    assert (await program.post(CLAIM, json={"token": second}, headers=person.headers)).status_code == 410
    assert await installation.rows("select 1 from auth.users where is_operator") == []


async def test_the_command_line_makes_people_and_operators(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    await installation.auth.create_user(email="Root@example.org", password=PASSWORD, operator=True)
    answer = await program.post("/api/v1/auth/log-in", json={"email": "root@example.org", "password": PASSWORD})
    assert answer.json()["user"]["is_operator"] is True
    assert answer.json()["user"]["email_confirmed"] is True
    assert answer.json()["workspace"]["name"] == "Root"
    with pytest.raises(Conflict, match=r"root@example\.org"):
        await installation.auth.create_user(email="root@example.org", password=PASSWORD)
    with pytest.raises(ValueError, match="@"):
        await installation.auth.create_user(email="root", password=PASSWORD)
    await installation.auth.make_operator(email=sunita.email)
    me = await program.get("/api/v1/me", headers=sunita.headers)
    assert me.json()["user"]["is_operator"] is True
    with pytest.raises(NotFound, match="scanly user create"):
        await installation.auth.make_operator(email="nobody@example.org")
