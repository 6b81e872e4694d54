"""Tables of routing."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, SmallInteger, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from scanly.kernel.db import service_metadata

Moment = TIMESTAMP(timezone=True)


class Base(DeclarativeBase):
    metadata = service_metadata("routing")


class LinkRow(Base):
    """A destination with its conditions."""

    __tablename__ = "links"
    __table_args__ = (
        Index(None, "workspace_id", "created_at", "id"),
        Index("ix_links_removed_at", "removed_at", postgresql_where=text("removed_at is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID]
    code_id: Mapped[UUID | None]
    destination: Mapped[str] = mapped_column(Text)
    status_code: Mapped[int] = mapped_column(SmallInteger)
    typed_links: Mapped[Any] = mapped_column(JSONB(none_as_null=True), nullable=True)
    elements: Mapped[str | None] = mapped_column(Text)
    """Both: see ``contracts.routing.Link``. Typed links that were claimed before there were elements have none."""
    paused_at: Mapped[datetime | None] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    starts_at: Mapped[datetime | None] = mapped_column(Moment)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)


class AddressRow(Base):
    """A slug on a domain (empty: the main one). Once taken it belongs to its workspace for good.

    ``changed_at`` moves with every change of the address and of its link; the redirect's safety net looks for it.
    """

    __tablename__ = "addresses"
    __table_args__ = (
        CheckConstraint("kind in ('link', 'page')", "kind"),
        Index(None, "link_id"),
        Index(None, "workspace_id"),
        Index(None, "changed_at"),
        Index("ix_addresses_claimed_at", "claimed_at", postgresql_where=text("confirmed_at is null")),
    )

    domain: Mapped[str] = mapped_column(Text, primary_key=True)
    slug_key: Mapped[str] = mapped_column(Text, primary_key=True)
    slug: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    workspace_id: Mapped[UUID]
    link_id: Mapped[UUID | None]
    code_id: Mapped[UUID | None]
    page_id: Mapped[UUID | None]
    claimed_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    tombstoned_at: Mapped[datetime | None] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now())


class WorkspaceRow(Base):
    """What visitors' pages and visitor hashes need of a workspace, fed by auth's events."""

    __tablename__ = "workspaces"
    __table_args__ = (Index(None, "changed_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)
    told_at: Mapped[datetime] = mapped_column(Moment)
    """Time of the event that said so; an older one that comes late changes nothing."""
    changed_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now())


class SaltRow(Base):
    """The salt of a workspace's day, destroyed 48 h after it."""

    __tablename__ = "salts"
    __table_args__ = (Index(None, "day"),)

    workspace_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
