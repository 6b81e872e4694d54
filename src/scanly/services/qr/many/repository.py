"""Queries about imports and their lines."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.services.qr.models import ImportLineRow, ImportRow


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


async def note(session: AsyncSession, import_id: UUID, number: int, values: Mapping[str, Any]) -> None:
    """Write down what became of a line."""
    which = (ImportLineRow.import_id == import_id, ImportLineRow.number == number)
    await session.execute(update(ImportLineRow).where(*which).values(**values))


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


async def remove(session: AsyncSession, workspace_id: UUID, import_id: UUID) -> None:
    await session.execute(delete(ImportRow).where(ImportRow.workspace_id == workspace_id, ImportRow.id == import_id))


async def purge(session: AsyncSession, made_before: datetime) -> int:
    """Forget imports that were made before a moment; their codes stay. Return how many."""
    gone = await session.scalars(delete(ImportRow).where(ImportRow.created_at < made_before).returning(ImportRow.id))
    return len(gone.all())
