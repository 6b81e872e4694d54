"""``/workspaces``: the tenants one belongs to."""

from fastapi import APIRouter

from scanly.contracts.auth import WorkspaceId
from scanly.kernel.http import Page
from scanly.kernel.idempotency import Idempotent
from scanly.services.auth.endpoints.me import Service, UserIdOfCaller
from scanly.services.auth.schemas import MyWorkspace, WorkspaceChange, WorkspaceCreate

router = APIRouter(prefix="/workspaces", tags=["workspaces"])


@router.get("")
async def list_workspaces(service: Service, user_id: UserIdOfCaller) -> Page[MyWorkspace]:
    """The workspaces one belongs to, the oldest membership first."""
    return Page[MyWorkspace](data=MyWorkspace.all_of(await service.workspaces.of_user(user_id)))


@router.post("", status_code=201)
async def create_workspace(
    body: WorkspaceCreate, service: Service, user_id: UserIdOfCaller, once: Idempotent
) -> MyWorkspace:
    """Make a workspace of one's own."""
    row, role = await service.workspaces.create(user_id, name=body.name, time_zone=body.time_zone, once=once)
    return MyWorkspace.of(row, role)


@router.get("/{workspace_id}")
async def read_workspace(workspace_id: WorkspaceId, service: Service, user_id: UserIdOfCaller) -> MyWorkspace:
    """One workspace."""
    return MyWorkspace.of(*await service.workspaces.read(user_id, workspace_id))


@router.patch("/{workspace_id}")
async def change_workspace(
    workspace_id: WorkspaceId, body: WorkspaceChange, service: Service, user_id: UserIdOfCaller
) -> MyWorkspace:
    """Change name or time zone; counts made before are not restated."""
    row, role = await service.workspaces.change(user_id, workspace_id, name=body.name, time_zone=body.time_zone)
    return MyWorkspace.of(row, role)
