"""Sheets of every kind are read, and what their columns hold is guessed."""

import io
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from scanly.services.qr.content import TYPES
from scanly.services.qr.many.columns import code_of, guess, has_header, targets
from scanly.services.qr.sheets import MOST_COLUMNS, MOST_LINES, SheetRefused, read_sheet

HINDI = "नाम;लिंक\r\nचाय;https://a.example\r\n"


def xlsx(rows: list[list[object]], change: Callable[[str, bytes], bytes] = lambda _name, content: content) -> bytes:
    """A workbook, with its parts changed as wanted."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell)
    book.close()
    changed = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return changed.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(SheetRefused) as caught:
        read_sheet(content)
    assert len(caught.value.words) > 30
    return caught.value.code


@pytest.mark.parametrize(
    ("content", "encoding", "delimiter"),
    [
        (HINDI.encode(), "utf-8", ";"),
        (HINDI.encode("utf-8-sig"), "utf-8", ";"),
        (HINDI.encode("utf-16"), "utf-16", ";"),
        (b"\xfe\xff" + HINDI.encode("utf-16-be"), "utf-16", ";"),
        (HINDI.replace(";", "\t").encode(), "utf-8", "\t"),
        (HINDI.replace(";", "|").encode(), "utf-8", "|"),
        (HINDI.replace(";", ",").replace("\r\n", "\n").encode(), "utf-8", ","),
    ],
)
def test_csv_in_every_form(content: bytes, encoding: str, delimiter: str) -> None:
    sheet = read_sheet(content)
    assert sheet.lines == [(1, ["नाम", "लिंक"]), (2, ["चाय", "https://a.example"])]
    assert (sheet.form, sheet.encoding, sheet.delimiter) == ("csv", encoding, delimiter)


def test_old_windows_letters_and_utf_16_without_a_mark() -> None:
    assert read_sheet("Name,Ort\nCafé,Köln €\n".encode("windows-1252")).lines[1] == (2, ["Café", "Köln €"])
    assert read_sheet("Name,Place\nA,B\n".encode("utf-16-le")).lines == [(1, ["Name", "Place"]), (2, ["A", "B"])]


def test_quotes_and_line_ends_in_cells_empty_lines_and_ragged_ones() -> None:
    sheet = read_sheet(b'a,b,c\r\n\r\n"x, ""y""\r\nz",1\r\n,,,\r\n2,3,4,\r\n')
    assert sheet.lines == [(1, ["a", "b", "c"]), (3, ['x, "y"\r\nz', "1", ""]), (5, ["2", "3", "4"])]


def test_a_column_alone_may_hold_commas_of_no_meaning() -> None:
    assert read_sheet(b"link\nhttps://a.example/1\nhttps://a.example/2\n").lines[1] == (2, ["https://a.example/1"])


def test_a_workbook_shows_what_excel_shows() -> None:
    sheet = read_sheet(xlsx([["Name", "No", "Open", "Price"], [], ["चाय", 7, True, 12.5], ["", "", "", ""]]))
    assert sheet.lines == [(1, ["Name", "No", "Open", "Price"]), (3, ["चाय", "7", "yes", "12.5"])]
    assert (sheet.form, sheet.encoding) == ("xlsx", None)


def test_as_many_lines_as_may_be_and_one_more() -> None:
    body = "name,url\n" + "a,b.example\n" * MOST_LINES
    assert len(read_sheet(body.encode()).lines) == MOST_LINES + 1
    assert refusal((body + "a,b\n").encode()) == "too_many_lines"


@pytest.mark.slow
def test_a_sheet_of_a_hundred_thousand_rows_is_refused_with_the_limit() -> None:
    assert refusal(("name,url\n" + "a,b.example\n" * 100_000).encode()) == "too_many_lines"
    assert refusal(xlsx([["a", "b"]] * 100_000)) == "too_many_lines"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n\n,,\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_format"),
        (b"PK\x03\x04 and then nothing", "not_a_sheet"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not_a_sheet"),
        (b"%PDF-1.7\n\x01\x02\x03\x00", "not_a_sheet"),
        (b"a," * MOST_COLUMNS + b"z\n", "too_many_columns"),
        (b'name,url\n"' + b"x" * 200_000, "not_a_sheet"),
        (b"x" * (8 * 1024 * 1024 + 1), "too_large"),
    ],
)
def test_what_is_no_sheet(content: bytes, code: str) -> None:
    assert refusal(content) == code


@pytest.mark.slow
def test_a_workbook_that_unpacks_to_too_much() -> None:
    def swollen(name: str, content: bytes) -> bytes:
        return content.replace(b"</sheetData>", b" " * 110_000_000 + b"</sheetData>") if "sheet1" in name else content

    bomb = xlsx([["a", "b"]], swollen)
    assert len(bomb) < 1_000_000
    assert refusal(bomb) == "too_large"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"?>\n", b'?>\n<!DOCTYPE x [<!ENTITY a "b">]>', "not_a_sheet"),
        (b'r="B1"', b'r="XFD1"', "too_many_columns"),
        (b'r="B1"', b'r="B1048576"', "too_many_lines"),
    ],
)
def test_a_workbook_that_is_a_trap(old: bytes, new: bytes, code: str) -> None:
    trap = xlsx([["a", "b"]], lambda name, content: content.replace(old, new, 1) if "sheet1" in name else content)
    assert refusal(trap) == code


def test_a_workbook_without_its_sheet_and_one_with_a_password() -> None:
    made = xlsx([["a"]])
    damaged = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(damaged, "w") as new:
        for name in old.namelist():
            if "sheet1" not in name:
                new.writestr(name, old.read(name))
    assert refusal(damaged.getvalue()) == "not_a_sheet"
    assert refusal(made[: len(made) // 2]) == "not_a_sheet"


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        sheet = read_sheet(content)
    except SheetRefused:
        return
    assert len({len(cells) for _, cells in sheet.lines}) == 1


@pytest.mark.parametrize(
    ("names", "line", "content_type", "columns"),
    [
        (
            ["Table", "URL", "Hall", "Remark", "No"],
            ["Table 1", "menu.example/1", "Garden", "by the window", "1"],
            "url",
            ["name", "content.url", "folder", None, "external_id"],
        ),
        (["नाम", "लिंक", "टैग"], ["चाय", "a.example", "x"], "url", ["name", "content.url", "tags"]),
        (["x", "y"], ["a", "https://b.example/1"], "url", [None, "content.url"]),
        (["UPI ID", "Name", "Amount"], ["a@ok", "Ram", "12"], "upi", ["content.vpa", "content.name", "content.amount"]),
        (
            ["रक़म", "यूपीआई", "पाने वाले का नाम"],
            ["5", "a@ok", "राम"],
            "upi",
            ["content.amount", "content.vpa", "content.name"],
        ),
        (["Network", "Password"], ["a", "long-enough"], "wifi", ["content.ssid", "content.password"]),
        (
            ["First name", "Last name", "Mobile", "E-mail"],
            ["A", "B", "9876543210", "a@b.example"],
            "vcard",
            ["content.first_name", "content.last_name", "content.mobile", "content.email"],
        ),
        (["Text"], ["hello"], "text", ["content.text"]),
    ],
)
def test_columns_are_guessed(names: list[str], line: list[str], content_type: str, columns: list[str | None]) -> None:
    assert has_header([names, line])
    plan = guess(names, [line])
    assert (plan.content_type, plan.columns) == (content_type, columns)
    assert {column for column in columns if column} <= set(targets(content_type))


def test_without_names_the_contents_tell() -> None:
    lines = [["Table 1", "menu.example/1"], ["Table 2", "menu.example/2"]]
    assert not has_header(lines)
    assert guess(["", ""], lines).columns == [None, "content.url"]


def test_a_line_becomes_a_code() -> None:
    plan = guess(["Network", "Password", "Name", "Tags", "Folder"], [["a", "b", "c", "d", "e"]])
    code = code_of(["Shop", "'=1+1", "", "x, y;z", "Hall"], plan)
    assert code == {
        "content": {"type": "wifi", "ssid": "Shop", "password": "=1+1"},
        "tags": ["x", "y", "z"],
        "folder": "Hall",
    }


@pytest.mark.parametrize(
    ("word", "value"), [("yes", True), ("हाँ", True), ("No", False), ("0", False), ("maybe", "maybe")]
)
def test_yes_and_no_in_both_languages(word: str, value: object) -> None:
    plan = guess(["ssid", "hidden"], [["a", "yes"]])
    assert code_of(["a", word], plan)["content"]["hidden"] == value


@pytest.mark.parametrize("content_type", TYPES)
def test_every_content_type_can_come_from_a_sheet(content_type: str) -> None:
    possible = targets(content_type)
    assert {"name", "external_id", "slug", "folder", "tags"} < set(possible)
    names = [target.removeprefix("content.") for target in possible if target.startswith("content.")]
    assert names
