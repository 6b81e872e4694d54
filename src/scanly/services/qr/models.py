"""Tables of qr."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from scanly.kernel.db import service_metadata

Moment = TIMESTAMP(timezone=True)


class Base(DeclarativeBase):
    metadata = service_metadata("qr")


class FolderRow(Base):
    """A folder of codes; deleting it leaves its codes."""

    __tablename__ = "folders"
    __table_args__ = (Index("uq_folders_name", "workspace_id", "search", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    search: Mapped[str] = mapped_column(Text)
    """The name as it is compared: two folders whose names differ in case only would be mistaken."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)


class CodeRow(Base):
    """A code. Where a dynamic one leads is not here: routing's link is the truth of it."""

    __tablename__ = "codes"
    __table_args__ = (
        Index("ix_codes_newest", "workspace_id", "created_at", "id", postgresql_where="deleted_at is null"),
        Index("ix_codes_changed", "workspace_id", "updated_at", "id", postgresql_where="deleted_at is null"),
        Index("ix_codes_link", "workspace_id", "link_id", postgresql_where="link_id is not null"),
        Index("ix_codes_deleted", "deleted_at", postgresql_where="deleted_at is not null"),
        Index("ix_codes_folder", "folder_id", postgresql_where="folder_id is not null"),
        Index("ix_codes_trash", "workspace_id", "created_at", "id", postgresql_where="deleted_at is not null"),
        Index(
            "uq_codes_external_id",
            "workspace_id",
            "external_id",
            unique=True,
            postgresql_where="external_id is not null and deleted_at is null",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    payload: Mapped[str] = mapped_column(Text)
    """The exact text in the symbol."""
    design: Mapped[dict[str, Any]] = mapped_column(JSONB)
    scannability: Mapped[dict[str, Any]] = mapped_column(JSONB)
    link_id: Mapped[UUID | None]
    link_status: Mapped[str] = mapped_column(Text)
    """What routing last said about the link, for filters only; a fixed code is always active."""
    external_id: Mapped[str | None] = mapped_column(Text)
    folder_id: Mapped[UUID | None] = mapped_column(ForeignKey("qr.folders.id", name="fk_codes_folder_id"))
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text))
    search: Mapped[str] = mapped_column(Text)
    """Everything of the code that a person may search for, casefolded."""
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    archived_at: Mapped[datetime | None] = mapped_column(Moment)
    deleted_at: Mapped[datetime | None] = mapped_column(Moment)
    moving_to: Mapped[UUID | None]
    """The workspace that takes the code over; until that is done, which takes a moment, nobody sees the code."""


class DesignRow(Base):
    """A look that people keep under a name."""

    __tablename__ = "designs"
    __table_args__ = (
        Index("ix_designs_workspace", "workspace_id"),
        Index("uq_designs_default", "workspace_id", unique=True, postgresql_where="is_default"),
        Index("ix_designs_untold", "id", postgresql_where="not told"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    design: Mapped[dict[str, Any]] = mapped_column(JSONB)
    is_default: Mapped[bool]
    told: Mapped[bool]
    """Whether an event told which files it shows; looks older than these events are told later."""
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)


class BrandKitRow(Base):
    """A brand: its look, and in ``rules`` its colours, locked parts and least contrast."""

    __tablename__ = "brand_kits"
    __table_args__ = (
        Index("ix_brand_kits_workspace", "workspace_id"),
        Index("uq_brand_kits_default", "workspace_id", unique=True, postgresql_where="is_default"),
        Index("ix_brand_kits_untold", "id", postgresql_where="not told"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    design: Mapped[dict[str, Any]] = mapped_column(JSONB)
    rules: Mapped[dict[str, Any]] = mapped_column(JSONB)
    is_default: Mapped[bool]
    told: Mapped[bool]
    """As of a saved design."""
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)


class ImportRow(Base):
    """A sheet that somebody uploaded, and what is to be made of it."""

    __tablename__ = "imports"
    __table_args__ = (
        Index("ix_imports_newest", "workspace_id", "created_at"),
        Index("ix_imports_created_at", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(Text)
    sheet: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Where the lines come from: name of the file, its form, encoding, delimiter, size."""
    plan: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """What each column holds and what all codes share."""
    columns: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """Name and samples of each column, and how many lines fill it and fit."""
    lines: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)


class ImportLineRow(Base):
    """A line of a sheet: its cells, what is wrong with them, and what became of it."""

    __tablename__ = "import_lines"
    __table_args__ = (Index("ix_import_lines_state", "import_id", "state", "number"),)

    import_id: Mapped[UUID] = mapped_column(
        ForeignKey("qr.imports.id", name="fk_import_lines_import_id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    """As the program that made the sheet counts."""
    workspace_id: Mapped[UUID]
    cells: Mapped[list[str]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(Text)
    faults: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    code_id: Mapped[UUID | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """What the code was before this line changed it."""
