"""Every query about kept looks. Functions take the session of the use case's transaction."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.services.qr.models import BrandKitRow, DesignRow

Row = TypeVar("Row", DesignRow, BrandKitRow)


async def every(session: AsyncSession, workspace_id: UUID, table: type[Row]) -> Sequence[Row]:
    """Return all looks of a table, the default first, then by name."""
    query = select(table).where(table.workspace_id == workspace_id)
    return (await session.scalars(query.order_by(table.is_default.desc(), func.lower(table.name), table.id))).all()


async def one(
    session: AsyncSession, workspace_id: UUID, table: type[Row], look_id: UUID, *, lock: bool = False
) -> Row | None:
    query = select(table).where(table.workspace_id == workspace_id, table.id == look_id)
    return await session.scalar(query.with_for_update() if lock else query)


async def default(session: AsyncSession, workspace_id: UUID, table: type[Row]) -> Row | None:
    """Return the look of the workspace that counts where none is named."""
    return await session.scalar(select(table).where(table.workspace_id == workspace_id, table.is_default))


async def count(session: AsyncSession, workspace_id: UUID, table: type[Row]) -> int:
    query = select(func.count()).select_from(table).where(table.workspace_id == workspace_id)
    return await session.scalar(query) or 0


async def lock_untold(session: AsyncSession, table: type[Row], limit: int) -> Sequence[Row]:
    """Return looks of all workspaces of which no event told, and which nobody else is telling of."""
    query = select(table).where(~table.told).order_by(table.id).limit(limit)
    return (await session.scalars(query.with_for_update(skip_locked=True))).all()


async def no_default(session: AsyncSession, workspace_id: UUID, table: type[Row]) -> None:
    """Take the mark of the default from whichever look has it."""
    mine = table.workspace_id == workspace_id
    await session.execute(
        update(table).where(mine, table.is_default).values(is_default=False, version=table.version + 1)
    )
