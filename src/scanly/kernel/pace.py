"""Visitors first: work beside requests takes a tenth of the event loop while requests fill it, else what is free."""

import asyncio
import time
import types
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Sequence
from functools import partial
from typing import Any, Final, TypeVar, cast

T = TypeVar("T")

_BUSY_TURN: Final = 0.001
"""Seconds that one turn of the loop takes when dozens of requests wait in it."""
_PATIENCE: Final = 9.0
"""Rest per unit of work while requests wait: work gets a tenth of the time."""
_LONGEST_REST: Final = 0.1
_PIECE: Final = 0.002
"""Seconds of work without a pause."""


async def give_way(worked: float) -> None:
    """Let requests go first, after ``worked`` seconds without an ``await``; keep those pieces of work below 5 ms."""
    began = time.perf_counter()
    await asyncio.sleep(0)
    if time.perf_counter() - began > _BUSY_TURN:
        await asyncio.sleep(min(worked * _PATIENCE, _LONGEST_REST))


async def paced(items: Sequence[T], size: int) -> AsyncIterator[Sequence[T]]:
    """Yield ``items`` in slices of up to ``size`` and let requests go first after each."""
    for start in range(0, len(items), size):
        began = time.perf_counter()
        yield items[start : start + size]
        await give_way(time.perf_counter() - began)


async def pausing(work: Generator[None, None, T]) -> T:
    """Run a computation that yields wherever it may pause, every few hundred steps, and let requests go first then."""
    while True:
        began = time.perf_counter()
        try:
            while time.perf_counter() - began < _PIECE:
                next(work)
        except StopIteration as end:
            return cast("T", end.value)
        await give_way(time.perf_counter() - began)


class Turns:
    """Lets coroutines together take ``share`` seconds of a turn of the event loop, each turn at least one step of one.

    A step is what runs between two waits. Dozens of requests whose answers from the database arrive together are
    otherwise all gone on with before the loop looks at its sockets again.
    """

    def __init__(self, share: float = 0.001) -> None:
        self._share = share
        self._taken = 0.0

    @types.coroutine
    def take(self, work: Coroutine[Any, Any, T]) -> Generator[Any, Any, T]:
        """Run ``work`` to its end, in steps; awaited like ``work`` itself, in a task."""
        step: Callable[[], Any] = partial(work.send, None)
        while True:
            try:
                while self._taken >= self._share:
                    yield  # the task goes on in the next turn
            except BaseException as error:  # noqa: BLE001 - cancelled meanwhile, which is the work's to handle
                step = partial(work.throw, error)
            began = time.perf_counter()
            try:
                awaited = step()
            except StopIteration as end:
                return cast("T", end.value)
            finally:
                self._count(time.perf_counter() - began)
            try:
                step = partial(work.send, (yield awaited))
            except BaseException as error:  # noqa: BLE001 - the work's to handle
                step = partial(work.throw, error)

    def _count(self, seconds: float) -> None:
        if self._taken == 0.0:
            asyncio.get_running_loop().call_soon(self._rest)
        self._taken += seconds

    def _rest(self) -> None:
        # A turn without steps: what the sockets brought is answered before any goes on.
        asyncio.get_running_loop().call_soon(self._begin)

    def _begin(self) -> None:
        self._taken = 0.0
