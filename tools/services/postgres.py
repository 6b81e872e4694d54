"""A PostgreSQL server of the system's own version over TCP, as an operator would name it in SCANLY_DATABASE_URL."""

import secrets
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scanly.kernel.postgres.account import Account, choose_account
from tools.services import packages
from tools.services.packages import Unavailable
from tools.services.server import Server

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


class PostgresServer(Server):
    """A server in `folder`, which an unprivileged account must be able to enter.

    `dsn` names an empty database; its user owns it, may create databases and roles, and is no superuser.
    Raises `Unavailable`.
    """

    name = "The PostgreSQL of the system"
    ready = 30.0
    farewell = signal.SIGINT  # does not wait for its clients

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        programs = _newest()
        if programs is None:
            raise Unavailable("There is no PostgreSQL of the system: `python -m tools.services install postgres`.")
        super().__init__(folder / "server.log")
        self._programs = programs
        self._account = choose_account(folder / "cluster")
        self._home = folder / "server"
        self._cluster = self._home / "cluster"
        self._durable = durable
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

    def _command(self) -> tuple[Sequence[object], dict[str, Any]]:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": self._home,
            "fsync": "on" if self._durable else "off",
            "max_connections": 200,
        }
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [self._programs / "postgres", "-D", self._cluster, *arguments], {"cwd": "/", **self._account.popen()}

    def _answers(self) -> bool:
        ready = [self._programs / "pg_isready", "-q", "-h", self._home, "-p", str(self.port), "-U", "postgres"]
        return subprocess.run(ready, cwd="/", check=False, **self._account.popen()).returncode == 0

    def _end(self, number: signal.Signals) -> None:
        children = [] if self._process is None else _children(self._process.pid)
        super()._end(number)
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


def _call(account: Account, *command: object) -> None:
    parts = [str(part) for part in command]
    done = subprocess.run(parts, cwd="/", capture_output=True, text=True, check=False, **account.popen())
    if done.returncode != 0:
        raise Unavailable(f"{Path(parts[0]).name} failed: {done.stderr.strip()}")
