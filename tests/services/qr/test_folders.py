"""Folders, tags and the trash through the API."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from scanly.contracts.routing import LinkStatus
from scanly.kernel.ids import decode_id, encode_id, new_id
from tests.services.qr.factories import URL, WIFI, Bench, make_code, pointers


async def make_folder(client: httpx.AsyncClient, name: str) -> dict[str, Any]:
    answer = await client.post("/folders", json={"name": name})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def names(client: httpx.AsyncClient, **query: object) -> list[str]:
    answer = await client.get("/qr-codes", params=query)
    assert answer.status_code == 200, answer.text
    return [code["name"] for code in answer.json()["data"]]


async def test_folders_are_listed_by_name_with_their_codes(owner: httpx.AsyncClient) -> None:
    tables, doors = await make_folder(owner, "Tables"), await make_folder(owner, "doors")
    code = await make_code(owner, folder_id=tables["id"])
    await make_code(owner)

    assert code["folder_id"] == tables["id"]
    listed = (await owner.get("/folders")).json()
    assert [(each["id"], each["name"], each["codes"]) for each in listed["data"]] == [
        (doors["id"], "doors", 0),
        (tables["id"], "Tables", 1),
    ]
    assert listed["has_more"] is False
    renamed = await owner.patch(f"/folders/{tables['id']}", json={"name": "Garden"})
    assert (renamed.json()["name"], renamed.json()["codes"]) == ("Garden", 1)


async def test_two_folders_have_two_names(owner: httpx.AsyncClient) -> None:
    await make_folder(owner, "Straße")
    other = await make_folder(owner, "B")
    taken = await owner.post("/folders", json={"name": "STRASSE"})
    assert (taken.status_code, taken.json()["code"], pointers(taken)) == (409, "folder_name_taken", {"/name"})
    assert (await owner.patch(f"/folders/{other['id']}", json={"name": "strasse"})).status_code == 409
    both = await asyncio.gather(*(owner.post("/folders", json={"name": "Same"}) for _ in range(2)))
    assert sorted(answer.status_code for answer in both) == [201, 409]


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": " "}, {"name": "x" * 101}, {"name": "a\nb"}, {"name": 5}])
async def test_a_folder_needs_a_name(owner: httpx.AsyncClient, body: dict[str, object]) -> None:
    answer = await owner.post("/folders", json=body)
    assert (answer.status_code, pointers(answer)) == (422, {"/name"})


async def test_the_same_key_makes_one_folder(owner: httpx.AsyncClient) -> None:
    headers = {"idempotency-key": "once"}
    one = await owner.post("/folders", json={"name": "A"}, headers=headers)
    two = await owner.post("/folders", json={"name": "A"}, headers=headers)
    assert (one.status_code, one.json()) == (two.status_code, two.json())
    assert len((await owner.get("/folders")).json()["data"]) == 1


async def test_a_deleted_folder_leaves_its_codes(owner: httpx.AsyncClient) -> None:
    folder = await make_folder(owner, "Old")
    kept = await make_code(owner, folder_id=folder["id"])
    trashed = await make_code(owner, folder_id=folder["id"])
    await owner.delete(f"/qr-codes/{trashed['id']}")

    assert (await owner.delete(f"/folders/{folder['id']}")).status_code == 204
    after = (await owner.get(f"/qr-codes/{kept['id']}")).json()
    assert after["folder_id"] is None
    assert after["version"] > kept["version"]
    assert (await owner.post(f"/qr-codes/{trashed['id']}/restore")).json()["folder_id"] is None
    gone = await owner.delete(f"/folders/{folder['id']}")
    assert (gone.status_code, gone.json()["code"]) == (404, "folder_not_found")


async def test_a_code_moves_between_folders(owner: httpx.AsyncClient) -> None:
    folder = await make_folder(owner, "A")
    code = await make_code(owner, content=WIFI)
    moved = await owner.patch(f"/qr-codes/{code['id']}", json={"folder_id": folder["id"]})
    assert moved.json()["folder_id"] == folder["id"]
    copy = await owner.post(f"/qr-codes/{code['id']}/duplicate")
    assert copy.json()["folder_id"] == folder["id"]
    out = await owner.patch(f"/qr-codes/{code['id']}", json={"folder_id": None})
    assert out.json()["folder_id"] is None


async def test_folders_of_others_do_not_exist(qr: Bench, owner: httpx.AsyncClient) -> None:
    async with qr.client() as other:
        theirs = (await make_folder(other, "Theirs"))["id"]
    for folder in (theirs, encode_id("folder", new_id())):
        made = await owner.post("/qr-codes", json={"content": URL, "folder_id": folder})
        assert (made.status_code, pointers(made)) == (422, {"/folder_id"})
        assert (await owner.patch(f"/folders/{folder}", json={"name": "Mine"})).status_code == 404
        assert (await owner.delete(f"/folders/{folder}")).status_code == 404
        code = await make_code(owner, content=WIFI)
        moved = await owner.patch(f"/qr-codes/{code['id']}", json={"folder_id": folder})
        assert (moved.status_code, pointers(moved)) == (422, {"/folder_id"})
        assert await names(owner, folder=folder) == []
    assert qr.routing.claims == 0, "no address was taken for nothing"
    assert (await owner.get("/folders")).json()["data"] == []


async def test_a_viewer_changes_no_folder(qr: Bench) -> None:
    workspace = new_id()
    async with qr.client(workspace) as owner, qr.client(workspace, role="viewer") as viewer:
        folder = await make_folder(owner, "A")
        assert (await viewer.post("/folders", json={"name": "B"})).status_code == 403
        assert (await viewer.patch(f"/folders/{folder['id']}", json={"name": "B"})).status_code == 403
        assert (await viewer.delete(f"/folders/{folder['id']}")).status_code == 403
        assert len((await viewer.get("/folders")).json()["data"]) == 1


async def test_codes_are_found_by_folder_and_its_name(owner: httpx.AsyncClient) -> None:
    garden, hall = await make_folder(owner, "Garden Ünten"), await make_folder(owner, "Hall")
    await make_code(owner, name="one", folder_id=garden["id"])
    await make_code(owner, name="two", folder_id=hall["id"])
    await make_code(owner, name="three")

    assert await names(owner, folder=garden["id"]) == ["one"]
    assert await names(owner, folder="none") == ["three"]
    assert await names(owner, folder=[garden["id"], "none"]) == ["three", "one"]
    assert await names(owner, q="ÜNTEN") == ["one"]
    counts = (await owner.get("/qr-codes/count", params={"group_by": "folder"})).json()
    assert counts == {"total": 3, "groups": {"": 1, garden["id"]: 1, hall["id"]: 1}}
    wrong = await owner.get("/qr-codes", params={"folder": "hall"})
    assert wrong.status_code == 422
    assert {pointer.partition(".")[0] for pointer in pointers(wrong)} == {"?folder"}


async def test_tags_are_counted_and_several_narrow_down(owner: httpx.AsyncClient) -> None:
    await make_code(owner, name="both", tags=["Summer", "gate"])
    await make_code(owner, name="one", tags=["SUMMER"])
    gone = await make_code(owner, tags=["gone"])
    await owner.delete(f"/qr-codes/{gone['id']}")

    listed = (await owner.get("/tags")).json()["data"]
    assert [(each["tag"].lower(), each["codes"]) for each in listed] == [("gate", 1), ("summer", 2)]
    assert await names(owner, tag="summer") == ["one", "both"]
    assert await names(owner, tag=["summer", "Gate"]) == ["both"]


async def test_the_trash_keeps_codes_for_thirty_days(qr: Bench, owner: httpx.AsyncClient) -> None:
    code = await make_code(owner, name="thrown")
    kept = await make_code(owner, name="kept")
    await owner.delete(f"/qr-codes/{code['id']}")
    link = decode_id("link", code["link"]["id"])
    qr.routing.kept[link] = qr.routing.kept[link].model_copy(update={"status": LinkStatus.ENDED})

    (trashed,) = (await owner.get("/qr-codes", params={"status": "deleted"})).json()["data"]
    assert (trashed["name"], trashed["status"]) == ("thrown", "deleted")
    assert trashed["deleted_at"] is not None
    assert await names(owner) == ["kept"]
    assert await names(owner, status=["deleted", "active"]) == ["kept", "thrown"]
    groups = (await owner.get("/qr-codes/count", params={"group_by": "status", "status": "deleted"})).json()
    assert groups == {"total": 1, "groups": {"deleted": 1}}
    refused = await owner.delete(f"/qr-codes/{kept['id']}", params={"for_good": True})
    assert (refused.status_code, refused.json()["code"]) == (409, "code_is_kept")

    qr.clock.advance(timedelta(days=30, seconds=1))
    assert await names(owner, status="deleted") == []
    assert (await owner.post(f"/qr-codes/{code['id']}/restore")).status_code == 404


async def test_a_code_is_removed_from_the_trash_for_good(qr: Bench, owner: httpx.AsyncClient) -> None:
    code = await make_code(owner)
    await owner.delete(f"/qr-codes/{code['id']}")
    async with qr.client() as other:
        assert (await other.delete(f"/qr-codes/{code['id']}", params={"for_good": True})).status_code == 404
    assert (await owner.delete(f"/qr-codes/{code['id']}", params={"for_good": True})).status_code == 204
    assert await names(owner, status="deleted") == []
    assert (await owner.post(f"/qr-codes/{code['id']}/restore")).status_code == 404
    assert (await owner.delete(f"/qr-codes/{code['id']}", params={"for_good": True})).status_code == 404
