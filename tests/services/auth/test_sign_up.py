import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.services.auth.factories import PASSWORD, Person, sign_up, sign_up_body
from tests.services.auth.installation import START, Installation, running, text_of
from tests.support.databases import TestServer

SIGN_UP = "/api/v1/auth/sign-up"


async def test_a_program_signs_up_and_gets_tokens_and_no_cookie(program: httpx.AsyncClient) -> None:
    answer = await program.post(
        SIGN_UP,
        json=sign_up_body(email="Sunita@Example.org", name="Sunita", workspace_name="Sharma Sweets", locale="hi-IN"),
    )
    assert answer.status_code == 201
    body = answer.json()
    assert body["user"]["id"].startswith("user_")
    assert body["user"]["email"] == "Sunita@example.org"
    assert (body["user"]["name"], body["user"]["locale"]) == ("Sunita", "hi-IN")
    assert (body["user"]["email_confirmed"], body["user"]["is_operator"]) == (False, False)
    assert body["workspace"]["id"].startswith("ws_")
    assert (body["workspace"]["name"], body["workspace"]["role"]) == ("Sharma Sweets", "owner")
    assert body["workspace"]["time_zone"] == "Asia/Kolkata"
    assert body["expires_in"] == 900
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    me = await program.get("/api/v1/me", headers={"Authorization": f"Bearer {body['access_token']}"})
    assert me.status_code == 200
    assert me.json()["user"] == body["user"]


async def test_a_browser_gets_a_cookie_and_no_token(browser: httpx.AsyncClient) -> None:
    answer = await browser.post(SIGN_UP, json=sign_up_body(time_zone="Europe/Berlin"))
    assert answer.status_code == 201
    assert set(answer.json()) == {"user", "workspace"}
    assert answer.json()["workspace"]["time_zone"] == "Europe/Berlin"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("scanly_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie
    assert (await browser.get("/api/v1/me")).status_code == 200


async def test_over_https_the_cookie_is_bound_to_the_host(postgres: TestServer, tmp_path: Path) -> None:
    async with (
        running(postgres, tmp_path, public_url="https://go.example") as installation,
        installation.client(browser=True) as browser,
    ):
        answer = await browser.post(SIGN_UP, json=sign_up_body())
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-scanly_session=")
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
        assert (await browser.get("/api/v1/me")).status_code == 200


async def test_names_and_zone_have_defaults(program: httpx.AsyncClient) -> None:
    answer = await program.post(SIGN_UP, json={"email": "ravi.kumar@example.org", "password": PASSWORD})
    body = answer.json()
    assert body["user"]["name"] == body["workspace"]["name"] == "Ravi Kumar"
    assert (body["user"]["locale"], body["workspace"]["time_zone"]) == ("en", "UTC")


async def test_others_are_told_once_of_a_new_person_and_workspace(installation: Installation, sunita: Person) -> None:
    [registered] = await installation.events("user.registered")
    [created] = await installation.events("workspace.created")
    [(user_id, workspace_id)] = await installation.rows("select user_id, workspace_id from auth.memberships")
    assert registered == {"user_id": str(user_id), "workspace_id": str(workspace_id), "locale": "hi-IN"}
    assert created == {"workspace_id": str(workspace_id), "name": "Sunita Sharma", "time_zone": "Asia/Kolkata"}
    assert sunita.id


async def test_the_password_is_kept_as_argon2id_only(installation: Installation, sunita: Person) -> None:
    [(stored,)] = await installation.rows("select password_hash from auth.users")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    [(dump,)] = await installation.rows(
        "select concat((select json_agg(u) from auth.users u), (select json_agg(s) from auth.sessions s), "
        "(select json_agg(j) from scanly.procrastinate_jobs j), (select json_agg(o) from scanly.outbox o))"
    )
    for secret in (PASSWORD, sunita.access_token, sunita.refresh_token, "scec_"):
        assert secret not in dump


async def test_a_known_address_with_the_right_password_signs_in(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    answer = await program.post(
        SIGN_UP, json=sign_up_body(email="SUNITA@example.org", name="Somebody", time_zone="UTC")
    )
    assert answer.status_code == 200
    assert answer.json()["user"]["id"] == sunita.id
    assert answer.json()["user"]["name"] == "Sunita Sharma"
    assert answer.json()["workspace"]["id"] == sunita.workspace_id
    assert len(await installation.rows("select 1 from auth.users")) == 1
    assert len(await installation.rows("select 1 from auth.workspaces")) == 1


async def test_a_known_address_with_another_password_is_refused_neutrally(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    installation.cpu.counts.clear()
    answer = await program.post(SIGN_UP, json=sign_up_body(email=sunita.email, password="another long sentence"))
    assert (answer.status_code, answer.json()["code"]) == (409, "sign_up_refused")
    assert "exists" not in answer.text
    assert installation.cpu.counts == {"is_guessable": 1, "verify_password": 1}
    installation.cpu.counts.clear()
    await sign_up(program)
    assert installation.cpu.counts == {"is_guessable": 1, "hash_password": 1}


async def test_two_sign_ups_at_once_make_one_account(installation: Installation) -> None:
    body = sign_up_body()
    async with installation.client() as one, installation.client() as two:
        answers = await asyncio.gather(one.post(SIGN_UP, json=body), two.post(SIGN_UP, json=body))
    assert sorted(answer.status_code for answer in answers) == [200, 201]
    assert len(await installation.rows("select 1 from auth.users")) == 1
    assert len(await installation.events("user.registered")) == 1


async def test_the_mail_to_confirm_is_sent_in_the_persons_language(installation: Installation, sunita: Person) -> None:
    mail = await installation.mail()
    assert mail["To"] == sunita.email
    assert mail["Subject"] == "कृपया अपना पता पक्का करें"
    assert "http://scanly.example/app/confirm?token=scec_" in text_of(mail)
    assert len(installation.mails()) == 1


async def test_nothing_waits_for_the_confirmation(program: httpx.AsyncClient, sunita: Person) -> None:
    me = (await program.get("/api/v1/me", headers=sunita.headers)).json()
    assert me["user"]["email_confirmed"] is False
    assert me["mail"] == {"delivers": False}
    assert [workspace["id"] for workspace in me["workspaces"]] == [sunita.workspace_id]
    assert me["user"]["created_at"] == START.isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"email": "no address"}, "/email"),
        ({"email": 7}, "/email"),
        ({"email": "a@b.org\r\nBcc: c@d.org"}, "/email"),
        ({"email": "a" * 400 + "@example.org"}, "/email"),
        ({"password": None}, "/password"),
        ({"password": "short"}, "/password"),
        ({"password": "password123"}, "/password"),
        ({"password": "x" * 5000}, "/password"),
        ({"password": "with\u0000nul and more"}, "/password"),
        ({"name": "abc\u202etxt.exe"}, "/name"),
        ({"name": ["a"]}, "/name"),
        ({"workspace_name": "\u0007"}, "/workspace_name"),
        ({"locale": "klingon"}, "/locale"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone"),
        ({"is_operator": True}, "/is_operator"),
    ],
)
async def test_bad_input_is_refused_with_its_place(
    installation: Installation, program: httpx.AsyncClient, change: dict[str, Any], pointer: str
) -> None:
    answer = await program.post(SIGN_UP, json=sign_up_body(**change))
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert await installation.rows("select 1 from auth.users") == []


async def test_all_faults_are_named_at_once(program: httpx.AsyncClient) -> None:
    answer = await program.post(SIGN_UP, json={"email": "x", "time_zone": "y", "more": 1})
    pointers = {fault["pointer"] for fault in answer.json()["errors"]}
    assert pointers == {"/email", "/password", "/time_zone", "/more"}


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 400),
        (b"", 422),
        (b"[]", 422),
        (b"null", 422),
        (b'{"email": "\xff"}', 400),
        (b'{"email": "\\ud800@x.org", "password": "tea under the old bridge"}', 422),
        (b"[" * 100_000, 400),
        (b'{"email": "' + b"x" * 10_000_000 + b'"}', 413),
    ],
)
async def test_what_is_no_proper_body_is_refused(program: httpx.AsyncClient, content: bytes, status: int) -> None:
    answer = await program.post(SIGN_UP, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("name", ["مقهى الأندلس", "שלום", "शर्मा मिठाई", "👩‍🍳 Anna", "O'Brien <b>"])
async def test_names_of_every_script_come_back_as_they_were(program: httpx.AsyncClient, name: str) -> None:
    answer = await program.post(SIGN_UP, json=sign_up_body(name=name, workspace_name=name))
    assert answer.json()["user"]["name"] == answer.json()["workspace"]["name"] == name
