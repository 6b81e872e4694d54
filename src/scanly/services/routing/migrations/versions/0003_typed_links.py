"""Links that lead to several things by type, as resolvers of GS1 Digital Link do."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    column = sa.Column("typed_links", postgresql.JSONB(none_as_null=True), nullable=True)
    op.add_column("links", column, schema="routing")
