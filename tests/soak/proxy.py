"""A TCP proxy that delays what passes, for slow networks. Runs in a thread of its own."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class SlowProxy:
    """Listens on ``port`` and passes everything to ``target`` on this machine, ``delay`` seconds late each way."""

    def __init__(self, target: int) -> None:
        self._target = target
        self.delay = 0.0
        self.port = 0
        self._writers: list[asyncio.StreamWriter] = []

    async def serve(self, ready: threading.Event, stopping: asyncio.Event) -> None:
        """Serve until told to stop."""
        server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        async with server:
            await stopping.wait()
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0.1)  # they close in the next turns

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.close()
            return
        self._writers += [writer, far_writer]
        await asyncio.gather(self._copy(reader, far_writer), self._copy(far_reader, writer))

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(65_536):
                if self.delay:
                    await asyncio.sleep(self.delay)
                writer.write(chunk)
                await writer.drain()
        with contextlib.suppress(OSError):
            writer.close()


@contextmanager
def slow_proxy(target: int) -> Iterator[SlowProxy]:
    """A proxy to a port of this machine, without delay at first."""
    proxy = SlowProxy(target)
    ready = threading.Event()
    loop = asyncio.new_event_loop()
    stopping = asyncio.Event()

    def serve() -> None:
        with contextlib.closing(loop):
            loop.run_until_complete(proxy.serve(ready, stopping))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join(10)
