"""The time zones of workspaces, a projection of auth's events."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.services.analytics.models import WorkspaceRow


async def zone(session: AsyncSession, workspace_id: UUID) -> str | None:
    """Return the name of the workspace's time zone, or None while its event has not arrived."""
    answer = await session.execute(select(WorkspaceRow.time_zone).where(WorkspaceRow.workspace_id == workspace_id))
    return answer.scalar_one_or_none()


async def put_zone(session: AsyncSession, workspace_id: UUID, time_zone: str, as_of: datetime) -> None:
    """Remember the time zone of a workspace, unless what is known is newer than ``as_of``."""
    new = {"time_zone": time_zone, "as_of": as_of}
    statement = insert(WorkspaceRow).values(workspace_id=workspace_id, **new)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["workspace_id"], set_=new, where=WorkspaceRow.as_of < as_of)
    )
