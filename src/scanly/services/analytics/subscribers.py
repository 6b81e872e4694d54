"""Events that analytics consumes."""

from scanly.contracts.auth import WorkspaceCreated, WorkspaceUpdated
from scanly.kernel.events import Envelope
from scanly.services.analytics.service import AnalyticsService


async def on_workspace(
    service: AnalyticsService, event: Envelope[WorkspaceCreated] | Envelope[WorkspaceUpdated]
) -> None:
    """Remember the workspace's time zone."""
    await service.learn_zone(event.id, event.data.workspace_id, event.data.time_zone, event.time)
