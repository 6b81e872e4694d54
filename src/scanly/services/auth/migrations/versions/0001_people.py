"""People, sessions, workspaces, memberships, one-time links, attempts, signing keys."""

from alembic import op

from scanly.kernel.db.migrations import system_table, tenant_table

revision = "0001"
down_revision = None

_TABLES = """
create table auth.users (
    id uuid not null,
    email text not null,
    email_key text not null,
    email_confirmed_at timestamptz,
    password_hash text,
    name text not null,
    locale text not null,
    is_operator boolean not null default false,
    created_at timestamptz not null,
    constraint pk_users primary key (id),
    constraint uq_users_email_key unique (email_key)
);

create table auth.sessions (
    id uuid not null,
    user_id uuid not null,
    token_hash bytea,
    refresh_secret bytea,
    generation integer not null default 0,
    rotated_at timestamptz,
    user_agent text not null,
    created_at timestamptz not null,
    last_used_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    constraint pk_sessions primary key (id),
    constraint uq_sessions_token_hash unique (token_hash),
    constraint fk_sessions_user_id foreign key (user_id) references auth.users (id) on delete cascade
);
create index ix_sessions_user_id on auth.sessions (user_id);
create index ix_sessions_expires_at on auth.sessions (expires_at);

create table auth.workspaces (
    id uuid not null,
    name text not null,
    time_zone text not null,
    created_at timestamptz not null,
    constraint pk_workspaces primary key (id)
);

create table auth.memberships (
    workspace_id uuid not null,
    user_id uuid not null,
    role text not null,
    created_at timestamptz not null,
    constraint pk_memberships primary key (workspace_id, user_id),
    constraint fk_memberships_workspace_id foreign key (workspace_id) references auth.workspaces (id) on delete cascade,
    constraint fk_memberships_user_id foreign key (user_id) references auth.users (id) on delete cascade
);
create index ix_memberships_user_id on auth.memberships (user_id);

create table auth.links (
    id uuid not null,
    purpose text not null,
    user_id uuid,
    email_key text,
    secret bytea not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    constraint pk_links primary key (id),
    constraint fk_links_user_id foreign key (user_id) references auth.users (id) on delete cascade
);
create index ix_links_user_id_purpose on auth.links (user_id, purpose);
create index ix_links_expires_at on auth.links (expires_at);

create table auth.attempts (
    account bytea not null,
    network bytea not null,
    tries integer not null,
    ends_at timestamptz not null,
    constraint pk_attempts primary key (account, network)
);
create index ix_attempts_ends_at on auth.attempts (ends_at);

create table auth.signing_keys (
    id text not null,
    public_key jsonb not null,
    private_key bytea not null,
    signs_from timestamptz not null,
    created_at timestamptz not null default now(),
    constraint pk_signing_keys primary key (id)
);
"""


def upgrade() -> None:
    for statement in filter(str.strip, _TABLES.split(";")):
        op.execute(statement)
    tenant_table(op, "auth", "workspaces", workspace_column="id")
    tenant_table(op, "auth", "memberships")
    for table in ("users", "sessions", "links", "attempts", "signing_keys"):
        system_table(op, "auth", table)
