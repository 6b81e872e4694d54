"""Workspaces that may not change anything until their plan fits."""

from alembic import op

from scanly.kernel.db.migrations import tenant_table

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute(
        "create table gateway.blocked_workspaces ("
        "workspace_id uuid not null, reason text not null, blocked_at timestamptz not null default now(), "
        "constraint pk_blocked_workspaces primary key (workspace_id))"
    )
    tenant_table(op, "gateway", "blocked_workspaces")
