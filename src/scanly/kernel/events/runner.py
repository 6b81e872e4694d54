"""Delivers outbox events to consumer groups: the lean form of the event log.

One leader per database numbers committed rows densely in the order of their sequence (an advisory lock elects it), and
groups read that number. A cursor on the sequence itself would skip a transaction that commits late. Each group runs in
one process at a time (a session lock), in order; a message that always fails goes whole to the dead letters.
"""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from scanly.kernel.db import Database
from scanly.kernel.errors import Unavailable
from scanly.kernel.events.event import Envelope, Event
from scanly.kernel.ids import new_id
from scanly.kernel.telemetry import counter, get_logger

log = get_logger(__name__)

_BATCH = 100
_POLL = 1.0
_KEEP = timedelta(days=7)
_TIDY_EVERY = 600.0
_RETRY_DELAYS = (0.05, 0.2, 1.0, 3.0)
_NUMBERING_LOCK = 0x5CA2_0002

_dead = counter("scanly_dead_letters_total", "Messages put among the dead letters", ("topic", "group"))
_delivered = counter("scanly_events_delivered_total", "Events handled by a consumer group", ("group",))


@dataclass(frozen=True)
class Subscriber:
    """A consumer group: calls ``handle(service, envelope)`` for each event of one topic, at least once, in order."""

    event: type[Event]
    group: str
    handle: Callable[[Any, Any], Awaitable[None]]


@dataclass(frozen=True)
class _Group:
    subscriber: Subscriber
    service: Any

    @property
    def lock(self) -> int:
        digest = hashlib.blake2b(self.subscriber.group.encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big", signed=True)


class EventRunner:
    """Runs the groups of this process, and the numbering if this process is elected."""

    def __init__(self, database: Database, subscribers: Iterable[tuple[Subscriber, Any]]) -> None:
        self._database = database
        self._groups = [_Group(subscriber, service) for subscriber, service in subscribers]
        self._wake = asyncio.Event()
        self._failed: dict[tuple[str, int], int] = {}

    def wake(self) -> None:
        """Look for events now rather than at the next poll."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver until cancelled; a database that is away delays, and loses nothing."""
        tidied = 0.0
        while True:
            self._wake.clear()
            busy = False
            try:
                await self._number()
                for group in self._groups:
                    busy |= await self._deliver(group)
                if time.monotonic() - tidied > _TIDY_EVERY:
                    await self._tidy()
                    tidied = time.monotonic()
            except Unavailable:
                await asyncio.sleep(_POLL)
            except Exception:
                log.exception("event delivery failed and is tried again")
                await asyncio.sleep(_POLL)
            if not busy:
                try:
                    await asyncio.wait_for(self._wake.wait(), _POLL)
                except TimeoutError:
                    continue

    async def drain(self) -> None:
        """Deliver everything that is there now; for tests and commands."""
        await self._number()
        while any([await self._deliver(group) for group in self._groups]):
            await self._number()

    async def _number(self) -> None:
        async with self._database.connect() as connection:
            waiting = await connection.execute(text("select exists (select from scanly.outbox where position is null)"))
            if not waiting.scalar_one():
                return
            leads = await connection.execute(text("select pg_try_advisory_xact_lock(:key)"), {"key": _NUMBERING_LOCK})
            if leads.scalar_one():
                await connection.execute(_NUMBER)

    async def _deliver(self, group: _Group) -> bool:
        async with self._database.engine.connect() as plain:
            connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
            locked = await connection.execute(text("select pg_try_advisory_lock(:key)"), {"key": group.lock})
            if not locked.scalar_one():
                return False
            try:
                busy = await self._deliver_batch(connection, group)
            except BaseException:
                # It may be in the middle of a statement, where an unlock would hide a cancellation behind its own
                # error; closing the connection lets the lock go as well.
                await connection.invalidate()
                raise
            await connection.execute(text("select pg_advisory_unlock(:key)"), {"key": group.lock})
            return busy

    async def _deliver_batch(self, connection: AsyncConnection, group: _Group) -> bool:
        name = group.subscriber.group
        start = (await connection.execute(_POSITION, {"group": name})).scalar_one_or_none() or 0
        head = (await connection.execute(text("select position from scanly.outbox_head"))).scalar_one()
        if start >= head:
            await connection.execute(_CAUGHT_UP, {"group": name})
            return False
        parameters = {"topic": group.subscriber.event.topic, "after": start, "limit": _BATCH}
        rows = (await connection.execute(_NEXT, parameters)).all()
        for row in rows:
            if not await self._handle(group, row):
                return False
            await connection.execute(_MOVE, {"group": name, "position": row.position})
        if len(rows) < _BATCH:
            await connection.execute(_MOVE, {"group": name, "position": head})
        return bool(rows)

    async def _handle(self, group: _Group, row: Any) -> bool:  # noqa: ANN401 - a row
        """Return True when the group may go on to the next event."""
        subscriber = group.subscriber
        for attempt, delay in enumerate((0.0, *_RETRY_DELAYS), start=1):
            await asyncio.sleep(delay)
            try:
                envelope = Envelope[subscriber.event].model_validate(row.envelope)  # type: ignore[name-defined]
                await subscriber.handle(group.service, envelope)
            except Unavailable:
                return False
            except Exception as error:  # noqa: BLE001 - whatever a handler raises counts as an attempt
                log.warning(
                    "event failed", group=subscriber.group, event_id=str(row.id), attempt=attempt, error=repr(error)
                )
                reason = f"{type(error).__name__}: {error}"
                if attempt > len(_RETRY_DELAYS):
                    await self._bury(group, row, reason, attempt)
            else:
                _delivered.labels(subscriber.group).inc()
                return True
        return True

    async def _bury(self, group: _Group, row: Any, reason: str, attempts: int) -> None:  # noqa: ANN401
        name, topic = group.subscriber.group, group.subscriber.event.topic
        await bury(self._database, source=name, topic=topic, payload=row.envelope, reason=reason, attempts=attempts)
        _dead.labels(topic, name).inc()
        log.error("event put among the dead letters", group=name, event_id=str(row.id), reason=reason)

    async def _tidy(self) -> None:
        async with self._database.connect() as connection:
            await connection.execute(_TIDY_OUTBOX, {"keep": _KEEP})
            await connection.execute(_TIDY_CONSUMED, {"keep": _KEEP * 2})


async def bury(
    database: Database,
    *,
    source: str,
    topic: str,
    payload: object,
    reason: str,
    attempts: int,
    identifier: UUID | None = None,
) -> None:
    """Put a message whole among the dead letters, with why and after how many attempts."""
    async with database.connect() as connection:
        await connection.execute(
            _BURY,
            {
                "id": identifier or new_id(),
                "source": source,
                "topic": topic,
                "payload": msgspec.json.encode(payload).decode(),
                "reason": reason[:2000],
                "attempts": attempts,
            },
        )


_NUMBER = text(
    "with head as (select position from scanly.outbox_head for update), "
    "fresh as (select seq, row_number() over (order by seq) as n from scanly.outbox where position is null), "
    "numbered as (update scanly.outbox o set position = head.position + fresh.n from fresh, head "
    "where o.seq = fresh.seq returning 1) "
    "update scanly.outbox_head set position = position + (select count(*) from numbered)"
)
_POSITION = text("select position from scanly.event_positions where group_name = :group")
_MOVE = text(
    "insert into scanly.event_positions as p (group_name, position) values (:group, :position) "
    "on conflict (group_name) do update set position = greatest(p.position, excluded.position), "
    "caught_up_at = case when excluded.position >= (select position from scanly.outbox_head) "
    "then clock_timestamp() else p.caught_up_at end"
)
_CAUGHT_UP = text(
    "insert into scanly.event_positions as p (group_name, position) values (:group, 0) "
    "on conflict (group_name) do update set caught_up_at = clock_timestamp() "
    "where p.caught_up_at < clock_timestamp() - interval '10 seconds'"
)
_NEXT = text(
    "select id, position, envelope from scanly.outbox where topic = :topic and position > :after "
    "order by position limit :limit"
)
_TIDY_OUTBOX = text(
    "delete from scanly.outbox where created_at < now() - cast(:keep as interval) "
    "and position <= (select coalesce(min(position), 0) from scanly.event_positions)"
)
_TIDY_CONSUMED = text("delete from scanly.consumed_events where consumed_at < now() - cast(:keep as interval)")
_BURY = text("select scanly.bury(:id, :source, :topic, cast(:payload as jsonb), :reason, :attempts)")
