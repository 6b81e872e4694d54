from alembic import op

from scanly.kernel.db.migrations import tenant_table

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("create table till.coins (id uuid primary key, workspace_id uuid not null)")
    tenant_table(op, "till", "coins")
