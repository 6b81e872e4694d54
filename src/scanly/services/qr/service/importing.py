"""A sheet on its way to codes: read, understood, checked and mended. ``import_run`` makes the codes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import insert

from scanly.contracts.qr import CodeKind, ImportElsewhere, ImportNotFound
from scanly.kernel.errors import FieldFault, Invalid, ScanlyError
from scanly.kernel.http.problems import invalid
from scanly.kernel.idempotency import Once
from scanly.kernel.ids import decode_id, encode_id, new_id
from scanly.services.qr.content import TYPES
from scanly.services.qr.design import Design
from scanly.services.qr.domain import kind_for, sample_address
from scanly.services.qr.many import repository as imports
from scanly.services.qr.many.columns import Plan, code_of, guess, has_header, required, targets
from scanly.services.qr.many.schemas import (
    ColumnBody,
    ImportBody,
    ImportPlan,
    LineBody,
    LineChange,
    LineFault,
    Progress,
    SheetBody,
)
from scanly.services.qr.models import ImportLineRow, ImportRow
from scanly.services.qr.schemas import CodeCreate
from scanly.services.qr.service.exporting import Exporting
from scanly.services.qr.service.saving import require_folder
from scanly.services.qr.sheets import Sheet
from scanly.services.qr.studio import Subject

UNDO = timedelta(days=1)
KEEP_IMPORTS = timedelta(days=30)

_BATCH = 500
"""Lines that are read or written in one transaction."""
_SLICE = 20
"""Lines that are checked before others have a turn in the loop."""
_SAMPLES = 3
_NEWEST = 20


class Importing(Exporting):
    """Use cases up to the point where codes are made."""

    async def upload(
        self, workspace_id: UUID, content: bytes, file_name: str, *, header: bool | None, once: Once
    ) -> ImportBody:
        """Read a sheet, guess what its columns hold and check its lines; ``Invalid`` when it is no sheet."""
        import_id = once.identifier(workspace_id, "import") or new_id()
        async with self._db.begin(workspace_id) as session:
            row = await imports.one(session, workspace_id, import_id)
        if row is not None and row.state != "reading":
            return await self.import_(workspace_id, import_id)
        sheet = await self.studio.read_sheet(content)
        described = has_header([cells for _, cells in sheet.lines]) if header is None else header
        names = sheet.lines[0][1] if described else []
        lines = sheet.lines[1:] if described else sheet.lines
        if not lines:
            raise _nothing_to_make()
        plan = guess(names or [""] * len(lines[0][1]), [cells for _, cells in lines])
        row = ImportRow(
            id=import_id,
            workspace_id=workspace_id,
            state="reading",
            sheet=_sheet(sheet, file_name, len(content), header=described),
            plan=plan.model_dump(mode="json"),
            columns=[{"name": name} for name in names or [""] * len(plan.columns)],
            lines=len(lines),
            created_at=self._clock.now(),
        )
        async with self._db.begin(workspace_id) as session:
            await imports.remove(session, workspace_id, import_id)  # what a broken upload with the same key left
            session.add(row)
        for start in range(0, len(lines), _BATCH):
            async with self._db.begin(workspace_id) as session:
                await session.execute(
                    insert(ImportLineRow),
                    [_line(row, number, cells) for number, cells in lines[start : start + _BATCH]],
                )
        await self._check(row, state="draft")
        return await self.import_(workspace_id, import_id)

    async def import_(self, workspace_id: UUID, import_id: UUID) -> ImportBody:
        """Return an import as it is now; ``ImportNotFound``."""
        async with self._db.begin(workspace_id) as session:
            row = found(await imports.one(session, workspace_id, import_id))
            numbers = (await imports.counts(session, workspace_id, [import_id]))[import_id]
        return body_of(row, numbers)

    async def imports(self, workspace_id: UUID) -> list[ImportBody]:
        """Return the newest imports of the workspace."""
        async with self._db.begin(workspace_id) as session:
            rows = await imports.newest(session, workspace_id, _NEWEST)
            numbers = await imports.counts(session, workspace_id, [row.id for row in rows])
        return [body_of(row, numbers[row.id]) for row in rows]

    async def plan_import(self, workspace_id: UUID, import_id: UUID, wanted: ImportPlan) -> ImportBody:
        """Say what the columns hold and what all codes share; the lines are checked anew.

        ``DesignUnreadable``, or a fault about the logo or the brand kit, before each line has it.
        """
        if wanted.design is not None:
            await self.looks.require_brand(workspace_id, wanted.design)
            sample = sample_address(self.public_address)
            await self.studio.approve(Subject(sample, wanted.design, None, workspace_id))
        async with self._db.begin(workspace_id) as session:
            row = found(await imports.one(session, workspace_id, import_id, lock=True))
            at(row, "draft")
            plan = _planned(Plan.model_validate(row.plan), wanted)
            await require_folder(session, workspace_id, wanted.folder_id)
            row.plan = plan.model_dump(mode="json")
        await self._check(row, state="draft")
        return await self.import_(workspace_id, import_id)

    async def import_lines(
        self, workspace_id: UUID, import_id: UUID, states: Sequence[str], after: int, limit: int
    ) -> list[LineBody]:
        """Return lines behind the number ``after``, one more than ``limit`` when there are more."""
        async with self._db.begin(workspace_id) as session:
            found(await imports.one(session, workspace_id, import_id))
            rows = await imports.lines(session, workspace_id, import_id, states=states, after=after, limit=limit + 1)
        return [_line_body(row) for row in rows]

    async def mend_line(self, workspace_id: UUID, import_id: UUID, number: int, change: LineChange) -> LineBody:
        """Put other cells into a line that is not made yet, and check it again."""
        async with self._db.begin(workspace_id) as session:
            row = found(await imports.one(session, workspace_id, import_id, lock=True))
            at(row, "draft")
            line = await imports.line(session, workspace_id, import_id, number)
            if line is None:
                raise ImportNotFound("The sheet has no such line. Check its number.")
            cells = list(line.cells)
            if faults := [_no_such_column(index, len(cells)) for index in change.cells if index >= len(cells)]:
                raise Invalid(faults[0].detail, errors=faults)
            for index, text in change.cells.items():
                cells[index] = text.strip()
            line.cells = cells
        await self._check(row, state="draft")
        async with self._db.begin(workspace_id) as session:
            return _line_body(found(await imports.line(session, workspace_id, import_id, number)))

    async def import_sheet(
        self, workspace_id: UUID, import_id: UUID, states: Sequence[str]
    ) -> AsyncIterator[Sequence[Sequence[str]]]:
        """Return the lines in some states as rows of a sheet, with what became of each in further columns."""
        async with self._db.begin(workspace_id) as session:
            row = found(await imports.one(session, workspace_id, import_id))
        return self._import_sheet(row, states)

    async def _import_sheet(self, row: ImportRow, states: Sequence[str]) -> AsyncIterator[Sequence[Sequence[str]]]:
        yield [[*(column["name"] for column in row.columns), "Line", "Reason", "Short address", "Code"]]
        after = -1
        while True:
            async with self._db.begin(row.workspace_id) as session:
                rows = await imports.lines(session, row.workspace_id, row.id, states=states, after=after, limit=_BATCH)
            if not rows:
                return
            codes = {code.id: code for code in await self.codes(workspace_id=row.workspace_id, code_ids=_codes(rows))}
            links = [code.link_id for code in codes.values() if code.link_id is not None]
            addresses = {
                link.id: link.short_url
                for link in (await self._routing.links(workspace_id=row.workspace_id, link_ids=links) if links else ())
            }
            yield [
                [
                    *line.cells,
                    str(line.number),
                    " ".join(dict.fromkeys(fault["detail"] for fault in line.faults)),
                    addresses.get(codes[line.code_id].link_id or line.code_id, "") if line.code_id in codes else "",
                    encode_id("qr", line.code_id) if line.code_id in codes else "",
                ]
                for line in rows
            ]
            after = rows[-1].number

    async def _check(self, row: ImportRow, *, state: str) -> None:
        """Check all lines that wait, and write down what is wrong with them."""
        plan = Plan.model_validate(row.plan)
        columns = [{"name": column["name"], "samples": list[str](), "filled": 0, "faulty": 0} for column in row.columns]
        seen: dict[tuple[str, str], int] = {}
        after = -1
        while True:
            async with self._db.begin(row.workspace_id) as session:
                lines = await imports.lines(session, row.workspace_id, row.id, after=after, limit=_BATCH)
            if not lines:
                break
            changed = {}
            for place, line in enumerate(lines):
                if place % _SLICE == 0:
                    await asyncio.sleep(0)
                faults = faults_of(line, plan, seen)
                _count(columns, line.cells, faults)
                if faults != line.faults or (line.state == "waiting") == bool(faults):
                    changed[line.number] = {"faults": faults, "state": "faulty" if faults else "waiting"}
            if changed:
                async with self._db.begin(row.workspace_id) as session:
                    await imports.note(session, row.id, changed)
            after = lines[-1].number
        async with self._db.begin(row.workspace_id) as session:
            locked = found(await imports.one(session, row.workspace_id, row.id, lock=True))
            locked.columns = columns
            locked.state = state


def faults_of(line: ImportLineRow, plan: Plan, seen: dict[tuple[str, str], int]) -> list[dict[str, Any]]:
    """Return what is wrong with a line; ``seen`` remembers what must be there once only."""
    code = code_of(line.cells, plan)
    faults = [fault_at(plan, pointer, code_, words) for pointer, code_, words in _faults_in(code, plan)]
    for name in ("external_id", "slug"):
        if value := code.get(name):
            first = seen.setdefault((name, value if name == "external_id" else value.casefold()), line.number)
            if first != line.number:
                words = f"Line {first} has the same. Each line needs its own; change or delete one of them."
                faults.append(fault_at(plan, f"/{name}", "duplicate", words))
    return faults


def new_code(code: dict[str, Any], plan: Plan, folder_id: UUID | None) -> CodeCreate:
    """Return the code that a line and its plan make."""
    body = {key: value for key, value in code.items() if key != "folder"}
    body["tags"] = [*plan.tags, *body.get("tags", [])]
    return CodeCreate.model_validate({**body, "kind": plan.kind, "design": plan.look, "folder_id": folder_id})


def _faults_in(code: dict[str, Any], plan: Plan) -> list[tuple[str, str, str]]:
    faults = []
    if len(code.get("folder", "")) > 100:
        faults.append(("/folder", "too_long", "The name of a folder has at most 100 characters. Shorten it."))
    try:
        new = new_code(code, plan, None)
        kind = kind_for(new.content, new.kind)
    except ValidationError as error:
        return faults + [(fault.pointer, fault.code, fault.detail) for fault in invalid(error.errors()).errors]
    except ScanlyError as error:
        return faults + [(fault.pointer, fault.code, fault.detail) for fault in error.errors]
    if kind is CodeKind.FIXED and new.slug is not None:
        words = "A code that holds everything itself has no short address. Leave this column out."
        faults.append(("/slug", "cannot_change", words))
    return faults


def fault_at(plan: Plan, pointer: str, code: str, words: str) -> dict[str, Any]:
    """Return a fault with the column that it is in."""
    parts = pointer.strip("/").split("/")
    holds = ".".join(parts[:2]) if parts[0] == "content" and len(parts) > 1 else parts[0]
    column = plan.columns.index(holds) if holds in plan.columns else None
    return {"column": column, "holds": holds, "code": code, "detail": words}


def _count(columns: list[dict[str, Any]], cells: Sequence[str], faults: Sequence[dict[str, Any]]) -> None:
    wrong = {fault["column"] for fault in faults}
    for index, (column, cell) in enumerate(zip(columns, cells, strict=True)):
        column["filled"] += bool(cell)
        column["faulty"] += index in wrong
        if cell and len(column["samples"]) < _SAMPLES and cell[:60] not in column["samples"]:
            column["samples"].append(cell[:60])


def found(row: Any) -> Any:  # noqa: ANN401 - a row of either table
    """Return a row that must be there; ``ImportNotFound``."""
    if row is None:
        raise ImportNotFound("There is no such import in this workspace. Imports are forgotten after 30 days.")
    return row


def at(row: ImportRow, *states: str) -> None:
    """Raise ``ImportElsewhere`` unless an import is at one of these points."""
    if row.state not in states:
        words = f"This import is {row.state}; this is possible only while it is {' or '.join(states)}."
        raise ImportElsewhere(words)


def body_of(row: ImportRow, numbers: dict[str, int]) -> ImportBody:
    """Return an import as an answer."""
    plan = Plan.model_validate(row.plan)
    undo_until = row.finished_at + UNDO if row.finished_at and row.state in {"done", "cancelled"} else None
    return ImportBody(
        id=row.id,
        state=row.state,
        sheet=SheetBody.model_validate(row.sheet),
        lines=row.lines,
        content_type=plan.content_type,
        kind=plan.kind,
        design=Design.model_validate(plan.design),
        tags=plan.tags,
        folder_id=decode_id("folder", plan.folder_id) if plan.folder_id else None,
        columns=[
            ColumnBody.model_validate({"samples": [], "filled": 0, "faulty": 0, **column, "holds": holds})
            for column, holds in zip(row.columns, plan.columns, strict=True)
        ],
        targets=targets(plan.content_type),
        missing=[name for name in required(plan.content_type) if name not in plan.columns],
        progress=Progress.model_validate({name: numbers.get(name, 0) for name in Progress.model_fields}),
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        undo_until=undo_until,
    )


def _planned(plan: Plan, wanted: ImportPlan) -> Plan:
    given = wanted.model_fields_set
    content_type = wanted.content_type or plan.content_type
    if content_type not in TYPES:
        words = f"Choose what the codes hold: one of {', '.join(TYPES)}."
        raise Invalid(words, errors=[FieldFault("/content_type", "content_type_unknown", words)])
    possible = targets(content_type)
    columns = plan.columns if wanted.columns is None else wanted.columns
    if wanted.columns is None:  # another content type knows other fields
        columns = [column if column in possible else None for column in columns]
    if len(columns) != len(plan.columns):
        words = f"The sheet has {len(plan.columns)} columns. Say for each what it holds, or null."
        raise Invalid(words, errors=[FieldFault("/columns", "wrong_number", words)])
    for index, column in enumerate(columns):
        if column is not None and (column not in possible or column in columns[:index]):
            words = f"A column holds one of {', '.join(possible)}, each once; or null to leave it out."
            raise Invalid(words, errors=[FieldFault(f"/columns/{index}", "column_unknown", words)])
    return Plan(
        content_type=content_type,
        columns=columns,
        kind=wanted.kind if "kind" in given else plan.kind,
        design=wanted.design.model_dump(mode="json") if wanted.design is not None else plan.design,
        tags=wanted.tags if wanted.tags is not None else plan.tags,
        folder_id=(encode_id("folder", wanted.folder_id) if wanted.folder_id else None)
        if "folder_id" in given
        else plan.folder_id,
    )


def _no_such_column(index: int, columns: int) -> FieldFault:
    words = f"The columns of this sheet are numbered 0 to {columns - 1}. Choose one of them."
    return FieldFault(f"/cells/{index}", "column_unknown", words)


def _sheet(sheet: Sheet, file_name: str, size: int, *, header: bool) -> dict[str, Any]:
    return {
        "file_name": file_name,
        "form": sheet.form,
        "encoding": sheet.encoding,
        "delimiter": sheet.delimiter,
        "header": header,
        "size": size,
    }


def _line(row: ImportRow, number: int, cells: Sequence[str]) -> dict[str, Any]:
    return {
        "import_id": row.id,
        "number": number,
        "workspace_id": row.workspace_id,
        "cells": list(cells),
        "state": "waiting",
        "faults": [],
    }


def _line_body(row: ImportLineRow) -> LineBody:
    return LineBody(
        number=row.number,
        cells=row.cells,
        state=row.state,
        faults=[LineFault.model_validate(fault) for fault in row.faults],
        code_id=row.code_id,
    )


def _codes(rows: Sequence[ImportLineRow]) -> list[UUID]:
    return [row.code_id for row in rows if row.code_id is not None]


def _nothing_to_make() -> Invalid:
    words = "The sheet has only the names of its columns. Fill in one line for each code, and upload it again."
    return Invalid(words, errors=[FieldFault("/file", "empty", words)])
