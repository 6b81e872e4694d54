"""Ends open streams when the process stops, so that a clean stop does not wait for people who look at live figures."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_DISCONNECT: Message = {"type": "http.disconnect"}


class Closing:
    """Tells requests that are still answered that their reader left, once ``closing`` is set."""

    def __init__(self, application: ASGIApp, closing: asyncio.Event) -> None:
        self._application = application
        self._closing = closing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        received = False
        unfinished = False

        async def receiving() -> Message:
            nonlocal received
            if received:
                return await self._until_closing(receive)
            message = await receive()
            received = not message.get("more_body", False)
            return message

        async def sending(message: Message) -> None:
            nonlocal unfinished
            unfinished = message["type"] == "http.response.start" or message.get("more_body", False)
            await send(message)

        await self._application(scope, receiving, sending)
        if unfinished and self._closing.is_set():
            await send({"type": "http.response.body", "body": b""})

    async def _until_closing(self, receive: Receive) -> Message:
        message = asyncio.ensure_future(receive())
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            await asyncio.wait((message, closing), return_when=asyncio.FIRST_COMPLETED)
            return message.result() if message.done() else _DISCONNECT
        finally:
            message.cancel()
            closing.cancel()
