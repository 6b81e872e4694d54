"""Links, addresses, what is known of workspaces, salts of visitor hashes."""

from alembic import op

from scanly.kernel.db.migrations import system_table, tenant_table

revision = "0001"
down_revision = None

_TABLES = """
create table routing.links (
    id uuid not null,
    workspace_id uuid not null,
    code_id uuid,
    destination text not null,
    status_code smallint not null,
    paused_at timestamptz,
    removed_at timestamptz,
    starts_at timestamptz,
    expires_at timestamptz,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint pk_links primary key (id)
);
create index ix_links_workspace_id_created_at_id on routing.links (workspace_id, created_at, id);
create index ix_links_removed_at on routing.links (removed_at) where removed_at is not null;

create table routing.addresses (
    domain text not null,
    slug_key text not null,
    slug text not null,
    kind text not null,
    workspace_id uuid not null,
    link_id uuid,
    code_id uuid,
    page_id uuid,
    claimed_at timestamptz not null,
    confirmed_at timestamptz,
    tombstoned_at timestamptz,
    changed_at timestamptz not null default now(),
    constraint pk_addresses primary key (domain, slug_key),
    constraint ck_addresses_kind check (kind in ('link', 'page'))
);
create index ix_addresses_link_id on routing.addresses (link_id);
create index ix_addresses_workspace_id on routing.addresses (workspace_id);
create index ix_addresses_changed_at on routing.addresses (changed_at);
create index ix_addresses_claimed_at on routing.addresses (claimed_at) where confirmed_at is null;

create table routing.workspaces (
    id uuid not null,
    name text not null,
    time_zone text not null,
    told_at timestamptz not null,
    changed_at timestamptz not null default now(),
    constraint pk_workspaces primary key (id)
);
create index ix_workspaces_changed_at on routing.workspaces (changed_at);

create table routing.salts (
    workspace_id uuid not null,
    day date not null,
    salt bytea not null,
    constraint pk_salts primary key (workspace_id, day)
);
create index ix_salts_day on routing.salts (day);
"""


def upgrade() -> None:
    for statement in filter(str.strip, _TABLES.split(";")):
        op.execute(statement)
    tenant_table(op, "routing", "links")
    tenant_table(op, "routing", "addresses")
    tenant_table(op, "routing", "workspaces", workspace_column="id")
    system_table(op, "routing", "salts")
