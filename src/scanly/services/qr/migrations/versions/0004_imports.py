"""Imports of sheets and their lines."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from scanly.kernel.db.migrations import tenant_table

revision = "0004"
down_revision = "0003"

_MOMENT = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("workspace_id", sa.Uuid, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("sheet", JSONB, nullable=False),
        sa.Column("plan", JSONB, nullable=False),
        sa.Column("columns", JSONB, nullable=False),
        sa.Column("lines", sa.Integer, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("started_at", _MOMENT),
        sa.Column("finished_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
        schema="qr",
    )
    op.create_index("ix_imports_newest", "imports", ["workspace_id", "created_at"], schema="qr")
    op.create_index("ix_imports_created_at", "imports", ["created_at"], schema="qr")
    op.create_table(
        "import_lines",
        sa.Column("import_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("workspace_id", sa.Uuid, nullable=False),
        sa.Column("cells", JSONB, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("faults", JSONB, nullable=False),
        sa.Column("code_id", sa.Uuid),
        sa.Column("before", JSONB),
        sa.PrimaryKeyConstraint("import_id", "number", name="pk_import_lines"),
        sa.ForeignKeyConstraint(["import_id"], ["qr.imports.id"], name="fk_import_lines_import_id", ondelete="CASCADE"),
        schema="qr",
    )
    op.create_index("ix_import_lines_state", "import_lines", ["import_id", "state", "number"], schema="qr")
    for table in ("imports", "import_lines"):
        tenant_table(op, "qr", table)
