"""A Redis that may be away: quick while it answers, free of charge while it does not.

Every command has a short time-out. The first one that fails opens the circuit: from then on whoever asks is told so at
once and goes on without, and a probe of this module's own closes the circuit when Redis answers in time again. Nothing
lives here that could not be lost. One server (or its proxy), not a cluster: scripts touch several keys.
"""

import asyncio
import contextlib
import hashlib
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NoReturn

from scanly.kernel.config import Settings
from scanly.kernel.telemetry import counter, gauge, get_logger

if TYPE_CHECKING:
    from redis.asyncio import Redis as Client

TIMEOUT: Final = 0.1
"""Seconds a command may take, connecting included."""

_CONNECTIONS = 4
_PIPELINE = 256
_PROBE_EVERY = 0.5
_LISTEN_SECONDS = 5.0
"""A subscription that hears nothing for so long is asked whether it is alive."""

log = get_logger(__name__)
_up = gauge("scanly_redis_up", "1 while Redis answers in time, 0 while this process goes on without it")
_failures = counter("scanly_redis_failures_total", "Commands that Redis did not answer in time or refused")

Value = bytes | str | int | float


class RedisAway(Exception):
    """Redis did not answer in time, or is known not to. Go on without it."""


@dataclass(frozen=True)
class Script:
    """A Lua script; sent whole once, then named by its digest."""

    text: str
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", hashlib.sha1(self.text.encode(), usedforsecurity=False).hexdigest())


def open_redis(settings: Settings, secret: bytes = b"") -> "Redis | None":
    """Return the Redis of ``SCANLY_REDIS_URL``, not connected yet; None when the setting is absent.

    ``secret`` is the installation's: its digest parts installations that share a server.
    """
    if settings.redis_url is None:
        return None
    installation = hashlib.blake2b(b"scanly redis " + secret, digest_size=6).hexdigest()
    return Redis(settings.redis_url.get_secret_value(), namespace=f"scanly:{installation}")


class Redis:
    """Commands to one Redis. For one event loop; ``start`` begins the probes that bring it back after an outage."""

    def __init__(
        self, url: str, *, namespace: str = "scanly", timeout: float = TIMEOUT, probe_every: float = _PROBE_EVERY
    ) -> None:
        self._namespace = namespace
        self._client = _client(url, timeout)
        self._timeout = timeout
        self._probe_every = probe_every
        self._line: deque[tuple[tuple[Value, ...], asyncio.Future[Any]]] = deque()
        self._sending: asyncio.Task[None] | None = None
        self._is_up = True
        self._failed = asyncio.Event()
        self._probing: asyncio.Task[None] | None = None
        self.outages = 0
        """Counts up with each outage: what was known of the content before one need not hold after it."""

    @property
    def is_up(self) -> bool:
        """Whether commands are sent at this moment."""
        return self._is_up

    def name(self, key: str) -> str:
        """Return the name of a key or channel of this installation."""
        return f"{self._namespace}:{key}"

    async def start(self) -> None:
        """Begin to look after the connection; does not wait for Redis, and does not mind when it is away."""
        if self._probing is None:
            self._failed.set()
            self._probing = asyncio.create_task(self._probe(), name="redis")

    async def stop(self) -> None:
        """Close the connections."""
        for task in (self._probing, self._sending):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        self._probing = None
        await self._client.aclose()
        await self._client.connection_pool.disconnect()

    async def call(self, *command: Value) -> Any:  # noqa: ANN401 - as many types as there are commands
        """Return Redis' answer, texts as bytes; ``RedisAway``."""
        if not self._is_up:
            raise RedisAway
        return await self._send(*command)

    async def run(self, script: Script, keys: Sequence[Value], arguments: Sequence[Value]) -> Any:  # noqa: ANN401
        """Run ``script`` there, as one step that nothing else comes between; ``RedisAway``."""
        from redis.exceptions import NoScriptError  # noqa: PLC0415 - see _client

        try:
            return await self.call("EVALSHA", script.digest, len(keys), *keys, *arguments)
        except NoScriptError:
            return await self.call("EVAL", script.text, len(keys), *keys, *arguments)

    async def listen(self, channel: str, hear: Callable[[bytes], None], begin: Callable[[], None]) -> NoReturn:
        """Hand each message on ``channel`` to ``hear``, after ``begin``; ``RedisAway`` when the connection ends."""
        subscription = self._client.pubsub(ignore_subscribe_messages=True)
        try:
            async with asyncio.timeout(_LISTEN_SECONDS):
                await subscription.subscribe(channel)
            begin()
            is_asked = False
            while True:
                async with asyncio.timeout(2 * _LISTEN_SECONDS):
                    message = await subscription.get_message(timeout=_LISTEN_SECONDS)
                if message is not None:
                    is_asked = False
                    if message["type"] == "message":
                        hear(message["data"])
                elif is_asked:
                    raise RedisAway
                else:
                    is_asked = True
                    async with asyncio.timeout(_LISTEN_SECONDS):
                        await subscription.ping()
        except _errors() as error:
            raise RedisAway from error
        finally:
            with contextlib.suppress(*_errors()):
                await subscription.aclose()  # type: ignore[no-untyped-call]

    async def _send(self, *command: Value) -> Any:  # noqa: ANN401
        from redis.exceptions import NoScriptError, ResponseError  # noqa: PLC0415 - see _client

        answer = asyncio.get_running_loop().create_future()
        self._line.append((command, answer))
        if self._sending is None:
            self._sending = asyncio.create_task(self._send_all())
        found = await answer
        if isinstance(found, NoScriptError):
            raise found
        if isinstance(found, Exception):
            _failures.inc()
            if isinstance(found, ResponseError):  # it is there and refuses: no memory, read-only, a right is missing
                log.warning("redis_refused", command=str(command[0]), reason=str(found))
            raise RedisAway from found
        return found

    async def _send_all(self) -> None:
        """Send what waits, together: a round trip of the client costs more than many commands."""
        try:
            while self._line:
                sent = [self._line.popleft() for _ in range(min(_PIPELINE, len(self._line)))]
                try:
                    found = await self._exchange([command for command, _ in sent])
                except _errors() as error:
                    self._open(error)
                    sent += self._line
                    self._line.clear()
                    found = [error] * len(sent)
                for (_, answer), value in zip(sent, found, strict=True):
                    if not answer.done():
                        answer.set_result(value)
        finally:
            self._sending = None

    async def _exchange(self, commands: Sequence[tuple[Value, ...]]) -> list[Any]:
        pipeline = self._client.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)
        async with asyncio.timeout(self._timeout):
            return await pipeline.execute(raise_on_error=False)

    def _open(self, error: Exception) -> None:
        if self._is_up:
            self._is_up = False
            self.outages += 1
            _up.set(0)
            log.warning("redis_away", reason=str(error) or type(error).__name__)
        self._failed.set()

    async def _probe(self) -> None:
        while True:
            await self._failed.wait()
            self._failed.clear()
            if not await self._answers():
                self._failed.set()
                await asyncio.sleep(self._probe_every)

    async def _answers(self) -> bool:
        # As short a time-out as for visitors: a Redis that is only slow stays out of their way.
        try:
            await self._send("PING")
        except RedisAway:
            return False
        if not self._is_up:
            log.info("redis_back")
        self._is_up = True
        _up.set(1)
        return True


def _client(url: str, timeout: float) -> "Client":
    # 30 MB that an installation without Redis must not pay.
    from redis.asyncio import BlockingConnectionPool, Redis  # noqa: PLC0415
    from redis.asyncio.retry import Retry  # noqa: PLC0415
    from redis.backoff import NoBackoff  # noqa: PLC0415

    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=_CONNECTIONS,
        timeout=timeout,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
        driver_info=None,
    )
    return Redis.from_pool(pool)


def _errors() -> tuple[type[Exception], ...]:
    from redis.exceptions import RedisError  # noqa: PLC0415 - see _client

    return RedisError, OSError, TimeoutError
