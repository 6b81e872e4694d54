"""What a link of GS1 Digital Link stands for, so that it answers for nothing else."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("links", sa.Column("elements", sa.Text, nullable=True), schema="routing")
