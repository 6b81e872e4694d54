"""Raw hits by day, roll-ups, visitors, feeds, positions."""

from alembic import op

from scanly.kernel.db.migrations import system_table, tenant_table

revision = "0001"
down_revision = None

_TABLES = """
create table analytics.hits (
    day date not null,
    id uuid not null,
    at timestamptz not null,
    workspace_id uuid not null,
    number bigint not null,
    link_id uuid not null,
    code_id uuid,
    source text not null,
    outcome text not null,
    method text not null,
    verdict text not null,
    reason text not null,
    evidence text not null,
    visitor bytea,
    local_day date not null,
    domain text not null,
    slug text not null,
    network text,
    place_known boolean not null,
    country text,
    region text,
    city text,
    device text not null,
    brand text,
    model text,
    os text,
    os_version text,
    browser text,
    browser_version text,
    language text,
    referrer_host text,
    referrer text,
    utm_source text,
    utm_medium text,
    utm_campaign text,
    utm_term text,
    utm_content text,
    constraint pk_hits primary key (day, id)
) partition by range (day);
create index ix_hits_feed on analytics.hits (workspace_id, number);
create index ix_hits_newest on analytics.hits (workspace_id, id);
create index ix_hits_visitor on analytics.hits (visitor, at) where visitor is not null;

create table analytics.totals (
    workspace_id uuid not null,
    link_id uuid not null,
    bucket timestamptz not null,
    code_id uuid not null,
    source text not null,
    verdict text not null,
    reason text not null,
    hits bigint not null,
    constraint pk_totals primary key (workspace_id, link_id, bucket, code_id, source, verdict, reason)
) with (fillfactor = 80);

create table analytics.figures (
    workspace_id uuid not null,
    link_id uuid not null,
    dimension text not null,
    grain smallint not null,
    bucket timestamptz not null,
    code_id uuid not null,
    source text not null,
    value text not null,
    hits bigint not null,
    constraint pk_figures primary key (workspace_id, link_id, dimension, grain, bucket, code_id, source, value)
) with (fillfactor = 80);

create table analytics.visitors (
    day date not null,
    workspace_id uuid not null,
    link_id uuid not null,
    code_id uuid not null,
    source text not null,
    visitor bytea not null,
    constraint pk_visitors primary key (day, workspace_id, link_id, code_id, source, visitor)
) partition by range (day);

create table analytics.people (
    workspace_id uuid not null,
    link_id uuid not null,
    code_id uuid not null,
    source text not null,
    day date not null,
    people bigint not null,
    constraint pk_people primary key (workspace_id, link_id, code_id, source, day)
) with (fillfactor = 80);

create table analytics.codes (
    workspace_id uuid not null,
    code_id uuid not null,
    link_id uuid not null,
    constraint pk_codes primary key (workspace_id, code_id, link_id)
);

create table analytics.feeds (
    workspace_id uuid not null,
    last_number bigint not null,
    place_known boolean not null default true,
    constraint pk_feeds primary key (workspace_id)
) with (fillfactor = 50);

create table analytics.workspaces (
    workspace_id uuid not null,
    time_zone text not null,
    as_of timestamptz not null,
    constraint pk_workspaces primary key (workspace_id)
);

create table analytics.positions (
    topic text not null,
    partition smallint not null,
    "offset" bigint not null,
    constraint pk_positions primary key (topic, partition)
) with (fillfactor = 50);
"""

# Ingestion makes and drops days but owns no table, so two functions of the owner do it. A table is filled into the
# parent by ATTACH, whose lock lets readers and writers pass; CREATE … PARTITION OF would stop them.
_FUNCTIONS = """
create function analytics.make_day(p_day date) returns void
language plpgsql security definer set search_path = analytics, pg_temp as $$
declare parent text; child text;
begin
    foreach parent in array array['hits', 'visitors'] loop
        child := parent || '_' || to_char(p_day, 'YYYYMMDD');
        continue when to_regclass('analytics.' || child) is not null;
        perform pg_advisory_xact_lock(hashtextextended('analytics.' || child, 0));
        continue when to_regclass('analytics.' || child) is not null;
        begin
            execute format('create table analytics.%I (like analytics.%I including all)', child, parent);
            execute format('alter table analytics.%I attach partition analytics.%I for values from (%L) to (%L)',
                parent, child, p_day, p_day + 1);
        exception when duplicate_table then
            null; -- made while we waited for the lock: this session's cache may still say that there is none
        end;
    end loop;
end $$;

create function analytics.drop_days(p_before date) returns integer
language plpgsql security definer set search_path = analytics, pg_temp as $$
declare child record; dropped integer := 0;
begin
    for child in
        select p.relname as parent, c.relname as name from pg_inherits i
        join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
        where p.relnamespace = 'analytics'::regnamespace and p.relname in ('hits', 'visitors') and p.relkind = 'p'
        and to_date(right(c.relname, 8), 'YYYYMMDD') < p_before
    loop
        execute format('alter table analytics.%I detach partition analytics.%I', child.parent, child.name);
        execute format('drop table analytics.%I', child.name);
        dropped := dropped + 1;
    end loop;
    return dropped;
end $$;
"""

_TENANT_TABLES = ("hits", "totals", "figures", "visitors", "people", "codes", "feeds", "workspaces")


def upgrade() -> None:
    connection = op.get_bind().execution_options(no_parameters=True)
    for statements in (_TABLES, _FUNCTIONS):
        connection.exec_driver_sql(statements)
    for table in _TENANT_TABLES:
        tenant_table(op, "analytics", table)
    system_table(op, "analytics", "positions")
    op.execute("revoke execute on function analytics.make_day, analytics.drop_days from public")
    op.execute("grant execute on function analytics.make_day, analytics.drop_days to svc_analytics_system")
