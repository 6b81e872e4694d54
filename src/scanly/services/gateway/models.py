"""Tables of the gateway."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Text, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from scanly.kernel.db import service_metadata


class Base(DeclarativeBase):
    metadata = service_metadata("gateway")


class BlockedWorkspaceRow(Base):
    __tablename__ = "blocked_workspaces"

    workspace_id: Mapped[UUID] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    blocked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
