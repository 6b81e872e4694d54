"""Workspaces: made, read and renamed by their members."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Row

from scanly.contracts.auth import Membership, Role, Workspace, WorkspaceUpdated
from scanly.kernel.db import system_scope
from scanly.kernel.errors import Forbidden, NotFound
from scanly.kernel.events import append
from scanly.kernel.idempotency import Once, key_forgotten
from scanly.kernel.ids import new_id
from scanly.services.auth import repository
from scanly.services.auth.models import WorkspaceRow
from scanly.services.auth.service.entry import add_workspace
from scanly.services.auth.service.grants import forget_identities
from scanly.services.auth.service.parts import Parts

_MAY_CHANGE: Final = frozenset({Role.OWNER, Role.ADMIN})


class Workspaces:
    """What members do with a workspace."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def create(self, user_id: UUID, *, name: str, time_zone: str, once: Once) -> tuple[WorkspaceRow, Role]:
        """Make a workspace that the user owns; the same idempotency key makes one."""
        workspace_id = once.identifier(user_id, "workspace", whatever_body=True) or new_id()
        async with self._parts.db.begin(workspace_id) as session:
            if await once.stored(session, workspace_id) is None:
                if await repository.membership(session, workspace_id, user_id) is not None:
                    raise key_forgotten()
                row = WorkspaceRow(id=workspace_id, name=name, time_zone=time_zone, created_at=self._parts.clock.now())
                await add_workspace(session, row, user_id)
                await once.store(session, workspace_id, {})
        await self._tell_members(workspace_id)
        return await self.read(user_id, workspace_id)

    async def read(self, user_id: UUID, workspace_id: UUID) -> tuple[WorkspaceRow, Role]:
        """Return a workspace with the caller's role; ``NotFound`` for anybody who does not belong to it."""
        async with self._parts.db.begin(workspace_id) as session:
            return _require(await repository.membership(session, workspace_id, user_id))

    async def membership(self, user_id: UUID, workspace_id: UUID) -> Membership | None:
        """Return what a user may do in a workspace; None for a stranger."""
        async with self._parts.db.begin(workspace_id) as session:
            found = await repository.membership(session, workspace_id, user_id)
        if found is None:
            return None
        row, role = found
        return Membership(workspace_id=row.id, name=row.name, time_zone=row.time_zone, role=Role(role))

    async def change(
        self, user_id: UUID, workspace_id: UUID, *, name: str | None, time_zone: str | None
    ) -> tuple[WorkspaceRow, Role]:
        """Change what is given. ``NotFound`` for strangers, ``Forbidden`` below administrator."""
        async with self._parts.db.begin(workspace_id) as session:
            row, role = _require(await repository.membership(session, workspace_id, user_id, lock=True))
            if role not in _MAY_CHANGE:
                raise Forbidden("Only an owner or administrator changes the workspace. Ask one of them.")
            changed = (name or row.name, time_zone or row.time_zone) != (row.name, row.time_zone)
            if changed:
                row.name, row.time_zone = name or row.name, time_zone or row.time_zone
                event = WorkspaceUpdated(workspace_id=row.id, name=row.name, time_zone=row.time_zone)
                await append(session, event)
        if changed:
            await self._tell_members(workspace_id)
        return row, role

    @system_scope("a person's workspaces are those of several tenants")
    async def of_user(self, user_id: UUID) -> Sequence[Row[WorkspaceRow, str]]:
        """Return the workspaces a user belongs to, the oldest membership first."""
        async with self._parts.db.system() as session:
            return await repository.memberships(session, user_id)

    async def workspace(self, workspace_id: UUID) -> Workspace:
        """Return a workspace for another service; ``NotFound``."""
        async with self._parts.db.begin(workspace_id) as session:
            row = await repository.workspace(session, workspace_id)
        if row is None:
            raise NotFound("There is no such workspace.")
        return Workspace(id=row.id, name=row.name, time_zone=row.time_zone, created_at=row.created_at)

    @system_scope("sessions belong to people, not to a tenant")
    async def _tell_members(self, workspace_id: UUID) -> None:
        """Have the members' sessions looked up anew: they carry the name, the zone and the role."""
        async with self._parts.db.system() as session:
            members = await repository.member_ids(session, workspace_id)
            await forget_identities(session, await repository.sessions_of(session, members, self._parts.clock.now()))


def _require(found: Row[WorkspaceRow, str] | None) -> tuple[WorkspaceRow, Role]:
    if found is None:
        raise NotFound("You have no such workspace.")
    row, role = found
    return row, Role(role)
