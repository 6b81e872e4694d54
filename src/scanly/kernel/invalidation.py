"""Tells every process that something it may remember has changed.

``await invalidate(session, "routing.link", key)`` collects keys; one ``NOTIFY`` per transaction carries them, and only
if the transaction commits. Notifications are a way to be fast, not a way to be right: they are lost while a
connection is down, so caches have a time to live, and after a reconnect every subscriber is told to forget everything.
"""

import asyncio
import contextlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import asyncpg
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, SessionTransaction

from scanly.kernel.telemetry import counter, gauge, get_logger

PG_CHANNEL: Final = "scanly_invalidate"
EVERYTHING: Final = "*"
CUT: Final = "SCANLYTEST_CUT_NOTIFICATIONS"

_LIMIT = 7_900  # PostgreSQL refuses payloads of 8,000 bytes and more
_PARTS = 4  # beyond this many payloads the receivers forget the whole channel instead
_PENDING = "scanly.invalidations"

Callback = Callable[[str | None], None]
"""Called with the key to forget, or with None to forget all of the channel. Must be quick and must not fail."""

log = get_logger(__name__)
_received = counter("scanly_invalidations_received_total", "Keys that other processes told this one to forget")
_connected = gauge("scanly_invalidation_connected", "1 while this process hears invalidations")


async def invalidate(session: AsyncSession, channel: str, key: str) -> None:
    """Tell every process at commit to forget ``key`` of ``channel``; nothing is sent on a rollback."""
    if not session.in_transaction():
        raise RuntimeError("an invalidation belongs to the transaction that changes something")
    inner = session.sync_session
    if _PENDING not in inner.info:
        inner.info[_PENDING] = {}
        event.listen(inner, "before_commit", _send)
        event.listen(inner, "after_soft_rollback", _drop)
    inner.info[_PENDING].setdefault(channel, set()).add(key)


def _send(session: Session) -> None:
    if session.in_nested_transaction():
        return
    pending: dict[str, set[str]] = session.info[_PENDING]
    payloads = list(pack(pending))
    pending.clear()
    for payload in payloads:
        session.execute(text("select pg_notify(:channel, :payload)"), {"channel": PG_CHANNEL, "payload": payload})


def _drop(session: Session, ended: SessionTransaction) -> None:
    if not ended.nested:
        session.info[_PENDING].clear()


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
    """Hears invalidations on one connection of its own and hands them to subscribers in this process."""

    def __init__(self, dsn: str, *, check_every: float = 10.0, retry_every: float = 0.5) -> None:
        self._dsn = dsn
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
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._listening.wait()

    async def stop(self) -> None:
        """End the connection."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

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

    def _receive(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        if self._cut:
            return
        try:
            message: Any = json.loads(str(payload))
            self._tell({str(channel): [str(key) for key in keys] for channel, keys in message.items()})
        except (ValueError, AttributeError, TypeError):
            log.warning("invalidation_not_understood", payload=str(payload)[:200])

    def _tell(self, message: dict[str, list[str]]) -> None:
        for channel, keys in message.items():
            for callback in tuple(self._subscribers.get(channel, ())):
                for key in keys:
                    _received.inc()
                    try:
                        callback(None if key == EVERYTHING else key)
                    except Exception:
                        log.exception("invalidation_callback_failed", channel=channel)
