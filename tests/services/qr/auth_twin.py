"""auth as qr sees it, in memory: who may do what in which workspace."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from scanly.contracts.auth import Auth, Identity, Membership, Role, Workspace


class AuthTwin(Auth):
    """Knows the roles it was given."""

    def __init__(self) -> None:
        self.roles: dict[tuple[UUID, UUID], Role] = {}

    async def membership(self, *, user_id: UUID, workspace_id: UUID) -> Membership | None:
        role = self.roles.get((user_id, workspace_id))
        return role and Membership(workspace_id=workspace_id, name="Shop", time_zone="UTC", role=role)

    async def identify_cookie(self, *, token: str) -> Identity | None:
        raise NotImplementedError

    async def identify_session(self, *, session_id: UUID) -> Identity | None:
        raise NotImplementedError

    async def jwks(self) -> dict[str, Any]:
        raise NotImplementedError

    async def workspace(self, *, workspace_id: UUID) -> Workspace:
        return Workspace(id=workspace_id, name="Shop", time_zone="UTC", created_at=datetime(2026, 1, 1, tzinfo=UTC))
