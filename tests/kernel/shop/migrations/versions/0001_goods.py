from alembic import op

from scanly.kernel.db.migrations import system_table, tenant_table

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("create table shop.goods (id uuid primary key, workspace_id uuid not null, name text not null)")
    op.execute("create table shop.opening_hours (day integer primary key)")
    tenant_table(op, "shop", "goods")
    system_table(op, "shop", "opening_hours")
