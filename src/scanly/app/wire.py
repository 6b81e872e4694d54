"""HTTP on the wire: uvicorn's protocol with bounds on what somebody may send before anybody looks at it.

uvicorn itself collects the head of a request without a limit and waits for its end without one, so that a single
connection could take all memory, and some hundred idle ones all file handles.
"""

import asyncio
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD: Final = 131_072
"""Bytes of a request line with its headers, in whole pieces of what the network brings at once."""
HEAD_SECONDS: Final = 30.0
"""For the head of a request to be there, from the connection or from its first byte on."""


class Wire(HttpToolsProtocol):
    """Cuts connections whose request does not begin, or whose head is too large or too slow."""

    _waiting: asyncio.TimerHandle | None = None
    _head = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.scope is not None and "path" in self.scope:  # uvicorn puts it there at the end of the head
            if self._waiting is not None:
                self._waiting.cancel()
                self._waiting = None
                self._head = 0
            return
        # What came together with the end of the request before is not counted, only that a head has begun.
        self._head = self._head + len(data) if self._waiting is not None else 1
        if self._waiting is None:
            self._wait()
        if self._head > MAX_HEAD and not self.transport.is_closing():
            self.send_400_response("The head of this request is too large.")

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _too_slow(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
