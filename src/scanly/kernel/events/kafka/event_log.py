"""Events in Kafka: a relay ships the numbered outbox, groups read the topics, positions stay in PostgreSQL.

The relay is whichever process holds an advisory lock. It publishes at least once, in the order of the outbox, a record
keyed by the event's key, so order per key holds. In the transaction that notes what was published it notes how far each
partition reaches, so that groups know from PostgreSQL alone whether there is something for them.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from scanly.kernel.db import Database
from scanly.kernel.events.dead_letters import bury
from scanly.kernel.events.event_log import Delivery, Groups, Page, Share
from scanly.kernel.events.kafka.producer import LARGEST
from scanly.kernel.events.kafka.stream_log import KafkaStreamLog
from scanly.kernel.events.outbox_log import KEEP, NOTIFY, forget_consumed, held, number

_BATCH = 500
_RELAY_LOCK = 0x5CA2_0003


class KafkaEventLog:
    """See ``EventLog``. ``kafka`` is this object's own: order depends on nobody else using its producer."""

    def __init__(self, database: Database, kafka: KafkaStreamLog) -> None:
        self._database = database
        self._kafka = kafka
        self._is_known = False

    async def advance(self) -> bool:
        """See ``EventLog``: number, then publish."""
        numbered = await number(self._database)
        if not self._is_known:
            await self._know_cluster()
        async with self._database.connect() as connection:
            if not await connection.scalar(_UNPUBLISHED):
                return numbered
        async with self._database.borrow() as plain:
            connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
            if not await connection.scalar(text("select pg_try_advisory_lock(:key)"), {"key": _RELAY_LOCK}):
                return numbered
            try:
                while (
                    await self._publish_events(connection)
                    | await self._publish_letters(connection)
                    | await self._move_records(connection)
                ):
                    pass
            except BaseException:
                await connection.invalidate()  # lets the lock go, also in the middle of a statement
                raise
            await connection.execute(text("select pg_advisory_unlock(:key)"), {"key": _RELAY_LOCK})
        return True

    async def _know_cluster(self) -> None:
        """Begin anew when this is another cluster than before: its topics hold nothing, and offsets start at 0."""
        cluster = await self._kafka.origin()
        async with self._database.connect() as connection:
            if await connection.scalar(_SAME_CLUSTER, {"cluster": cluster}) is None:
                for statement in _NEW_CLUSTER:
                    await connection.execute(text(statement))
        self._is_known = True

    async def _publish_events(self, connection: AsyncConnection) -> bool:
        rows = (await connection.execute(_TO_PUBLISH, {"limit": _BATCH})).all()
        topics: defaultdict[str, list[tuple[str, bytes]]] = defaultdict(list)
        for row in rows:
            if len(value := row.envelope.encode()) <= LARGEST:
                topics[row.topic].append((row.key, value))
            else:
                await self._refuse(row)
        heads = [
            {"topic": topic, "partition": partition, "head": head}
            for topic, pairs in topics.items()
            for partition, head in (await self._kafka.publish(topic, pairs)).items()
        ]
        if rows:
            async with self._database.connect() as note:
                if heads:
                    await note.execute(_NOTE_HEAD, heads)
                await note.execute(_NOTE_PUBLISHED, {"position": rows[-1].position})
                await note.execute(NOTIFY)
        return len(rows) == _BATCH

    async def _refuse(self, row: Any) -> None:  # noqa: ANN401 - a row
        await bury(
            self._database,
            source="relay",
            topic=row.topic,
            payload=msgspec.json.decode(row.envelope),
            reason=f"Kafka takes {LARGEST:,} bytes and this event has more.",
            attempts=1,
            identifier=row.id,
        )

    async def _publish_letters(self, connection: AsyncConnection) -> bool:
        """Ship dead letters, whole, to the topic named after theirs; jobs have none."""
        rows = (await connection.execute(_LETTERS, {"limit": _BATCH})).all()
        topics: defaultdict[str, list[tuple[str, bytes]]] = defaultdict(list)
        for row in rows:
            letter = {
                "id": row.id,
                "source": row.source,
                "topic": row.topic,
                "reason": row.reason,
                "attempts": row.attempts,
                "time": row.created_at,
                "payload": msgspec.Raw(row.payload.encode()),
            }
            if row.source != "job" and len(value := msgspec.json.encode(letter)) <= LARGEST:
                topics[f"{row.topic}.dlq"].append((str(row.key or row.id), value))
        for topic, pairs in topics.items():
            await self._kafka.publish(topic, pairs)
        if rows:
            await connection.execute(_NOTE_LETTERS, {"ids": [row.id for row in rows]})
        return len(rows) == _BATCH

    async def _move_records(self, connection: AsyncConnection) -> bool:
        """Move what the streams in the database still hold, from before Kafka was set or from a process without it.

        Some of it was counted already; whoever reads a stream takes a record that comes again for the same.
        """
        rows = (await connection.execute(_RECORDS, {"limit": _BATCH})).all()
        topics: defaultdict[str, list[tuple[str, bytes]]] = defaultdict(list)
        for row in rows:
            topics[row.topic].append((row.key, bytes(row.record)))
        for topic, pairs in topics.items():
            await self._kafka.publish(topic, pairs)
        last = {(row.topic, row.partition): row.offset for row in rows}
        for (topic, partition), offset in last.items():
            await connection.execute(_FORGET_RECORDS, {"topic": topic, "partition": partition, "offset": offset})
        return len(rows) == _BATCH

    async def behind(self, groups: Groups) -> list[Share]:
        """See ``EventLog``."""
        async with self._database.connect() as connection:
            rows = await connection.execute(_BEHIND, _named(groups))
            return [Share(row.name, row.topic, row.partition) for row in rows]

    async def next(self, connection: AsyncConnection, share: Share, limit: int) -> Page:
        """See ``EventLog``."""
        place = (await connection.execute(_PLACE, _of(share))).one()
        records = await self._kafka.read(share.topic, share.partition, place.offset, limit)
        end = records[-1].offset if records else place.head - 1
        return Page([Delivery(record.offset, record.record) for record in records], end)

    async def move(self, connection: AsyncConnection, share: Share, position: int) -> None:
        """See ``EventLog``."""
        await connection.execute(_MOVE, {**_of(share), "offset": position})

    async def mark_caught_up(self, groups: Groups) -> int:
        """See ``EventLog``."""
        async with self._database.connect() as connection:
            return (await connection.execute(_CAUGHT_UP, _named(groups))).rowcount

    async def lags(self, groups: Groups) -> dict[str, int]:
        """See ``EventLog``."""
        async with self._database.connect() as connection:
            return {row.name: row.lag for row in await connection.execute(_LAGS, _named(groups))}

    async def waiting(self) -> int:
        """See ``EventLog``."""
        async with self._database.connect() as connection:
            return int(await connection.scalar(_WAITING) or 0)

    async def rewind(self, group: str, topic: str, moment: datetime | None) -> None:
        """See ``EventLog``."""
        if moment is None:
            heads = await self._kafka.heads(topic)
            firsts = dict.fromkeys(heads, 0)
        else:
            firsts = await self._kafka.offsets_at(topic, moment)
        shares = [Share(group, topic, partition) for partition in sorted(firsts)]
        async with self._database.connect() as connection, held(connection, shares):
            for share in shares:
                await connection.execute(_REWIND, {**_of(share), "offset": firsts[share.partition] - 1})
            await forget_consumed(connection, group, moment)

    async def tidy(self) -> None:
        """See ``EventLog``."""
        async with self._database.connect() as connection:
            await connection.execute(_TIDY, {"keep": KEEP})

    async def close(self) -> None:
        """See ``EventLog``."""
        await self._kafka.close()


def _named(groups: Groups) -> dict[str, Sequence[str]]:
    return {"groups": list(groups), "topics": list(groups.values())}


def _of(share: Share) -> dict[str, Any]:
    return {"group": share.group, "topic": share.topic, "partition": share.partition}


_SAME_CLUSTER = text(
    "with known as (insert into scanly.meta as m (key, value) values ('kafka_cluster', :cluster) "
    "on conflict (key) do update set value = excluded.value where m.value <> excluded.value returning 1) "
    "select 1 where not exists (select from known)"
)
_NEW_CLUSTER = (
    "delete from scanly.log_heads",
    "delete from scanly.log_positions",
    "update scanly.outbox_head set published = 0",
)
_UNPUBLISHED = text(
    "select (select published < position from scanly.outbox_head) "
    "or exists (select from scanly.dead_letters where published_at is null) or exists (select from scanly.stream)"
)
_TO_PUBLISH = text(
    "select id, position, topic, key, cast(envelope as text) as envelope from scanly.outbox "
    "where position > (select published from scanly.outbox_head) order by position limit :limit"
)
_NOTE_HEAD = text(
    "insert into scanly.log_heads as h (topic, partition, next_offset) values (:topic, :partition, :head) "
    "on conflict (topic, partition) do update set next_offset = greatest(h.next_offset, excluded.next_offset)"
)
_NOTE_PUBLISHED = text("update scanly.outbox_head set published = greatest(published, :position)")
_LETTERS = text(
    "select id, source, topic, reason, attempts, created_at, payload->>'key' as key, cast(payload as text) as payload "
    "from scanly.dead_letters where published_at is null order by created_at limit :limit"
)
_NOTE_LETTERS = text("update scanly.dead_letters set published_at = now() where id = any(:ids)")
_RECORDS = text(
    'select topic, partition, "offset", key, record from scanly.stream order by topic, partition, "offset" limit :limit'
)
_FORGET_RECORDS = text(
    'delete from scanly.stream where topic = :topic and partition = :partition and "offset" <= :offset'
)
_BEHIND = text(
    "select g.name, g.topic, h.partition from unnest(cast(:groups as text[]), cast(:topics as text[])) "
    "as g (name, topic) join scanly.log_heads h on h.topic = g.topic "
    "left join scanly.log_positions p on p.group_name = g.name and p.topic = h.topic and p.partition = h.partition "
    'where coalesce(p."offset", -1) < h.next_offset - 1'
)
_PLACE = text(
    'select h.next_offset as head, coalesce(p."offset", -1) as offset from scanly.log_heads h '
    "left join scanly.log_positions p on p.group_name = :group and p.topic = h.topic and p.partition = h.partition "
    "where h.topic = :topic and h.partition = :partition"
)
_MOVE = text(
    'insert into scanly.log_positions as p (group_name, topic, partition, "offset") '
    "values (:group, :topic, :partition, :offset) on conflict (group_name, topic, partition) "
    'do update set "offset" = greatest(p."offset", excluded."offset")'
)
_REWIND = text(
    'insert into scanly.log_positions as p (group_name, topic, partition, "offset") '
    "values (:group, :topic, :partition, :offset) on conflict (group_name, topic, partition) "
    'do update set "offset" = least(p."offset", excluded."offset")'
)
# The statement's time lies before its snapshot: what was committed by then is visible, so published, so consumed.
_CAUGHT_UP = text(
    "insert into scanly.event_positions as e (group_name, position, caught_up_at) "
    "select g.name, 0, statement_timestamp() from unnest(cast(:groups as text[]), cast(:topics as text[])) "
    "as g (name, topic) where not exists (select from scanly.outbox where position is null) "
    "and (select published >= position from scanly.outbox_head) "
    "and not exists (select from scanly.log_heads h left join scanly.log_positions p on p.group_name = g.name "
    "and p.topic = h.topic and p.partition = h.partition "
    'where h.topic = g.topic and coalesce(p."offset", -1) < h.next_offset - 1) '
    "on conflict (group_name) do update set caught_up_at = excluded.caught_up_at"
)
_LAGS = text(
    'select g.name, cast(coalesce(sum(greatest(h.next_offset - 1 - coalesce(p."offset", -1), 0)), 0) as bigint) as lag '
    "from unnest(cast(:groups as text[]), cast(:topics as text[])) as g (name, topic) "
    "left join scanly.log_heads h on h.topic = g.topic "
    "left join scanly.log_positions p on p.group_name = g.name and p.topic = h.topic and p.partition = h.partition "
    "group by g.name"
)
_WAITING = text(
    "select position - published + (select count(*) from scanly.outbox where position is null) from scanly.outbox_head"
)
_TIDY = text(
    "delete from scanly.outbox where created_at < now() - cast(:keep as interval) "
    "and position <= (select published from scanly.outbox_head)"
)
