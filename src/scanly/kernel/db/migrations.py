"""Words for a service's migrations: tables with row-level security and the grants of the service's two roles."""

from collections.abc import Sequence
from typing import Protocol


class Operations(Protocol):
    """The one word of Alembic's module ``op`` that is used here."""

    def execute(self, sqltext: str) -> None:
        """Run a statement."""
        ...


def owner_role(service: str) -> str:
    """Role that owns a service's schema and runs its migrations; it may touch nothing else."""
    return f"svc_{service}_owner"


def tenant_table(op: Operations, service: str, table: str, *, workspace_column: str = "workspace_id") -> None:
    """Put a table under row-level security: the service sees the rows of its workspace, its system role sees all."""
    name = f"{service}.{table}"
    mine = f"{workspace_column} = nullif(current_setting('scanly.workspace_id', true), '')::uuid"
    for statement in (
        f"alter table {name} enable row level security",
        f"alter table {name} force row level security",
        f"create policy tenant on {name} to svc_{service} using ({mine}) with check ({mine})",
        f"create policy system on {name} to svc_{service}_system using (true) with check (true)",
        f"create policy owner on {name} to {owner_role(service)} using (true) with check (true)",
        f"grant select, insert, update, delete on {name} to svc_{service}, svc_{service}_system",
    ):
        op.execute(statement)


def system_table(op: Operations, service: str, table: str, *, readable: bool = False) -> None:
    """Grant a table without a tenant to the system role; ``readable`` lets the tenant's role read it too."""
    op.execute(f"grant select, insert, update, delete on {service}.{table} to svc_{service}_system")
    if readable:
        op.execute(f"grant select on {service}.{table} to svc_{service}")


def grant_sequences(op: Operations, service: str, sequences: Sequence[str]) -> None:
    """Let both roles draw numbers."""
    for sequence in sequences:
        op.execute(f"grant usage on sequence {service}.{sequence} to svc_{service}, svc_{service}_system")
