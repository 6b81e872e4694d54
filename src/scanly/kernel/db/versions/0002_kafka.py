"""What the relay to Kafka has published, positions of groups in Kafka, and dead letters that are put back."""

from alembic import op

revision = "0002"
down_revision = "0001"

_STATEMENTS = """
alter table scanly.outbox_head add column published bigint not null default 0;

create table scanly.log_heads (
    topic text not null,
    partition integer not null,
    next_offset bigint not null,
    primary key (topic, partition)
);
create table scanly.log_positions (
    group_name text not null,
    topic text not null,
    partition integer not null,
    "offset" bigint not null,
    primary key (group_name, topic, partition)
);

alter table scanly.dead_letters
    add column replay_at timestamptz,
    add column resolution text check (resolution in ('replayed', 'discarded')),
    add column published_at timestamptz;
create index dead_letters_replay on scanly.dead_letters (source) where replay_at is not null and resolved_at is null;
create index dead_letters_unpublished on scanly.dead_letters (created_at) where published_at is null;
"""


def upgrade() -> None:
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(_STATEMENTS)
