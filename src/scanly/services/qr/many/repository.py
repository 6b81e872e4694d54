"""Queries about imports and their lines."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.kernel.ids import encode_id
from scanly.services.qr.models import CodeRow, FolderRow, ImportLineRow, ImportRow


async def one(session: AsyncSession, workspace_id: UUID, import_id: UUID, *, lock: bool = False) -> ImportRow | None:
    """Return an import; ``lock`` keeps others from changing it until the end of the transaction."""
    query = select(ImportRow).where(ImportRow.workspace_id == workspace_id, ImportRow.id == import_id)
    return await session.scalar(query.with_for_update() if lock else query)


async def newest(session: AsyncSession, workspace_id: UUID, limit: int) -> Sequence[ImportRow]:
    query = select(ImportRow).where(ImportRow.workspace_id == workspace_id, ImportRow.state != "reading")
    return (await session.scalars(query.order_by(ImportRow.created_at.desc(), ImportRow.id).limit(limit))).all()


async def lines(
    session: AsyncSession,
    workspace_id: UUID,
    import_id: UUID,
    *,
    states: Sequence[str] = (),
    after: int = -1,
    limit: int,
) -> Sequence[ImportLineRow]:
    """Return lines in the states (all of them without any), in their order."""
    query = select(ImportLineRow).where(
        ImportLineRow.workspace_id == workspace_id,
        ImportLineRow.import_id == import_id,
        ImportLineRow.number > after,
    )
    if states:
        query = query.where(ImportLineRow.state.in_(states))
    return (await session.scalars(query.order_by(ImportLineRow.number).limit(limit))).all()


async def line(session: AsyncSession, workspace_id: UUID, import_id: UUID, number: int) -> ImportLineRow | None:
    query = select(ImportLineRow).where(
        ImportLineRow.workspace_id == workspace_id,
        ImportLineRow.import_id == import_id,
        ImportLineRow.number == number,
    )
    return await session.scalar(query.with_for_update())


async def note(session: AsyncSession, import_id: UUID, notes: Mapping[int, Mapping[str, Any]]) -> None:
    """Write down what became of lines: by their numbers, what changes of each."""
    alike: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for number, values in notes.items():
        alike[tuple(values)].append({"line": number, **{f"new_{name}": value for name, value in values.items()}})
    table = cast("Table", ImportLineRow.__table__)
    for names, parameters in alike.items():
        which = (table.c.import_id == import_id, table.c.number == bindparam("line"))
        values = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
        await session.execute(table.update().where(*which).values(values), parameters)


async def counts(session: AsyncSession, workspace_id: UUID, import_ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """Return how many lines of each import are in each state."""
    query = (
        select(ImportLineRow.import_id, ImportLineRow.state, func.count())
        .where(ImportLineRow.workspace_id == workspace_id, ImportLineRow.import_id.in_(import_ids))
        .group_by(ImportLineRow.import_id, ImportLineRow.state)
    )
    found: dict[UUID, dict[str, int]] = {import_id: {} for import_id in import_ids}
    for import_id, state, number in (await session.execute(query)).all():
        found[import_id][state] = number
    return found


async def cells_of(session: AsyncSession, workspace_id: UUID, import_id: UUID, column: int) -> Sequence[str]:
    """Return the different texts in a column."""
    cell = ImportLineRow.cells[column].astext
    query = select(cell).where(ImportLineRow.workspace_id == workspace_id, ImportLineRow.import_id == import_id)
    return (await session.scalars(query.distinct())).all()


async def lock_unused_folders(
    session: AsyncSession, workspace_id: UUID, import_id: UUID, folder_ids: Sequence[UUID]
) -> list[UUID]:
    """Return those folders that nobody renamed, chose for another import, or put a code of their own into.

    What an undone import made is no use: it lies in the trash. Locked, so that nobody puts anything into them now.
    """
    folders = (
        select(FolderRow.id)
        .where(FolderRow.workspace_id == workspace_id, FolderRow.id.in_(folder_ids))
        .where(FolderRow.updated_at == FolderRow.created_at)
    )
    locked = (await session.scalars(folders.with_for_update())).all()
    made = select(ImportLineRow.code_id).where(
        ImportLineRow.workspace_id == workspace_id,
        ImportLineRow.import_id == import_id,
        ImportLineRow.code_id.is_not(None),
        ImportLineRow.before.is_(None),
    )
    codes = select(CodeRow.folder_id).where(
        CodeRow.workspace_id == workspace_id,
        CodeRow.folder_id.in_(locked),
        or_(CodeRow.deleted_at.is_(None), CodeRow.id.not_in(made)),
    )
    plans = select(ImportRow.plan["folder_id"].astext).where(
        ImportRow.workspace_id == workspace_id, ImportRow.state.in_(("draft", "running", "paused"))
    )
    used, chosen = set(await session.scalars(codes)), set(await session.scalars(plans))
    return [each for each in locked if each not in used and encode_id("folder", each) not in chosen]


async def remove(session: AsyncSession, workspace_id: UUID, import_id: UUID) -> None:
    await session.execute(delete(ImportRow).where(ImportRow.workspace_id == workspace_id, ImportRow.id == import_id))


async def purge(session: AsyncSession, made_before: datetime) -> int:
    """Forget imports that were made before a moment; their codes stay. Return how many."""
    gone = await session.scalars(delete(ImportRow).where(ImportRow.created_at < made_before).returning(ImportRow.id))
    return len(gone.all())
