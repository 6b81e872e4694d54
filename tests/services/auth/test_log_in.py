import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher

from scanly.kernel.cpu import CpuPool
from scanly.services.auth.domain.passwords import hash_password, verify_password
from tests.services.auth.factories import PASSWORD, Person, sign_up
from tests.services.auth.installation import Installation

pytestmark = pytest.mark.slow

LOG_IN = "/api/v1/auth/log-in"
LOG_OUT = "/api/v1/auth/log-out"
WRONG = "a wrong password indeed"


def body(email: str, password: str = PASSWORD) -> dict[str, str]:
    return {"email": email, "password": password}


async def test_a_program_logs_in(program: httpx.AsyncClient, sunita: Person) -> None:
    answer = await program.post(LOG_IN, json=body(sunita.email))
    assert answer.status_code == 200
    assert set(answer.json()) == {"user", "workspace", "access_token", "refresh_token", "expires_in"}
    assert answer.json()["workspace"]["id"] == sunita.workspace_id
    assert answer.json()["refresh_token"] != sunita.refresh_token
    assert "set-cookie" not in answer.headers


async def test_a_browser_logs_in_and_out(browser: httpx.AsyncClient, sunita: Person) -> None:
    answer = await browser.post(LOG_IN, json=body(" SUNITA@example.org "))
    assert set(answer.json()) == {"user", "workspace"}
    assert (await browser.get("/api/v1/me")).json()["user"]["id"] == sunita.id
    kept = browser.cookies["scanly_session"]
    out = await browser.post(LOG_OUT)
    assert out.status_code == 204
    assert "scanly_session" not in browser.cookies
    again = await browser.get("/api/v1/me", headers={"Cookie": f"scanly_session={kept}"})
    assert again.status_code == 401


async def test_a_cookie_alone_changes_nothing(
    installation: Installation, browser: httpx.AsyncClient, sunita: Person
) -> None:
    await browser.post(LOG_IN, json=body(sunita.email))
    browser.headers.pop("Scanly-Request")
    assert (await browser.get("/api/v1/me")).status_code == 200
    changed = {"current_password": PASSWORD, "new_password": "a password of somebody else"}
    for answer in (
        await browser.patch("/api/v1/me", json={"name": "Mallory"}),
        await browser.post("/api/v1/me/password", json=changed),
        await browser.post(LOG_OUT, json={}),
        await browser.delete("/api/v1/me/sessions"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert await installation.rows("select name from auth.users") == [("Sunita Sharma",)]


async def test_known_and_unknown_addresses_are_answered_alike(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    seen: list[tuple[Any, ...]] = []
    for email in (sunita.email, "nobody@example.org"):
        installation.cpu.counts.clear()
        answer = await program.post(LOG_IN, json=body(email, WRONG))
        problem = {name: value for name, value in answer.json().items() if name != "request_id"}
        seen.append((answer.status_code, problem, dict(installation.cpu.counts)))
    assert seen[0] == seen[1]
    assert seen[0][0] == 401
    assert seen[0][1]["code"] == "wrong_credentials"
    assert seen[0][2] == {"verify_password": 1}


async def test_the_pool_of_processes_can_do_what_auth_asks_of_it() -> None:
    pool = CpuPool(workers=1)
    try:
        stored = await pool.run(hash_password, PASSWORD)
        assert (await pool.run(verify_password, stored, PASSWORD)).matches
        assert not (await pool.run(verify_password, None, PASSWORD)).matches
    finally:
        await pool.close()


@pytest.mark.parametrize("email", ["sunita@example.org", "nobody@example.org"])
async def test_after_ten_wrong_passwords_it_rests_for_a_quarter_of_an_hour(
    installation: Installation, program: httpx.AsyncClient, sunita: Person, email: str
) -> None:
    answers = [await program.post(LOG_IN, json=body(email, WRONG)) for _ in range(20)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429] * 10
    assert answers[-1].json()["code"] == "rate_limited"
    assert answers[-1].headers["retry-after"] == "900"
    installation.cpu.counts.clear()
    assert (await program.post(LOG_IN, json=body(email))).status_code == 429
    assert installation.cpu.counts == {}
    installation.clock.advance(timedelta(minutes=15))
    assert (await program.post(LOG_IN, json=body(sunita.email))).status_code == 200


async def test_the_owner_still_gets_in_from_elsewhere(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    for _ in range(20):
        await program.post(LOG_IN, json=body(sunita.email, WRONG))
    async with installation.client(address="198.51.100.9") as elsewhere:
        assert (await elsewhere.post(LOG_IN, json=body(sunita.email))).status_code == 200
    assert (await program.post(LOG_IN, json=body("other@example.org"))).status_code == 401


async def test_many_tries_at_the_same_moment_are_all_counted(installation: Installation, sunita: Person) -> None:
    async with installation.client() as program:
        tries = [program.post(LOG_IN, json=body(sunita.email, WRONG)) for _ in range(20)]
        codes = [answer.status_code for answer in await asyncio.gather(*tries)]
    assert codes.count(401) == 10
    assert codes.count(429) == 10


async def test_one_network_counts_as_one_address_in_ipv6(installation: Installation, sunita: Person) -> None:
    codes = []
    for host in range(11):
        async with installation.client(address=f"2001:db8:1:2::{host + 1:x}") as program:
            codes.append((await program.post(LOG_IN, json=body(sunita.email, WRONG))).status_code)
    assert codes == [401] * 10 + [429]


async def test_sign_up_is_no_way_round_the_limit(program: httpx.AsyncClient, sunita: Person) -> None:
    for _ in range(10):
        await program.post("/api/v1/auth/sign-up", json=body(sunita.email, WRONG))
    assert (await program.post(LOG_IN, json=body(sunita.email))).status_code == 429


async def test_the_right_password_makes_former_tries_forgotten(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    for _ in range(3):
        for _ in range(9):
            await program.post(LOG_IN, json=body(sunita.email, WRONG))
        assert (await program.post(LOG_IN, json=body(sunita.email))).status_code == 200
    assert await installation.rows("select 1 from auth.attempts") == []


async def test_the_table_of_tries_tells_neither_who_nor_where(
    installation: Installation, program: httpx.AsyncClient
) -> None:
    await program.post(LOG_IN, json=body("nobody@example.org"))
    [(dump,)] = await installation.rows("select json_agg(a)::text from auth.attempts a")
    assert "nobody" not in dump
    assert "203.0.113.7" not in dump


async def test_a_hash_with_older_parameters_is_renewed(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash(PASSWORD)
    await installation.run(f"update auth.users set password_hash = '{old}'")
    assert (await program.post(LOG_IN, json=body(sunita.email))).status_code == 200
    [(stored,)] = await installation.rows("select password_hash from auth.users")
    assert "m=19456,t=2,p=1" in stored
    assert (await program.post(LOG_IN, json=body(sunita.email))).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"email": "sunita@example.org"},
        {"email": "sunita@example.org", "password": 12345678},
        {"email": {"$ne": ""}, "password": PASSWORD},
        {"email": "sunita@example.org", "password": PASSWORD, "otp": None, "more": 1},
        {"email": "sunita@example.org", "password": "x" * 2000},
    ],
)
async def test_bad_input(program: httpx.AsyncClient, sent: dict[str, Any]) -> None:
    assert (await program.post(LOG_IN, json=sent)).status_code == 422


async def test_a_program_logs_out_by_either_token(program: httpx.AsyncClient) -> None:
    by_access, by_refresh, stays = [await sign_up(program) for _ in range(3)]
    assert (await program.post(LOG_OUT, headers=by_access.headers)).status_code == 204
    assert (await program.post(LOG_OUT, json={"refresh_token": by_refresh.refresh_token})).status_code == 204
    for person, status in ((by_access, 401), (by_refresh, 401), (stays, 200)):
        assert (await program.get("/api/v1/me", headers=person.headers)).status_code == status
        answer = await program.post("/api/v1/auth/refresh", json={"refresh_token": person.refresh_token})
        assert answer.status_code == status


async def test_logging_out_twice_or_as_nobody_is_no_error(program: httpx.AsyncClient, sunita: Person) -> None:
    assert (await program.post(LOG_OUT)).status_code == 204
    for _ in range(2):
        sent = {"refresh_token": sunita.refresh_token}
        assert (await program.post(LOG_OUT, json=sent)).status_code == 204
    assert (await program.post(LOG_OUT, json={"refresh_token": "scrt_nonsense"})).status_code == 204


async def test_a_log_out_elsewhere_reaches_what_the_door_remembered(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    assert (await program.get("/api/v1/me", headers=sunita.headers)).status_code == 200
    heard = asyncio.Event()
    installation.invalidation.subscribe("auth.session", lambda _key: heard.set())
    await installation.another_process().grants.end_by_refresh_token(sunita.refresh_token)
    await asyncio.wait_for(heard.wait(), 5)
    assert (await program.get("/api/v1/me", headers=sunita.headers)).status_code == 401
