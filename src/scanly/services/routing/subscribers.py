"""Events that routing consumes."""

from scanly.contracts.auth import WorkspaceCreated, WorkspaceUpdated
from scanly.contracts.qr import CodeCreated
from scanly.kernel.events import Envelope
from scanly.services.routing.service import RoutingService


async def on_code_created(service: RoutingService, event: Envelope[CodeCreated]) -> None:
    """Confirm the claim of the code's address."""
    if event.data.link_id is not None:
        await service.confirm(event.id, event.data.workspace_id, event.data.link_id)


async def on_workspace(service: RoutingService, event: Envelope[WorkspaceCreated] | Envelope[WorkspaceUpdated]) -> None:
    """Remember the workspace's name and time zone."""
    data = event.data
    await service.learn_workspace(event.id, data.workspace_id, data.name, data.time_zone, event.time)
