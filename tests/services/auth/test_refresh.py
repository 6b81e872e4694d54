import asyncio
from datetime import timedelta

import httpx
import pytest

from tests.services.auth.factories import Person
from tests.services.auth.installation import Installation

REFRESH = "/api/v1/auth/refresh"


async def refresh(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.post(REFRESH, json={"refresh_token": token})


async def test_a_refresh_token_is_exchanged_for_the_next(program: httpx.AsyncClient, sunita: Person) -> None:
    token, seen = sunita.refresh_token, {sunita.refresh_token}
    for _ in range(3):
        answer = await refresh(program, token)
        assert answer.status_code == 200
        assert set(answer.json()) == {"access_token", "refresh_token", "expires_in"}
        token = answer.json()["refresh_token"]
        assert token not in seen
        seen.add(token)
        headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        assert (await program.get("/api/v1/me", headers=headers)).json()["user"]["id"] == sunita.id


async def test_an_expired_access_token_beside_it_does_not_matter(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    installation.clock.advance(timedelta(hours=1))
    assert (await program.get("/api/v1/me", headers=sunita.headers)).status_code == 401
    sent = {"refresh_token": sunita.refresh_token}
    assert (await program.post(REFRESH, json=sent, headers=sunita.headers)).status_code == 200


async def test_two_tabs_get_the_same_successor(installation: Installation, sunita: Person) -> None:
    async with installation.client() as one, installation.client() as two:
        answers = await asyncio.gather(*(refresh(tab, sunita.refresh_token) for tab in (one, two) * 3))
    assert {answer.status_code for answer in answers} == {200}
    [successor] = {answer.json()["refresh_token"] for answer in answers}
    async with installation.client() as tab:
        assert (await refresh(tab, successor)).status_code == 200


async def test_the_grace_is_ten_seconds(installation: Installation, program: httpx.AsyncClient, sunita: Person) -> None:
    first = await refresh(program, sunita.refresh_token)
    installation.clock.advance(timedelta(seconds=10))
    second = await refresh(program, sunita.refresh_token)
    assert second.json()["refresh_token"] == first.json()["refresh_token"]
    installation.clock.advance(timedelta(seconds=1))
    assert (await refresh(program, sunita.refresh_token)).status_code == 401


async def test_reuse_ends_the_whole_session(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    successor = (await refresh(program, sunita.refresh_token)).json()
    installation.clock.advance(timedelta(seconds=11))
    stolen = await refresh(program, sunita.refresh_token)
    assert (stolen.status_code, stolen.json()["code"]) == (401, "token_refused")
    assert (await refresh(program, successor["refresh_token"])).status_code == 401
    headers = {"Authorization": f"Bearer {successor['access_token']}"}
    assert (await program.get("/api/v1/me", headers=headers)).status_code == 401


async def test_within_the_grace_only_the_last_but_one_is_taken(program: httpx.AsyncClient, sunita: Person) -> None:
    second = (await refresh(program, sunita.refresh_token)).json()["refresh_token"]
    assert (await refresh(program, second)).status_code == 200
    assert (await refresh(program, sunita.refresh_token)).status_code == 401


async def test_an_unused_refresh_token_expires_and_use_prolongs_it(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    installation.clock.advance(timedelta(days=29))
    successor = (await refresh(program, sunita.refresh_token)).json()["refresh_token"]
    installation.clock.advance(timedelta(days=29))
    successor = (await refresh(program, successor)).json()["refresh_token"]
    installation.clock.advance(timedelta(days=30))
    assert (await refresh(program, successor)).status_code == 401


async def test_no_session_is_prolonged_beyond_half_a_year(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    token, days = sunita.refresh_token, 0
    while (answer := await refresh(program, token)).status_code == 200:
        token = answer.json()["refresh_token"]
        installation.clock.advance(timedelta(days=20))
        days += 20
    assert days == 180


@pytest.mark.parametrize("token", ["", "x", "scrt_", "scrt_" + "A" * 70, "sk_live_123", "\u0000", "x" * 512])
async def test_forged_refresh_tokens(program: httpx.AsyncClient, sunita: Person, token: str) -> None:
    answer = await refresh(program, token)
    assert (answer.status_code, answer.json()["code"]) == (401, "token_refused")
    assert (await refresh(program, sunita.refresh_token)).status_code == 200


async def test_an_access_token_or_a_cookie_is_no_refresh_token(
    program: httpx.AsyncClient, browser: httpx.AsyncClient, sunita: Person
) -> None:
    assert (await refresh(program, sunita.access_token)).status_code in (401, 422)
    await browser.post("/api/v1/auth/log-in", json={"email": sunita.email, "password": "tea under the old bridge"})
    assert (await refresh(program, browser.cookies["scanly_session"])).status_code == 401


@pytest.mark.parametrize("sent", [{}, {"refresh_token": None}, {"refresh_token": ["a"]}, {"refresh_token": "x" * 600}])
async def test_bad_input(program: httpx.AsyncClient, sent: dict[str, object]) -> None:
    assert (await program.post(REFRESH, json=sent)).status_code == 422


async def test_another_secret_makes_all_refresh_tokens_worthless(installation: Installation, sunita: Person) -> None:
    installation._context.secret = b"the secret of another installation"
    other = installation.another_process()
    with pytest.raises(Exception, match="unknown"):
        await other.grants.refresh(sunita.refresh_token)
