"""The outbox as the log: the lean form.

One leader per database numbers committed rows densely in the order of their sequence (an advisory lock elects it), and
groups read that number. A cursor on the sequence itself would skip a transaction that commits late.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from scanly.kernel.db import Database
from scanly.kernel.errors import Unavailable
from scanly.kernel.events.event_log import Delivery, Groups, Page, Share

KEEP = timedelta(days=7)
"""How long events stay in the outbox, so far back a group can be set."""

_NUMBERING_LOCK = 0x5CA2_0002
_BUSY_SECONDS = 4


class OutboxLog:
    """See ``EventLog``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def advance(self) -> bool:
        """See ``EventLog``."""
        return await number(self._database)

    async def behind(self, groups: Groups) -> list[Share]:
        """See ``EventLog``."""
        async with self._database.connect() as connection:
            return [Share(name, groups[name]) for name in await connection.scalars(_BEHIND, {"groups": list(groups)})]

    async def next(self, connection: AsyncConnection, share: Share, limit: int) -> Page:
        """See ``EventLog``."""
        place = (await connection.execute(_PLACE, {"group": share.group})).one()
        parameters = {"topic": share.topic, "after": place.position, "limit": limit}
        rows = (await connection.execute(_NEXT, parameters)).all()
        end = rows[-1].position if len(rows) == limit else place.head
        return Page([Delivery(row.position, row.envelope.encode()) for row in rows], end)

    async def move(self, connection: AsyncConnection, share: Share, position: int) -> None:
        """See ``EventLog``."""
        await connection.execute(_MOVE, {"group": share.group, "position": position})

    async def mark_caught_up(self, groups: Groups) -> int:
        """See ``EventLog``."""
        async with self._database.connect() as connection:
            return (await connection.execute(_CAUGHT_UP, {"groups": list(groups)})).rowcount

    async def lags(self, groups: Groups) -> dict[str, int]:
        """See ``EventLog``."""
        parameters = {"groups": list(groups), "topics": list(groups.values())}
        async with self._database.connect() as connection:
            return {row.name: row.lag for row in await connection.execute(_LAGS, parameters)}

    async def waiting(self) -> int:
        """See ``EventLog``."""
        async with self._database.connect() as connection:
            return int(await connection.scalar(_UNNUMBERED) or 0)

    async def rewind(self, group: str, topic: str, moment: datetime | None) -> None:
        """See ``EventLog``."""
        async with self._database.connect() as connection, held(connection, [Share(group, topic)]):
            await connection.execute(_REWIND, {"group": group, "topic": topic, "moment": moment})
            await forget_consumed(connection, group, moment)

    async def tidy(self) -> None:
        """See ``EventLog``."""
        async with self._database.connect() as connection:
            await connection.execute(_TIDY, {"keep": KEEP})

    async def close(self) -> None:
        """See ``EventLog``; the database belongs to somebody else."""


async def number(database: Database) -> bool:
    """Give committed rows their place; return whether there were any. One process does it at a time."""
    async with database.connect() as connection:
        if not await connection.scalar(text("select exists (select from scanly.outbox where position is null)")):
            return False
        if not await connection.scalar(text("select pg_try_advisory_xact_lock(:key)"), {"key": _NUMBERING_LOCK}):
            return False
        await connection.execute(_NUMBER)
        await connection.execute(NOTIFY)
        return True


@asynccontextmanager
async def held(connection: AsyncConnection, shares: list[Share]) -> AsyncIterator[None]:
    """Keep every process from the work of ``shares`` until the transaction ends; ``Unavailable`` when one is busy."""
    await connection.execute(text(f"set local lock_timeout = '{_BUSY_SECONDS}s'"))
    for share in shares:
        try:
            await connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": share.lock})
        except DBAPIError as error:
            raise Unavailable(f"The group {share.group} is busy with an event. Try again in a moment.") from error
    yield


async def forget_consumed(connection: AsyncConnection, group: str, moment: datetime | None) -> None:
    """Let a group take events since ``moment`` for new ones; an event's id carries its time."""
    first = UUID(int=int(moment.timestamp() * 1000) << 80) if moment is not None else UUID(int=0)
    await connection.execute(_FORGET_CONSUMED, {"group": group, "first": first})


NOTIFY = text("""select pg_notify('scanly_invalidate', '{"outbox": ["advanced"]}')""")
_NUMBER = text(
    "with head as (select position from scanly.outbox_head for update), "
    "fresh as (select seq, row_number() over (order by seq) as n from scanly.outbox where position is null), "
    "numbered as (update scanly.outbox o set position = head.position + fresh.n from fresh, head "
    "where o.seq = fresh.seq returning 1) "
    "update scanly.outbox_head set position = position + (select count(*) from numbered)"
)
_BEHIND = text(
    "select g.name from unnest(cast(:groups as text[])) as g (name) "
    "left join scanly.event_positions p on p.group_name = g.name cross join scanly.outbox_head h "
    "where p.position is null or p.position < h.position"
)
_PLACE = text(
    "select h.position as head, coalesce((select position from scanly.event_positions where group_name = :group), 0) "
    "as position from scanly.outbox_head h"
)
_MOVE = text(
    "insert into scanly.event_positions as p (group_name, position, caught_up_at) "
    "values (:group, :position, to_timestamp(0)) "
    "on conflict (group_name) do update set position = greatest(p.position, excluded.position)"
)
# The statement's time lies before its snapshot: what was committed by then is visible, so numbered, so consumed.
_CAUGHT_UP = text(
    "update scanly.event_positions set caught_up_at = statement_timestamp() where group_name = any(:groups) "
    "and position >= (select position from scanly.outbox_head) "
    "and not exists (select from scanly.outbox where position is null)"
)
_NEXT = text(
    "select position, cast(envelope as text) as envelope from scanly.outbox "
    "where topic = :topic and position > :after order by position limit :limit"
)
_LAGS = text(
    "select g.name, (select count(*) from scanly.outbox o where o.topic = g.topic "
    "and o.position > coalesce(p.position, 0)) as lag "
    "from unnest(cast(:groups as text[]), cast(:topics as text[])) as g (name, topic) "
    "left join scanly.event_positions p on p.group_name = g.name"
)
_UNNUMBERED = text("select count(*) from scanly.outbox where position is null")
_REWIND = text(
    "update scanly.event_positions set position = coalesce((select min(o.position) - 1 from scanly.outbox o "
    "where o.topic = :topic and o.position is not null "
    "and o.created_at >= coalesce(cast(:moment as timestamptz), '-infinity')), position) where group_name = :group"
)
_FORGET_CONSUMED = text("delete from scanly.consumed_events where group_name = :group and event_id >= :first")
_TIDY = text(
    "delete from scanly.outbox where created_at < now() - cast(:keep as interval) "
    "and position <= (select coalesce(min(position), 0) from scanly.event_positions)"
)
