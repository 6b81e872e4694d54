"""Saved designs and brand kits."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from scanly.kernel.db.migrations import tenant_table

revision = "0003"
down_revision = "0002"

_MOMENT = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    for table, own in (("designs", ()), ("brand_kits", (sa.Column("rules", JSONB, nullable=False),))):
        op.create_table(
            table,
            sa.Column("id", sa.Uuid, nullable=False),
            sa.Column("workspace_id", sa.Uuid, nullable=False),
            sa.Column("name", sa.Text, nullable=False),
            sa.Column("design", JSONB, nullable=False),
            *own,
            sa.Column("is_default", sa.Boolean, nullable=False),
            sa.Column("version", sa.Integer, nullable=False),
            sa.Column("created_at", _MOMENT, nullable=False),
            sa.Column("updated_at", _MOMENT, nullable=False),
            sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
            schema="qr",
        )
        op.create_index(f"ix_{table}_workspace", table, ["workspace_id"], schema="qr")
        op.create_index(
            f"uq_{table}_default",
            table,
            ["workspace_id"],
            unique=True,
            schema="qr",
            postgresql_where=sa.text("is_default"),
        )
        tenant_table(op, "qr", table)
