"""Taking an import back: codes, folders, and for how long."""

from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import text

from scanly.kernel.ids import decode_id
from tests.services.qr.factories import Bench, make_code
from tests.services.qr.test_import import codes, progress, run, take_back, turn, upload


async def test_undo_takes_all_back_but_what_was_scanned(qr: Bench, owner: httpx.AsyncClient) -> None:
    sheet = await upload(owner, start=True)
    done = await run(qr, owner, sheet)
    assert done["undo_until"] is not None
    scanned = (await codes(owner))["Table 1"]
    qr.analytics.hits[decode_id("link", scanned["link"]["id"])] = 3
    assert (await turn(owner, sheet, "undo"))["state"] == "undoing"
    undone = await take_back(qr, owner, sheet)
    assert (undone["state"], progress(undone)) == ("undone", {"kept": 1, "undone": 1, "faulty": 1})
    assert set(await codes(owner)) == {"Table 1"}
    trash = (await owner.get("/qr-codes", params={"status": "deleted"})).json()["data"]
    assert [code["name"] for code in trash] == ["Table 3"]


async def folders(client: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    return {folder["name"]: folder for folder in (await client.get("/folders")).json()["data"]}


async def test_undo_removes_the_folders_that_it_made_and_nobody_used(qr: Bench, owner: httpx.AsyncClient) -> None:
    halls = ["There before", "Left alone", "Filled", "Emptied", "Renamed", "Chosen", "Scanned"]
    await owner.post("/folders", json={"name": "There before"})
    body = "name,url,hall\n" + "".join(f"{hall} {n},menu.example/{n},{hall}\n" for hall in halls for n in (1, 2))
    sheet = await upload(owner, body + "Refused,refused.example,For nothing\n", start=True)
    await run(qr, owner, sheet)
    made = await folders(owner)
    assert set(made) == {*halls, "For nothing"}

    guest = await make_code(owner, name="Guest", folder_id=made["Filled"]["id"])
    gone = await make_code(owner, name="Gone", folder_id=made["Emptied"]["id"])
    await owner.delete(f"/qr-codes/{gone['id']}")
    qr.clock.advance(timedelta(minutes=1))
    await owner.patch(f"/folders/{made['Renamed']['id']}", json={"name": "renamed"})
    draft = await upload(owner)
    await owner.patch(f"/qr-codes/imports/{draft['id']}", json={"folder_id": made["Chosen"]["id"]})
    scanned = (await codes(owner))["Scanned 1"]
    qr.analytics.hits[decode_id("link", scanned["link"]["id"])] = 1

    await turn(owner, sheet, "undo")
    assert (await take_back(qr, owner, sheet))["state"] == "undone"
    kept = await folders(owner)
    assert {name: folder["codes"] for name, folder in kept.items()} == {
        "There before": 0,
        "Filled": 1,
        "Emptied": 0,
        "renamed": 0,
        "Chosen": 0,
        "Scanned": 1,
    }
    assert (await codes(owner))["Guest"]["folder_id"] == guest["folder_id"]
    restored = await owner.post(f"/qr-codes/{gone['id']}/restore")
    assert restored.json()["folder_id"] == made["Emptied"]["id"]


async def test_a_renamed_folder_gets_the_rest_of_its_lines(qr: Bench, owner: httpx.AsyncClient) -> None:
    sheet = await upload(owner, start=True)
    await run(qr, owner, sheet)
    garden = (await folders(owner))["Garden"]
    await owner.patch(f"/folders/{garden['id']}", json={"name": "Terrace"})
    async with qr.database.connect() as connection:
        await connection.execute(text("update qr.import_lines set state = 'waiting', faults = '[]' where number = 3"))
        await connection.execute(
            text("""update qr.import_lines set cells = jsonb_set(cells, '{2}', '"menu.example/2"') where number = 3""")
        )
        await connection.execute(text("update qr.imports set state = 'running'"))
    assert progress(await run(qr, owner, sheet)) == {"made": 3}
    assert {name: folder["codes"] for name, folder in (await folders(owner)).items()} == {"Terrace": 2, "Hall 2": 1}


async def test_undo_turns_back_what_was_in_a_folder_that_is_gone(qr: Bench, owner: httpx.AsyncClient) -> None:
    old = (await owner.post("/folders", json={"name": "Old"})).json()["id"]
    await make_code(owner, name="Before", external_id="t-1", folder_id=old)
    sheet = await upload(owner, "id,name,url,hall\nt-1,After,menu.example/9,New\n", start=True)
    await run(qr, owner, sheet)
    assert set(await codes(owner)) == {"After"}
    assert (await owner.delete(f"/folders/{old}")).status_code == 204
    await turn(owner, sheet, "undo")
    assert progress(await take_back(qr, owner, sheet)) == {"undone": 1}
    assert {name: code["folder_id"] for name, code in (await codes(owner)).items()} == {"Before": None}
    assert await folders(owner) == {}


async def test_undo_is_for_a_day(qr: Bench, owner: httpx.AsyncClient) -> None:
    sheet = await upload(owner, start=True)
    await run(qr, owner, sheet)
    qr.clock.advance(timedelta(days=1, seconds=1))
    late = await owner.post(f"/qr-codes/imports/{sheet['id']}/undo")
    assert (late.status_code, late.json()["code"]) == (409, "import_state")
    assert "day" in late.json()["detail"]
    assert len(await codes(owner)) == 2
