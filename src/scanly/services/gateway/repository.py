"""Every query of the gateway."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.services.gateway.models import BlockedWorkspaceRow


async def blocked_workspaces(session: AsyncSession) -> dict[UUID, str]:
    """Return every blocked workspace with the reason."""
    rows = await session.execute(select(BlockedWorkspaceRow.workspace_id, BlockedWorkspaceRow.reason))
    return {row.workspace_id: row.reason for row in rows}


async def block(session: AsyncSession, workspace_id: UUID, reason: str) -> None:
    """Block a workspace, or change the reason."""
    statement = insert(BlockedWorkspaceRow).values(workspace_id=workspace_id, reason=reason)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["workspace_id"], set_={"reason": statement.excluded.reason})
    )


async def unblock(session: AsyncSession, workspace_id: UUID) -> None:
    """Lift the block of a workspace."""
    await session.execute(delete(BlockedWorkspaceRow).where(BlockedWorkspaceRow.workspace_id == workspace_id))
