"""Kept looks tell which files they show; those that show some already are told by a job."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    for table in ("designs", "brand_kits"):
        column = sa.Column("told", sa.Boolean, nullable=False, server_default=sa.false())
        op.add_column(table, column, schema="qr")
        looks = sa.table(table, sa.column("design", JSONB), sa.column("told"), schema="qr")
        files = (looks.c.design[path].astext for path in (("logo", "file_id"), ("background", "picture", "file_id")))
        op.execute(looks.update().where(*(file.is_(None) for file in files)).values(told=True))
        op.create_index(f"ix_{table}_untold", table, ["id"], schema="qr", postgresql_where=sa.text("not told"))
