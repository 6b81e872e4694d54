"""One action on many codes, with an answer for each."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from copy import copy
from typing import Any, Self
from uuid import UUID

from pydantic import ValidationError

from scanly.contracts.qr import CodeDeleted
from scanly.kernel.errors import FieldFault, Invalid, ScanlyError
from scanly.kernel.events import append
from scanly.kernel.http.problems import invalid
from scanly.kernel.idempotency import Once
from scanly.services.qr import repository
from scanly.services.qr.domain import MOST_TAGS, unique_tags
from scanly.services.qr.many.schemas import MOST_AT_ONCE, Bulk, CodeFilter, Result, Results
from scanly.services.qr.models import CodeRow
from scanly.services.qr.schemas import CodeCreate, search_text_of
from scanly.services.qr.service.reading import no_such_code
from scanly.services.qr.service.saving import require_folder
from scanly.services.qr.service.transfer import Transfers

_BATCH = 100
"""Codes that are changed in one transaction."""

Refused = dict[UUID, ScanlyError]
RowChange = Callable[[CodeRow], ScanlyError | None]
"""Changes a row or leaves it; returns why it must not."""


class BulkChanges(Transfers):
    """Use cases on many codes."""

    async def bulk(self, workspace_id: UUID, user_id: UUID, wanted: Bulk, once: Once) -> Results:
        """Do one thing with many codes; each succeeds or fails for itself, with the same events as a single call.

        ``Invalid`` when a filter finds more than a call may change.
        """
        async with self._db.begin(workspace_id) as session:
            if (answer := await once.stored(session, workspace_id)) is not None:
                return Results.model_validate(answer)
        if wanted.items is not None:
            results = Results.of(await self._create_all(workspace_id, wanted.items, once))
        else:
            ids = await self._chosen(workspace_id, wanted.ids, wanted.filter)
            refused = await self._apply_to(workspace_id, user_id, ids, wanted)
            results = Results.of(
                [
                    Result.refused(index, code_id, refused[code_id])
                    if code_id in refused
                    else Result(index=index, id=code_id, status=204 if wanted.action in {"delete", "remove"} else 200)
                    for index, code_id in enumerate(ids)
                ]
            )
        async with self._db.begin(workspace_id) as session:
            if (answer := await once.stored(session, workspace_id)) is not None:
                return Results.model_validate(answer)
            await once.store(session, workspace_id, results.model_dump(mode="json"))
        return results

    async def _chosen(self, workspace_id: UUID, ids: Sequence[UUID] | None, chosen: CodeFilter | None) -> list[UUID]:
        if chosen is None:
            return list(dict.fromkeys(ids or ()))
        filters = await self._with_links(workspace_id, chosen.filters())
        async with self._db.begin(workspace_id) as session:
            found = await repository.code_ids(session, workspace_id, filters, limit=MOST_AT_ONCE + 1)
        if len(found) > MOST_AT_ONCE:
            words = f"More than {MOST_AT_ONCE:,} codes fit. Narrow the filter down and repeat, or send ids in parts."
            raise Invalid(words, errors=[FieldFault("/filter", "too_many", words)])
        return list(found)

    async def _apply_to(self, workspace_id: UUID, user_id: UUID, ids: Sequence[UUID], wanted: Bulk) -> Refused:
        if wanted.action == "delete":
            return await self._delete_all(workspace_id, ids)
        if wanted.workspace_id is not None:
            return await self.transfer_many(workspace_id, user_id, ids, wanted.workspace_id)
        if wanted.action == "move":
            async with self._db.begin(workspace_id) as session:
                await require_folder(session, workspace_id, wanted.folder_id)
        if (change := self._change_of_rows(wanted)) is not None:
            return await self._in_batches(workspace_id, ids, change)
        return await _one_by_one(ids, self._call_for_each(workspace_id, wanted))

    def _change_of_rows(self, wanted: Bulk) -> RowChange | None:
        """Return what to do with each row, for actions that concern nothing but rows."""
        match wanted.action:
            case "archive" | "unarchive":
                return self._archiving(archived=wanted.action == "archive")
            case "tag" | "untag":
                return _tagging(wanted.tags or [], wanted.action)
            case "move":
                return _moving(wanted.folder_id)
        return None

    def _call_for_each(self, workspace_id: UUID, wanted: Bulk) -> Callable[[UUID], Awaitable[object]]:
        many = self._for_many()
        patch = {**(wanted.change or {}), "allow_unreadable": wanted.allow_unreadable}
        calls: dict[str, Callable[[UUID], Awaitable[object]]] = {
            "pause": lambda each: self.set_paused(workspace_id, each, paused=True),
            "resume": lambda each: self.set_paused(workspace_id, each, paused=False),
            "restore": lambda each: self.restore(workspace_id, each),
            "remove": lambda each: self.remove_for_good(workspace_id, each),
            "edit": lambda each: many.change(workspace_id, each, patch, if_match=None),
            "rehearse": lambda each: many.rehearse(workspace_id, each, patch),
        }
        return calls["rehearse" if wanted.dry_run else wanted.action]

    def _for_many(self) -> Self:
        """Return the same service with a studio that judges many codes quickly."""
        service = copy(self)
        service.studio = self.studio.for_many()
        return service

    async def _create_all(self, workspace_id: UUID, items: Sequence[dict[str, Any]], once: Once) -> list[Result]:
        many = self._for_many()
        results = []
        for index, item in enumerate(items):
            try:
                new = CodeCreate.model_validate(item)
                code = await many.create(workspace_id, new, _part(once, index))
            except ValidationError as error:
                results.append(Result.refused(index, None, invalid(error.errors())))
            except ScanlyError as error:
                results.append(Result.refused(index, None, error))
            else:
                results.append(Result(index=index, id=code.id, status=201, code=code))
        return results

    async def _in_batches(self, workspace_id: UUID, ids: Sequence[UUID], change: RowChange) -> Refused:
        """Change rows a hundred at a time; what ``change`` leaves as it is stays without an event."""
        refused: Refused = {}
        for start in range(0, len(ids), _BATCH):
            chunk = ids[start : start + _BATCH]
            async with self._db.begin(workspace_id) as session:
                rows = {row.id: row for row in await repository.lock_codes(session, workspace_id, chunk)}
                for code_id in chunk:
                    row = rows.get(code_id)
                    if row is None or row.deleted_at is not None:
                        refused[code_id] = no_such_code()
                    elif (error := change(row)) is not None:
                        refused[code_id] = error
                    elif session.is_modified(row):
                        await self._touch(session, row)
        return refused

    def _archiving(self, *, archived: bool) -> RowChange:
        def change(row: CodeRow) -> ScanlyError | None:
            if (row.archived_at is not None) != archived:
                row.archived_at = self._clock.now() if archived else None
            return None

        return change

    async def _delete_all(self, workspace_id: UUID, ids: Sequence[UUID]) -> Refused:
        refused: Refused = {}
        for start in range(0, len(ids), _BATCH):
            chunk = ids[start : start + _BATCH]
            async with self._db.begin(workspace_id) as session:
                rows = await repository.codes(session, workspace_id, chunk)
            links = [row.link_id for row in rows if row.link_id is not None]
            if links:
                await self._routing.remove(workspace_id=workspace_id, link_ids=links)
            async with self._db.begin(workspace_id) as session:
                locked = {row.id: row for row in await repository.lock_codes(session, workspace_id, chunk)}
                for code_id in chunk:
                    row = locked.get(code_id)
                    if row is None or row.deleted_at is not None:
                        refused[code_id] = no_such_code()
                        continue
                    self._mark_deleted(row)
                    event = CodeDeleted(workspace_id=workspace_id, code_id=row.id, link_id=row.link_id)
                    await append(session, event)
        return refused


def _tagging(tags: Sequence[str], action: str) -> RowChange:
    keys = {tag.casefold() for tag in tags}

    def change(row: CodeRow) -> ScanlyError | None:
        if action == "tag":
            wanted = unique_tags([*row.tags, *tags])
        else:
            wanted = [tag for tag in row.tags if tag.casefold() not in keys]
        if len(wanted) > MOST_TAGS:
            words = f"This code would have {len(wanted)} tags; {MOST_TAGS} is the most. Take some away first."
            return Invalid(words, errors=[FieldFault("/tags", "too_many", words)])
        if wanted != row.tags:
            row.tags = wanted
            row.search = search_text_of(row)
        return None

    return change


def _moving(folder_id: UUID | None) -> RowChange:
    def change(row: CodeRow) -> ScanlyError | None:
        if row.folder_id != folder_id:
            row.folder_id = folder_id
        return None

    return change


async def _one_by_one(ids: Sequence[UUID], call: Callable[[UUID], Awaitable[object]]) -> Refused:
    refused: Refused = {}
    for code_id in ids:
        try:
            await call(code_id)
        except ScanlyError as error:
            refused[code_id] = error
    return refused


def _part(once: Once, index: int) -> Once:
    """Return the key of one of several things that a request makes."""
    if not once.key:
        return once
    return Once(hashlib.sha256(f"{once.key}\0{index}".encode()).hexdigest(), once.body_hash)
