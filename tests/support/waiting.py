"""Waiting for what has no event to wait for: a condition is asked again and again, within a time."""

import asyncio
import inspect
import time
from collections.abc import Callable
from typing import Any

_PAUSE = 0.02


def until(condition: Callable[[], Any], seconds: float = 20) -> Any:
    """What a condition says when it comes true, which it must within seconds."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(_PAUSE)
    return found


async def eventually(condition: Callable[[], Any], seconds: float = 10) -> Any:
    """Like ``until`` without holding the loop; the condition may be one to await."""
    async with asyncio.timeout(seconds):
        while True:
            found = condition()
            if inspect.isawaitable(found):
                found = await found
            if found:
                return found
            await asyncio.sleep(_PAUSE)
