"""Files, uploads in parts, and where files are used."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from scanly.kernel.db.migrations import tenant_table

revision = "0001"
down_revision = None

_MOMENT = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "files",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("workspace_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("alt", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("width", sa.Integer),
        sa.Column("height", sa.Integer),
        sa.Column("pages", sa.Integer),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("object_id", sa.Uuid, nullable=False),
        sa.Column("search", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.Column("deleted_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_files"),
        schema="media",
    )
    op.create_index("ix_files_newest", "files", ["workspace_id", "created_at", "id"], schema="media")
    op.create_index(
        "ix_files_deleted", "files", ["deleted_at"], schema="media", postgresql_where=sa.text("deleted_at is not null")
    )
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("workspace_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("alt", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.Column("parts", ARRAY(sa.Text), nullable=False),
        sa.Column("replaces", sa.Uuid),
        sa.Column("file_id", sa.Uuid),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_uploads"),
        schema="media",
    )
    op.create_index("ix_uploads_expires_at", "uploads", ["expires_at"], schema="media")
    op.create_table(
        "uses",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("file_id", sa.Uuid, nullable=False),
        sa.Column("workspace_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("kind", "user_id", "file_id", name="pk_uses"),
        schema="media",
    )
    op.create_index("ix_uses_file", "uses", ["workspace_id", "file_id"], schema="media")
    for table in ("files", "uploads", "uses"):
        tenant_table(op, "media", table)
