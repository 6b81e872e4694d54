"""The reference: a bare ASGI callable that answers a constant 302, on the server that `scanly run` uses."""

import asyncio
import socket
import sys

import uvicorn
import uvloop
from starlette.types import Receive, Scope, Send

_START = {
    "type": "http.response.start",
    "status": 302,
    "headers": [
        (b"location", b"https://example.com/menus/of/sharma-sweets"),
        (b"cache-control", b"private, no-store"),
        (b"content-length", b"0"),
    ],
}
_BODY = {"type": "http.response.body", "body": b""}


async def answer(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send(_START)
    await send(_BODY)


def main() -> None:
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=2048)
    listener.setblocking(False)  # noqa: FBT003 - the socket module
    # The same settings as scanly.app.serve.
    config = uvicorn.Config(
        answer,
        loop="none",
        http="httptools",
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(uvicorn.Server(config).serve([listener]))


if __name__ == "__main__":
    main()
