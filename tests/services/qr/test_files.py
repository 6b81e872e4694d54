"""Codes that open a file: the file is looked for, its address is where the code leads, and others are told."""

from typing import Any

import httpx
import pytest

from scanly.kernel.ids import decode_id
from tests.services.qr.factories import URL, Bench, make_code, pointers


def workspace_of(client: httpx.AsyncClient) -> Any:
    return decode_id("ws", client.headers["x-test-workspace"])


@pytest.fixture
def menu(qr: Bench, owner: httpx.AsyncClient) -> dict[str, Any]:
    """Content that opens a file of the owner's workspace."""
    return {"type": "file", "file_id": qr.media.add(workspace_of(owner), "menu.pdf")}


async def test_a_code_leads_to_its_file(qr: Bench, owner: httpx.AsyncClient, menu: dict[str, Any]) -> None:
    code = await make_code(owner, content=menu)
    assert (code["kind"], code["name"], code["content"]) == ("dynamic", "menu.pdf", menu)
    assert code["link"]["destination"] == f"https://go.example/f/{menu['file_id']}/menu.pdf"
    assert (await owner.get(f"/qr-codes/{code['id']}")).json() == code
    ((_, created),) = await qr.events()
    assert created["file_ids"] == [str(decode_id("file", menu["file_id"]))]


async def test_another_file_under_the_same_symbol(qr: Bench, owner: httpx.AsyncClient, menu: dict[str, Any]) -> None:
    code = await make_code(owner, content=menu)
    other = qr.media.add(workspace_of(owner), "lunch.pdf")
    changed = (await owner.patch(f"/qr-codes/{code['id']}", json={"content": {"file_id": other}})).json()
    assert changed["link"]["destination"].endswith(f"{other}/lunch.pdf")
    assert (changed["payload"], changed["content"]["file_id"]) == (code["payload"], other)
    assert (await qr.events())[-1][1]["file_ids"] == [str(decode_id("file", other))]
    to_url = (await owner.patch(f"/qr-codes/{code['id']}", json={"content": URL})).json()
    assert to_url["content"] == URL
    assert (await qr.events())[-1][1]["file_ids"] == []


async def test_a_file_must_be_there(qr: Bench, owner: httpx.AsyncClient) -> None:
    async with qr.client() as stranger:
        theirs = qr.media.add(workspace_of(stranger))
    for file_id in (theirs, "file_06f8z1k2m3n4p5q6r7s8t9v0wx"):
        answer = await owner.post("/qr-codes", json={"content": {"type": "file", "file_id": file_id}})
        assert (answer.status_code, answer.json()["code"], pointers(answer)) == (
            422,
            "content_invalid",
            {"/content/file_id"},
        )
    assert qr.routing.claims == 0
    fixed = await owner.post("/qr-codes", json={"kind": "fixed", "content": {"type": "file", "file_id": theirs}})
    assert pointers(fixed) == {"/kind"}


async def test_a_code_whose_file_is_gone_can_still_be_renamed(
    qr: Bench, owner: httpx.AsyncClient, menu: dict[str, Any]
) -> None:
    code = await make_code(owner, content=menu)
    qr.media.kept.clear()
    asked = qr.media.asked
    renamed = await owner.patch(f"/qr-codes/{code['id']}", json={"name": "Speisekarte"})
    assert (renamed.status_code, renamed.json()["name"]) == (200, "Speisekarte")
    assert renamed.json()["link"]["destination"] == code["link"]["destination"]
    assert qr.media.asked == asked, "what does not change is not asked for"


async def test_a_sketch_of_it_has_the_size_of_the_code(owner: httpx.AsyncClient, menu: dict[str, Any]) -> None:
    drawn = await owner.post("/qr-codes/preview", json={"content": menu})
    address = await owner.post("/qr-codes/preview", json={"payload": "HTTPS://GO.EXAMPLE/NOT$YET"})
    assert drawn.status_code == 200
    assert drawn.content == address.content
    assert (await owner.post("/qr-codes/check", json={"content": menu})).json()["grade"] == "A"


async def test_it_stays_in_the_workspace_of_its_file(qr: Bench, owner: httpx.AsyncClient, menu: dict[str, Any]) -> None:
    code = await make_code(owner, content=menu)
    (user_id, workspace_id) = next(iter(qr.auth.roles))
    async with qr.client(user_id=user_id) as elsewhere:
        to = elsewhere.headers["x-test-workspace"]
    async with qr.client(workspace_id, user_id=user_id) as person:
        answer = await person.post(f"/qr-codes/{code['id']}/transfer", json={"workspace_id": to})
    assert (answer.status_code, answer.json()["code"]) == (409, "code_has_files")
