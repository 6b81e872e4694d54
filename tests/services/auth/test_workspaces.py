from typing import Any

import httpx
import pytest
from sqlalchemy import text

from scanly.kernel.errors import NotFound
from scanly.kernel.ids import decode_id
from scanly.services.auth import repository
from tests.services.auth.factories import PASSWORD, Person, sign_up
from tests.services.auth.installation import Installation

WORKSPACES = "/api/v1/workspaces"


async def test_a_person_may_have_several(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    body = {"name": "दूसरी दुकान", "time_zone": "Asia/Kolkata"}
    made = await program.post(WORKSPACES, json=body, headers=sunita.headers)
    assert made.status_code == 201
    assert (made.json()["name"], made.json()["role"]) == ("दूसरी दुकान", "owner")
    page = (await program.get(WORKSPACES, headers=sunita.headers)).json()
    assert [one["id"] for one in page["data"]] == [sunita.workspace_id, made.json()["id"]]
    events = await installation.events("workspace.created")
    assert events[-1]["name"] == "दूसरी दुकान"
    me = (await program.get("/api/v1/me", headers=sunita.headers)).json()
    assert me["workspaces"] == page["data"]


async def test_the_same_key_makes_one(installation: Installation, program: httpx.AsyncClient, sunita: Person) -> None:
    headers = {**sunita.headers, "Idempotency-Key": "second-shop"}
    first = await program.post(WORKSPACES, json={"name": "Second"}, headers=headers)
    again = await program.post(WORKSPACES, json={"name": "Second"}, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert len(await installation.rows("select 1 from auth.workspaces")) == 2
    other_body = await program.post(WORKSPACES, json={"name": "Third"}, headers=headers)
    assert (other_body.status_code, other_body.json()["code"]) == (422, "idempotency_key_reused")
    other = await sign_up(program)
    theirs = await program.post(
        WORKSPACES, json={"name": "Second"}, headers={**other.headers, "Idempotency-Key": "second-shop"}
    )
    assert theirs.json()["id"] != first.json()["id"]


async def test_what_one_does_next_sees_ones_own_change_without_waiting_for_word(
    installation: Installation, program: httpx.AsyncClient, browser: httpx.AsyncClient
) -> None:
    await installation.invalidation.stop()
    person = await sign_up(program)
    await browser.post("/api/v1/auth/log-in", json={"email": person.email, "password": PASSWORD})
    for client in (program, browser):
        headers = person.headers if client is program else {}
        assert (await client.get(WORKSPACES, headers=headers)).status_code == 200
        made = (await client.post(WORKSPACES, json={"name": "Next"}, headers=headers)).json()
        answer = await client.get(WORKSPACES, headers={**headers, "Scanly-Workspace": made["id"]})
        assert answer.status_code == 200
        assert (await client.post("/api/v1/auth/log-out", headers=headers)).status_code == 204
        assert (await client.get(WORKSPACES, headers=headers)).status_code == 401


async def test_name_and_zone_change_and_others_are_told(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    path = f"{WORKSPACES}/{sunita.workspace_id}"
    answer = await program.patch(path, json={"time_zone": "Asia/Dubai"}, headers=sunita.headers)
    assert (answer.json()["name"], answer.json()["time_zone"]) == ("Sunita Sharma", "Asia/Dubai")
    answer = await program.patch(path, json={"name": "Sharma Sweets"}, headers=sunita.headers)
    assert (await program.get(path, headers=sunita.headers)).json() == answer.json()
    await program.patch(path, json={"name": "Sharma Sweets"}, headers=sunita.headers)
    await program.patch(path, json={}, headers=sunita.headers)
    workspace_id = str(decode_id("ws", sunita.workspace_id))
    assert await installation.events("workspace.updated") == [
        {"workspace_id": workspace_id, "name": "Sunita Sharma", "time_zone": "Asia/Dubai"},
        {"workspace_id": workspace_id, "name": "Sharma Sweets", "time_zone": "Asia/Dubai"},
    ]


@pytest.mark.parametrize(
    "change", [{"name": None}, {"name": " "}, {"time_zone": "IST"}, {"time_zone": None}, {"plan": "agency"}]
)
async def test_bad_input(program: httpx.AsyncClient, sunita: Person, change: dict[str, Any]) -> None:
    path = f"{WORKSPACES}/{sunita.workspace_id}"
    answer = await program.patch(path, json=change, headers=sunita.headers)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [f"/{next(iter(change))}"]


@pytest.mark.parametrize(("role", "status"), [("admin", 200), ("editor", 403), ("viewer", 403)])
async def test_who_may_change_it(
    installation: Installation, program: httpx.AsyncClient, sunita: Person, role: str, status: int
) -> None:
    member = await sign_up(program)
    await installation.run(
        "insert into auth.memberships (workspace_id, user_id, role, created_at) values "
        f"('{decode_id('ws', sunita.workspace_id)}', '{decode_id('user', member.id)}', '{role}', now())"
    )
    path = f"{WORKSPACES}/{sunita.workspace_id}"
    assert (await program.get(path, headers=member.headers)).json()["role"] == role
    assert (await program.patch(path, json={"name": "New"}, headers=member.headers)).status_code == status


async def test_strangers_find_nothing(installation: Installation, program: httpx.AsyncClient, sunita: Person) -> None:
    stranger = await sign_up(program)
    path = f"{WORKSPACES}/{sunita.workspace_id}"
    for answer in (
        await program.get(path, headers=stranger.headers),
        await program.patch(path, json={"name": "Mine"}, headers=stranger.headers),
        await program.get(f"{WORKSPACES}/ws_{'0' * 26}", headers=stranger.headers),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    page = (await program.get(WORKSPACES, headers=stranger.headers)).json()
    assert [one["id"] for one in page["data"]] == [stranger.workspace_id]
    assert await installation.events("workspace.updated") == []


async def test_other_services_ask_for_a_workspace(installation: Installation, sunita: Person) -> None:
    workspace_id = decode_id("ws", sunita.workspace_id)
    found = await installation.auth.workspace(workspace_id=workspace_id)
    assert (found.id, found.name, found.time_zone) == (workspace_id, "Sunita Sharma", "Asia/Kolkata")
    with pytest.raises(NotFound):
        await installation.auth.workspace(workspace_id=decode_id("ws", "ws_" + "0" * 26))


async def test_a_query_without_its_filter_sees_one_workspace_only(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    other = await sign_up(program)
    mine, theirs = decode_id("ws", sunita.workspace_id), decode_id("ws", other.workspace_id)
    db = installation.database.for_service("auth")
    async with db.begin(mine) as session:
        assert (await session.execute(text("select id from auth.workspaces"))).all() == [(mine,)]
        assert (await session.execute(text("select workspace_id from auth.memberships"))).all() == [(mine,)]
        assert await repository.workspace(session, theirs) is None
        changed = await session.execute(text("update auth.workspaces set name = 'x' where id <> :mine"), {"mine": mine})
        assert changed.rowcount == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("table", ["users", "sessions", "links", "attempts", "signing_keys"])
async def test_a_tenants_transaction_reads_no_table_of_people(
    installation: Installation, sunita: Person, table: str
) -> None:
    db = installation.database.for_service("auth")
    with pytest.raises(Exception, match="permission denied"):
        async with db.begin(decode_id("ws", sunita.workspace_id)) as session:
            await session.execute(text(f"select 1 from auth.{table}"))


async def test_nobody_joins_a_foreign_workspace_past_the_policy(
    installation: Installation, program: httpx.AsyncClient, sunita: Person
) -> None:
    other = await sign_up(program)
    statement = text("insert into auth.memberships values (:workspace, :user, 'owner', now())")
    values = {"workspace": decode_id("ws", sunita.workspace_id), "user": decode_id("user", other.id)}
    db = installation.database.for_service("auth")
    with pytest.raises(Exception, match="row-level security"):
        async with db.begin(decode_id("ws", other.workspace_id)) as session:
            await session.execute(statement, values)
