"""A PostgreSQL server of the system's own version over TCP, as an operator would name it in SCANLY_DATABASE_URL."""

import secrets
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


@contextmanager
def run(folder: Path) -> Iterator[str]:
    """A server in `folder`, which an unprivileged account must be able to enter; yields the DSN of an empty database.

    The DSN's user owns the database and may create databases and roles, and is no superuser. Raises `Unavailable`.
    """
    programs = _newest()
    if programs is None:
        raise Unavailable("There is no PostgreSQL of the system: `python -m tools.services install postgres`.")
    account = choose_account(folder / "cluster")
    home = folder / "server"
    home.mkdir(mode=0o700)
    account.own(home)
    cluster, port, password = home / "cluster", _free_port(), secrets.token_urlsafe(12)
    _call(account, programs / "initdb", "-D", cluster, "--auth=trust", "--username=postgres", "-E", "utf8", "--no-sync")
    (cluster / "pg_hba.conf").write_text("local all postgres trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
    options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": home, "fsync": "off"}
    arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [str(programs / "postgres"), "-D", str(cluster), *arguments],
            **account.popen(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        _wait(account, programs, home, port)
        for statement in (
            f"CREATE ROLE owner LOGIN CREATEDB CREATEROLE PASSWORD '{password}'",
            "CREATE DATABASE scanly OWNER owner",
        ):
            _call(account, programs / "psql", "-h", home, "-p", port, "-U", "postgres", "-qc", statement)
        yield f"postgresql://owner:{password}@127.0.0.1:{port}/scanly"
    finally:
        process.send_signal(2)  # SIGINT: fast shutdown
        process.wait(30)


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
