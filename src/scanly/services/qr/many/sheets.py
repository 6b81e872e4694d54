"""Sheets that people open in Excel or its like: CSV and XLSX, written row by row."""

import asyncio
import csv
import io
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import IO, Literal

import xlsxwriter

SheetForm = Literal["csv", "xlsx"]

MEDIA_TYPES: dict[SheetForm, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_BOM = "\ufeff"
"""Without it Excel takes UTF-8 for something else."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_CHUNK = 64 * 1024
_IN_MEMORY = 1024 * 1024


def harmless(cell: str) -> str:
    """Return a cell that no program takes for a formula (OWASP, "CSV Injection"): an apostrophe goes before it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def as_meant(cell: str) -> str:
    """Return a cell without the apostrophe that ``harmless``, or a person in Excel, put before it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


async def csv_rows(pages: AsyncIterator[Sequence[Sequence[str]]]) -> AsyncIterator[bytes]:
    """Yield a CSV (RFC 4180, UTF-8) of rows as they come."""
    start = _BOM
    async for page in pages:
        yield (start + _csv(page)).encode()
        start = ""


def _csv(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


async def xlsx_rows(pages: AsyncIterator[Sequence[Sequence[str]]]) -> AsyncIterator[bytes]:
    """Yield an XLSX; it is finished on disk first, since its parts refer to each other."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False})
        sheet, number = book.add_worksheet(), 0
        async for page in pages:
            for row in page:
                for column, cell in enumerate(row):
                    sheet.write_string(number, column, cell)
                number += 1
        await asyncio.to_thread(book.close)  # packs all of it
        file.seek(0)
        for chunk in _chunks(file):
            yield chunk


def _chunks(file: IO[bytes]) -> Iterable[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def sheet_of(pages: AsyncIterator[Sequence[Sequence[str]]], form: SheetForm) -> AsyncIterator[bytes]:
    """Yield a sheet in one of both forms."""
    return csv_rows(pages) if form == "csv" else xlsx_rows(pages)
