"""Hits by id and day rather than by day and id.

No question may find the hits of a whole day by an index: before the statistics of a new day are there, that looked as
good to PostgreSQL as the index of visitors, and ingestion read the day for each visitor.
"""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("alter table analytics.hits drop constraint pk_hits, add constraint pk_hits primary key (id, day)")
