"""Figures as maps, visitors by their hits, direct copies into days, consumers that share the log."""

from alembic import op

from scanly.kernel.db.migrations import system_table, tenant_table

revision = "0002"
down_revision = "0001"

# Rows of figures from before stay where they are: what counts is the sum of maps and rows. Visitors are found by their
# hits, which are kept for as long as the table of visitors was.
_TABLES = """
create table analytics.figure_maps (
    workspace_id uuid not null,
    link_id uuid not null,
    grain smallint not null,
    bucket timestamptz not null,
    code_id uuid not null,
    source text not null,
    hits text not null,
    constraint pk_figure_maps primary key (workspace_id, link_id, grain, bucket, code_id, source)
) with (fillfactor = 70);
alter table analytics.figure_maps alter column hits set storage external;

create table analytics.consumers (
    process uuid not null,
    seen_at timestamptz not null,
    constraint pk_consumers primary key (process)
) with (fillfactor = 50);

drop index analytics.ix_hits_visitor;
create index ix_hits_visitor on analytics.hits (visitor, link_id, id)
    where visitor is not null and verdict in ('human', 'duplicate');
drop table analytics.visitors;
"""

# COPY refuses a table with row-level security, as the parent has, so ingestion copies into the partition of a day. It
# may insert there and nothing else; reading and changing go through the parent.
_FUNCTIONS = """
create or replace function analytics.make_day(p_day date) returns void
language plpgsql security definer set search_path = analytics, pg_temp as $$
declare child text := 'hits_' || to_char(p_day, 'YYYYMMDD');
begin
    if to_regclass('analytics.' || child) is not null then
        return;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('analytics.' || child, 0));
    if to_regclass('analytics.' || child) is not null then
        return;
    end if;
    begin
        execute format('create table analytics.%I (like analytics.hits including all)', child);
        execute format('grant insert on analytics.%I to svc_analytics_system', child);
        execute format('alter table analytics.hits attach partition analytics.%I for values from (%L) to (%L)',
            child, p_day, p_day + 1);
    exception when duplicate_table then
        null; -- made while we waited for the lock: this session's cache may still say that there is none
    end;
end $$;

do $$
declare child name;
begin
    for child in select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'analytics.hits'::regclass
    loop
        execute format('grant insert on analytics.%I to svc_analytics_system', child);
    end loop;
end $$;
"""


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    for statements in (_TABLES, _FUNCTIONS):
        connection.exec_driver_sql(statements)
    tenant_table(op, "analytics", "figure_maps")
    system_table(op, "analytics", "consumers")
