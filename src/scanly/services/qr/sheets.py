"""Reading a sheet that somebody uploaded: CSV in whatever form, or XLSX. Runs in other processes: it imports little.

Nothing in a file is believed: not its name, its stated sizes, nor the extent that its cells claim.
"""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal

from python_calamine import CalamineError, CalamineWorkbook

MOST_BYTES = 8 * 1024 * 1024
MOST_LINES = 20_000
MOST_COLUMNS = 100

_MOST_UNPACKED = 96 * 1024 * 1024
_MOST_PARTS = 2000
_MOST_CELL = 8000
_CHUNK = 256 * 1024
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_CELL = re.compile(rb'<(?:\w+:)?c [^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_LINES = 50


class SheetRefused(Exception):
    """The sheet cannot be read; ``code`` for programs, the words say how to mend it."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(code, words)
        self.code, self.words = code, words


@dataclass(frozen=True, slots=True)
class Sheet:
    """Lines with their numbers; those without any text are left out, and all have the same length."""

    form: Literal["csv", "xlsx"]
    encoding: str | None
    delimiter: str | None
    lines: list[tuple[int, list[str]]]


def read_sheet(content: bytes) -> Sheet:
    """Return the first sheet of a file; ``SheetRefused``."""
    if len(content) > MOST_BYTES:
        raise SheetRefused("too_large", f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Split it.")
    if content.startswith(_OLD_EXCEL):
        raise SheetRefused("old_format", "This is the old form of Excel. Save it as .xlsx or .csv, then upload that.")
    if content.startswith(_ZIP):
        return Sheet("xlsx", None, None, _tidy(_xlsx(content)))
    encoding, text = _decoded(content)
    delimiter = _delimiter(text)
    try:
        return Sheet("csv", encoding, delimiter, _tidy(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))
    except csv.Error as error:
        words = "A cell of this file is longer than any text in a code, perhaps since a quotation mark is not closed."
        raise SheetRefused("not_a_sheet", f"{words} Mend it, or save the file anew.") from error


def _tidy(rows: Iterable[list[str]]) -> list[tuple[int, list[str]]]:
    lines, width = [], 0
    for number, row in enumerate(rows, start=1):
        cells = [_clean(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        lines.append((number, cells))
        width = max(width, len(cells))
        if len(lines) > MOST_LINES + 1:
            raise _too_many_lines()
        if width > MOST_COLUMNS:
            raise _too_many_columns()
    if not lines:
        raise SheetRefused("empty", "This sheet is empty. Fill it in, one line for each code, and upload it again.")
    return [(number, cells + [""] * (width - len(cells))) for number, cells in lines]


def _clean(cell: str) -> str:
    # U+0000 and halves of surrogate pairs can stand in no database.
    return cell.replace("\x00", "").encode("utf-8", "ignore").decode().strip()[:_MOST_CELL]


def _decoded(content: bytes) -> tuple[str, str]:
    encoding = next((name for bom, name in _BOMS if content.startswith(bom)), None) or _guessed_utf_16(content)
    for name in (encoding,) if encoding else ("utf-8", "windows-1252"):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if _is_text(text):
            return name.removesuffix("-sig"), text
    words = "This is no sheet that can be read. Save it as CSV (UTF-8) or as .xlsx, then upload that."
    raise SheetRefused("not_a_sheet", words)


def _guessed_utf_16(content: bytes) -> str | None:
    """Return the byte order of UTF-16 without a mark: every other byte of Latin letters is then zero."""
    head = content[:2000]
    for start, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(head) >= 4 and head[start::2].count(0) > len(head) / 4 and head[1 - start :: 2].count(0) == 0:
            return name
    return None


def _is_text(text: str) -> bool:
    strange = sum(ord(character) < 32 and character not in "\t\r\n" for character in text[:10_000])
    return strange == 0


def _delimiter(text: str) -> str:
    """Return the sign that cuts the first lines into the same number of cells, the more the better."""

    def score(delimiter: str) -> tuple[float, int]:
        try:
            reader = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=delimiter)
            widths = [len(row) for row, _ in zip(reader, range(_SAMPLE_LINES), strict=False) if row]
        except csv.Error:
            return 0.0, 0
        usual = max(set(widths), key=widths.count, default=1)
        return (widths.count(usual) / len(widths), usual) if usual > 1 else (0.0, 0)

    return max(_DELIMITERS, key=score)


def _xlsx(content: bytes) -> Iterable[list[str]]:
    _check_package(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if not book.sheet_names:
            raise SheetRefused("empty", "This workbook has no sheet. Fill one in and upload it again.")
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise _no_workbook() from error
    return ([_shown(cell) for cell in row] for row in rows)


def _check_package(content: bytes) -> None:
    """Unpack a workbook piece by piece, before a reader does it at once.

    Refuses what unpacks to too much whatever sizes it states, markup with entities, and cells far out, for which the
    reader would make room up to them.
    """
    unpacked = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            if len(parts) > _MOST_PARTS:
                raise _bomb()
            for part in parts:
                tail = b""
                with package.open(part) as stream:
                    while chunk := stream.read(_CHUNK):
                        unpacked += len(chunk)
                        if unpacked > _MOST_UNPACKED:
                            raise _bomb()
                        piece = tail + chunk
                        _check_markup(piece)
                        tail = piece[-80:]
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise _no_workbook() from error


def _check_markup(piece: bytes) -> None:
    if _DOCTYPE.search(piece):
        raise SheetRefused("not_a_sheet", "This workbook holds markup that no sheet has. Save it anew in Excel.")
    for column, row in _CELL.findall(piece):
        if int(row) > MOST_LINES + 1000:
            raise _too_many_lines()
        if len(column) > 2 or _column_number(column) > MOST_COLUMNS:
            raise _too_many_columns()


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _shown(cell: object) -> str:
    """Return a cell as Excel shows it: whole numbers without a point, times as RFC 3339 has them."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="minutes")
    return str(cell)


def _too_many_lines() -> SheetRefused:
    words = f"One sheet has {MOST_LINES:,} lines at most. Split it into several and upload them one after the other."
    return SheetRefused("too_many_lines", words)


def _too_many_columns() -> SheetRefused:
    return SheetRefused(
        "too_many_columns", f"One sheet has {MOST_COLUMNS} columns at most. Take away what is not needed."
    )


def _bomb() -> SheetRefused:
    words = "This workbook unpacks to more than a sheet of codes can be. Save only the lines you need as .csv."
    return SheetRefused("too_large", words)


def _no_workbook() -> SheetRefused:
    words = "This workbook is damaged, or locked with a password. Save it anew as .xlsx or .csv without one."
    return SheetRefused("not_a_sheet", words)
