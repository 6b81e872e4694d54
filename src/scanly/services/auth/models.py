"""Tables of auth. People and their sessions belong to no tenant; workspaces and memberships do."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, func
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from scanly.kernel.db import service_metadata

Moment = TIMESTAMP(timezone=True)


class Base(DeclarativeBase):
    metadata = service_metadata("auth")


class UserRow(Base):
    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(Text)
    email_key: Mapped[str] = mapped_column(Text, unique=True)
    email_confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    password_hash: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(Text)
    is_operator: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[datetime] = mapped_column(Moment)


class SessionRow(Base):
    """A sign-in: of a browser (``token_hash``) or of a program (``refresh_secret`` and ``generation``)."""

    __tablename__ = "sessions"
    __table_args__ = (Index(None, "user_id"), Index(None, "expires_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("auth.users.id", ondelete="CASCADE"))
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    refresh_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    generation: Mapped[int] = mapped_column(server_default="0")
    rotated_at: Mapped[datetime | None] = mapped_column(Moment)
    user_agent: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    last_used_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class WorkspaceRow(Base):
    __tablename__ = "workspaces"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)


class MembershipRow(Base):
    __tablename__ = "memberships"
    __table_args__ = (Index(None, "user_id"),)

    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("auth.workspaces.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("auth.users.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)


class LinkRow(Base):
    """A link that works once: to confirm an address, to set a new password, to become the operator."""

    __tablename__ = "links"
    __table_args__ = (Index(None, "user_id", "purpose"), Index(None, "expires_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(Text)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("auth.users.id", ondelete="CASCADE"))
    email_key: Mapped[str | None] = mapped_column(Text)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class AttemptsRow(Base):
    """Passwords tried for one account from one network; both as a MAC, so the table tells nobody who or where."""

    __tablename__ = "attempts"
    __table_args__ = (Index(None, "ends_at"),)

    account: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    network: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    tries: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(Moment)


class SigningKeyRow(Base):
    """A key that signs access tokens; the private half is encrypted with a key from the installation's secret."""

    __tablename__ = "signing_keys"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    public_key: Mapped[dict[str, str]] = mapped_column(JSONB)
    private_key: Mapped[bytes] = mapped_column(LargeBinary)
    signs_from: Mapped[datetime] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now())
