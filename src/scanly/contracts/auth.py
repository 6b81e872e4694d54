"""auth: people, workspaces, access."""

from abc import ABC, abstractmethod
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from scanly.kernel.errors import Conflict, Gone, Invalid, Unauthenticated
from scanly.kernel.events import Event
from scanly.kernel.ids import PublicId

UserId = Annotated[UUID, PublicId("user")]
WorkspaceId = Annotated[UUID, PublicId("ws")]
SessionId = Annotated[UUID, PublicId("sess")]


class Role(StrEnum):
    """What a member may do: an owner everything, a viewer read."""

    OWNER = "owner"
    ADMIN = "admin"
    EDITOR = "editor"
    VIEWER = "viewer"


class Membership(BaseModel):
    """One workspace that a user belongs to."""

    model_config = ConfigDict(frozen=True)

    workspace_id: UUID
    name: str
    time_zone: str
    role: Role


class Identity(BaseModel):
    """A living session with its user; what the gateway needs to know about a caller."""

    model_config = ConfigDict(frozen=True)

    session_id: UUID
    user_id: UUID
    email_confirmed: bool
    is_operator: bool
    memberships: tuple[Membership, ...]


class Workspace(BaseModel):
    """A tenant."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    name: str
    time_zone: str
    created_at: datetime


class Auth(ABC):
    """What other services may ask of auth."""

    @abstractmethod
    async def identify_cookie(self, *, token: str) -> Identity | None:
        """Return the identity behind a browser's session cookie, or None if it is unknown, ended or expired."""

    @abstractmethod
    async def identify_session(self, *, session_id: UUID) -> Identity | None:
        """Return the identity behind a session id taken from a verified access token, or None if it ended."""

    @abstractmethod
    async def jwks(self) -> dict[str, Any]:
        """Return the public keys that verify access tokens, as a JWK set (RFC 7517)."""

    @abstractmethod
    async def membership(self, *, user_id: UUID, workspace_id: UUID) -> Membership | None:
        """Return what a user may do in a workspace, or None for somebody who does not belong to it."""

    @abstractmethod
    async def workspace(self, *, workspace_id: UUID) -> Workspace:
        """Return a workspace; ``NotFound`` if there is none."""


class WrongCredentials(Unauthenticated):
    code = "wrong_credentials"
    title = "That did not match"


class SignUpRefused(Conflict):
    """Neutral on purpose: it does not tell whether the address is known."""

    code = "sign_up_refused"
    title = "We could not sign you up with that"


class PasswordTooWeak(Invalid):
    code = "password_too_weak"
    title = "Choose a longer password"


class TokenRefused(Unauthenticated):
    """A refresh token that is unknown, expired, or was used before."""

    code = "token_refused"
    title = "Sign in again"


class LinkRefused(Gone):
    """A link from a mail that was used, is too old, or is not ours."""

    code = "link_refused"
    title = "This link does not work any more"


class UserRegistered(Event):
    topic: ClassVar[str] = "user.registered"
    version: ClassVar[int] = 1

    user_id: UUID
    workspace_id: UUID
    locale: str

    def key(self) -> str:
        return str(self.user_id)


class WorkspaceCreated(Event):
    topic: ClassVar[str] = "workspace.created"
    version: ClassVar[int] = 1

    workspace_id: UUID
    name: str
    time_zone: str

    def key(self) -> str:
        return str(self.workspace_id)


class WorkspaceUpdated(Event):
    topic: ClassVar[str] = "workspace.updated"
    version: ClassVar[int] = 1

    workspace_id: UUID
    name: str
    time_zone: str

    def key(self) -> str:
        return str(self.workspace_id)
