"""Tables of media."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from scanly.kernel.db import service_metadata

Moment = TIMESTAMP(timezone=True)


class Base(DeclarativeBase):
    metadata = service_metadata("media")


class FileRow(Base):
    """A file. Its bytes are in the store, under a key made of its ids."""

    __tablename__ = "files"
    __table_args__ = (
        Index("ix_files_newest", "workspace_id", "created_at", "id"),
        Index("ix_files_deleted", "deleted_at", postgresql_where="deleted_at is not null"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    alt: Mapped[str] = mapped_column(Text)
    """What a picture shows, for those who cannot see it."""
    media_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int | None]
    height: Mapped[int | None]
    pages: Mapped[int | None]
    content_hash: Mapped[str] = mapped_column(Text)
    """SHA-256 of the bytes."""
    object_id: Mapped[UUID]
    """Names the bytes in the store. Every content gets a new one, so that what is swept away never comes back."""
    search: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    deleted_at: Mapped[datetime | None] = mapped_column(Moment)


class UploadRow(Base):
    """An upload in parts. ``file_id`` is there when it became a file."""

    __tablename__ = "uploads"
    __table_args__ = (Index("ix_uploads_expires_at", "expires_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    alt: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger)
    parts: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Keys of what was received, in order."""
    replaces: Mapped[UUID | None]
    """The file that gets this content, or none for a new file."""
    file_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)


class UseRow(Base):
    """A file is used by something of another service, which told so by an event."""

    __tablename__ = "uses"
    __table_args__ = (Index("ix_uses_file", "workspace_id", "file_id"),)

    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
