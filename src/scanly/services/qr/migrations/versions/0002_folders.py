"""Folders, and codes on their way to another workspace."""

import sqlalchemy as sa
from alembic import op

from scanly.kernel.db.migrations import tenant_table

revision = "0002"
down_revision = "0001"

_MOMENT = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "folders",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("workspace_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("search", sa.Text, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_folders"),
        schema="qr",
    )
    op.create_index("uq_folders_name", "folders", ["workspace_id", "search"], unique=True, schema="qr")
    tenant_table(op, "qr", "folders")
    op.add_column("codes", sa.Column("moving_to", sa.Uuid), schema="qr")
    op.execute("update qr.codes set folder_id = null where folder_id is not null")
    op.create_foreign_key(
        "fk_codes_folder_id", "codes", "folders", ["folder_id"], ["id"], source_schema="qr", referent_schema="qr"
    )
    for name, columns, where in (
        ("ix_codes_folder", ["folder_id"], "folder_id is not null"),
        ("ix_codes_trash", ["workspace_id", "created_at", "id"], "deleted_at is not null"),
    ):
        op.create_index(name, "codes", columns, schema="qr", postgresql_where=sa.text(where))
