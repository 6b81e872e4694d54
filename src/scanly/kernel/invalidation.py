"""Tells every process that something it may remember has changed.

``await invalidate(session, "routing.link", key)`` collects keys; one ``NOTIFY`` per transaction carries them, and only
if the transaction commits. Notifications are a way to be fast, not a way to be right: they are lost while a
connection is down, so caches have a time to live, and after a reconnect every subscriber is told to forget everything.

With Redis the process that commits publishes the same words there too, right after the commit: they reach processes
whose connection to PostgreSQL is down. Only PostgreSQL's are sent if and only if a change is committed: they go on.
"""

import asyncio
import contextlib
import json
import os
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import asyncpg
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import Session, SessionTransaction

from scanly.kernel.redis import Redis, RedisAway
from scanly.kernel.telemetry import counter, gauge, get_logger, histogram

PG_CHANNEL: Final = "scanly_invalidate"
REDIS_CHANNEL: Final = "invalidate"
EVERYTHING: Final = "*"
CUT: Final = "SCANLYTEST_CUT_NOTIFICATIONS"

_LIMIT = 7_900  # PostgreSQL refuses payloads of 8,000 bytes and more
_PARTS = 4  # beyond this many payloads the receivers forget the whole channel instead
_PENDING = "scanly.invalidations"
_SENT = "scanly.invalidations_sent"
_PUBLISH = "scanly_publish_invalidations"
_SENT_AT = "@"
"""Among the channels of a payload: when it was sent, by the sender's clock."""
_MOST_HEARD = 1_000

Callback = Callable[[str | None], None]
"""Called with the key to forget, or with None to forget all of the channel. Must be quick and must not fail."""

log = get_logger(__name__)
_received = counter("scanly_invalidations_received_total", "Keys that other processes told this one to forget")
_connected = gauge("scanly_invalidation_connected", "1 while this process hears invalidations from PostgreSQL")
_delay = histogram(
    "scanly_invalidation_delay_seconds",
    "From just before the commit of a change until this process heard of it, by who brought the word",
    ("carrier",),
)


async def invalidate(session: AsyncSession, channel: str, key: str) -> None:
    """Tell every process at commit to forget ``key`` of ``channel``; nothing is sent on a rollback."""
    if not session.in_transaction():
        raise RuntimeError("an invalidation belongs to the transaction that changes something")
    inner = session.sync_session
    if _PENDING not in inner.info:
        inner.info[_PENDING] = {}
        inner.info[_SENT] = []
        event.listen(inner, "before_commit", _send)
        event.listen(inner, "after_commit", _publish)
        event.listen(inner, "after_soft_rollback", _drop)
    inner.info[_PENDING].setdefault(channel, set()).add(key)


def _send(session: Session) -> None:
    if session.in_nested_transaction():
        return
    pending: dict[str, set[str]] = session.info[_PENDING]
    sent_at = f'"{_SENT_AT}":["{time.time():.6f}"]'
    payloads = [f"{payload[:-1]},{sent_at}}}" for payload in pack(pending)]
    pending.clear()
    session.info[_SENT] = payloads
    for payload in payloads:
        session.execute(text("select pg_notify(:channel, :payload)"), {"channel": PG_CHANNEL, "payload": payload})


def _publish(session: Session) -> None:
    payloads, session.info[_SENT] = session.info[_SENT], []
    publish = session.get_bind().get_execution_options().get(_PUBLISH)
    if payloads and publish is not None:
        publish(payloads)


def _drop(session: Session, ended: SessionTransaction) -> None:
    if not ended.nested:
        session.info[_PENDING].clear()
        session.info[_SENT].clear()


def pack(pending: dict[str, set[str]]) -> Iterator[str]:
    """Yield payloads ``{channel: [key, …]}`` below PostgreSQL's limit; too many keys become ``["*"]``."""
    whole: dict[str, list[str]] = {}
    for channel, keys in pending.items():
        parts = list(_split(channel, sorted(keys)))
        if len(parts) == 1 and _size({**whole, **parts[0]}) <= _LIMIT:
            whole |= parts[0]
        elif 1 <= len(parts) <= _PARTS:
            yield from (_dump(part) for part in parts)
        elif parts:
            yield _dump({channel: [EVERYTHING]})
    if whole:
        yield _dump(whole)


def _split(channel: str, keys: Iterable[str]) -> Iterator[dict[str, list[str]]]:
    part: list[str] = []
    size = base = _size({channel: []})
    for key in keys:
        more = len(json.dumps(key)) + 1
        if base + more > _LIMIT:
            yield {channel: [EVERYTHING]}
            return
        if size + more > _LIMIT:
            yield {channel: part}
            part, size = [], base
        part.append(key)
        size += more
    if part:
        yield {channel: part}


def _dump(payload: dict[str, list[str]]) -> str:
    return json.dumps(payload, separators=(",", ":"))


def _size(payload: dict[str, list[str]]) -> int:
    return len(_dump(payload))


class Invalidation:
    """Hears invalidations on one connection of its own and hands them to subscribers in this process.

    With ``redis`` it hears them there as well, and publishes there what is committed through ``engine``.
    """

    def __init__(
        self,
        dsn: str,
        *,
        redis: Redis | None = None,
        engine: AsyncEngine | None = None,
        check_every: float = 10.0,
        retry_every: float = 0.5,
    ) -> None:
        self._dsn = dsn
        self._redis = redis
        if redis is not None and engine is not None:
            engine.sync_engine.update_execution_options(**{_PUBLISH: self._publish})
        self._publishing: set[asyncio.Task[None]] = set()
        self._heard: OrderedDict[str, None] = OrderedDict()
        self._redis_task: asyncio.Task[None] | None = None
        self._check_every = check_every
        self._retry_every = retry_every
        self._subscribers: dict[str, list[Callback]] = {}
        self._task: asyncio.Task[None] | None = None
        self._listening = asyncio.Event()
        self._lost = asyncio.Event()
        self._cut = os.environ.get(CUT) == "1"

    @property
    def connected(self) -> bool:
        """Whether changes made elsewhere are heard at this moment."""
        return self._listening.is_set()

    def subscribe(self, channel: str, callback: Callback) -> Callable[[], None]:
        """Call ``callback`` for each key of ``channel`` that was changed; return the function that ends this."""
        self._subscribers.setdefault(channel, []).append(callback)
        return lambda: self._subscribers[channel].remove(callback)

    async def start(self, timeout: float = 5.0) -> None:  # noqa: ASYNC109 - the wait is optional, the task goes on
        """Begin to listen; returns when it does, or after ``timeout`` seconds while it goes on trying."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="invalidation")
        if self._redis is not None and self._redis_task is None:
            self._redis_task = asyncio.create_task(self._run_redis(self._redis), name="invalidation by Redis")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._listening.wait()

    async def stop(self) -> None:
        """End the connections."""
        await asyncio.gather(*self._publishing)
        for task in (self._task, self._redis_task):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        self._task = self._redis_task = None

    async def _run(self) -> None:
        first = True
        while True:
            try:
                await self._listen(reset=not first)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
                if self._listening.is_set() or first:
                    log.warning("invalidation_connection_lost", reason=str(error) or type(error).__name__)
            finally:
                self._listening.clear()
                _connected.set(0)
            first = False
            await asyncio.sleep(self._retry_every)

    async def _listen(self, *, reset: bool) -> None:
        self._lost.clear()
        connection = await asyncpg.connect(
            self._dsn, timeout=5, server_settings={"application_name": "scanly invalidation"}
        )
        try:
            connection.add_termination_listener(lambda _connection: self._lost.set())
            await connection.add_listener(PG_CHANNEL, self._receive)
            self._listening.set()
            _connected.set(1)
            if reset:
                self._tell({channel: [EVERYTHING] for channel in self._subscribers})
            while not self._lost.is_set():
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._check_every):
                        await self._lost.wait()
                if not self._lost.is_set():
                    await connection.execute("select 1", timeout=5)
            raise ConnectionResetError("the connection was closed")
        finally:
            connection.terminate()

    async def _run_redis(self, redis: Redis) -> None:
        while True:
            with contextlib.suppress(RedisAway):
                await redis.listen(
                    redis.name(REDIS_CHANNEL), lambda message: self._hear(message.decode(), "redis"), lambda: None
                )
            await asyncio.sleep(self._retry_every)

    def _publish(self, payloads: Iterable[str]) -> None:
        task = asyncio.create_task(self._publish_all(tuple(payloads)))
        self._publishing.add(task)
        task.add_done_callback(self._publishing.discard)

    async def _publish_all(self, payloads: Iterable[str]) -> None:
        assert self._redis is not None
        with contextlib.suppress(RedisAway):
            for payload in payloads:
                await self._redis.call("PUBLISH", self._redis.name(REDIS_CHANNEL), payload)

    def _receive(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        self._hear(str(payload), "postgresql")

    def _hear(self, payload: str, carrier: str) -> None:
        if self._cut or payload in self._heard:
            return
        try:
            message: Any = json.loads(payload)
            channels = {str(channel): [str(key) for key in keys] for channel, keys in message.items()}
            sent_at = [float(moment) for moment in channels.pop(_SENT_AT, ())]
        except (ValueError, AttributeError, TypeError):
            log.warning("invalidation_not_understood", payload=payload[:200])
            return
        for moment in sent_at:
            _delay.labels(carrier).observe(max(0.0, time.time() - moment))
            self._heard[payload] = None  # the same word comes by the other carrier
            if len(self._heard) > _MOST_HEARD:
                self._heard.popitem(last=False)
        self._tell(channels)

    def _tell(self, message: dict[str, list[str]]) -> None:
        for channel, keys in message.items():
            for callback in tuple(self._subscribers.get(channel, ())):
                for key in keys:
                    _received.inc()
                    try:
                        callback(None if key == EVERYTHING else key)
                    except Exception:
                        log.exception("invalidation_callback_failed", channel=channel)
