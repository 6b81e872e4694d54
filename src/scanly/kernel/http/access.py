"""Dependencies of endpoints: who calls, in which workspace, and which service answers.

They are ``async`` although they wait for nothing: FastAPI runs others in a thread, which costs a request a millisecond.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Request

from scanly.kernel.auth import Principal, current_principal
from scanly.kernel.errors import BadRequest, Forbidden, Unauthenticated

S = TypeVar("S")

_MAY_CHANGE = frozenset({"owner", "admin", "editor"})


class WorkspaceRequired(BadRequest):
    """The caller has several workspaces and named none."""

    code = "workspace_required"
    title = "Say which workspace"


class TenantPrincipal(Principal):
    """A signed-in caller with a workspace."""

    user_id: UUID
    workspace_id: UUID
    role: str


def use_service(cls: type[S]) -> Callable[[Request], Awaitable[S]]:
    """Return a dependency that yields the service of class ``cls`` which runs in this process."""

    async def dependency(request: Request) -> S:
        service: S = request.app.state.services[cls]
        return service

    return dependency


async def require_principal() -> Principal:
    """Return the signed-in caller; ``Unauthenticated`` when nobody is."""
    principal = current_principal()
    if principal.user_id is None:
        raise Unauthenticated("Sign in, or send an Authorization header with a valid token.")
    return principal


async def require_workspace(principal: Annotated[Principal, Depends(require_principal)]) -> TenantPrincipal:
    """Return the caller in its workspace; 400 ``workspace_required`` when there are several and none was named."""
    if principal.workspace_id is None:
        if principal.workspaces > 1:
            raise WorkspaceRequired("You belong to several workspaces. Send the header Scanly-Workspace: ws_….")
        raise Forbidden("You do not belong to a workspace. Make one first, or ask for an invitation.")
    return TenantPrincipal.model_validate(principal.model_dump())


async def require_editor(tenant: Annotated[TenantPrincipal, Depends(require_workspace)]) -> TenantPrincipal:
    """Return the caller if it may change things in the workspace; ``Forbidden`` otherwise."""
    if tenant.role not in _MAY_CHANGE:
        raise Forbidden("You may look at this workspace but not change it. Ask its owner for more rights.")
    return tenant


Caller = Annotated[Principal, Depends(require_principal)]
Tenant = Annotated[TenantPrincipal, Depends(require_workspace)]
Editor = Annotated[TenantPrincipal, Depends(require_editor)]
