"""A PostgreSQL server of the system's own version over TCP, as an operator would name it in SCANLY_DATABASE_URL."""

import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scanly.kernel.postgres.account import Account, choose_account
from tools.services import packages
from tools.services.packages import Unavailable

_PROGRAMS = Path("/usr/lib/postgresql")
_NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/scanly-tests.conf")


def install() -> None:
    """Install the server without letting the package start one of its own."""
    if _newest() is not None:
        return
    packages.install("postgresql-common")
    if _NO_CLUSTER.parent.is_dir():
        _NO_CLUSTER.write_text("create_main_cluster = false\n")
    packages.install("postgresql")


class PostgresServer:
    """A server in `folder`, which an unprivileged account must be able to enter.

    `dsn` names an empty database; its user owns it, may create databases and roles, and is no superuser. The server may
    be stopped, killed, paused and started again on the same data and port. Raises `Unavailable`.
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        programs = _newest()
        if programs is None:
            raise Unavailable("There is no PostgreSQL of the system: `python -m tools.services install postgres`.")
        self._programs = programs
        self._folder = folder
        self._account = choose_account(folder / "cluster")
        self._home = folder / "server"
        self._cluster = self._home / "cluster"
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()
        password = secrets.token_urlsafe(12)
        self.dsn = f"postgresql://owner:{password}@127.0.0.1:{self.port}/scanly"
        self._home.mkdir(mode=0o700)
        self._account.own(self._home)
        options = ("--auth=trust", "--username=postgres", "-E", "utf8", "--no-sync")
        _call(self._account, programs / "initdb", "-D", self._cluster, *options)
        rules = "local all postgres trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
        (self._cluster / "pg_hba.conf").write_text(rules)
        self.start()
        for statement in (
            f"CREATE ROLE owner LOGIN CREATEDB CREATEROLE PASSWORD '{password}'",
            "CREATE DATABASE scanly OWNER owner",
        ):
            _call(
                self._account,
                *(programs / "psql", "-h", self._home, "-p", self.port, "-U", "postgres", "-qc", statement),
            )

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": self._home,
            "fsync": "on" if self._durable else "off",
            "max_connections": 200,
        }
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(self._programs / "postgres"), "-D", str(self._cluster), *arguments],
                **self._account.popen(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        _wait(self._account, self._programs, self._home, self.port)

    def stop(self) -> None:
        """End it and its clients' sessions; nothing happens when it does not run."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End the postmaster as a crash does; its children end by themselves."""
        self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        children = _children(process.pid)
        process.send_signal(number)
        process.wait(30)
        deadline = time.monotonic() + 30
        while any(Path(f"/proc/{child}").exists() for child in children) and time.monotonic() < deadline:
            time.sleep(0.02)  # a new postmaster refuses the folder while old children live


@contextmanager
def run(folder: Path) -> Iterator[str]:
    """A server in `folder`; yields the DSN of an empty database. Raises `Unavailable`."""
    server = PostgresServer(folder)
    try:
        yield server.dsn
    finally:
        server.stop()


def _children(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []


def _newest() -> Path | None:
    found = [path for path in _PROGRAMS.glob("*/bin") if (path / "postgres").exists()]
    return max(found, key=lambda path: float(path.parent.name), default=None)


def _wait(account: Account, programs: Path, home: Path, port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        ready = [str(programs / "pg_isready"), "-q", "-h", str(home), "-p", str(port), "-U", "postgres"]
        if subprocess.run(ready, cwd="/", check=False, **account.popen()).returncode == 0:
            return
        time.sleep(0.05)
    raise Unavailable(f"The PostgreSQL of the system did not come up in 30 s: see {home.parent / 'server.log'}.")


def _call(account: Account, *command: object) -> None:
    parts = [str(part) for part in command]
    done = subprocess.run(parts, cwd="/", capture_output=True, text=True, check=False, **account.popen())
    if done.returncode != 0:
        raise Unavailable(f"{Path(parts[0]).name} failed: {done.stderr.strip()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
