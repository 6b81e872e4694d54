"""Making the codes of a sheet, in jobs of some seconds that go on where the one before stopped, however it stopped."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.contracts.qr import CodeNotFound, FolderNameTaken, ImportElsewhere
from scanly.kernel.db import system_scope
from scanly.kernel.errors import ScanlyError, Unavailable
from scanly.kernel.http.problems import invalid
from scanly.kernel.idempotency import KeyForgotten, Once
from scanly.kernel.ids import decode_id
from scanly.kernel.jobs import enqueue
from scanly.kernel.pace import paced
from scanly.kernel.search import searchable
from scanly.services.qr import repository
from scanly.services.qr.many import repository as imports
from scanly.services.qr.many.columns import Plan, code_of
from scanly.services.qr.many.schemas import ImportBody
from scanly.services.qr.many.sheets import as_meant
from scanly.services.qr.models import ImportLineRow, ImportRow
from scanly.services.qr.schemas import content_of
from scanly.services.qr.service.importing import KEEP_IMPORTS, UNDO, Importing, at, fault_at, found, new_code

RUN_JOB = "qr.run_import"
UNDO_JOB = "qr.undo_import"

_BATCH = 25
"""Lines between two looks at whether somebody paused the import."""
_SLICE = 5
"""Lines that are read before visitors have their turn."""
_TURN = 15.0
"""Seconds after which a job hands over to the next one, so that others have their turn."""
_UNDONE_AT_ONCE = 100


@dataclass(frozen=True)
class _ImportOnce(Once):
    """A key of an import. It gives the same ids each time and keeps no answer: each line remembers its code."""

    async def stored(self, session: AsyncSession, workspace_id: UUID) -> Any | None:  # noqa: ANN401, ARG002
        return None

    async def store(self, session: AsyncSession, workspace_id: UUID, answer: Any) -> None:  # noqa: ANN401
        """The line remembers."""


class ImportRuns(Importing):
    """Use cases that make codes of a sheet, and take them back."""

    async def start_import(self, workspace_id: UUID, import_id: UUID) -> ImportBody:
        """Begin to make the codes of all lines without a fault; doing it twice changes nothing."""

        def start(row: ImportRow) -> None:
            at(row, "draft", "running")
            row.state = "running"
            row.started_at = row.started_at or self._clock.now()

        return await self._turn(workspace_id, import_id, start, RUN_JOB)

    async def pause_import(self, workspace_id: UUID, import_id: UUID) -> ImportBody:
        """Stop for now; a few lines that are being made are finished."""

        def pause(row: ImportRow) -> None:
            at(row, "running", "paused")
            row.state = "paused"

        return await self._turn(workspace_id, import_id, pause)

    async def resume_import(self, workspace_id: UUID, import_id: UUID) -> ImportBody:
        """Go on after a pause."""

        def resume(row: ImportRow) -> None:
            at(row, "paused", "running")
            row.state = "running"

        return await self._turn(workspace_id, import_id, resume, RUN_JOB)

    async def cancel_import(self, workspace_id: UUID, import_id: UUID) -> ImportBody:
        """Stop for good; the codes that are made stay."""

        def cancel(row: ImportRow) -> None:
            at(row, "draft", "running", "paused", "cancelled")
            row.state = "cancelled"
            row.finished_at = row.finished_at or self._clock.now()

        return await self._turn(workspace_id, import_id, cancel)

    async def undo_import(self, workspace_id: UUID, import_id: UUID) -> ImportBody:
        """Take back what an import made and changed, within a day; codes that people scanned stay."""

        def undo(row: ImportRow) -> None:
            at(row, "done", "cancelled", "undoing")
            if row.finished_at is None or row.finished_at < self._clock.now() - UNDO:
                words = "An import can be taken back for a day, and that day is over. Delete the codes in the list."
                raise ImportElsewhere(words)
            row.state = "undoing"

        return await self._turn(workspace_id, import_id, undo, UNDO_JOB)

    async def run_import(self, workspace_id: UUID, import_id: UUID, *, seconds: float = _TURN) -> None:
        """Make codes for some seconds, then leave the rest to the next job; safe to repeat after any interruption."""
        many = self._for_many()
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            async with self._db.begin(workspace_id) as session:
                row = await imports.one(session, workspace_id, import_id, lock=True)
                if row is None or row.state != "running":
                    return
                lines = await imports.lines(session, workspace_id, import_id, states=["waiting"], limit=_BATCH)
                if not lines:
                    row.state, row.finished_at = "done", self._clock.now()
                    return
                plan = await _plan_now(session, row)
            done = await many.make_lines(lines, plan)
            async with self._db.begin(workspace_id) as session:
                await imports.note(session, import_id, done)
        async with self._db.begin(workspace_id) as session:
            await _enqueue(session, RUN_JOB, workspace_id, import_id)

    async def make_lines(self, lines: Sequence[ImportLineRow], plan: Plan) -> dict[int, dict[str, Any]]:
        """Make or change the codes of lines; return what to write down about each. ``Unavailable`` to try again."""
        cells = {line.number: code_of(line.cells, plan) for line in lines}
        made, known = await self._there(lines, cells)
        done = {line.number: {"state": "made", "code_id": made[line.number]} for line in lines if line.number in made}
        folders: dict[str, UUID] = {}
        new = []
        for line in lines:
            if line.number in known:
                try:
                    folder_id = await self._folder_of(line, cells[line.number], plan, folders)
                    done[line.number] = await self._change_code(line, known[line.number], cells[line.number], folder_id)
                except Unavailable:
                    raise
                except (ValidationError, ScanlyError) as error:
                    done[line.number] = _outcome(error, plan)
            elif line.number not in made:
                new.append(line)
        return done | await self._make(new, cells, plan, folders)

    async def _make(
        self, lines: Sequence[ImportLineRow], cells: dict[int, dict[str, Any]], plan: Plan, folders: dict[str, UUID]
    ) -> dict[int, dict[str, Any]]:
        """Make codes together; when one is in the way, each half for itself, until it is found."""
        if not lines:
            return {}
        wanted = []
        try:
            async for some in paced(lines, _SLICE):
                for line in some:
                    code = cells[line.number]
                    folder_id = await self._folder_of(line, code, plan, folders)
                    wanted.append((new_code(code, plan, folder_id), _line_once(line)))
            made = await self.create_all(lines[0].workspace_id, wanted)
        except Unavailable:
            raise
        except (ValidationError, ScanlyError) as error:
            if len(lines) == 1:
                if isinstance(error, KeyForgotten):  # made before this process was interrupted, and deleted since
                    code_id = _line_once(lines[0]).identifier(lines[0].workspace_id, "code")
                    return {lines[0].number: {"state": "made", "code_id": code_id}}
                return {lines[0].number: _outcome(error, plan)}
            half = len(lines) // 2
            done = await self._make(lines[:half], cells, plan, folders)
            return done | await self._make(lines[half:], cells, plan, folders)
        return {line.number: {"state": "made", "code_id": code.id} for line, code in zip(lines, made, strict=True)}

    async def _there(
        self, lines: Sequence[ImportLineRow], cells: dict[int, dict[str, Any]]
    ) -> tuple[dict[int, UUID], dict[int, UUID]]:
        """Return the codes that lines themselves made before, and those of others with the lines' external ids."""
        workspace_id = lines[0].workspace_id
        own = {line.number: _line_once(line).identifier(workspace_id, "code") for line in lines}
        external = {number: code["external_id"] for number, code in cells.items() if code.get("external_id")}
        async with self._db.begin(workspace_id) as session:
            ids = {code_id for code_id in own.values() if code_id is not None}
            there = {row.id for row in await repository.codes(session, workspace_id, list(ids))}
            by_external = await repository.code_ids_by_external_id(session, workspace_id, list(external.values()))
        made = {number: code_id for number, code_id in own.items() if code_id in there and code_id is not None}
        known = {number: by_external[each] for number, each in external.items() if each in by_external}
        return made, {number: code_id for number, code_id in known.items() if code_id != own[number]}

    async def take_back(self, workspace_id: UUID, import_id: UUID) -> None:
        """Undo an import: delete what it made and nobody scanned or uses, and turn back what it changed."""
        while True:
            async with self._db.begin(workspace_id) as session:
                row = await imports.one(session, workspace_id, import_id)
                if row is None or row.state != "undoing":
                    return
                lines = await imports.lines(
                    session, workspace_id, import_id, states=["made", "changed"], limit=_UNDONE_AT_ONCE
                )
            if not lines:
                break
            states = await self._undo_made(row, [line for line in lines if line.state == "made"])
            for line in lines:
                if line.state == "changed":
                    states[line.number] = await self._undo_change(line)
            async with self._db.begin(workspace_id) as session:
                await imports.note(session, import_id, {number: {"state": state} for number, state in states.items()})
        await self._remove_folders(row)
        async with self._db.begin(workspace_id) as session:
            found(await imports.one(session, workspace_id, import_id, lock=True)).state = "undone"

    @system_scope("forgets imports of all workspaces by the clock")
    async def purge_imports(self) -> int:
        """Forget imports after 30 days; their codes stay. Return how many."""
        async with self._db.system() as session:
            return await imports.purge(session, self._clock.now() - KEEP_IMPORTS)

    async def _turn(
        self, workspace_id: UUID, import_id: UUID, change: Callable[[ImportRow], None], job: str | None = None
    ) -> ImportBody:
        async with self._db.begin(workspace_id) as session:
            row = found(await imports.one(session, workspace_id, import_id, lock=True))
            change(row)
            if job is not None:
                await session.flush()
                await _enqueue(session, job, workspace_id, import_id)
        return await self.import_(workspace_id, import_id)

    async def _folder_of(
        self, line: ImportLineRow, code: dict[str, Any], plan: Plan, folders: dict[str, UUID]
    ) -> UUID | None:
        """Return the folder that a line names, made if there is none; else the one that all codes share.

        ``folders`` remembers those of other lines.
        """
        name = code.get("folder")
        if not name:
            return decode_id("folder", plan.folder_id) if plan.folder_id else None
        key = searchable(name)
        if key not in folders:
            folders[key] = await self._folder_named(line, name)
        return folders[key]

    async def _folder_named(self, line: ImportLineRow, name: str) -> UUID:
        workspace_id = line.workspace_id
        for _ in range(2):
            async with self._db.begin(workspace_id) as session:
                folder = await repository.folder_by_name(session, workspace_id, searchable(name))
            if folder is not None:
                return folder.id
            once = _folder_once(line.import_id, name)
            try:
                return (await self.create_folder(workspace_id, name, once)).id
            except FolderNameTaken:
                continue
            except KeyForgotten:  # made for an earlier line, and somebody gave it another name meanwhile
                folder_id = once.identifier(workspace_id, "folder")
                assert folder_id is not None
                return folder_id
        raise Unavailable("This folder comes and goes; try again in a moment.", retry_after=1)

    async def _change_code(
        self, line: ImportLineRow, code_id: UUID, code: dict[str, Any], folder_id: UUID | None
    ) -> dict[str, Any]:
        """Change what the sheet has a column for; note first what was there, so that it can be taken back."""
        row = await self._row(line.workspace_id, code_id)
        link = await self._link(row)
        patch = {key: value for key, value in code.items() if key not in {"folder", "slug", "external_id"}}
        if folder_id is not None:
            patch["folder_id"] = folder_id
        before = line.before or {
            "name": row.name,
            "content": content_of(row, link).model_dump(mode="json", exclude_none=True),
            "tags": row.tags,
            "folder_id": None if row.folder_id is None else str(row.folder_id),
        }
        async with self._db.begin(line.workspace_id) as session:
            await imports.note(session, line.import_id, {line.number: {"before": before, "code_id": code_id}})
        after = await self.change(line.workspace_id, code_id, patch, if_match=None)
        changed = line.before is not None or after.version != (row.version + (link.version if link else 0))
        return {"state": "changed" if changed else "unchanged", "code_id": code_id}

    async def _undo_made(self, row: ImportRow, lines: list[ImportLineRow]) -> dict[int, str]:
        async with self._db.begin(row.workspace_id) as session:
            codes = {
                code.id: code
                for code in await repository.codes(
                    session, row.workspace_id, [line.code_id for line in lines if line.code_id is not None]
                )
            }
        links = [code.link_id for code in codes.values() if code.link_id is not None]
        totals = (
            await self._analytics.totals(
                workspace_id=row.workspace_id, link_ids=links, start=row.created_at, end=self._clock.now()
            )
            if links
            else []
        )
        scanned = {total.link_id for total in totals if total.hits}
        kept = {code.id for code in codes.values() if code.link_id in scanned}
        await self._delete_all(row.workspace_id, [code_id for code_id in codes if code_id not in kept])
        return {line.number: "kept" if line.code_id in kept else "undone" for line in lines}

    async def _remove_folders(self, row: ImportRow) -> None:
        """Delete the folders that an import made, unless somebody used them."""
        plan = Plan.model_validate(row.plan)
        if "folder" not in plan.columns:
            return
        async with self._db.begin(row.workspace_id) as session:
            cells = await imports.cells_of(session, row.workspace_id, row.id, plan.columns.index("folder"))
            made = {_folder_once(row.id, as_meant(cell)).identifier(row.workspace_id, "folder") for cell in cells}
            wanted = [folder_id for folder_id in made if folder_id is not None]
            for folder_id in await imports.lock_unused_folders(session, row.workspace_id, row.id, wanted):
                await repository.remove_folder(session, row.workspace_id, folder_id, self._clock.now())

    async def _undo_change(self, line: ImportLineRow) -> str:
        assert line.code_id is not None
        before = dict(line.before or {})
        if before.get("folder_id") is not None:
            async with self._db.begin(line.workspace_id) as session:
                folder = await repository.folder(session, line.workspace_id, UUID(before["folder_id"]))
            before["folder_id"] = None if folder is None else folder.id  # deleted since: all else is turned back
        try:
            await self.change(line.workspace_id, line.code_id, before, if_match=None)
        except Unavailable:
            raise
        except CodeNotFound:
            return "undone"
        except ScanlyError:
            return "kept"
        return "undone"


async def _plan_now(session: AsyncSession, row: ImportRow) -> Plan:
    """Return the plan of an import without its folder when that was deleted, which leaves its codes in none."""
    plan = Plan.model_validate(row.plan)
    if plan.folder_id is None:
        return plan
    folder = await repository.folder(session, row.workspace_id, decode_id("folder", plan.folder_id))
    return plan if folder is not None else plan.model_copy(update={"folder_id": None})


def _line_once(line: ImportLineRow) -> Once:
    """Return the key of a line's code."""
    return _ImportOnce(f"import {line.import_id} {line.number}", b"line")


def _folder_once(import_id: UUID, name: str) -> Once:
    """Return the key of a folder: its id tells that the import made it."""
    return _ImportOnce(f"import {import_id} folder {searchable(name)}", b"folder")


async def _enqueue(session: AsyncSession, job: str, workspace_id: UUID, import_id: UUID) -> None:
    await enqueue(
        session,
        job,
        lock=f"qr.import {import_id}",
        unique=f"{job} {import_id}",
        workspace_id=str(workspace_id),
        import_id=str(import_id),
    )


def _outcome(error: ValidationError | ScanlyError, plan: Plan) -> dict[str, Any]:
    """Return what to write down about a line that was refused."""
    if isinstance(error, ValidationError):
        error = invalid(error.errors())
    if any(fault.code == "folder_not_found" for fault in error.errors):  # deleted a moment ago: another look
        return {"state": "waiting"}
    faults = [(fault.pointer, fault.code, fault.detail) for fault in error.errors] or [("", error.code, error.detail)]
    return {"state": "faulty", "faults": [fault_at(plan, *fault) for fault in faults]}
