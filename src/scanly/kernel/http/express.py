"""The express lane between a server's protocol and what answers most of an installation's requests.

A request that needs no more than memory is answered without a task, a scope and messages, which cost more than the
answer itself. Whatever is not quite plain goes the usual way through ASGI, and gets the same answer.
"""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable


@runtime_checkable
class Express(Protocol):
    """Answers some requests at once, those of one turn of the event loop together."""

    def answer(self, url: bytes, method: bytes, headers: Sequence[tuple[bytes, bytes]], peer: str) -> bytes | None:
        """Return the head of an answer without body: status line and headers, each ended by CR LF; no blank line.

        ``None`` sends the request the usual way. ``url`` is the request target as sent, header names are in lower
        case, ``peer`` is the address of the other end of the connection.
        """
        ...

    def settle(self) -> None:
        """Called once before the answers of a turn are sent: make sure of what they promise."""
        ...
