"""HTTP on the wire: uvicorn's protocol with an express lane, and bounds on what somebody may send.

uvicorn itself collects the head of a request without a limit and waits for its end without one, so that a single
connection could take all memory, and some hundred idle ones all file handles.
"""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from scanly.kernel.http.express import Express

MAX_HEAD: Final = 131_072
"""Bytes of a request line with its headers, in whole pieces of what the network brings at once."""
HEAD_SECONDS: Final = 30.0
"""For the head of a request to be there, from the connection or from its first byte on."""


class Lane:
    """Collects what is answered in one turn of the event loop; it is settled with one call, then sent.

    Closed while ``express`` is ``None``: then every request goes through ASGI.
    """

    def __init__(self) -> None:
        self.express: Express | None = None
        self._answered: list[tuple[Wire, bytes]] = []

    def take(self, wire: "Wire", head: bytes) -> None:
        """Send an answer at the end of this turn."""
        if not self._answered:
            wire.loop.call_soon(self.send)
        self._answered.append((wire, head))

    def send(self) -> None:
        """Settle and send what was collected."""
        answered, self._answered = self._answered, []
        if answered and self.express is not None:
            self.express.settle()
        for wire, head in answered:
            wire.finish(head)


class Wire(HttpToolsProtocol):
    """Cuts connections whose request does not begin, or whose head is too large or too slow."""

    _waiting: asyncio.TimerHandle | None = None
    """Runs while the head of a request is awaited."""
    _idle: asyncio.TimerHandle | None = None
    """Runs after an answer of the express lane, until the connection has been idle for long enough."""
    _head = 0
    _is_express = False
    """The present request is answered by the express lane."""
    _is_taken = False
    """An answer of the express lane is still to be sent."""
    _finished = 0.0

    def __init__(self, *, lane: Lane, **kwargs: Any) -> None:  # noqa: ANN401 - uvicorn's
        super().__init__(**kwargs)
        self._lane = lane
        self._peer = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._peer = self.client[0] if self.client else ""
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_express or (self.scope is not None and "path" in self.scope):  # the head's end puts it there
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

    def on_message_begin(self) -> None:
        self._is_express = False
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        express = self._lane.express
        cycle = self.cycle
        if (
            express is not None
            and (cycle is None or cycle.response_complete)
            and not self._is_taken  # one at a time, so that a pipelining client cannot fill a turn
            and not self.flow.write_paused
            and not self.expect_100_continue
            and self.parser.should_keep_alive()
            and not self.parser.should_upgrade()
            and self.parser.get_http_version() == "1.1"
            and not self.transport.is_closing()
            and (head := express.answer(self.url, self.parser.get_method(), self.headers, self._peer)) is not None
        ):
            self._is_express = self._is_taken = True
            self._lane.take(self, head)
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if not self._is_express:
            super().on_body(body)

    def on_message_complete(self) -> None:
        if not self._is_express:
            super().on_message_complete()

    def finish(self, head: bytes) -> None:
        """Send an answer of the express lane: its head, the server's own headers and no body."""
        self._is_taken = False
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        own = b"".join([b"%b: %b\r\n" % header for header in self.server_state.default_headers])
        self.transport.write(b"%b%b\r\n" % (head, own))
        self._finished = self.loop.time()
        if self._idle is None:
            self._idle = self.loop.call_later(self.timeout_keep_alive, self._rest)

    def shutdown(self) -> None:
        self._lane.send()
        super().shutdown()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._waiting, self._idle):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def _rest(self) -> None:
        """Close the connection when it has been idle since its last answer; one timer serves many answers."""
        self._idle = None
        is_answering = self.cycle is not None and not self.cycle.response_complete
        if self.transport.is_closing() or self._waiting is not None or is_answering:
            return  # another timer, or the answer's end, takes care of it
        left = self._finished + self.timeout_keep_alive - self.loop.time()
        if left <= 0 and self.timeout_keep_alive_task is None:
            self.transport.close()
        elif left > 0:
            self._idle = self.loop.call_later(left, self._rest)

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _too_slow(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
