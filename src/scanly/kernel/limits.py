"""How many requests somebody may send: counted in this process, or in Redis by all processes together.

Not for: scans, which are never refused; and plans' quotas, which belong to billing.
"""

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from scanly.kernel.errors import RateLimited
from scanly.kernel.redis import Redis, RedisAway, Script

UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True)
class Limit:
    """So many requests in a window of so many seconds; 0 requests means no limit."""

    requests: int
    seconds: int

    def __str__(self) -> str:
        unit = next(unit for unit, seconds in UNITS.items() if seconds == self.seconds)
        return f"{self.requests}/{unit}" if self.requests else "off"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a limiter says of one request."""

    limit: int
    remaining: int
    reset: int
    """Seconds until the whole limit is free again."""
    retry_after: int
    """Seconds until one more request fits; 0 when it was allowed."""

    @property
    def allowed(self) -> bool:
        """Whether the request fits."""
        return not self.retry_after


class RateLimiter(Protocol):
    """Generic cell rate algorithm (ITU-T I.371): smooth, and one number per key.

    A full window may come as a burst; after that one request fits every ``seconds / requests``.
    """

    async def take(self, key: str, limit: Limit) -> Decision:
        """Count one request of ``key`` under a limit that is not off."""
        ...


class LocalLimiter:
    """Counts in this process, bounded in memory: beyond ``size`` keys the oldest begin anew."""

    def __init__(self, size: int = 100_000) -> None:
        self._size = size
        self._arrival: OrderedDict[str, float] = OrderedDict()

    async def take(self, key: str, limit: Limit) -> Decision:
        """Count one request of ``key``."""
        return self.take_at(key, limit, time.monotonic())

    def take_at(self, key: str, limit: Limit, now: float) -> Decision:
        """Count one request of ``key`` at the monotonic time ``now``."""
        interval = limit.seconds / limit.requests
        arrival = max(self._arrival.get(key, 0.0), now)
        ahead = arrival - now
        fits = ahead + interval <= limit.seconds + 1e-9
        if fits:
            self._arrival[key] = arrival + interval
            self._arrival.move_to_end(key)
            if len(self._arrival) > self._size:
                self._arrival.popitem(last=False)
        return _decision(limit, ahead, fits=fits)


_TAKE = Script("""
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local interval, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local arrival = tonumber(redis.call('GET', KEYS[1]) or 0)
local ahead = arrival - now
if ahead < 0 or ahead > window + interval then ahead = 0 end
if ahead + interval > window + 1 then return {0, math.floor(ahead)} end
local kept = math.max(1, math.ceil((ahead + interval) / 1000))
redis.call('SET', KEYS[1], string.format('%.3f', now + ahead + interval), 'PX', kept)
return {1, math.floor(ahead)}
""")
"""Takes interval and window in microseconds; Redis' clock counts, so that those of the processes need not agree."""


class SharedLimiter:
    """Counts in Redis, in one round trip; while Redis is away, in this process."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._local = LocalLimiter()

    async def take(self, key: str, limit: Limit) -> Decision:
        """Count one request of ``key``."""
        interval = limit.seconds * 1e6 / limit.requests
        try:
            fits, ahead = await self._redis.run(
                _TAKE, [self._redis.name(f"limit:{key}")], [interval, limit.seconds * 1_000_000]
            )
        except RedisAway:
            return await self._local.take(key, limit)
        return _decision(limit, ahead / 1e6, fits=bool(fits))


def rate_limiter(redis: Redis | None) -> RateLimiter:
    """Return the limiter for an installation with or without Redis."""
    return LocalLimiter() if redis is None else SharedLimiter(redis)


def _decision(limit: Limit, ahead: float, *, fits: bool) -> Decision:
    """Return the decision on a request before which ``ahead`` seconds of the window were taken."""
    interval = limit.seconds / limit.requests
    if not fits:
        wait = ahead + interval - limit.seconds
        return Decision(limit.requests, 0, math.ceil(ahead), max(1, math.ceil(wait)))
    remaining = int((limit.seconds - ahead - interval) / interval + 1e-6)
    return Decision(limit.requests, remaining, math.ceil(ahead + interval), 0)


class OwnTurns:
    """Heavy work of one caller waits for that caller's own: ``at_once`` pieces go on, ``waiting`` more may wait.

    Counts in this process what is open now, where a ``RateLimiter`` counts requests, whatever they cost.
    """

    def __init__(self, *, at_once: int, waiting: int) -> None:
        self._at_once = at_once
        self._most = at_once + waiting
        self._queues: dict[str, _Queue] = {}

    @asynccontextmanager
    async def take(self, caller: str) -> AsyncIterator[None]:
        """Wait for a turn and keep it while this context is open; ``RateLimited`` when too much waits already."""
        queue = self._queues.setdefault(caller, _Queue(asyncio.Semaphore(self._at_once)))
        if queue.open >= self._most:
            words = "Much of what you asked for before is still being worked on. Wait a second and go on."
            raise RateLimited(words, retry_after=1)
        queue.open += 1
        try:
            async with queue.turn:
                yield
        finally:
            queue.open -= 1
            if not queue.open:
                del self._queues[caller]


@dataclass(slots=True)
class _Queue:
    turn: asyncio.Semaphore
    open: int = 0
