"""A bounded memory of values that are dear to compute, one computation per key at a time, and many keys per question.

Not for: state. Whatever is here may be gone at any moment and must be found again elsewhere.
"""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class SingleFlight(Generic[K, V]):
    """Many callers, one computation: whoever asks for a key that is being computed waits for that result.

    A caller that gives up does not stop the computation for the others. Errors reach every caller and are not kept.
    """

    def __init__(self) -> None:
        self._running: dict[K, asyncio.Task[V]] = {}

    async def run(self, key: K, compute: Callable[[], Awaitable[V]]) -> V:
        """Return ``compute()``, or the result of the one that is already running for ``key``."""
        task = self._running.get(key)
        if task is None:
            task = asyncio.ensure_future(_await(compute))
            self._running[key] = task
            task.add_done_callback(lambda done: self._done(key, done))
        return await asyncio.shield(task)

    def forget(self, key: K | None) -> None:
        """Let callers from now on compute ``key`` (None: any key) anew; those who wait still get the old result."""
        if key is None:
            self._running.clear()
        else:
            self._running.pop(key, None)

    def _done(self, key: K, task: asyncio.Task[V]) -> None:
        if self._running.get(key) is task:
            del self._running[key]
        if not task.cancelled():
            task.exception()  # when every caller has given up, nobody else looks at it


class Overloaded(Exception):
    """More keys are waited for than there is room for."""


class Batches(Generic[K, V]):
    """Fetches keys that are asked for at the same time together, and each once however many wait for it.

    ``fetch(keys)`` returns what there is; at most ``running`` of them run at a time, with at most ``size`` keys each,
    while at most ``waiting`` keys stand in line: that bounds the load on whoever answers, and memory here. A key that
    meets nobody in line is fetched at once. Errors of a fetch reach all who wait for its keys.
    """

    def __init__(
        self,
        fetch: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]],
        *,
        running: int = 2,
        size: int = 256,
        waiting: int = 4096,
    ) -> None:
        self._fetch = fetch
        self._running = running
        self._size = size
        self._waiting = waiting
        self._line: deque[K] = deque()
        self._answers: dict[K, asyncio.Future[V | None]] = {}
        self._busy = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def __contains__(self, key: K) -> bool:
        return key in self._answers

    def __iter__(self) -> Iterator[K]:
        return iter(tuple(self._answers))

    async def load(self, key: K) -> V | None:
        """Return the value of ``key``, None when there is none; ``Overloaded`` when the line is full."""
        answer = self._answers.get(key)
        if answer is None:
            if len(self._line) >= self._waiting:
                raise Overloaded
            answer = self._answers[key] = asyncio.get_running_loop().create_future()
            if self._busy < self._running:
                return await self._load_alone(key, answer)
            self._line.append(key)
        # Whoever gives up does not take the answer from the others.
        return await asyncio.shield(answer)

    async def stop(self) -> None:
        """End what runs; whoever waits is cancelled."""
        self._line.clear()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for answer in self._answers.values():
            answer.cancel()

    async def _load_alone(self, key: K, answer: "asyncio.Future[V | None]") -> V | None:
        """Fetch a key that met nobody in line right here: a task would cost as much as the rest."""
        self._busy += 1
        try:
            value = (await self._fetch((key,))).get(key)
        except asyncio.CancelledError:
            if not answer.done():  # others may wait for it
                self._line.append(key)
            raise
        except Exception as error:
            self._fail(key, error)
            raise
        else:
            self._succeed(key, value)
            return value
        finally:
            self._busy -= 1
            self._go_on()

    def _go_on(self) -> None:
        while self._line and self._busy < self._running:
            keys = [self._line.popleft() for _ in range(min(self._size, len(self._line)))]
            self._busy += 1
            task = asyncio.create_task(self._load_together(keys))
            self._tasks.add(task)
            task.add_done_callback(self._end)

    async def _load_together(self, keys: list[K]) -> None:
        try:
            found = await self._fetch(keys)
        except Exception as error:  # noqa: BLE001 - handed to those who wait
            for key in keys:
                self._fail(key, error)
        else:
            for key in keys:
                self._succeed(key, found.get(key))

    def _end(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._busy -= 1
        self._go_on()

    def _succeed(self, key: K, value: V | None) -> None:
        answer = self._answers.pop(key)
        if not answer.done():
            answer.set_result(value)

    def _fail(self, key: K, error: Exception) -> None:
        answer = self._answers.pop(key)
        if not answer.done():
            answer.set_exception(error)
            answer.exception()  # everybody may have given up by now


class TtlCache(Generic[K, V]):
    """Keeps at most ``size`` values, each for ``ttl`` seconds, and drops the least recently used first.

    ``clock`` counts seconds and never goes back. None can be a value: use ``load``, or ``get`` with a default.
    """

    def __init__(self, *, size: int, ttl: float, clock: Callable[[], float] = time.monotonic) -> None:
        if size < 1 or ttl <= 0:
            raise ValueError("a cache needs room for one value and a time to keep it")
        self._size = size
        self._ttl = ttl
        self._clock = clock
        self._entries: OrderedDict[K, tuple[float, V]] = OrderedDict()
        self._flights: SingleFlight[K, V] = SingleFlight()
        self._loading: dict[K, object] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: K, default: V | None = None) -> V | None:
        """Return the value of ``key`` if it is here and fresh, else ``default``."""
        entry = self._entries.get(key)
        if entry is None:
            return default
        expires, value = entry
        if expires <= self._clock():
            del self._entries[key]
            return default
        self._entries.move_to_end(key)
        return value

    def __contains__(self, key: K) -> bool:
        entry = self._entries.get(key)
        return entry is not None and entry[0] > self._clock()

    def put(self, key: K, value: V, ttl: float | None = None) -> None:
        """Keep ``value`` for ``ttl`` seconds (default: the cache's)."""
        self._entries[key] = (self._clock() + (self._ttl if ttl is None else ttl), value)
        self._entries.move_to_end(key)
        if len(self._entries) > self._size:
            self._entries.popitem(last=False)

    def evict(self, key: K | None) -> None:
        """Forget ``key``, or everything when it is None, and let no load that began before put it back."""
        self._flights.forget(key)
        if key is None:
            self._entries.clear()
            self._loading.clear()
        else:
            self._entries.pop(key, None)
            self._loading.pop(key, None)

    async def load(self, key: K, compute: Callable[[], Awaitable[V]]) -> V:
        """Return the fresh value of ``key``, computed once for all who ask at the same time."""
        if key in self:
            self._entries.move_to_end(key)
            return self._entries[key][1]
        return await self._flights.run(key, lambda: self._load(key, compute))

    async def _load(self, key: K, compute: Callable[[], Awaitable[V]]) -> V:
        ticket = object()
        self._loading[key] = ticket
        try:
            value = await compute()
            if self._loading.get(key) is ticket:
                self.put(key, value)
        finally:
            if self._loading.get(key) is ticket:
                del self._loading[key]
        return value


async def _await(compute: Callable[[], Awaitable[V]]) -> V:
    return await compute()
