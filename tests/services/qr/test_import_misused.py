"""Imports that somebody treats badly: cells and looks that cannot be, and a folder that goes away meanwhile."""

from typing import Any

import httpx
import pytest

from scanly.kernel.ids import decode_id, new_id
from scanly.services.qr.many.columns import Plan
from scanly.services.qr.models import ImportLineRow
from tests.services.qr.factories import PALE, Bench, make_code, pointers
from tests.services.qr.test_import import codes, progress, read, run, turn, upload


@pytest.mark.parametrize(
    ("cells", "pointer"), [({"4": "x"}, "/cells/4"), ({"0": "a\0b"}, "/cells/0"), ({"99": "x"}, "/cells/99")]
)
async def test_cells_that_no_line_can_hold_are_refused(
    owner: httpx.AsyncClient, cells: dict[str, str], pointer: str
) -> None:
    sheet = await upload(owner)
    answer = await owner.patch(f"/qr-codes/imports/{sheet['id']}/lines/3", json={"cells": cells})
    assert (answer.status_code, pointers(answer)) == (422, {pointer})


@pytest.mark.parametrize(
    ("design", "pointer"),
    [
        ({"logo": {"file_id": "file_00000000000000000000000000"}}, "/design/logo/file_id"),
        (PALE, "/design"),
    ],
)
async def test_a_look_that_no_code_can_have_is_refused_before_all_lines_have_it(
    owner: httpx.AsyncClient, design: dict[str, Any], pointer: str
) -> None:
    sheet = await upload(owner)
    answer = await owner.patch(f"/qr-codes/imports/{sheet['id']}", json={"design": design})
    assert (answer.status_code, pointers(answer)) == (422, {pointer})
    assert (await read(owner, sheet))["design"] == sheet["design"]


async def test_deleting_the_folder_of_a_running_import_leaves_its_codes_in_none(
    qr: Bench, owner: httpx.AsyncClient
) -> None:
    folder = (await owner.post("/folders", json={"name": "Tables"})).json()["id"]
    sheet = await upload(owner, "name,url\nA,menu.example/1\nB,menu.example/2\n")
    await owner.patch(f"/qr-codes/imports/{sheet['id']}", json={"folder_id": folder})
    await turn(owner, sheet, "start")
    assert (await owner.delete(f"/folders/{folder}")).status_code == 204
    assert progress(await run(qr, owner, sheet)) == {"made": 2}
    assert {code["folder_id"] for code in (await codes(owner)).values()} == {None}


async def test_a_line_whose_folder_is_deleted_at_that_moment_gets_another_turn(
    qr: Bench, owner: httpx.AsyncClient
) -> None:
    folder = (await owner.post("/folders", json={"name": "Tables"})).json()["id"]
    plan = Plan(content_type="url", columns=["name", "content.url"], folder_id=folder)
    assert (await owner.delete(f"/folders/{folder}")).status_code == 204
    workspace = decode_id("ws", owner.headers["x-test-workspace"])
    line = ImportLineRow(import_id=new_id(), number=2, workspace_id=workspace, cells=["A", "menu.example/1"])
    assert await qr.service.make_lines([line], plan) == {2: {"state": "waiting"}}
    assert await codes(owner) == {}
    made = await qr.service.make_lines([line], plan.model_copy(update={"folder_id": None}))
    assert made[2]["state"] == "made"
    assert set(await codes(owner)) == {"A"}


async def test_a_line_that_is_refused_keeps_nobody_else_of_its_batch(qr: Bench, owner: httpx.AsyncClient) -> None:
    await make_code(owner, slug="taken")
    slugs = {4: "taken", 9: "api"}
    body = "".join(f"c{number},a.example/{number},{slugs.get(number, f's{number}')}\n" for number in range(12))
    sheet = await upload(owner, f"name,url,slug\n{body}", start=True)
    assert progress(await run(qr, owner, sheet)) == {"made": 10, "faulty": 2}
    made = [data["name"] for topic, data in await qr.events() if topic == "qr.created"][1:]
    assert made == [f"c{number}" for number in range(12) if number not in slugs]
    assert {link.slug for link in qr.routing.kept.values()} == {
        "taken",
        *(f"s{each}" for each in range(12) if each not in slugs),
    }
