"""Kernel schema: outbox, event positions, streams, dead letters, idempotency records, jobs."""

from alembic import op

from scanly.kernel.jobs.schema import statements as job_statements

revision = "0001"
down_revision = None

_TABLES = """
create table scanly.meta (key text primary key, value text not null);
insert into scanly.meta values ('min_code_version', '1');

create table scanly.outbox (
    seq bigint generated always as identity primary key,
    id uuid not null unique,
    topic text not null,
    key text not null,
    workspace_id uuid,
    envelope jsonb not null,
    created_at timestamptz not null default clock_timestamp(),
    position bigint unique
);
create index outbox_unnumbered on scanly.outbox (seq) where position is null;
create index outbox_created on scanly.outbox (created_at);
create table scanly.outbox_head (only_row boolean primary key default true check (only_row), position bigint not null);
insert into scanly.outbox_head (position) values (0);

create table scanly.event_positions (
    group_name text primary key,
    position bigint not null,
    caught_up_at timestamptz not null default clock_timestamp()
);
create table scanly.consumed_events (
    group_name text not null,
    event_id uuid not null,
    consumed_at timestamptz not null default clock_timestamp(),
    primary key (group_name, event_id)
);
create index consumed_events_age on scanly.consumed_events (consumed_at);

create table scanly.stream_heads (
    topic text not null,
    partition smallint not null,
    next_offset bigint not null default 0,
    primary key (topic, partition)
);
create table scanly.stream (
    topic text not null,
    partition smallint not null,
    "offset" bigint not null,
    key text not null,
    record bytea not null,
    appended_at timestamptz not null default clock_timestamp(),
    primary key (topic, partition, "offset")
);

create table scanly.dead_letters (
    id uuid primary key,
    source text not null,
    topic text not null,
    payload jsonb not null,
    reason text not null,
    attempts integer not null,
    created_at timestamptz not null default clock_timestamp(),
    resolved_at timestamptz
);
create index dead_letters_open on scanly.dead_letters (created_at) where resolved_at is null;

create table scanly.idempotency (
    workspace_id uuid not null,
    key text not null,
    body_hash bytea not null,
    status smallint,
    answer jsonb,
    created_at timestamptz not null default clock_timestamp(),
    primary key (workspace_id, key)
);
create index idempotency_age on scanly.idempotency (created_at);
alter table scanly.idempotency enable row level security;
create policy tenant on scanly.idempotency
    using (workspace_id = nullif(current_setting('scanly.workspace_id', true), '')::uuid)
    with check (workspace_id = nullif(current_setting('scanly.workspace_id', true), '')::uuid);
"""

# A service gets these functions and INSERT on the outbox, nothing else of this schema.
_FUNCTIONS = """
create function scanly.first_time(p_group text, p_event uuid) returns boolean
language sql security definer set search_path = scanly, pg_temp as $$
    with added as (
        insert into scanly.consumed_events (group_name, event_id) values (p_group, p_event)
        on conflict do nothing returning 1
    ) select exists (select from added);
$$;

create function scanly.event_position(p_group text) returns timestamptz
language sql stable security definer set search_path = scanly, pg_temp as $$
    select caught_up_at from scanly.event_positions where group_name = p_group;
$$;

create function scanly.bury(p_id uuid, p_source text, p_topic text, p_payload jsonb, p_reason text, p_attempts integer)
returns void language sql security definer set search_path = scanly, pg_temp as $$
    insert into scanly.dead_letters (id, source, topic, payload, reason, attempts)
    values (p_id, p_source, p_topic, p_payload, p_reason, p_attempts) on conflict do nothing;
$$;

create function scanly.append_stream(
    p_topic text, p_partition smallint, p_keys text[], p_records bytea[]
) returns bigint language plpgsql security definer set search_path = scanly, pg_temp as $$
declare first_offset bigint;
begin
    insert into scanly.stream_heads as h (topic, partition, next_offset)
    values (p_topic, p_partition, cardinality(p_keys))
    on conflict (topic, partition) do update set next_offset = h.next_offset + cardinality(p_keys)
    returning next_offset - cardinality(p_keys) into first_offset;
    insert into scanly.stream (topic, partition, "offset", key, record)
    select p_topic, p_partition, first_offset + item.n - 1, item.key, item.record
    from unnest(p_keys, p_records) with ordinality as item (key, record, n);
    return first_offset;
end $$;

create function scanly.read_stream(p_topic text, p_partition smallint, p_after bigint, p_limit integer)
returns table ("offset" bigint, key text, record bytea)
language sql stable security definer set search_path = scanly, pg_temp as $$
    select s."offset", s.key, s.record from scanly.stream s
    where s.topic = p_topic and s.partition = p_partition and s."offset" > p_after
    order by s."offset" limit p_limit;
$$;

create function scanly.grant_service(p_service text) returns void language plpgsql as $$
declare roles text := format('%I, %I', 'svc_' || p_service, 'svc_' || p_service || '_system');
begin
    execute 'grant insert on scanly.outbox to ' || roles;
    execute 'grant select, insert, update on scanly.idempotency to ' || roles;
    execute 'grant execute on function scanly.first_time, scanly.event_position, scanly.bury, '
        'scanly.append_stream, scanly.read_stream, scanly.enqueue_job to ' || roles;
end $$;
"""


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    for statement in (_TABLES, *job_statements(), _FUNCTIONS):
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql("revoke execute on all functions in schema scanly from public")
