"""Delivers events to consumer groups, from whichever log they are in.

A share of a group's work (the whole group in lean, a partition of its topic in Kafka) is done by one process at a time,
under a session lock: processes share the work, and another takes over at once when one dies. Events are handled in
order; one that always fails goes whole to the dead letters, and what an operator puts back comes to its group again.
"""

import asyncio
import contextlib
import random
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from scanly.kernel.db import Database
from scanly.kernel.errors import Unavailable
from scanly.kernel.events.dead_letters import bury
from scanly.kernel.events.event import Envelope, Event
from scanly.kernel.events.event_log import Delivery, EventLog, Share
from scanly.kernel.events.outbox_log import KEEP, OutboxLog
from scanly.kernel.pace import paced
from scanly.kernel.telemetry import counter, gauge, get_logger

log = get_logger(__name__)

_BATCH = 100
_PARSED_AT_ONCE = 20
_POLL = 1.0
_KEEP_ANSWERS = timedelta(hours=25)  # beyond the 24 hours that are promised
_TIDY_EVERY = 600.0
_MARK_EVERY = 5.0
_PATIENCE = 60.0  # seconds for one event
_RETRY_DELAYS = (0.05, 0.2, 1.0, 3.0)

_dead = counter("scanly_dead_letters_total", "Messages put among the dead letters", ("topic", "group"))
_delivered = counter("scanly_events_delivered_total", "Events handled by a consumer group", ("group",))
_open = gauge("scanly_dead_letters_open", "Dead letters about which nobody has decided yet")
_lag = gauge("scanly_event_lag_events", "Events in the log that a consumer group has still before it", ("group",))
_behind = gauge("scanly_event_lag_seconds", "Time since a consumer group last had every event there was", ("group",))
_waiting = gauge("scanly_relay_lag_events", "Committed events that are not in the log yet")


@dataclass(frozen=True)
class Subscriber:
    """A consumer group: calls ``handle(service, envelope)`` for each event of one topic, at least once, in order.

    With ``handle_all`` those that wait come together first; only when that fails does ``handle`` get each for itself.
    """

    event: type[Event]
    group: str
    handle: Callable[[Any, Any], Awaitable[None]]
    handle_all: Callable[[Any, Any], Awaitable[None]] | None = None
    """Called with the service and a list of envelopes."""


@dataclass
class _Trouble:
    """How the event at the head of a share failed so far."""

    position: int = -1
    attempts: int = 0
    retry_at: float = 0.0

    def failed(self, position: int) -> int:
        """Count an attempt and return how many there were for this event."""
        self.attempts = self.attempts + 1 if self.position == position else 1
        self.position = position
        return self.attempts


class EventRunner:
    """Runs the groups of this process, and keeps the log going if this process is elected.

    A share whose event fails waits for its next attempt while the others go on. ``log`` is the outbox when not given.
    """

    def __init__(
        self, database: Database, subscribers: Iterable[tuple[Subscriber, Any]], log: EventLog | None = None
    ) -> None:
        self._database = database
        self._log = log or OutboxLog(database)
        self._subscribers = {subscriber.group: (subscriber, service) for subscriber, service in subscribers}
        self._groups = {name: subscriber.event.topic for name, (subscriber, _) in self._subscribers.items()}
        self._troubles: defaultdict[Share, _Trouble] = defaultdict(_Trouble)
        self._committed = asyncio.Event()
        self._arrived = asyncio.Event()

    def wake(self) -> None:
        """Look for events now rather than at the next poll."""
        self._committed.set()
        self._arrived.set()

    async def run(self) -> None:
        """Deliver until cancelled; a database or a broker that is away delays, and loses nothing."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._repeat(self._advance, self._committed))
            tasks.create_task(self._repeat(self._deliver_all, self._arrived))
            tasks.create_task(self._look_after())

    async def drain(self) -> None:
        """Return when every group has got everything there is, also what another process or a retry delivers."""
        while True:
            busy = await self._log.advance() | await self._deliver_all()
            if not busy and await self._log.mark_caught_up(self._groups) == len(self._groups):
                return
            if not busy:
                await asyncio.sleep(0.01)

    async def _repeat(self, turn: Callable[[], Awaitable[bool]], news: asyncio.Event) -> None:
        while True:
            news.clear()
            try:
                busy = await turn()
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
                            await news.wait()

    async def _advance(self) -> bool:
        if moved := await self._log.advance():
            self._arrived.set()
        return moved

    async def _look_after(self) -> None:
        marked = tidied = 0.0
        while True:
            try:
                if time.monotonic() - marked > _MARK_EVERY:
                    await self._log.mark_caught_up(self._groups)
                    await self._measure()
                    marked = time.monotonic()
                if time.monotonic() - tidied > _TIDY_EVERY:
                    await self._tidy()
                    tidied = time.monotonic()
            except Unavailable:
                pass
            except Exception:
                log.exception("looking after events failed and is tried again")
            await asyncio.sleep(_POLL)

    def _pause(self) -> float:
        now = time.monotonic()
        return min((_POLL, *(trouble.retry_at - now for trouble in self._troubles.values() if trouble.retry_at > now)))

    async def _deliver_all(self) -> bool:
        """Deliver what there is once; return whether there may be more to do at once."""
        busy = False
        for share in await self._put_back():
            busy |= await self._locked(share, self._deliver_letters)
        shares = await self._log.behind(self._groups)
        random.shuffle(shares)  # so that processes which begin together do not follow each other
        for share in shares:
            if self._troubles[share].retry_at <= time.monotonic():
                busy |= await self._locked(share, self._deliver_batch)
        return busy

    async def _locked(self, share: Share, work: Callable[[AsyncConnection, Share], Awaitable[bool]]) -> bool:
        async with self._database.borrow() as plain:
            connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
            if not await connection.scalar(text("select pg_try_advisory_lock(:key)"), {"key": share.lock}):
                return False
            try:
                busy = await work(connection, share)
            except BaseException:
                # It may be in the middle of a statement, where an unlock would hide a cancellation behind its own
                # error; closing the connection lets the lock go as well.
                await connection.invalidate()
                raise
            await connection.execute(text("select pg_advisory_unlock(:key)"), {"key": share.lock})
            return busy

    async def _deliver_batch(self, connection: AsyncConnection, share: Share) -> bool:
        page = await self._log.next(connection, share, _BATCH)
        if await self._handled_together(share, page.deliveries):
            await self._log.move(connection, share, page.end)
            return True
        for delivery in page.deliveries:
            if not await self._handle(share, delivery):
                return False
            await self._log.move(connection, share, delivery.position)
        await self._log.move(connection, share, page.end)
        return bool(page.deliveries)

    async def _handled_together(self, share: Share, deliveries: Sequence[Delivery]) -> bool:
        """Give a group all of a page at once if it takes that; False where each event is to be handled for itself."""
        subscriber, service = self._subscribers[share.group]
        if subscriber.handle_all is None or len(deliveries) < 2:
            return False
        read = Envelope[subscriber.event].model_validate_json  # type: ignore[name-defined]
        try:
            envelopes = [read(each.envelope) async for some in paced(deliveries, _PARSED_AT_ONCE) for each in some]
            async with asyncio.timeout(_PATIENCE):
                await subscriber.handle_all(service, envelopes)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises; one by one it shows which event it is
            log.info("events come one by one", group=share.group, error=f"{type(error).__name__}: {error}")
            return False
        _delivered.labels(share.group).inc(len(envelopes))
        return True

    async def _call(self, group: str, envelope: bytes) -> None:
        subscriber, service = self._subscribers[group]
        read = Envelope[subscriber.event].model_validate_json(envelope)  # type: ignore[name-defined]
        async with asyncio.timeout(_PATIENCE):
            await subscriber.handle(service, read)
        _delivered.labels(group).inc()

    async def _handle(self, share: Share, delivery: Delivery) -> bool:
        """Return True when the share may go on to the next event."""
        trouble = self._troubles[share]
        try:
            await self._call(share.group, delivery.envelope)
        except Unavailable:
            trouble.retry_at = time.monotonic() + _POLL
            return False
        except Exception as error:  # noqa: BLE001 - whatever a handler raises counts as an attempt
            attempt = trouble.failed(delivery.position)
            reason = f"{type(error).__name__}: {error}"
            log.warning("event failed", group=share.group, position=delivery.position, attempt=attempt, error=reason)
            if attempt <= len(_RETRY_DELAYS):
                trouble.retry_at = time.monotonic() + _RETRY_DELAYS[attempt - 1]
                return False
            await self._bury(share, delivery, reason, attempt)
        return True

    async def _bury(self, share: Share, delivery: Delivery, reason: str, attempts: int) -> None:
        payload = _json(delivery.envelope)
        await bury(
            self._database, source=share.group, topic=share.topic, payload=payload, reason=reason, attempts=attempts
        )
        _dead.labels(share.topic, share.group).inc()
        log.error("event put among the dead letters", group=share.group, position=delivery.position, reason=reason)

    async def _put_back(self) -> list[Share]:
        """Return the groups of this process to which an operator put letters back."""
        async with self._database.connect() as connection:
            sources = await connection.scalars(_PUT_BACK, {"groups": list(self._groups)})
            return [Share(source, self._groups[source]) for source in sources]

    async def _deliver_letters(self, connection: AsyncConnection, share: Share) -> bool:
        letters = (await connection.execute(_LETTERS, {"group": share.group, "limit": _BATCH})).all()
        for letter in letters:
            try:
                await self._call(share.group, letter.payload.encode())
            except Unavailable:
                return False
            except Exception as error:  # noqa: BLE001 - whatever a handler raises
                reason = f"{type(error).__name__}: {error}"[:2000]
                await connection.execute(_FAILED_AGAIN, {"id": letter.id, "reason": reason})
                log.warning("dead letter failed again", group=share.group, letter=str(letter.id), error=reason)
            else:
                await connection.execute(_REPLAYED, {"id": letter.id})
        return bool(letters)

    async def _measure(self) -> None:
        for group, events in (await self._log.lags(self._groups)).items():
            _lag.labels(group).set(events)
        _waiting.set(await self._log.waiting())
        async with self._database.connect() as connection:
            _open.set(await connection.scalar(_OPEN_LETTERS) or 0)
        for group, seconds in (await seconds_behind(self._database, self._groups)).items():
            _behind.labels(group).set(seconds)

    async def _tidy(self) -> None:
        await self._log.tidy()
        async with self._database.connect() as connection:
            await connection.execute(_TIDY_IDEMPOTENCY, {"keep": _KEEP_ANSWERS})
            await connection.execute(_TIDY_CONSUMED, {"keep": KEEP * 2})


async def seconds_behind(database: Database, groups: Iterable[str]) -> dict[str, float]:
    """Return since when each group has not had all events; those that never had are left out."""
    async with database.connect() as connection:
        rows = await connection.execute(_BEHIND_SECONDS, {"groups": list(groups)})
        return {row.group_name: row.seconds for row in rows}


def _json(message: bytes) -> Any:  # noqa: ANN401 - any JSON
    try:
        return msgspec.json.decode(message)
    except msgspec.DecodeError:
        return {"text": message.decode("utf-8", "backslashreplace").replace("\x00", "\\x00")}


_PUT_BACK = text(
    "select distinct source from scanly.dead_letters "
    "where replay_at is not null and resolved_at is null and source = any(:groups)"
)
_LETTERS = text(
    "select id, cast(payload as text) as payload from scanly.dead_letters "
    "where source = :group and replay_at is not null and resolved_at is null order by created_at limit :limit"
)
_FAILED_AGAIN = text(
    "update scanly.dead_letters set replay_at = null, reason = :reason, attempts = attempts + 1 where id = :id"
)
_REPLAYED = text("update scanly.dead_letters set resolved_at = now(), resolution = 'replayed' where id = :id")
_OPEN_LETTERS = text("select count(*) from scanly.dead_letters where resolved_at is null")
# A group that never caught up has the year 1970 there, which says nothing.
_BEHIND_SECONDS = text(
    "select group_name, extract(epoch from now() - caught_up_at)::float as seconds from scanly.event_positions "
    "where group_name = any(:groups) and caught_up_at > to_timestamp(0)"
)
_TIDY_CONSUMED = text("delete from scanly.consumed_events where consumed_at < now() - cast(:keep as interval)")
_TIDY_IDEMPOTENCY = text("delete from scanly.idempotency where created_at < now() - cast(:keep as interval)")
