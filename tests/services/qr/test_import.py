"""Codes from a sheet, through the API and its jobs."""

import csv
import io
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from scanly.kernel.errors import Unavailable
from scanly.kernel.ids import decode_id
from tests.services.qr.factories import Bench, make_code, pointers

SHEET = (
    "No,Table,URL,Hall\r\n"
    "1,Table 1,menu.example/1,Garden\r\n"
    "2,Table 2,menu example/2,Garden\r\n"
    "3,Table 3,menu.example/3,Hall 2\r\n"
)


async def upload(client: httpx.AsyncClient, content: str | bytes = SHEET, **query: Any) -> dict[str, Any]:
    body = content.encode() if isinstance(content, str) else content
    answer = await client.post("/qr-codes/import", files={"file": ("tables.csv", body)}, params=query)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def turn(client: httpx.AsyncClient, sheet: dict[str, Any], to: str) -> dict[str, Any]:
    answer = await client.post(f"/qr-codes/imports/{sheet['id']}/{to}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def read(client: httpx.AsyncClient, sheet: dict[str, Any]) -> dict[str, Any]:
    return dict((await client.get(f"/qr-codes/imports/{sheet['id']}")).json())


async def run(qr: Bench, client: httpx.AsyncClient, sheet: dict[str, Any]) -> dict[str, Any]:
    """Do what the job does."""
    workspace = decode_id("ws", client.headers["x-test-workspace"])
    await qr.service.run_import(workspace, decode_id("import", sheet["id"]))
    return await read(client, sheet)


async def take_back(qr: Bench, client: httpx.AsyncClient, sheet: dict[str, Any]) -> dict[str, Any]:
    workspace = decode_id("ws", client.headers["x-test-workspace"])
    await qr.service.take_back(workspace, decode_id("import", sheet["id"]))
    return await read(client, sheet)


async def codes(client: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    listed = (await client.get("/qr-codes", params={"limit": 100})).json()["data"]
    return {code["name"]: code for code in listed}


async def lines(client: httpx.AsyncClient, sheet: dict[str, Any], **query: Any) -> list[dict[str, Any]]:
    answer = await client.get(f"/qr-codes/imports/{sheet['id']}/lines", params=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["data"])


async def jobs(qr: Bench) -> list[str]:
    async with qr.database.connect() as connection:
        rows = await connection.execute(text("select task_name from scanly.procrastinate_jobs order by id"))
        return [name for (name,) in rows]


def progress(sheet: dict[str, Any]) -> dict[str, int]:
    return {name: number for name, number in sheet["progress"].items() if number}


async def test_a_sheet_is_understood_and_checked(owner: httpx.AsyncClient) -> None:
    sheet = await upload(owner)
    assert (sheet["state"], sheet["lines"], sheet["content_type"]) == ("draft", 3, "url")
    assert sheet["sheet"] == {
        "file_name": "tables.csv",
        "form": "csv",
        "encoding": "utf-8",
        "delimiter": ",",
        "header": True,
        "size": len(SHEET),
    }
    assert [(column["name"], column["holds"], column["filled"], column["faulty"]) for column in sheet["columns"]] == [
        ("No", "external_id", 3, 0),
        ("Table", "name", 3, 0),
        ("URL", "content.url", 3, 1),
        ("Hall", "folder", 3, 0),
    ]
    assert sheet["columns"][3]["samples"] == ["Garden", "Hall 2"]
    assert progress(sheet) == {"waiting": 2, "faulty": 1}
    assert sheet["missing"] == []
    (faulty,) = await lines(owner, sheet, state="faulty")
    assert (faulty["number"], faulty["faults"][0]["column"], faulty["faults"][0]["holds"]) == (3, 2, "content.url")
    assert len(faulty["faults"][0]["detail"]) > 20
    assert await codes(owner) == {}
    assert [each["id"] for each in (await owner.get("/qr-codes/imports")).json()["data"]] == [sheet["id"]]


async def test_good_lines_do_not_wait_for_bad_ones(qr: Bench, owner: httpx.AsyncClient) -> None:
    sheet = await upload(owner)
    started = await turn(owner, sheet, "start")
    assert started["state"] == "running"
    assert await jobs(qr) == ["qr.run_import"]
    await turn(owner, sheet, "start")
    assert await jobs(qr) == ["qr.run_import"], "a second press is superfluous"
    done = await run(qr, owner, sheet)
    assert (done["state"], progress(done)) == ("done", {"made": 2, "faulty": 1})
    made = await codes(owner)
    assert set(made) == {"Table 1", "Table 3"}
    assert made["Table 3"]["content"] == {"type": "url", "url": "https://menu.example/3"}
    assert made["Table 3"]["external_id"] == "3"
    folders = {each["id"]: each["name"] for each in (await owner.get("/folders")).json()["data"]}
    assert sorted(folders.values()) == ["Garden", "Hall 2"]
    assert folders[made["Table 3"]["folder_id"]] == "Hall 2"
    assert (await lines(owner, sheet, state="made"))[0]["code_id"] == made["Table 1"]["id"]


async def test_a_line_is_mended_in_place(qr: Bench, owner: httpx.AsyncClient) -> None:
    sheet = await upload(owner)
    address = f"/qr-codes/imports/{sheet['id']}/lines/3"
    still = await owner.patch(address, json={"cells": {"2": "still wrong"}})
    assert (still.status_code, still.json()["state"]) == (200, "faulty")
    mended = await owner.patch(address, json={"cells": {"2": "menu.example/2"}})
    assert (mended.json()["state"], mended.json()["faults"]) == ("waiting", [])
    assert (await read(owner, sheet))["columns"][2]["faulty"] == 0
    for wrong in ({}, {"cells": {}}, {"cells": {"-1": "x"}}, {"cells": {"x": "y"}}, {"cells": {"1": "x" * 8001}}):
        assert (await owner.patch(address, json=wrong)).status_code == 422
    assert (await owner.patch(f"{address}99", json={"cells": {"1": "x"}})).status_code == 404
    await turn(owner, sheet, "start")
    assert progress(await run(qr, owner, sheet)) == {"made": 3}
    assert (await owner.patch(address, json={"cells": {"1": "x"}})).status_code == 409


async def test_columns_can_be_told_anew(qr: Bench, owner: httpx.AsyncClient) -> None:
    sheet = await upload(owner, "a,b\nram@okbank,Ram\n")
    address = f"/qr-codes/imports/{sheet['id']}"
    told = await owner.patch(
        address,
        json={
            "content_type": "upi",
            "columns": ["content.vpa", "content.name"],
            "tags": ["till"],
            "design": {"modules": {"fill": {"color": "#102a63"}}},
        },
    )
    assert told.status_code == 200, told.text
    assert progress(told.json()) == {"waiting": 1}
    half = await owner.patch(address, json={"columns": [None, "content.name"]})
    assert (half.json()["missing"], progress(half.json())) == (["content.vpa"], {"faulty": 1})
    await owner.patch(address, json={"columns": ["content.vpa", "content.name"]})
    await turn(owner, sheet, "start")
    await run(qr, owner, sheet)
    (code,) = (await codes(owner)).values()
    assert code["payload"].startswith("upi://pay?pa=ram@okbank&pn=Ram")
    assert (code["tags"], code["design"]["modules"]["fill"]["color"]) == (["till"], "#102a63")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"content_type": "nothing"}, "/content_type"),
        ({"columns": ["name"]}, "/columns"),
        ({"columns": ["name", "name", None, None]}, "/columns/1"),
        ({"columns": ["content.vpa", None, None, None]}, "/columns/0"),
        ({"folder_id": "folder_0000000000e000000000000000"}, "/folder_id"),
        ({"colour": "red"}, "/colour"),
    ],
)
async def test_a_plan_that_cannot_be(owner: httpx.AsyncClient, body: dict[str, Any], pointer: str) -> None:
    sheet = await upload(owner)
    answer = await owner.patch(f"/qr-codes/imports/{sheet['id']}", json=body)
    assert (answer.status_code, pointers(answer)) == (422, {pointer})


async def test_the_same_sheet_again_changes_codes_and_makes_none_twice(qr: Bench, owner: httpx.AsyncClient) -> None:
    sheet = await upload(owner, start=True)
    await run(qr, owner, sheet)
    before = await codes(owner)
    await owner.patch(f"/qr-codes/{before['Table 1']['id']}", json={"tags": ["mine"]})
    again = await upload(owner, SHEET.replace("menu.example/3", "menu.example/new"), start=True)
    done = await run(qr, owner, again)
    assert progress(done) == {"unchanged": 1, "changed": 1, "faulty": 1}
    after = await codes(owner)
    assert after["Table 3"]["payload"] == before["Table 3"]["payload"]
    assert after["Table 3"]["content"]["url"] == "https://menu.example/new"
    assert after["Table 1"]["tags"] == ["mine"], "what the sheet has no column for stays"
    await turn(owner, again, "undo")
    undone = await take_back(qr, owner, again)
    assert (undone["state"], progress(undone)) == ("undone", {"unchanged": 1, "undone": 1, "faulty": 1})
    assert (await codes(owner))["Table 3"]["content"]["url"] == "https://menu.example/3"


async def test_a_pause_holds_and_a_stop_keeps_what_is_made(qr: Bench, owner: httpx.AsyncClient) -> None:
    body = "name,url\n" + "".join(f"c{number},a.example/{number}\n" for number in range(25))
    sheet = await upload(owner, body, start=True)
    workspace, import_id = decode_id("ws", owner.headers["x-test-workspace"]), decode_id("import", sheet["id"])
    await qr.service.run_import(workspace, import_id, seconds=0)
    assert progress(await read(owner, sheet)) == {"waiting": 25}
    assert await jobs(qr) == ["qr.run_import"], "the next job goes on"

    await turn(owner, sheet, "pause")
    assert progress(await run(qr, owner, sheet)) == {"waiting": 25}
    assert (await turn(owner, sheet, "resume"))["state"] == "running"
    stopped = await turn(owner, sheet, "cancel")
    assert stopped["state"] == "cancelled"
    assert progress(await run(qr, owner, sheet)) == {"waiting": 25}
    assert (await owner.post(f"/qr-codes/imports/{sheet['id']}/resume")).status_code == 409


async def test_a_killed_process_makes_nothing_twice(qr: Bench, owner: httpx.AsyncClient) -> None:
    sheet = await upload(owner, start=True)
    await run(qr, owner, sheet)
    made = await codes(owner)
    # The codes exist, and the process died before it could write that down.
    async with qr.database.connect() as connection:
        await connection.execute(
            text("update qr.import_lines set state = 'waiting', code_id = null where state = 'made'")
        )
        await connection.execute(text("update qr.imports set state = 'running'"))
    done = await run(qr, owner, sheet)
    assert progress(done) == {"made": 2, "faulty": 1}
    assert await codes(owner) == made
    assert {line["code_id"] for line in await lines(owner, sheet, state="made")} == {
        code["id"] for code in made.values()
    }


async def test_an_outage_fails_no_line(qr: Bench, owner: httpx.AsyncClient) -> None:
    sheet = await upload(owner, start=True)
    qr.routing.away = Unavailable("away")
    with pytest.raises(Unavailable):
        await run(qr, owner, sheet)
    qr.routing.away = None
    assert progress(await run(qr, owner, sheet)) == {"made": 2, "faulty": 1}


async def test_what_is_refused_while_it_is_made_says_why(qr: Bench, owner: httpx.AsyncClient) -> None:
    await make_code(owner, slug="taken")
    sheet = await upload(owner, "name,url,slug\na,a.example,taken\nb,b.example,api\nc,refused.example,x1\n", start=True)
    done = await run(qr, owner, sheet)
    assert progress(done) == {"faulty": 3}
    found = await lines(owner, sheet, state="faulty")
    assert [line["faults"][0]["holds"] for line in found] == ["", "", "content.url"]


async def test_faulty_lines_as_a_sheet_with_the_reason(qr: Bench, owner: httpx.AsyncClient) -> None:
    sheet = await upload(owner, "name,url\n=cmd(),not an address\nok,a.example\n", start=True)
    await run(qr, owner, sheet)
    address = f"/qr-codes/imports/{sheet['id']}/sheet"
    answer = await owner.get(address, params={"state": "faulty"})
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert (row["name"], row["url"], row["Line"]) == ("'=cmd()", "not an address", "2")
    assert len(row["Reason"]) > 20
    whole = await owner.get(address)
    rows = list(csv.DictReader(io.StringIO(whole.content.decode("utf-8-sig"), newline="")))
    assert rows[1]["Short address"] == (await codes(owner))["ok"]["link"]["short_url"]
    book = await owner.get(address, params={"as": "xlsx", "state": "faulty"})
    again = await upload(owner, book.content)
    assert (again["sheet"]["form"], again["lines"], again["columns"][0]["samples"]) == ("xlsx", 1, ["=cmd()"])


async def test_doubles_in_the_sheet(owner: httpx.AsyncClient) -> None:
    sheet = await upload(
        owner, "id,slug,url\n1,AA,a.example\n1,bb,a.example\n2,aa,a.example\n3,,a.example\n4,,a.example\n"
    )
    found = await lines(owner, sheet, state="faulty")
    assert [(line["number"], line["faults"][0]["holds"]) for line in found] == [(3, "external_id"), (4, "slug")]
    assert "Line 2" in found[0]["faults"][0]["detail"]


async def test_cells_that_are_too_long(owner: httpx.AsyncClient) -> None:
    sheet = await upload(owner, f"name,url,tags,folder\n{'n' * 201},a.example,{'t' * 51},{'f' * 101}\n")
    (line,) = await lines(owner, sheet)
    assert {fault["holds"] for fault in line["faults"]} == {"name", "tags", "folder"}


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty"), (b"name,url\n", "empty"), (b"\x00\x01\x02", "not_a_sheet"), (b"PK\x03\x04", "not_a_sheet")],
)
async def test_what_is_no_sheet(owner: httpx.AsyncClient, content: bytes, code: str) -> None:
    answer = await owner.post("/qr-codes/import", files={"file": ("a.csv", content)})
    assert (answer.status_code, pointers(answer)) == (422, {"/file"})
    assert answer.json()["errors"][0]["code"] == code
    assert (await owner.get("/qr-codes/imports")).json()["data"] == []


async def test_a_form_without_a_file_and_a_bare_body(owner: httpx.AsyncClient) -> None:
    none = await owner.post("/qr-codes/import", files={"other": ("a.csv", b"x")})
    assert (none.status_code, pointers(none)) == (422, {"/file"})
    broken = await owner.post(
        "/qr-codes/import", content=b"--x", headers={"content-type": "multipart/form-data; boundary=y"}
    )
    assert broken.status_code == 422
    bare = await owner.post(
        "/qr-codes/import?file_name=t.csv", content=SHEET.encode(), headers={"content-type": "text/csv"}
    )
    assert (bare.status_code, bare.json()["sheet"]["file_name"]) == (201, "t.csv")


async def test_the_same_key_makes_one_import(owner: httpx.AsyncClient) -> None:
    answers = [
        await owner.post(
            "/qr-codes/import", content=SHEET.encode(), headers={"content-type": "text/csv", "idempotency-key": "k"}
        )
        for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert len((await owner.get("/qr-codes/imports")).json()["data"]) == 1


async def test_lines_come_in_pages(owner: httpx.AsyncClient) -> None:
    sheet = await upload(owner, "name,url\n" + "a,a.example\n" * 30)
    address, found, cursor = f"/qr-codes/imports/{sheet['id']}/lines", [], None
    while True:
        page = (await owner.get(address, params={"limit": 12, **({"cursor": cursor} if cursor else {})})).json()
        found += [line["number"] for line in page["data"]]
        cursor = page["next_cursor"]
        if not page["has_more"]:
            break
    assert found == list(range(2, 32))
    for wrong in ("x", "WyJhIl0", "Wy0xXQ"):
        assert (await owner.get(address, params={"cursor": wrong})).status_code == 422


async def test_imports_of_others_do_not_exist(qr: Bench, owner: httpx.AsyncClient) -> None:
    sheet = await upload(owner)
    async with qr.client() as other, qr.client(role="viewer") as viewer:
        address = f"/qr-codes/imports/{sheet['id']}"
        for path in ("", "/lines", "/sheet"):
            assert (await other.get(address + path)).status_code == 404
        for to in ("start", "pause", "resume", "cancel", "undo"):
            assert (await other.post(f"{address}/{to}")).status_code == 404
            assert (await viewer.post(f"{address}/{to}")).status_code == 403
        assert (await other.patch(address, json={"tags": []})).status_code == 404
        assert (await other.get("/qr-codes/imports")).json()["data"] == []
        assert (await viewer.post("/qr-codes/import", content=b"a,b")).status_code == 403


async def test_imports_are_forgotten_after_thirty_days(qr: Bench, owner: httpx.AsyncClient) -> None:
    sheet = await upload(owner, start=True)
    await run(qr, owner, sheet)
    qr.clock.advance(timedelta(days=31))
    assert await qr.service.purge_imports() == 1
    assert (await owner.get(f"/qr-codes/imports/{sheet['id']}")).status_code == 404
    assert len(await codes(owner)) == 2
