"""Many codes as files: pictures in a ZIP, the list as a sheet."""

import csv
import io
import zipfile
from typing import Any

import httpx
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from python_calamine import CalamineWorkbook

from scanly.services.qr.many.archive import Archive, Names
from scanly.services.qr.many.sheets import as_meant, harmless
from tests.services.qr.factories import URL, WIFI, Bench, make_code, pointers

FORMULA = '=HYPERLINK("https://evil.example","Win")'


async def archive_of(client: httpx.AsyncClient, **query: Any) -> zipfile.ZipFile:
    answer = await client.get("/qr-codes/export", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    return archive


async def rows_of(client: httpx.AsyncClient, **query: Any) -> list[dict[str, str]]:
    answer = await client.get("/qr-codes/export", params={"as": "csv", **query})
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def test_a_zip_has_each_code_in_each_format(owner: httpx.AsyncClient) -> None:
    one = await make_code(owner, name="Table 1", slug="t1")
    await make_code(owner, name="Table 2", slug="t2")
    archive = await archive_of(owner, format=["png", "svg"], size=200, name="{name}-{slug}")
    assert archive.namelist() == ["Table 1-t1.png", "Table 2-t2.png", "Table 1-t1.svg", "Table 2-t2.svg"]
    picture = Image.open(io.BytesIO(archive.read("Table 1-t1.png")))
    assert picture.size == (200, 200)
    (found,) = zxingcpp.read_barcodes(picture.convert("RGB"))
    assert found.text == one["payload"]
    single = await owner.get(f"/qr-codes/{one['id']}/image.svg", params={"size": 200})
    assert archive.read("Table 1-t1.svg") == single.content


async def test_the_same_codes_make_the_same_file(owner: httpx.AsyncClient) -> None:
    await make_code(owner, name="a")
    answers = [(await owner.get("/qr-codes/export")).content for _ in range(2)]
    assert answers[0] == answers[1]


async def test_names_are_safe_in_any_script_and_numbered(owner: httpx.AsyncClient) -> None:
    for name in ("../../etc/passwd", "CON", "चाय: दुकान?", "same", "SAME", "x" * 200, "...", "same"):
        await make_code(owner, name=name, content=WIFI)
    names = (await archive_of(owner)).namelist()
    assert names[:5] == ["-..-etc-passwd.svg", "_CON.svg", "चाय- दुकान-.svg", "same.svg", "SAME (2).svg"]
    assert len(names[5]) == 184
    assert names[6].startswith("qr_")
    assert names[7] == "same (3).svg"


async def test_names_can_make_folders(owner: httpx.AsyncClient) -> None:
    folder = (await owner.post("/folders", json={"name": "Hall/1"})).json()["id"]
    await make_code(owner, name="a", folder_id=folder, external_id="9")
    await make_code(owner, name="b")
    archive = await archive_of(owner, name="{folder}/{number}-{name}-{external_id}")
    assert archive.namelist() == ["Hall-1/00001-a-9.svg", "00002-b.svg"], "an empty field leaves no hyphen"


async def test_inks_are_for_the_formats_that_have_them(owner: httpx.AsyncClient) -> None:
    code = await make_code(owner, name="a")
    inks = {"color": "cmyk", "spot": "PANTONE 300 C", "overprint": True}
    sizes = {"size": 50, "unit": "mm"}
    archive = await archive_of(owner, format=["png", "pdf"], **inks, **sizes)
    single = await owner.get(f"/qr-codes/{code['id']}/image.pdf", params={**inks, **sizes})
    assert b"PANTONE#20300#20C" in single.content
    assert archive.read("a.pdf") == single.content
    asked = {"ids": [code["id"]], "formats": ["pdf", "png"], **inks, **sizes}
    posted = await owner.post("/qr-codes/export", json=asked)
    assert zipfile.ZipFile(io.BytesIO(posted.content)).read("a.pdf") == single.content
    for refused in (
        await owner.get("/qr-codes/export", params={"format": "png", **inks}),
        await owner.post("/qr-codes/export", json={**asked, "formats": ["svg"]}),
    ):
        assert (refused.status_code, pointers(refused)) == (422, {"?format"})
    unnamed = await owner.post("/qr-codes/export", json={**asked, "spot": "नीला"})
    assert (unnamed.status_code, pointers(unnamed)) == (422, {"/spot"})


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("{external_id}-{name}", "a"),
        ("{name}-{external_id}", "a"),
        ("{name}-{external_id}-{number}", "a-00001"),
        ("_{name}_", "_a_"),
        ("{external_id} {folder}. {name}", "a"),
        ("x-{external_id}", "x"),
        ("{external_id}", "qr_1"),
    ],
)
def test_an_empty_field_takes_its_joint_along(pattern: str, name: str) -> None:
    fields = {"name": "a", "slug": "s", "external_id": "", "folder": "", "number": "00001", "id": "qr_1"}
    assert Names(pattern).name(fields) == name


@pytest.mark.parametrize(
    "pattern", ["", "plain", "{", "{}", "{0}", "{secret}", "{name!r}", "{name:>99999999}", "{name.x}", "a/b/c/d/{name}"]
)
async def test_a_pattern_that_names_nothing(owner: httpx.AsyncClient, pattern: str) -> None:
    await make_code(owner)
    answer = await owner.get("/qr-codes/export", params={"name": pattern})
    assert (answer.status_code, pointers(answer)) == (422, {"?name"})


async def test_filters_and_ids_choose(qr: Bench, owner: httpx.AsyncClient) -> None:
    one = await make_code(owner, name="one", tags=["a"])
    two = await make_code(owner, name="two")
    await owner.post(f"/qr-codes/{two['id']}/archive")
    assert (await archive_of(owner, tag="a")).namelist() == ["one.svg"]
    assert (await archive_of(owner)).namelist() == ["one.svg"]
    assert (await archive_of(owner, id=[two["id"]])).namelist() == ["two.svg"]
    posted = await owner.post("/qr-codes/export", json={"ids": [one["id"], two["id"]], "as": "csv"})
    assert posted.text.count("\r\n") == 3
    filtered = await owner.post("/qr-codes/export", json={"filter": {"q": "one"}, "formats": ["svg"]})
    assert zipfile.ZipFile(io.BytesIO(filtered.content)).namelist() == ["one.svg"]
    nothing = await owner.get("/qr-codes/export", params={"tag": "nowhere"})
    assert (nothing.status_code, nothing.json()["errors"][0]["code"]) == (422, "nothing_chosen")
    async with qr.client() as other:
        assert (await other.get("/qr-codes/export", params={"id": one["id"]})).status_code == 422
    await owner.delete(f"/qr-codes/{one['id']}")
    assert (await owner.get("/qr-codes/export", params={"id": one["id"]})).status_code == 422


@pytest.mark.parametrize(
    "query", [{"as": "rar"}, {"format": "gif"}, {"format": ["svg"] * 7}, {"size": 3}, {"id": "qr_1"}, {"unit": "mile"}]
)
async def test_a_wish_that_cannot_be_had(owner: httpx.AsyncClient, query: dict[str, Any]) -> None:
    await make_code(owner)
    answer = await owner.get("/qr-codes/export", params=query)
    assert answer.status_code == 422
    assert {pointer.partition(".")[0] for pointer in pointers(answer)} == {f"?{next(iter(query))}"}


@pytest.mark.slow
async def test_a_long_list_is_read_in_pages(owner: httpx.AsyncClient) -> None:
    items = [{"content": {"type": "text", "text": f"t{number}"}, "name": f"n{number}"} for number in range(205)]
    assert (await owner.post("/qr-codes/bulk", json={"action": "create", "items": items})).json()["failed"] == 0
    rows = await rows_of(owner)
    assert [row["name"] for row in rows] == [f"n{number}" for number in range(205)]
    assert len((await archive_of(owner)).namelist()) == 205


async def test_the_list_tells_everything_and_starts_no_formula(owner: httpx.AsyncClient) -> None:
    folder = (await owner.post("/folders", json={"name": "+Hall"})).json()["id"]
    code = await make_code(owner, name=FORMULA, tags=["@x", "y"], folder_id=folder, external_id="-9", content=URL)
    (row,) = await rows_of(owner)
    assert row["name"] == f"'{FORMULA}"
    assert (row["folder"], row["tags"], row["external_id"]) == ("'+Hall", "'@x, y", "'-9")
    assert (row["id"], row["destination"], row["short_url"]) == (code["id"], URL["url"], code["link"]["short_url"])
    answer = await owner.get("/qr-codes/export", params={"as": "xlsx"})
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert sheet[0][:3] == ["id", "external_id", "name"]
    assert sheet[1][1:3] == ["-9", FORMULA]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml"), "text, not a formula"


@given(st.text(max_size=30))
def test_no_cell_starts_a_formula_and_nothing_is_lost(text: str) -> None:
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    if not text.startswith("'"):
        assert as_meant(harmless(text)) == text


@given(st.lists(st.text(max_size=40), max_size=8))
def test_any_names_make_an_archive_that_opens(texts: list[str]) -> None:
    names, archive, chunks = Names("{name}"), Archive(), []
    for text in texts:
        path = names.name({"name": text.encode(errors="ignore").decode(), "id": "qr_0"})
        assert not path.startswith("/")
        assert ".." not in path.split("/")
        chunks.append(archive.add(f"{path}.svg", text.encode(errors="replace")))
    opened = zipfile.ZipFile(io.BytesIO(b"".join([*chunks, archive.end()])))
    assert len({name.casefold() for name in opened.namelist()}) == len(texts)
    assert opened.testzip() is None
