"""A Redis server of the system's own version on a free port; it forgets everything when it ends, unless told not to."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.services import packages
from tools.services.packages import Unavailable

_READY = 10.0  # seconds; 0.1 on an idle machine


def install() -> None:
    """Install the server without letting the package start one of its own."""
    if shutil.which("redis-server") is not None:
        return
    packages.install_quietly("redis-server")


class RedisServer:
    """One server that may be stopped, killed, paused and started again on the same port. Raises `Unavailable`."""

    def __init__(self, folder: Path, *, keep: bool = False) -> None:
        found = shutil.which("redis-server")
        if found is None:
            raise Unavailable("There is no Redis: `python -m tools.services install redis`.")
        self._program = found
        self._folder = folder
        self._keep = keep
        self._log = folder / "redis.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = {"port": self.port, "bind": "127.0.0.1", "dir": self._folder, "loglevel": "warning", "save": ""}
        options |= {"appendonly": "yes", "appendfsync": "always"} if self._keep else {}
        arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._program, *arguments], cwd=self._folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + _READY
        while time.monotonic() < deadline and self._process.poll() is None:
            if self._answers():
                return
            time.sleep(0.02)
        self.kill()
        raise Unavailable(f"Redis did not come up: {self._log.read_text(errors='replace')[-1000:]}")

    def stop(self) -> None:
        """End it cleanly; nothing happens when it does not run."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a crash does."""
        self._end(signal.SIGKILL)

    def pause(self) -> None:
        """Let it hang with its connections open; `resume` lets it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=0.2) as probe:
                probe.sendall(b"PING\r\n")
                return probe.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(number)
        process.send_signal(signal.SIGCONT)  # a paused one would not hear the first
        process.wait(30)


@contextmanager
def run(folder: Path) -> Iterator[str]:
    """A server with its files in `folder`; yields its URL. Raises `Unavailable`."""
    server = RedisServer(folder)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
