"""`python -m tests.soak.crowd URL RATE FILE`: visitors who scan one address until they are told to stop (SIGTERM).

Each scan carries a mark of its own. What became of it is a line of FILE: kind, mark, milliseconds since the start.
"""

import asyncio
import contextlib
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

ANSWERED = "a"
"""Redirected."""
CUT_OFF = "c"
"""The connection broke after the request was sent: it may have been recorded or not."""
REFUSED = "r"
"""Nobody took the connection; nothing was sent."""
OTHER = "x"
"""Answered with something else than a redirect."""

_VISITORS = 32
_PATIENCE = 20.0
_HEAD = (
    "GET {path}?utm_content={mark} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: Mozilla/5.0 (Linux; Android 14; SM-A155F) "
    "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.{build}.0 Mobile Safari/537.36\r\n\r\n"
)


@dataclass
class Crowd:
    """Visitors who share a pace and a sheet."""

    url: str
    rate: float
    sheet: IO[str]
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _sent: int = 0
    _began: float = field(default_factory=time.monotonic)

    async def run(self) -> None:
        """Scan until told to stop."""
        await asyncio.gather(*(self._visitor() for _ in range(_VISITORS)))
        self.sheet.flush()

    async def _visitor(self) -> None:
        parts = urlsplit(self.url)
        writer: asyncio.StreamWriter | None = None
        while not self.stopping.is_set():
            mark = await self._turn()
            is_sent = False
            try:
                async with asyncio.timeout(_PATIENCE):
                    if writer is None:
                        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
                    head = _HEAD.format(path=parts.path, mark=mark, host=parts.netloc, build=self._sent % 500)
                    writer.write(head.encode())
                    is_sent = True
                    await writer.drain()
                    answer = await reader.readuntil(b"\r\n\r\n")
            except (OSError, EOFError, asyncio.LimitOverrunError, TimeoutError):
                self._note(CUT_OFF if is_sent else REFUSED, mark)
                writer = _closed(writer)
                await asyncio.sleep(0.05)
                continue
            if answer.startswith(b"HTTP/1.1 302 "):
                self._note(ANSWERED, mark)
                if b"connection: close" in answer.lower():
                    writer = _closed(writer)
            else:
                self._note(f"{OTHER}{answer[9:12].decode()}", mark)
                writer = _closed(writer)
        _closed(writer)

    async def _turn(self) -> str:
        """Wait until the pace allows one more scan; return its mark."""
        number, self._sent = self._sent, self._sent + 1
        early = self._began + number / self.rate - time.monotonic()
        if early > 0:
            await asyncio.sleep(early)
        return f"m{number:x}"

    def _note(self, kind: str, mark: str) -> None:
        self.sheet.write(f"{kind} {mark} {(time.monotonic() - self._began) * 1000:.0f}\n")


def _closed(writer: asyncio.StreamWriter | None) -> None:
    if writer is not None:
        with contextlib.suppress(OSError):
            writer.close()


async def _main(url: str, rate: float, path: Path) -> None:
    with path.open("w", encoding="ascii") as sheet:
        crowd = Crowd(url, rate, sheet)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, crowd.stopping.set)
        await crowd.run()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3])))
