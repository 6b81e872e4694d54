"""Every query of qr. Functions take the session of the use case's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, case, delete, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.services.qr.domain import CodeStatus, Filters, GroupBy, Sort, searchable
from scanly.services.qr.models import CodeRow

_STATUS: ColumnElement[str] = case((CodeRow.archived_at.is_not(None), "archived"), else_=CodeRow.link_status)
_GROUPS: dict[GroupBy, ColumnElement[str]] = {
    "status": _STATUS,
    "kind": CodeRow.kind.expression,
    "content_type": CodeRow.content["type"].astext,
}
_SORT_COLUMNS: dict[str, ColumnElement[Any]] = {
    "created_at": CodeRow.created_at.expression,
    "updated_at": CodeRow.updated_at.expression,
    "name": func.lower(CodeRow.name, type_=String),
}


async def code(session: AsyncSession, workspace_id: UUID, code_id: UUID, *, lock: bool = False) -> CodeRow | None:
    """Return a code, deleted ones too; ``lock`` keeps others from changing it until the end of the transaction."""
    query = select(CodeRow).where(CodeRow.workspace_id == workspace_id, CodeRow.id == code_id)
    return await session.scalar(query.with_for_update() if lock else query)


async def codes(session: AsyncSession, workspace_id: UUID, code_ids: Sequence[UUID]) -> Sequence[CodeRow]:
    query = select(CodeRow).where(_living(workspace_id), CodeRow.id.in_(code_ids))
    return (await session.scalars(query)).all()


async def code_by_external_id(session: AsyncSession, workspace_id: UUID, external_id: str) -> CodeRow | None:
    return await session.scalar(select(CodeRow).where(_living(workspace_id), CodeRow.external_id == external_id))


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


async def purge(session: AsyncSession, deleted_before: datetime) -> int:
    """Remove codes for good that were deleted before a moment; return how many."""
    gone = await session.scalars(delete(CodeRow).where(CodeRow.deleted_at < deleted_before).returning(CodeRow.id))
    return len(gone.all())


def _living(workspace_id: UUID) -> ColumnElement[bool]:
    return (CodeRow.workspace_id == workspace_id) & CodeRow.deleted_at.is_(None)


def _matching(workspace_id: UUID, filters: Filters) -> list[ColumnElement[bool]]:
    found = [_living(workspace_id)]
    if len(filters.statuses) < len(CodeStatus):
        found.append(_STATUS.in_([status.value for status in filters.statuses]))
    if filters.kind is not None:
        found.append(CodeRow.kind == filters.kind.value)
    if filters.content_type is not None:
        found.append(CodeRow.content["type"].astext == filters.content_type)
    if filters.tag is not None:
        tag = func.unnest(CodeRow.tags).column_valued("tag")
        found.append(select(tag).where(func.lower(tag) == filters.tag.lower()).exists())
    if filters.text:
        mine = CodeRow.search.contains(searchable(filters.text), autoescape=True)
        found.append(or_(mine, CodeRow.link_id.in_(filters.link_ids)) if filters.link_ids else mine)
    return found
