"""Delivers outbox events to consumer groups: the lean form of the event log.

One leader per database numbers committed rows densely in the order of their sequence (an advisory lock elects it), and
groups read that number. A cursor on the sequence itself would skip a transaction that commits late. Each group runs in
one process at a time (a session lock), in order; a message that always fails goes whole to the dead letters.
"""

import asyncio
import contextlib
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
_KEEP_ANSWERS = timedelta(hours=25)  # beyond the 24 hours that are promised
_TIDY_EVERY = 600.0
_MARK_EVERY = 5.0
_PATIENCE = 60.0  # seconds for one event
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


@dataclass
class _Group:
    subscriber: Subscriber
    service: Any
    failing: UUID | None = None
    """The event at the head of the group that failed so far."""
    attempts: int = 0
    retry_at: float = 0.0

    @property
    def name(self) -> str:
        return self.subscriber.group

    @property
    def lock(self) -> int:
        digest = hashlib.blake2b(self.name.encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big", signed=True)

    def failed(self, event_id: UUID) -> int:
        """Count an attempt and return how many there were for this event."""
        self.attempts = self.attempts + 1 if self.failing == event_id else 1
        self.failing = event_id
        return self.attempts


class EventRunner:
    """Runs the groups of this process, and the numbering if this process is elected.

    A group whose event fails waits for its next attempt while the others go on.
    """

    def __init__(self, database: Database, subscribers: Iterable[tuple[Subscriber, Any]]) -> None:
        self._database = database
        self._groups = [_Group(subscriber, service) for subscriber, service in subscribers]
        self._names = [group.name for group in self._groups]
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Look for events now rather than at the next poll."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver until cancelled; a database that is away delays, and loses nothing."""
        marked = tidied = 0.0
        while True:
            self._wake.clear()
            try:
                busy = await self._round()
                if time.monotonic() - marked > _MARK_EVERY:
                    await self._mark_caught_up()
                    marked = time.monotonic()
                if time.monotonic() - tidied > _TIDY_EVERY:
                    await self._tidy()
                    tidied = time.monotonic()
            except Unavailable:
                await asyncio.sleep(_POLL)
            except Exception:
                log.exception("event delivery failed and is tried again")
                await asyncio.sleep(_POLL)
            else:
                if not busy:
                    with contextlib.suppress(TimeoutError):
                        # Not wait_for: before Python 3.12 it can swallow a cancellation (cpython issue 86296).
                        async with asyncio.timeout(self._pause()):
                            await self._wake.wait()

    async def drain(self) -> None:
        """Return when every group has got everything there is, also what another process or a retry delivers."""
        while True:
            busy = await self._round()
            if not busy and await self._mark_caught_up() == len(self._groups):
                return
            if not busy:
                await asyncio.sleep(0.01)

    def _pause(self) -> float:
        now = time.monotonic()
        return min((_POLL, *(group.retry_at - now for group in self._groups if group.retry_at > now)))

    async def _round(self) -> bool:
        """Number and deliver once; return whether there may be more to do at once."""
        await self._number()
        async with self._database.connect() as connection:
            behind = set(await connection.scalars(_BEHIND, {"groups": self._names}))
        busy = False
        for group in self._groups:
            if group.name in behind and group.retry_at <= time.monotonic():
                busy |= await self._deliver(group)
        return busy

    async def _number(self) -> None:
        async with self._database.connect() as connection:
            if not await connection.scalar(text("select exists (select from scanly.outbox where position is null)")):
                return
            if await connection.scalar(text("select pg_try_advisory_xact_lock(:key)"), {"key": _NUMBERING_LOCK}):
                await connection.execute(_NUMBER)

    async def _deliver(self, group: _Group) -> bool:
        async with self._database.borrow() as plain:
            connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
            if not await connection.scalar(text("select pg_try_advisory_lock(:key)"), {"key": group.lock}):
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
        place = (await connection.execute(_PLACE, {"group": group.name})).one()
        parameters = {"topic": group.subscriber.event.topic, "after": place.position, "limit": _BATCH}
        rows = (await connection.execute(_NEXT, parameters)).all()
        for row in rows:
            if not await self._handle(group, row):
                return False
            await connection.execute(_MOVE, {"group": group.name, "position": row.position})
        if len(rows) < _BATCH:
            await connection.execute(_MOVE, {"group": group.name, "position": place.head})
        return bool(rows)

    async def _handle(self, group: _Group, row: Any) -> bool:  # noqa: ANN401 - a row
        """Return True when the group may go on to the next event."""
        subscriber = group.subscriber
        try:
            envelope = Envelope[subscriber.event].model_validate_json(row.envelope)  # type: ignore[name-defined]
            async with asyncio.timeout(_PATIENCE):
                await subscriber.handle(group.service, envelope)
        except Unavailable:
            group.retry_at = time.monotonic() + _POLL
            return False
        except Exception as error:  # noqa: BLE001 - whatever a handler raises counts as an attempt
            attempt = group.failed(row.id)
            reason = f"{type(error).__name__}: {error}"
            log.warning("event failed", group=group.name, event_id=str(row.id), attempt=attempt, error=reason)
            if attempt <= len(_RETRY_DELAYS):
                group.retry_at = time.monotonic() + _RETRY_DELAYS[attempt - 1]
                return False
            await self._bury(group, row, reason, attempt)
        else:
            _delivered.labels(group.name).inc()
        return True

    async def _bury(self, group: _Group, row: Any, reason: str, attempts: int) -> None:  # noqa: ANN401
        topic = group.subscriber.event.topic
        payload = msgspec.json.decode(row.envelope)
        await bury(self._database, source=group.name, topic=topic, payload=payload, reason=reason, attempts=attempts)
        _dead.labels(topic, group.name).inc()
        log.error("event put among the dead letters", group=group.name, event_id=str(row.id), reason=reason)

    async def _mark_caught_up(self) -> int:
        async with self._database.connect() as connection:
            return (await connection.execute(_CAUGHT_UP, {"groups": self._names})).rowcount

    async def _tidy(self) -> None:
        async with self._database.connect() as connection:
            await connection.execute(_TIDY_IDEMPOTENCY, {"keep": _KEEP_ANSWERS})
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
    "select id, position, cast(envelope as text) as envelope from scanly.outbox "
    "where topic = :topic and position > :after order by position limit :limit"
)
_TIDY_OUTBOX = text(
    "delete from scanly.outbox where created_at < now() - cast(:keep as interval) "
    "and position <= (select coalesce(min(position), 0) from scanly.event_positions)"
)
_TIDY_CONSUMED = text("delete from scanly.consumed_events where consumed_at < now() - cast(:keep as interval)")
_TIDY_IDEMPOTENCY = text("delete from scanly.idempotency where created_at < now() - cast(:keep as interval)")
_BURY = text("select scanly.bury(:id, :source, :topic, cast(:payload as jsonb), :reason, :attempts)")
