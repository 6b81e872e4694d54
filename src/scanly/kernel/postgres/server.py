"""The supervisor."""

import atexit
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import structlog

from scanly.kernel.postgres import cluster
from scanly.kernel.postgres.account import Account, choose_account
from scanly.kernel.postgres.layout import FolderLock, Layout
from scanly.kernel.postgres.leftovers import clear_leftovers
from scanly.kernel.postgres.programs import find_programs
from scanly.kernel.startup import StartupError

_log = structlog.get_logger(__name__)
_LAUNCH = Path(__file__).with_name("launch.py")
_LOCK_PATIENCE = 0.5  # seconds; somebody who only looks whether the lock is held, holds it for microseconds
_READY_PATIENCE = 300.0  # seconds; after a crash PostgreSQL replays its log first
_ATTACH_PATIENCE = 30.0  # seconds, for a supervisor that has just begun
_STOP_PATIENCE = 30.0  # seconds for a fast shutdown with its checkpoint
_RESTART_PAUSE = (0.2, 5.0)  # seconds, first and longest pause before a server that died is started again


class EmbeddedPostgres:
    """One PostgreSQL server in `data_dir`, for as long as this object is started.

    `start` returns the address of a database whose owner may create roles and databases. When the server dies, it is
    started again; when this process dies, the server stops (on Linux at once, elsewhere at the next start).
    `fsync=False` is for tests: faster, and lost with the power. `settings` override those in `cluster.SETTINGS`.
    """

    def __init__(
        self, data_dir: Path, *, fsync: bool = True, settings: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self._layout = Layout(data_dir.resolve())
        self._fsync = fsync
        self._settings = settings
        self._lock: FolderLock | None = None
        self._keeper: _Keeper | None = None

    def start(self) -> str:
        """Start the server, making the cluster on the first call in a folder, and return its DSN. Blocks until ready.

        Raises `StartupError` when another supervisor works on the folder, when the folder or an account does not allow
        it, or when PostgreSQL refuses; then nothing of it is left running.
        """
        account = choose_account(self._layout.cluster)
        self._layout.make_folders(account)
        self._lock = _locked(self._layout)
        try:
            programs = find_programs(self._layout.home, account)
            self._prepare(programs, account)
            self._keeper = _Keeper(self._layout, programs, account)
            self._keeper.start()
        except BaseException as error:
            self.stop()
            if isinstance(error, OSError):
                raise StartupError(f"The database in {self._layout.home} cannot be started: {error}.") from error
            raise
        atexit.register(self.stop)
        return self._layout.dsn()

    def stop(self) -> None:
        """Stop the server cleanly (fast shutdown: open transactions roll back) and free the folder. May be repeated."""
        atexit.unregister(self.stop)
        if self._keeper is not None:
            self._keeper.stop()
            self._keeper = None
        if self._lock is not None:
            self._lock.free()
            self._lock = None

    @classmethod
    def attach(cls, data_dir: Path) -> str | None:
        """The DSN of the server that another process supervises in `data_dir`; None when nobody does.

        Waits for a supervisor that is still starting. Raises `StartupError` when the server does not become ready or
        its password cannot be read by this account.
        """
        layout = Layout(data_dir.resolve())
        deadline = time.monotonic() + _ATTACH_PATIENCE
        try:
            while (holder := layout.lock().holder()) is not None:
                if _is_ready(layout):
                    return layout.dsn()
                if time.monotonic() > deadline:
                    raise StartupError(
                        f"The Scanly that runs on {data_dir} (process {holder}) has no database ready: see its log."
                    )
                time.sleep(0.05)
        except PermissionError as error:
            raise StartupError(
                f"{error.filename} belongs to the account that started Scanly: run this command as that account."
            ) from error
        return None

    def _prepare(self, programs: Path, account: Account) -> None:
        if not self._layout.cluster.exists():
            cluster.make_cluster(self._layout, programs, account, fsync=self._fsync)
        cluster.check_version(self._layout, programs)
        clear_leftovers(self._layout)
        if not self._layout.has_password():
            cluster.renew_password(self._layout, programs, account)
        cluster.write_settings(self._layout, account, fsync=self._fsync, settings=self._settings)


class _Keeper(threading.Thread):
    """Starts the postmaster, waits for it, and starts it again when it died.

    A thread of its own does all three: Linux ties the server's life to the thread that started it.
    """

    def __init__(self, layout: Layout, programs: Path, account: Account) -> None:
        super().__init__(name="postgres-keeper", daemon=True)
        self._layout = layout
        self._programs = programs
        self._account = account
        self._first_start = threading.Event()
        self._stopping = threading.Event()
        self._failure: StartupError | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Return when the server is ready; raise `StartupError` when it does not come up."""
        super().start()
        self._first_start.wait()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Stop the server and the keeping of it."""
        self._stopping.set()
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if self._process is not None:
                self._process.send_signal(number)
            self.join(_STOP_PATIENCE)
            if not self.is_alive():
                break
        try:
            clear_leftovers(self._layout)  # nothing after a clean end; orphans when the postmaster was killed
        except StartupError as error:
            _log.error("postgres.stuck", reason=str(error))

    def run(self) -> None:
        try:
            self._launch()
        except (StartupError, OSError) as error:
            self._failure = (
                error if isinstance(error, StartupError) else StartupError(f"PostgreSQL cannot be started: {error}.")
            )
            return
        finally:
            self._first_start.set()
        pause, longest = _RESTART_PAUSE
        while self._process is not None:
            began = time.monotonic()
            code = self._process.wait()
            if self._stopping.is_set():
                return
            _log.error("postgres.died", exit_code=code, log=str(self._layout.log_dir))
            pause = _RESTART_PAUSE[0] if time.monotonic() - began > longest else min(pause * 2, longest)
            while not self._stopping.wait(pause):
                try:
                    clear_leftovers(self._layout)
                    self._launch()
                except (StartupError, OSError) as error:
                    _log.error("postgres.restart_failed", reason=str(error))
                    pause = min(pause * 2, longest)
                else:
                    _log.info("postgres.restarted")
                    break
            if self._stopping.is_set():
                self._end()

    def _launch(self) -> None:
        account, layout = self._account, self._layout
        uid, gid = (account.uid, account.gid) if account.lent else (-1, -1)
        command = [sys.executable, "-I", "-S", str(_LAUNCH), str(uid), str(gid), str(os.getpid())]
        command += [str(self._programs / "postgres"), "-D", str(layout.cluster)]
        with layout.start_log.open("wb") as said:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd="/",
                env=cluster.environment(),
                start_new_session=True,  # Ctrl-C at the terminal is for us; we stop the server last
            )
        deadline = time.monotonic() + _READY_PATIENCE
        while not _is_ready(layout, self._process.pid):
            if self._process.poll() is not None:
                raise StartupError(f"PostgreSQL does not start: {_last_words(layout)}")
            if time.monotonic() > deadline:
                self._end()
                raise StartupError(f"PostgreSQL was not ready after {_READY_PATIENCE:.0f} s: see {layout.log_dir}.")
            time.sleep(0.01)

    def _end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait()


def _locked(layout: Layout) -> FolderLock:
    lock = layout.lock()
    deadline = time.monotonic() + _LOCK_PATIENCE
    while not lock.take():
        if time.monotonic() > deadline:
            raise StartupError(
                f"Another Scanly (process {lock.holder() or 'unknown'}) already runs on {layout.data_dir}: "
                "stop it, or choose another folder with SCANLY_DATA_DIR."
            )
        time.sleep(0.02)
    return lock


def _is_ready(layout: Layout, pid: int | None = None) -> bool:
    """Whether the postmaster (`pid`, if given) says so in line 8 of its pid file, as pg_ctl reads it."""
    try:
        lines = layout.pid_file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[7].strip() == "ready" and (pid is None or lines[0] == str(pid))


def _last_words(layout: Layout) -> str:
    """The last error of a server that did not come up, from its own logs, which a process of its own writes."""
    deadline = time.monotonic() + 1.0
    while time.monotonic() < deadline:
        for log in sorted(layout.log_dir.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True):
            last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-4:]
            for line in reversed(last):
                if "FATAL:" in line or "PANIC:" in line:
                    return line.split("FATAL:")[-1].split("PANIC:")[-1].strip()
        time.sleep(0.05)
    return f"see {layout.log_dir}."
