"""A Redis server of the system's own version on a free port; it forgets everything when it ends, unless told not to."""

import shutil
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.services import packages
from tools.services.packages import Unavailable
from tools.services.server import Server


def install() -> None:
    """Install the server without letting the package start one of its own."""
    if shutil.which("redis-server") is not None:
        return
    packages.install_quietly("redis-server")


class RedisServer(Server):
    """One server. Raises `Unavailable` when there is no Redis."""

    name = "Redis"
    ready = 10.0  # 0.1 on an idle machine

    def __init__(self, folder: Path, *, keep: bool = False) -> None:
        found = shutil.which("redis-server")
        if found is None:
            raise Unavailable("There is no Redis: `python -m tools.services install redis`.")
        super().__init__(folder / "redis.log")
        self._program = found
        self._folder = folder
        self._keep = keep
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def _command(self) -> tuple[Sequence[object], dict[str, Any]]:
        options = {"port": self.port, "bind": "127.0.0.1", "dir": self._folder, "loglevel": "warning", "save": ""}
        options |= {"appendonly": "yes", "appendfsync": "always"} if self._keep else {}
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        return [self._program, *arguments], {"cwd": self._folder}

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=0.2) as probe:
                probe.sendall(b"PING\r\n")
                return probe.recv(16).startswith(b"+PONG")
        except OSError:
            return False


@contextmanager
def run(folder: Path) -> Iterator[str]:
    """A server with its files in `folder`; yields its URL. Raises `Unavailable`."""
    server = RedisServer(folder)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()
