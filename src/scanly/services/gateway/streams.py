"""Ends an answer without end (server-sent events) soon after its reader may not read it any more."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.types import Message, Receive

LOOK_EVERY: Final = 2.0
"""Seconds between two looks at a reader's session; with what the identity remembers, a revocation holds within 5."""

_DISCONNECT: Final[Message] = {"type": "http.disconnect"}


def while_welcome(receive: Receive, is_welcome: Callable[[], Awaitable[bool]]) -> Receive:
    """Return ``receive`` that says the reader left once ``is_welcome`` says no.

    Only an answer that streams waits for that message, so everything else is never looked at twice.
    """
    received = False

    async def receiving() -> Message:
        nonlocal received
        if received:
            return await _leaving(receive, is_welcome)
        message = await receive()
        received = not message.get("more_body", False)
        return message

    return receiving


async def _leaving(receive: Receive, is_welcome: Callable[[], Awaitable[bool]]) -> Message:
    message = asyncio.ensure_future(receive())
    try:
        while not (await asyncio.wait((message,), timeout=LOOK_EVERY))[0]:
            if not await is_welcome():
                return _DISCONNECT
        return message.result()
    finally:
        message.cancel()
