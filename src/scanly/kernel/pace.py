"""Visitors first: work beside requests takes a tenth of the event loop while requests fill it, else what is free."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from typing import Final, TypeVar

T = TypeVar("T")

_BUSY_TURN: Final = 0.001
"""Seconds that one turn of the loop takes when dozens of requests wait in it."""
_PATIENCE: Final = 9.0
"""Rest per unit of work while requests wait: work gets a tenth of the time."""
_LONGEST_REST: Final = 0.1


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
