from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.services.auth.factories import PASSWORD, Person, sign_up
from tests.services.auth.installation import Installation, text_of, token_in

CONFIRM = "/api/v1/auth/email/confirm"
RESEND = "/api/v1/auth/email/resend"
FORGOT = "/api/v1/auth/password/forgot"
RESET = "/api/v1/auth/password/reset"
LOG_IN = "/api/v1/auth/log-in"
NEW = "cardamom and a blue kite"


async def is_confirmed(client: httpx.AsyncClient, person: Person) -> bool:
    me = await client.get("/api/v1/me", headers=person.headers)
    return bool(me.json()["user"]["email_confirmed"])


async def test_the_link_confirms_the_address_once(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    token = token_in(await installation.mail())
    assert not await is_confirmed(program, sunita)
    assert (await program.post(CONFIRM, json={"token": token})).status_code == 204
    assert await is_confirmed(program, sunita)
    again = await program.post(CONFIRM, json={"token": token})
    assert (again.status_code, again.json()["code"]) == (410, "link_refused")


async def test_the_link_to_confirm_lives_for_a_week(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    token = token_in(await installation.mail())
    installation.clock.advance(timedelta(days=7))
    assert (await program.post(CONFIRM, json={"token": token})).status_code == 410
    assert await installation.rows("select email_confirmed_at from auth.users") == [(None,)]
    assert sunita.id


async def test_the_mail_can_be_had_again_but_not_without_end(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    codes = [(await program.post(RESEND, headers=sunita.headers)).status_code for _ in range(5)]
    assert codes == [202] * 4 + [429]
    await installation.work()
    tokens = [token_in(mail) for mail in installation.mails()]
    assert len(set(tokens)) == len(tokens) == 5
    assert (await program.post(CONFIRM, json={"token": tokens[2]})).status_code == 204
    assert (await program.post(CONFIRM, json={"token": tokens[4]})).status_code == 410
    assert (await program.post(RESEND, headers=sunita.headers)).status_code == 202
    assert await installation.work() == 0


async def test_a_mail_that_is_sent_twice_is_the_same_mail(installation: Installation, sunita: Person) -> None:
    [(args,)] = await installation.rows("select args from scanly.procrastinate_jobs where queue_name = 'auth'")
    await installation.work()
    await installation.auth.letters.send(args["mail"], args["user_id"], args["link_id"])
    first, second = installation.mails()
    assert text_of(first) == text_of(second)
    assert sunita.email == first["To"]


async def test_a_mail_whose_link_was_used_meanwhile_is_not_sent(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    token = token_in(await installation.mail())
    await program.post(RESEND, headers=sunita.headers)
    await program.post(CONFIRM, json={"token": token})
    assert await installation.work() == 1
    assert len(installation.mails()) == 1


async def test_only_who_is_signed_in_has_it_sent_again(program: httpx.AsyncClient) -> None:
    assert (await program.post(RESEND)).status_code == 401


async def test_a_forgotten_password_is_set_anew(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    await installation.work()
    assert (await program.post(FORGOT, json={"email": "SUNITA@example.org"})).status_code == 202
    mail = await installation.mail()
    assert (mail["To"], mail["Subject"]) == ("sunita@example.org", "नया पासवर्ड चुनें")
    token = token_in(mail)
    assert (await program.post(RESET, json={"token": token, "password": NEW})).status_code == 204

    assert (await program.get("/api/v1/me", headers=sunita.headers)).status_code == 401
    refresh = await program.post("/api/v1/auth/refresh", json={"refresh_token": sunita.refresh_token})
    assert refresh.status_code == 401
    assert (await program.post(LOG_IN, json={"email": sunita.email, "password": PASSWORD})).status_code == 401
    answer = await program.post(LOG_IN, json={"email": sunita.email, "password": NEW})
    assert answer.json()["user"]["email_confirmed"] is True
    assert (await installation.mail())["Subject"] == "आपका पासवर्ड बदल गया है"

    again = await program.post(RESET, json={"token": token, "password": "yet another long one"})
    assert (again.status_code, again.json()["code"]) == (410, "link_refused")


async def test_who_is_known_shows_in_nothing(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    await installation.work()
    seen: list[tuple[Any, ...]] = []
    for email in (sunita.email, "nobody@example.org"):
        before = await installation.rows("select count(*) from scanly.procrastinate_jobs")
        answer = await program.post(FORGOT, json={"email": email})
        after = await installation.rows("select count(*) from scanly.procrastinate_jobs")
        links = await installation.rows("select count(*) from auth.links where purpose = 'scpr'")
        seen.append((answer.status_code, answer.content, after[0][0] - before[0][0], links[0][0]))
    assert seen[0] == seen[1] == (202, b"null", 1, 0)
    await installation.work()
    assert [mail["To"] for mail in installation.mails()] == [sunita.email] * 2


async def test_nobodys_mailbox_is_flooded(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    await installation.work()
    for _ in range(9):
        assert (await program.post(FORGOT, json={"email": sunita.email})).status_code == 202
        await installation.work()
    assert len(installation.mails()) == 1 + 5
    installation.clock.advance(timedelta(hours=1))
    await program.post(FORGOT, json={"email": sunita.email})
    await installation.work()
    assert len(installation.mails()) == 1 + 6


async def test_the_link_for_a_password_lives_for_an_hour(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    await installation.work()
    await program.post(FORGOT, json={"email": sunita.email})
    token = token_in(await installation.mail())
    installation.clock.advance(timedelta(hours=1))
    assert (await program.post(RESET, json={"token": token, "password": NEW})).status_code == 410


async def test_a_weak_password_does_not_spend_the_link(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    await installation.work()
    await program.post(FORGOT, json={"email": sunita.email})
    token = token_in(await installation.mail())
    weak = await program.post(RESET, json={"token": token, "password": "password123"})
    assert (weak.status_code, weak.json()["errors"][0]["pointer"]) == (422, "/password")
    assert (await program.post(RESET, json={"token": token, "password": NEW})).status_code == 204


async def test_a_new_password_ends_the_rest_after_wrong_ones(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    for _ in range(11):
        await program.post(LOG_IN, json={"email": sunita.email, "password": "wrong wrong wrong"})
    await installation.work()
    await program.post(FORGOT, json={"email": sunita.email})
    await program.post(RESET, json={"token": token_in(await installation.mail()), "password": NEW})
    assert (await program.post(LOG_IN, json={"email": sunita.email, "password": NEW})).status_code == 200


async def test_a_link_does_only_what_it_is_for(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    confirm = token_in(await installation.mail())
    for token in (confirm, confirm.replace("scec_", "scpr_")):
        answer = await program.post(RESET, json={"token": token, "password": NEW})
        assert (answer.status_code, answer.json()["code"]) == (410, "link_refused")
    claim = await program.post(
        "/api/v1/auth/operator/claim", json={"token": confirm.replace("scec_", "scop_")}, headers=sunita.headers
    )
    assert claim.status_code == 410


@pytest.mark.parametrize("path", [CONFIRM, RESET])
@pytest.mark.parametrize("token", ["", "x", "scec_" + "A" * 70, "scpr_" + "A" * 70, "\u0000"])
async def test_forged_links(program: httpx.AsyncClient, path: str, token: str) -> None:
    body = {"token": token} if path == CONFIRM else {"token": token, "password": NEW}
    answer = await program.post(path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (410, "link_refused")


async def test_a_link_to_an_address_given_up_does_nothing(
    installation: Installation, program: httpx.AsyncClient
) -> None:
    person = await sign_up(program, email="old@example.org")
    confirm = token_in(await installation.mail())
    await program.post(FORGOT, json={"email": "old@example.org"})
    reset = token_in(await installation.mail())
    await installation.run("update auth.users set email = 'new@example.org', email_key = 'new@example.org'")
    for path, body in ((CONFIRM, {"token": confirm}), (RESET, {"token": reset, "password": NEW})):
        answer = await program.post(path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (410, "link_refused")
    assert not await is_confirmed(program, person)
