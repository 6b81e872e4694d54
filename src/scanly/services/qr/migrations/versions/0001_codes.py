"""Codes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from scanly.kernel.db.migrations import tenant_table

revision = "0001"
down_revision = None

_MOMENT = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "codes",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("workspace_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("content", JSONB, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("design", JSONB, nullable=False),
        sa.Column("scannability", JSONB, nullable=False),
        sa.Column("link_id", sa.Uuid),
        sa.Column("link_status", sa.Text, nullable=False),
        sa.Column("external_id", sa.Text),
        sa.Column("folder_id", sa.Uuid),
        sa.Column("tags", ARRAY(sa.Text), nullable=False),
        sa.Column("search", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.Column("archived_at", _MOMENT),
        sa.Column("deleted_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_codes"),
        schema="qr",
    )
    living = sa.text("deleted_at is null")
    for name, columns, where in (
        ("ix_codes_newest", ["workspace_id", "created_at", "id"], living),
        ("ix_codes_changed", ["workspace_id", "updated_at", "id"], living),
        ("ix_codes_link", ["workspace_id", "link_id"], sa.text("link_id is not null")),
        ("ix_codes_deleted", ["deleted_at"], sa.text("deleted_at is not null")),
    ):
        op.create_index(name, "codes", columns, schema="qr", postgresql_where=where)
    op.create_index(
        "uq_codes_external_id",
        "codes",
        ["workspace_id", "external_id"],
        unique=True,
        schema="qr",
        postgresql_where=sa.text("external_id is not null and deleted_at is null"),
    )
    tenant_table(op, "qr", "codes")
