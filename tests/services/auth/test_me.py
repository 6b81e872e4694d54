from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.services.auth.factories import PASSWORD, Person, sign_up
from tests.services.auth.installation import Installation

ME = "/api/v1/me"
SESSIONS = "/api/v1/me/sessions"
LOG_IN = "/api/v1/auth/log-in"
NEW = "cardamom and a blue kite"
CHROME = (
    "Mozilla/5.0 (Linux; Android 14; Redmi 12) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Mobile Safari/537.36"
)


async def test_name_and_language_change(program: httpx.AsyncClient, sunita: Person) -> None:
    answer = await program.patch(ME, json={"name": " सुनीता  शर्मा ", "locale": "en-GB"}, headers=sunita.headers)
    assert answer.status_code == 200
    me = (await program.get(ME, headers=sunita.headers)).json()
    assert answer.json() == me
    assert (me["user"]["name"], me["user"]["locale"]) == ("सुनीता शर्मा", "en-GB")
    answer = await program.patch(ME, json={"locale": "hi"}, headers=sunita.headers)
    assert (answer.json()["user"]["name"], answer.json()["user"]["locale"]) == ("सुनीता शर्मा", "hi")


@pytest.mark.parametrize(
    "change",
    [
        {"name": None},
        {"name": ""},
        {"name": "a\u202eb"},
        {"locale": "xx-yy"},
        {"email": "x@y.org"},
        {"is_operator": True},
    ],
)
async def test_what_cannot_be_changed(program: httpx.AsyncClient, sunita: Person, change: dict[str, Any]) -> None:
    answer = await program.patch(ME, json=change, headers=sunita.headers)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [f"/{next(iter(change))}"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ME),
        ("PATCH", ME),
        ("POST", f"{ME}/password"),
        ("GET", SESSIONS),
        ("DELETE", SESSIONS),
        ("DELETE", f"{SESSIONS}/sess_{'0' * 26}"),
        ("GET", "/api/v1/workspaces"),
        ("POST", "/api/v1/workspaces"),
        ("GET", f"/api/v1/workspaces/ws_{'0' * 26}"),
        ("PATCH", f"/api/v1/workspaces/ws_{'0' * 26}"),
        ("POST", "/api/v1/auth/operator/claim"),
    ],
)
async def test_nobody_gets_nothing(program: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await program.request(method, path, json={} if method != "GET" else None)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_the_password_changes_and_other_sessions_end(
    installation: Installation, program: httpx.AsyncClient, browser: httpx.AsyncClient, sunita: Person
) -> None:
    await browser.post(LOG_IN, json={"email": sunita.email, "password": PASSWORD})
    body = {"current_password": PASSWORD, "new_password": NEW}
    assert (await browser.post(f"{ME}/password", json=body)).status_code == 204
    assert (await browser.get(ME)).status_code == 200
    assert (await program.get(ME, headers=sunita.headers)).status_code == 401
    assert (await program.post(LOG_IN, json={"email": sunita.email, "password": NEW})).status_code == 200
    assert (await installation.mail())["Subject"] == "आपका पासवर्ड बदल गया है"


async def test_a_wrong_current_password_is_told_and_counted(program: httpx.AsyncClient, sunita: Person) -> None:
    body = {"current_password": "not this one", "new_password": NEW}
    answers = [await program.post(f"{ME}/password", json=body, headers=sunita.headers) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert answers[0].json()["errors"][0]["pointer"] == "/current_password"
    assert answers[0].json()["errors"][0]["code"] == "wrong_password"


async def test_a_weak_new_password_is_refused(program: httpx.AsyncClient, sunita: Person) -> None:
    body = {"current_password": PASSWORD, "new_password": "sunita123"}
    answer = await program.post(f"{ME}/password", json=body, headers=sunita.headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "password_too_weak")
    assert answer.json()["errors"][0]["pointer"] == "/new_password"


async def test_where_one_is_signed_in(
    installation: Installation, program: httpx.AsyncClient, browser: httpx.AsyncClient, sunita: Person
) -> None:
    installation.clock.advance(timedelta(minutes=5))
    await browser.post(LOG_IN, json={"email": sunita.email, "password": PASSWORD}, headers={"User-Agent": CHROME})
    page = (await browser.get(SESSIONS)).json()
    assert (page["has_more"], page["next_cursor"]) == (False, None)
    phone, script = page["data"]
    assert (phone["is_current"], phone["kind"], phone["browser"], phone["system"]) == (
        True,
        "browser",
        "Chrome Mobile",
        "Android",
    )
    assert (script["is_current"], script["kind"]) == (False, "program")
    assert script["id"].startswith("sess_")

    assert (await browser.delete(f"{SESSIONS}/{script['id']}")).status_code == 204
    assert (await program.get(ME, headers=sunita.headers)).status_code == 401
    assert (await browser.delete(f"{SESSIONS}/{script['id']}")).status_code == 404
    assert [one["id"] for one in (await browser.get(SESSIONS)).json()["data"]] == [phone["id"]]


async def test_one_cannot_end_somebody_elses_session(program: httpx.AsyncClient, sunita: Person) -> None:
    other = await sign_up(program)
    [session] = (await program.get(SESSIONS, headers=sunita.headers)).json()["data"]
    answer = await program.delete(f"{SESSIONS}/{session['id']}", headers=other.headers)
    assert answer.status_code == 404
    assert (await program.get(ME, headers=sunita.headers)).status_code == 200


@pytest.mark.parametrize("identifier", ["x", "sess_x", "ws_" + "0" * 26, "sess_" + "u" * 26, "sess_" + "z" * 26])
async def test_ids_that_are_none(program: httpx.AsyncClient, sunita: Person, identifier: str) -> None:
    answer = await program.delete(f"{SESSIONS}/{identifier}", headers=sunita.headers)
    assert answer.status_code in (404, 422)


async def test_signing_out_everywhere_else(
    program: httpx.AsyncClient, browser: httpx.AsyncClient, sunita: Person
) -> None:
    await browser.post(LOG_IN, json={"email": sunita.email, "password": PASSWORD})
    assert (await browser.delete(SESSIONS)).status_code == 204
    assert (await browser.get(ME)).status_code == 200
    assert (await program.get(ME, headers=sunita.headers)).status_code == 401


async def test_use_is_noted_each_minute_and_prolongs_the_session(
    installation: Installation, browser: httpx.AsyncClient, sunita: Person
) -> None:
    await browser.post(LOG_IN, json={"email": sunita.email, "password": PASSWORD})
    token = browser.cookies["scanly_session"]
    query = "select last_used_at, expires_at from auth.sessions where token_hash is not null"
    [begun] = await installation.rows(query)
    installation.clock.advance(timedelta(seconds=59))
    assert await installation.auth.identify_cookie(token=token)
    assert await installation.rows(query) == [begun]
    installation.clock.advance(timedelta(seconds=1))
    assert await installation.auth.identify_cookie(token=token)
    minute = timedelta(minutes=1)
    assert await installation.rows(query) == [(begun[0] + minute, begun[1] + minute)]
    installation.clock.advance(timedelta(days=30))
    assert await installation.auth.identify_cookie(token=token) is None


async def test_control_characters_of_a_user_agent_are_not_kept(
    installation: Installation, program: httpx.AsyncClient
) -> None:
    await program.post(
        "/api/v1/auth/sign-up",
        json={"email": "a@example.org", "password": PASSWORD},
        headers={"User-Agent": "x\ty" + "z" * 1000},
    )
    [(agent,)] = await installation.rows("select user_agent from auth.sessions")
    assert agent.startswith("xyz")
    assert len(agent) == 400


async def test_ended_things_are_tidied_away(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    await program.post("/api/v1/auth/log-out", headers=sunita.headers)
    await program.post(LOG_IN, json={"email": sunita.email, "password": "wrong wrong wrong"})
    await installation.auth.tidy()
    assert len(await installation.rows("select 1 from auth.sessions")) == 1
    installation.clock.advance(timedelta(days=15))
    await installation.auth.tidy()
    for table in ("sessions", "links", "attempts"):
        assert await installation.rows(f"select 1 from auth.{table}") == []
    assert len(await installation.rows("select 1 from auth.users")) == 1
