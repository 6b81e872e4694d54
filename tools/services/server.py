"""A server in a process of its own: stopped, killed, paused and started again on the same port and data."""

import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from tools.services.packages import Unavailable

_END = 30.0  # seconds for a server to end after it was told to


class Server(ABC):
    """What every server for tests can do. What it prints goes to ``log``."""

    name: ClassVar[str]
    ready: ClassVar[float]
    """Seconds within which it comes up on a busy machine."""
    farewell: ClassVar[signal.Signals] = signal.SIGTERM
    """What ends it cleanly."""

    def __init__(self, log: Path, port: int | None = None) -> None:
        self.port = port or free_port()
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def _command(self) -> tuple[Sequence[object], dict[str, Any]]:
        """Return the command that runs it in the foreground, and further arguments of ``Popen``."""

    def start(self, *, wait: bool = True) -> None:
        """Start it and, unless told not to, wait until it answers."""
        command, options = self._command()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log, **options
            )
        if wait:
            self.wait()

    def wait(self) -> None:
        """Return when it answers. Raises `Unavailable` when it ends or takes too long."""
        deadline = time.monotonic() + self.ready
        while time.monotonic() < deadline and self.is_running:
            if self._answers():
                return
            time.sleep(0.02)
        self.kill()
        raise Unavailable(f"{self.name} did not come up: {self._log.read_text(errors='replace')[-2000:]}")

    def stop(self) -> None:
        """End it cleanly; nothing happens when it does not run."""
        self._end(self.farewell)

    def kill(self) -> None:
        """End it as a crash does."""
        self._end(signal.SIGKILL)

    @property
    def pid(self) -> int:
        """Its process id; it must run."""
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether its process was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def pause(self) -> None:
        """Let it hang with its connections open; `resume` lets it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(number)
        process.send_signal(signal.SIGCONT)  # a paused one would not hear the first
        try:
            process.wait(_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
