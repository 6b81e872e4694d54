"""Events that routing consumes."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from scanly.contracts.auth import WorkspaceCreated, WorkspaceUpdated
from scanly.contracts.qr import CodeCreated
from scanly.kernel.events import Envelope
from scanly.services.routing.service import RoutingService


async def on_code_created(service: RoutingService, event: Envelope[CodeCreated]) -> None:
    """Confirm the claim of the code's address."""
    if event.data.link_id is not None:
        await service.confirm(event.data.workspace_id, {event.id: event.data.link_id})


async def on_codes_created(service: RoutingService, events: Sequence[Envelope[CodeCreated]]) -> None:
    """Confirm the claims of many codes' addresses."""
    claims: defaultdict[UUID, dict[UUID, UUID]] = defaultdict(dict)
    for event in events:
        if event.data.link_id is not None:
            claims[event.data.workspace_id][event.id] = event.data.link_id
    for workspace_id, of_workspace in claims.items():
        await service.confirm(workspace_id, of_workspace)


async def on_workspace(service: RoutingService, event: Envelope[WorkspaceCreated] | Envelope[WorkspaceUpdated]) -> None:
    """Remember the workspace's name and time zone."""
    data = event.data
    await service.learn_workspace(event.id, data.workspace_id, data.name, data.time_zone, event.time)
