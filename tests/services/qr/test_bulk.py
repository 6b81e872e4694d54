"""One action on many codes, and codes that go to another workspace."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from scanly.contracts.auth import Role
from scanly.kernel.errors import Unavailable
from scanly.kernel.ids import decode_id, encode_id, new_id
from tests.services.qr.factories import PALE, URL, WIFI, Bench, make_code, pointers

UNKNOWN = encode_id("qr", new_id())


async def bulk(client: httpx.AsyncClient, action: str, ids: list[str] | None = None, **more: Any) -> dict[str, Any]:
    answer = await client.post("/qr-codes/bulk", json={"action": action, **({"ids": ids} if ids else {}), **more})
    assert answer.status_code == 207, answer.text
    return dict(answer.json())


async def read(client: httpx.AsyncClient, code: dict[str, Any]) -> dict[str, Any]:
    return dict((await client.get(f"/qr-codes/{code['id']}")).json())


async def some(client: httpx.AsyncClient, count: int = 3) -> list[dict[str, Any]]:
    return [await make_code(client, name=f"code {number}") for number in range(count)]


def statuses(results: dict[str, Any]) -> list[int]:
    return [result["status"] for result in results["data"]]


@pytest.mark.parametrize(
    ("action", "back", "field", "value"),
    [
        ("archive", "unarchive", "status", "archived"),
        ("pause", "resume", "status", "paused"),
    ],
)
async def test_states_change_and_come_back(
    owner: httpx.AsyncClient, action: str, back: str, field: str, value: str
) -> None:
    codes = await some(owner)
    ids = [code["id"] for code in codes[:2]]
    done = await bulk(owner, action, [*ids, UNKNOWN, ids[0]])
    assert (done["succeeded"], done["failed"], statuses(done)) == (2, 1, [200, 200, 404])
    assert done["data"][2]["error"]["code"] == "code_not_found"
    assert [(await read(owner, code))[field] for code in codes] == [value, value, "active"]
    await bulk(owner, back, ids)
    assert [(await read(owner, code))[field] for code in codes] == ["active"] * 3


async def test_deleting_restoring_and_removing(qr: Bench, owner: httpx.AsyncClient) -> None:
    codes = [*await some(owner, 2), await make_code(owner, content=WIFI)]
    ids = [code["id"] for code in codes]
    assert statuses(await bulk(owner, "delete", ids)) == [204] * 3
    assert len(qr.routing.removed) == 2
    assert statuses(await bulk(owner, "delete", ids)) == [404] * 3
    assert statuses(await bulk(owner, "restore", ids[:2])) == [200] * 2
    assert qr.routing.removed == set()
    refused = await bulk(owner, "remove", ids)
    assert statuses(refused) == [409, 409, 204]
    listed = await owner.get("/qr-codes", params={"status": ["active", "deleted"]})
    assert {code["id"] for code in listed.json()["data"]} == set(ids[:2])


async def test_events_are_those_of_single_calls(qr: Bench, owner: httpx.AsyncClient) -> None:
    ids = [code["id"] for code in await some(owner, 2)]
    before = len(await qr.events())
    await bulk(owner, "archive", ids)
    await bulk(owner, "archive", ids)
    await bulk(owner, "delete", ids)
    assert [topic for topic, _ in (await qr.events())[before:]] == ["qr.updated"] * 2 + ["qr.deleted"] * 2


async def test_tags_are_put_on_and_taken_off(owner: httpx.AsyncClient) -> None:
    one = await make_code(owner, name="one", tags=["Hall"])
    full = await make_code(owner, name="full", tags=[f"t{number}" for number in range(20)])
    ids = [one["id"], full["id"]]
    done = await bulk(owner, "tag", ids, tags=["HALL", "summer"])
    assert statuses(done) == [200, 422]
    assert (await read(owner, one))["tags"] == ["Hall", "summer"]
    assert len((await read(owner, full))["tags"]) == 20
    found = (await owner.get("/qr-codes", params={"q": "summer"})).json()["data"]
    assert [code["name"] for code in found] == ["one"]
    await bulk(owner, "untag", ids, tags=["hall"])
    assert (await read(owner, one))["tags"] == ["summer"]


async def test_codes_move_into_a_folder_and_out(qr: Bench, owner: httpx.AsyncClient) -> None:
    folder = (await owner.post("/folders", json={"name": "Hall"})).json()["id"]
    codes = await some(owner, 2)
    ids = [code["id"] for code in codes]
    await bulk(owner, "move", ids, folder_id=folder)
    assert (await read(owner, codes[0]))["folder_id"] == folder
    await bulk(owner, "move", ids, folder_id=None)
    assert (await read(owner, codes[0]))["folder_id"] is None
    async with qr.client() as other:
        theirs = (await other.post("/folders", json={"name": "Hall"})).json()["id"]
        assert statuses(await bulk(other, "archive", ids)) == [404] * 2
    wrong = await owner.post("/qr-codes/bulk", json={"action": "move", "ids": ids, "folder_id": theirs})
    assert (wrong.status_code, pointers(wrong)) == (422, {"/folder_id"})


@pytest.mark.slow
async def test_a_look_is_given_to_many(owner: httpx.AsyncClient) -> None:
    codes = await some(owner, 3)
    ids = [code["id"] for code in codes]
    blue = {"modules": {"fill": {"color": "#102a63"}}}
    assert statuses(await bulk(owner, "edit", ids, change={"design": blue})) == [200] * 3
    after = await read(owner, codes[2])
    assert after["design"]["modules"]["fill"]["color"] == "#102a63"
    assert after["payload"] == codes[2]["payload"]
    refused = await bulk(owner, "edit", ids, change={"design": PALE})
    assert {result["error"]["code"] for result in refused["data"]} == {"unreadable_design"}


@pytest.mark.slow
async def test_a_rehearsal_tells_what_would_be_refused_and_changes_nothing(qr: Bench, owner: httpx.AsyncClient) -> None:
    codes = await some(owner, 2)
    ids = [*(code["id"] for code in codes), UNKNOWN]
    before, events = [await read(owner, code) for code in codes], len(await qr.events())
    blue = {"design": {"modules": {"fill": {"color": "#102a63"}}}}
    assert statuses(await bulk(owner, "edit", ids, change=blue, dry_run=True)) == [200, 200, 404]
    refused = await bulk(owner, "edit", ids[:2], change={"design": PALE}, dry_run=True)
    assert {result["error"]["code"] for result in refused["data"]} == {"unreadable_design"}
    assert [await read(owner, code) for code in codes] == before
    assert len(await qr.events()) == events


async def test_looks_that_phones_fail_to_read_are_given_to_many_at_ones_own_risk(owner: httpx.AsyncClient) -> None:
    codes = await some(owner, 2)
    ids = [code["id"] for code in codes]
    change = {"design": PALE}

    assert statuses(await bulk(owner, "edit", ids, change=change)) == [422, 422]
    rehearsed = await bulk(owner, "edit", ids, change=change, dry_run=True, allow_unreadable=True)
    assert statuses(rehearsed) == [200, 200]
    assert [(await read(owner, code))["scannability"]["grade"] for code in codes] == ["A", "A"]
    assert statuses(await bulk(owner, "edit", ids, change=change, allow_unreadable=True)) == [200, 200]
    assert [(await read(owner, code))["scannability"]["grade"] for code in codes] == ["F", "F"]

    elsewhere = {"action": "archive", "ids": ids, "allow_unreadable": True}
    assert (await owner.post("/qr-codes/bulk", json=elsewhere)).status_code == 422


async def test_many_are_made_and_each_fault_is_its_own(qr: Bench, owner: httpx.AsyncClient) -> None:
    items: list[dict[str, Any]] = [
        {"content": URL, "external_id": "1"},
        {"content": {"type": "url", "url": "nowhere"}},
        {"content": URL, "external_id": "1"},
        {"content": WIFI, "color": "red"},
        {"content": WIFI},
    ]
    headers = {"idempotency-key": "many"}
    answer = await owner.post("/qr-codes/bulk", json={"action": "create", "items": items}, headers=headers)
    results = answer.json()
    assert (answer.status_code, statuses(results)) == (207, [201, 422, 409, 422, 201])
    assert results["data"][0]["code"]["id"] == results["data"][0]["id"]
    assert results["data"][1]["error"]["errors"][0]["pointer"] == "/content/url"
    assert results["data"][3]["error"]["errors"][0]["pointer"] == "/color"
    again = await owner.post("/qr-codes/bulk", json={"action": "create", "items": items}, headers=headers)
    assert again.json() == results
    assert (await owner.get("/qr-codes/count")).json()["total"] == 2
    assert qr.routing.claims == 1


async def test_a_filter_chooses(owner: httpx.AsyncClient) -> None:
    await make_code(owner, name="summer one", tags=["s"])
    await make_code(owner, name="summer two", tags=["S"])
    await make_code(owner, name="winter")
    done = await bulk(owner, "archive", filter={"tag": ["s"]})
    assert done["succeeded"] == 2
    assert (await bulk(owner, "unarchive", filter={"q": "two", "status": ["archived"]}))["succeeded"] == 1
    left = (await owner.get("/qr-codes")).json()["data"]
    assert {code["name"] for code in left} == {"summer two", "winter"}
    assert (await bulk(owner, "archive", filter={"q": "nothing like it"}))["data"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"action": "archive"},
        {"action": "archive", "ids": []},
        {"action": "archive", "ids": [UNKNOWN], "filter": {}},
        {"action": "archive", "ids": [UNKNOWN] * 1001},
        {"action": "archive", "ids": ["qr_1"]},
        {"action": "explode", "ids": [UNKNOWN]},
        {"action": "move", "ids": [UNKNOWN]},
        {"action": "tag", "ids": [UNKNOWN], "tags": []},
        {"action": "tag", "ids": [UNKNOWN], "tags": ["x" * 51]},
        {"action": "archive", "ids": [UNKNOWN], "tags": ["x"]},
        {"action": "archive", "ids": [UNKNOWN], "dry_run": True},
        {"action": "edit", "ids": [UNKNOWN], "change": {"external_id": "same"}},
        {"action": "create", "ids": [UNKNOWN], "items": [{}]},
        {"action": "create", "items": []},
        {"action": "transfer", "ids": [UNKNOWN], "workspace_id": "ws_1"},
    ],
)
async def test_a_body_that_makes_no_sense(owner: httpx.AsyncClient, body: dict[str, Any]) -> None:
    answer = await owner.post("/qr-codes/bulk", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"]


async def test_a_viewer_changes_nothing(qr: Bench) -> None:
    async with qr.client(role="viewer") as viewer:
        for path, body in (
            ("/qr-codes/bulk", {"action": "archive", "ids": [UNKNOWN]}),
            (f"/qr-codes/{UNKNOWN}/transfer", {"workspace_id": encode_id("ws", new_id())}),
        ):
            assert (await viewer.post(path, json=body)).status_code == 403


def two_shops() -> tuple[UUID, UUID, UUID]:
    """A person with two workspaces."""
    person, first, second = new_id(), new_id(), new_id()
    return person, first, second


async def test_a_code_goes_to_another_shop_of_the_same_person(qr: Bench) -> None:
    person, first, second = two_shops()
    async with qr.client(first, user_id=person) as here, qr.client(second, user_id=person) as there:
        folder = (await here.post("/folders", json={"name": "A"})).json()["id"]
        code = await make_code(here, name="Menu", folder_id=folder, tags=["t"], external_id="9")
        before = len(await qr.events())
        moved = await here.post(f"/qr-codes/{code['id']}/transfer", json={"workspace_id": encode_id("ws", second)})
        assert moved.status_code == 200, moved.text
        body = moved.json()
        same = ("id", "name", "payload", "tags", "external_id", "content", "design")
        assert {key: body[key] for key in same} == {key: code[key] for key in same}
        assert body["folder_id"] is None
        assert body["link"] == code["link"]
        assert (await here.get(f"/qr-codes/{code['id']}")).status_code == 404
        assert (await there.get(f"/qr-codes/{code['id']}")).json() == body
        assert qr.routing.kept[decode_id("link", code["link"]["id"])].workspace_id == second
        events = (await qr.events())[before:]
        assert [(topic, data["workspace_id"]) for topic, data in events] == [
            ("qr.deleted", str(first)),
            ("qr.created", str(second)),
        ]
        assert (await bulk(here, "transfer", [code["id"]], workspace_id=encode_id("ws", second)))["failed"] == 1


async def test_a_transfer_that_broke_off_is_finished_later(qr: Bench) -> None:
    person, first, second = two_shops()
    async with qr.client(first, user_id=person) as here, qr.client(second, user_id=person) as there:
        code, kept = await make_code(here), await make_code(here)
        qr.routing.away = Unavailable("away")
        target = {"workspace_id": encode_id("ws", second)}
        # The mark is set, and then routing does not answer.
        assert (await here.post(f"/qr-codes/{code['id']}/transfer", json=target)).status_code == 503
        qr.routing.away = None
        listed = (await here.get("/qr-codes")).json()["data"]
        assert [each["id"] for each in listed] == [kept["id"]], "on its way, it is in nobody's list"
        assert (await there.get("/qr-codes")).json()["data"] == []
        for _ in range(2):
            await qr.service.finish_transfer(first, second)
        assert [each["id"] for each in (await there.get("/qr-codes")).json()["data"]] == [code["id"]]


async def test_only_where_one_may_change_codes(qr: Bench) -> None:
    person, first, second = two_shops()
    async with qr.client(first, user_id=person) as here, qr.client(second) as other:
        code = await make_code(here, external_id="9")
        address, target = f"/qr-codes/{code['id']}/transfer", {"workspace_id": encode_id("ws", second)}
        stranger = await here.post(address, json=target)
        assert (stranger.status_code, pointers(stranger)) == (422, {"/workspace_id"})
        qr.auth.roles[person, second] = Role.VIEWER
        assert (await here.post(address, json=target)).status_code == 403
        same = await here.post(address, json={"workspace_id": encode_id("ws", first)})
        assert (same.status_code, pointers(same)) == (422, {"/workspace_id"})
        qr.auth.roles[person, second] = Role.EDITOR
        await make_code(other, external_id="9")
        taken = await here.post(address, json=target)
        assert (taken.status_code, taken.json()["code"]) == (409, "external_id_taken")
        assert (await read(here, code))["link"] == code["link"], "nothing happened"
