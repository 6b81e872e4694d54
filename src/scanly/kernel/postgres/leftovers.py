"""Deals with what a killed supervisor or a killed postmaster left: living processes and a stale `postmaster.pid`.

Only ever called by the holder of the data folder's lock, so any server on the folder is an orphan.
"""

import signal
import time
from pathlib import Path

import psutil

from scanly.kernel.postgres.layout import Layout
from scanly.kernel.startup import StartupError

# How long each way to ask may take, in seconds. Fast shutdown writes a checkpoint; immediate shutdown writes nothing.
_ESCALATION = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))


def clear_leftovers(layout: Layout) -> None:
    """Stop a server without a supervisor, wait for the orphans of a dead postmaster, remove its stale lock files.

    After a clean stop there are none and this costs nothing. Raises `StartupError` when a process does not end.
    """
    if layout.pid_file.exists():
        _end_servers(layout)
    # A process id in them may be recycled, or a zombie nobody reaps; both would make PostgreSQL refuse to start.
    # Nobody works on this cluster: that is shown above.
    layout.pid_file.unlink(missing_ok=True)
    for stale in layout.socket_dir.glob(".s.PGSQL.*"):
        stale.unlink()


def _end_servers(layout: Layout) -> None:
    postmaster = _postmaster(layout)
    for number, patience in _ESCALATION:
        if postmaster is None or not psutil.pid_exists(postmaster.pid):
            break
        _send(postmaster, number)
        _wait_until_gone(layout.cluster, patience)
    # Backends of a dead postmaster end by themselves as soon as they look up from their query; help the slow ones.
    for orphan in [] if _wait_until_gone(layout.cluster, 2.0) else servers_on(layout.cluster):
        _send(orphan, signal.SIGQUIT)
    if not _wait_until_gone(layout.cluster, 5.0):
        running = ", ".join(str(one.pid) for one in servers_on(layout.cluster))
        raise StartupError(
            f"An old PostgreSQL on {layout.cluster} does not stop: end its process {running} and start again."
        )


def servers_on(cluster: Path) -> list[psutil.Process]:
    """Every living PostgreSQL process on this cluster: each of them works in the cluster's folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if (
                process.name().startswith("postgres")
                and process.status() != psutil.STATUS_ZOMBIE
                and Path(process.cwd()) == cluster.resolve()
            ):
                found.append(process)
        except psutil.Error:  # gone meanwhile, or of another account
            continue
    return found


def _postmaster(layout: Layout) -> psutil.Process | None:
    try:
        pid = int(layout.pid_file.read_text(encoding="utf-8").split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return next((one for one in servers_on(layout.cluster) if one.pid == pid), None)


def _send(process: psutil.Process, number: int) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        pass
    except psutil.AccessDenied as error:
        raise StartupError(
            f"A PostgreSQL of another account (process {process.pid}) works on this data folder: stop it first."
        ) from error


def _wait_until_gone(cluster: Path, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while servers_on(cluster):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
