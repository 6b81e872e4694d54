"""Every query of qr. Functions take the session of the use case's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, case, cast, delete, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.kernel.search import searchable
from scanly.services.qr.domain import CodeStatus, Filters, GroupBy, Sort
from scanly.services.qr.models import CodeRow, FolderRow

_STATUS: ColumnElement[str] = case(
    (CodeRow.deleted_at.is_not(None), "deleted"),
    (CodeRow.archived_at.is_not(None), "archived"),
    else_=CodeRow.link_status,
)
_GROUPS: dict[GroupBy, ColumnElement[str]] = {
    "status": _STATUS,
    "kind": CodeRow.kind.expression,
    "content_type": CodeRow.content["type"].astext,
    "folder": func.coalesce(cast(CodeRow.folder_id, String), ""),
}
_SORT_COLUMNS: dict[str, ColumnElement[Any]] = {
    "created_at": CodeRow.created_at.expression,
    "updated_at": CodeRow.updated_at.expression,
    "name": func.lower(CodeRow.name, type_=String),
}


async def code(session: AsyncSession, workspace_id: UUID, code_id: UUID, *, lock: bool = False) -> CodeRow | None:
    """Return a code, deleted ones too; ``lock`` keeps others from changing it until the end of the transaction."""
    query = select(CodeRow).where(_here(workspace_id), CodeRow.id == code_id)
    return await session.scalar(query.with_for_update() if lock else query)


async def code_anywhere(session: AsyncSession, code_id: UUID) -> CodeRow | None:
    """Return a code of any workspace unless it is deleted."""
    return await session.scalar(select(CodeRow).where(CodeRow.id == code_id, CodeRow.deleted_at.is_(None)))


async def codes(session: AsyncSession, workspace_id: UUID, code_ids: Sequence[UUID]) -> Sequence[CodeRow]:
    query = select(CodeRow).where(_living(workspace_id), CodeRow.id.in_(code_ids))
    return (await session.scalars(query)).all()


async def lock_codes(session: AsyncSession, workspace_id: UUID, code_ids: Sequence[UUID]) -> Sequence[CodeRow]:
    """Return codes, deleted ones too, with their rows locked in the order of their ids: two callers cannot deadlock."""
    query = select(CodeRow).where(_here(workspace_id), CodeRow.id.in_(code_ids)).order_by(CodeRow.id)
    return (await session.scalars(query.with_for_update())).all()


async def code_ids(session: AsyncSession, workspace_id: UUID, filters: Filters, *, limit: int) -> Sequence[UUID]:
    query = select(CodeRow.id).where(*_matching(workspace_id, filters)).order_by(CodeRow.created_at, CodeRow.id)
    return (await session.scalars(query.limit(limit))).all()


async def taken_external_ids(
    session: AsyncSession, workspace_id: UUID, external_ids: Sequence[str | None]
) -> frozenset[str | None]:
    """Return those of ``external_ids`` which a code of the workspace has."""
    query = select(CodeRow.external_id).where(_living(workspace_id), CodeRow.external_id.in_(external_ids))
    return frozenset((await session.scalars(query)).all())


async def moving_links(session: AsyncSession, workspace_id: UUID, to: UUID) -> list[UUID]:
    """Return the links of the codes that are on their way to another workspace."""
    query = select(CodeRow.link_id).where(
        CodeRow.workspace_id == workspace_id, CodeRow.moving_to == to, CodeRow.link_id.is_not(None)
    )
    return [link_id for link_id in await session.scalars(query) if link_id is not None]


async def lock_moving(session: AsyncSession, workspace_id: UUID, to: UUID) -> Sequence[CodeRow]:
    query = select(CodeRow).where(CodeRow.workspace_id == workspace_id, CodeRow.moving_to == to).order_by(CodeRow.id)
    return (await session.scalars(query.with_for_update())).all()


async def code_by_external_id(session: AsyncSession, workspace_id: UUID, external_id: str) -> CodeRow | None:
    return await session.scalar(select(CodeRow).where(_living(workspace_id), CodeRow.external_id == external_id))


async def code_ids_by_external_id(
    session: AsyncSession, workspace_id: UUID, external_ids: Sequence[str]
) -> dict[str, UUID]:
    """Return those of the external ids that codes have, with the codes."""
    query = select(CodeRow.external_id, CodeRow.id).where(_living(workspace_id), CodeRow.external_id.in_(external_ids))
    rows = (await session.execute(query)).all() if external_ids else ()
    return {external_id: code_id for external_id, code_id in rows if external_id is not None}


async def page(
    session: AsyncSession,
    workspace_id: UUID,
    filters: Filters,
    *,
    sort: Sort,
    after: tuple[Any, UUID] | None,
    limit: int,
) -> Sequence[tuple[CodeRow, Any]]:
    """Return up to ``limit`` codes behind the position ``after``, each with the value it is sorted by."""
    column = _SORT_COLUMNS[sort.removeprefix("-")]
    query = select(CodeRow, column).where(*_matching(workspace_id, filters))
    position = tuple_(column, CodeRow.id)
    if sort.startswith("-"):
        query = query.order_by(column.desc(), CodeRow.id.desc())
        query = query if after is None else query.where(position < tuple_(*after))
    else:
        query = query.order_by(column, CodeRow.id)
        query = query if after is None else query.where(position > tuple_(*after))
    return [(row, value) for row, value in (await session.execute(query.limit(limit))).all()]


async def count(
    session: AsyncSession, workspace_id: UUID, filters: Filters, group_by: GroupBy | None
) -> list[tuple[str, int]]:
    """Return how many codes match in each group, or in one nameless group."""
    matching = _matching(workspace_id, filters)
    if group_by is None:
        total = await session.scalar(select(func.count()).select_from(CodeRow).where(*matching))
        return [("", total or 0)]
    column = _GROUPS[group_by]
    query = select(column, func.count()).where(*matching).group_by(column).order_by(column)
    return [(name, number) for name, number in (await session.execute(query)).all()]


async def note_link_status(session: AsyncSession, workspace_id: UUID, link_id: UUID, status: str) -> None:
    """Remember what routing says about a link, for the filter by status."""
    mine = CodeRow.workspace_id == workspace_id
    await session.execute(update(CodeRow).where(mine, CodeRow.link_id == link_id).values(link_status=status))


async def remove_for_good(session: AsyncSession, workspace_id: UUID, code_id: UUID) -> None:
    """Remove a code that was deleted before."""
    gone = CodeRow.deleted_at.is_not(None)
    await session.execute(delete(CodeRow).where(_here(workspace_id), CodeRow.id == code_id, gone))


async def tags(session: AsyncSession, workspace_id: UUID) -> Sequence[tuple[str, int]]:
    """Return each tag of living codes in one of its spellings, with the number of codes that have it."""
    each = select(func.unnest(CodeRow.tags).label("tag")).where(_living(workspace_id)).subquery()
    key = func.lower(each.c.tag)
    query = select(func.min(each.c.tag), func.count()).group_by(key).order_by(key)
    return [(name, number) for name, number in (await session.execute(query)).all()]


async def purge(session: AsyncSession, deleted_before: datetime) -> int:
    """Remove codes for good that were deleted before a moment; return how many."""
    gone = await session.scalars(delete(CodeRow).where(CodeRow.deleted_at < deleted_before).returning(CodeRow.id))
    return len(gone.all())


async def folder(session: AsyncSession, workspace_id: UUID, folder_id: UUID, *, lock: bool = False) -> FolderRow | None:
    """Return a folder; ``lock`` keeps others from changing it until the end of the transaction."""
    query = select(FolderRow).where(FolderRow.workspace_id == workspace_id, FolderRow.id == folder_id)
    return await session.scalar(query.with_for_update() if lock else query)


async def folder_by_name(session: AsyncSession, workspace_id: UUID, key: str) -> FolderRow | None:
    """Return the folder whose name reads ``key`` when it is compared."""
    return await session.scalar(
        select(FolderRow).where(FolderRow.workspace_id == workspace_id, FolderRow.search == key)
    )


async def folders(session: AsyncSession, workspace_id: UUID) -> Sequence[tuple[FolderRow, int]]:
    """Return all folders by name, each with the number of living codes in it."""
    codes = (
        select(CodeRow.folder_id, func.count().label("codes"))
        .where(CodeRow.workspace_id == workspace_id, CodeRow.deleted_at.is_(None), CodeRow.folder_id.is_not(None))
        .group_by(CodeRow.folder_id)
        .subquery()
    )
    query = (
        select(FolderRow, func.coalesce(codes.c.codes, 0))
        .outerjoin(codes, codes.c.folder_id == FolderRow.id)
        .where(FolderRow.workspace_id == workspace_id)
        .order_by(FolderRow.search, FolderRow.id)
    )
    return [(row, number) for row, number in (await session.execute(query)).all()]


async def codes_in_folder(session: AsyncSession, workspace_id: UUID, folder_id: UUID) -> int:
    query = select(func.count()).select_from(CodeRow).where(_living(workspace_id), CodeRow.folder_id == folder_id)
    return await session.scalar(query) or 0


async def count_folders(session: AsyncSession, workspace_id: UUID) -> int:
    query = select(func.count()).select_from(FolderRow).where(FolderRow.workspace_id == workspace_id)
    return await session.scalar(query) or 0


async def remove_folder(session: AsyncSession, workspace_id: UUID, folder_id: UUID, now: datetime) -> None:
    """Delete a folder; its codes, deleted ones too, are then in none."""
    await session.execute(
        update(CodeRow)
        .where(CodeRow.workspace_id == workspace_id, CodeRow.folder_id == folder_id)
        .values(folder_id=None, version=CodeRow.version + 1, updated_at=now)
    )
    await session.execute(delete(FolderRow).where(FolderRow.workspace_id == workspace_id, FolderRow.id == folder_id))


def _here(workspace_id: UUID) -> ColumnElement[bool]:
    return (CodeRow.workspace_id == workspace_id) & CodeRow.moving_to.is_(None)


def _living(workspace_id: UUID) -> ColumnElement[bool]:
    return _here(workspace_id) & CodeRow.deleted_at.is_(None)


def _in_state(statuses: frozenset[CodeStatus], deleted_after: datetime | None) -> ColumnElement[bool]:
    """Return which codes are in one of the states, in a form that uses the indexes over living or deleted codes."""
    living = statuses - {CodeStatus.DELETED}
    found: ColumnElement[bool] = CodeRow.deleted_at.is_(None)
    if len(living) < len(CodeStatus) - 1:
        found &= _STATUS.in_([status.value for status in living])
    if CodeStatus.DELETED not in statuses:
        return found
    trash: ColumnElement[bool] = CodeRow.deleted_at.is_not(None)
    if deleted_after is not None:
        trash &= CodeRow.deleted_at >= deleted_after
    return or_(found, trash) if living else trash


def _matching(workspace_id: UUID, filters: Filters) -> list[ColumnElement[bool]]:
    found = [_here(workspace_id), _in_state(filters.statuses, filters.deleted_after)]
    if filters.kind is not None:
        found.append(CodeRow.kind == filters.kind.value)
    if filters.content_type is not None:
        found.append(CodeRow.content["type"].astext == filters.content_type)
    for wanted in filters.tags:
        tag = func.unnest(CodeRow.tags).column_valued("tag")
        found.append(select(tag).where(func.lower(tag) == wanted.lower()).exists())
    if filters.ids is not None:
        found.append(CodeRow.id.in_(filters.ids))
    if filters.folders is not None or filters.unfiled:
        unfiled = CodeRow.folder_id.is_(None)
        filed = CodeRow.folder_id.in_(filters.folders or ())
        found.append(or_(unfiled, filed) if filters.unfiled else filed)
    if filters.text:
        found.append(_found_by(workspace_id, filters))
    return found


def _found_by(workspace_id: UUID, filters: Filters) -> ColumnElement[bool]:
    text = searchable(filters.text)
    folders = select(FolderRow.id).where(
        FolderRow.workspace_id == workspace_id, FolderRow.search.contains(text, autoescape=True)
    )
    mine = or_(CodeRow.search.contains(text, autoescape=True), CodeRow.folder_id.in_(folders))
    return or_(mine, CodeRow.link_id.in_(filters.link_ids)) if filters.link_ids else mine
