"""The files and folders of one embedded server, and the address that follows from them."""

import fcntl
import hashlib
import os
import secrets
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from scanly.kernel.postgres.account import Account
from scanly.kernel.startup import StartupError

USER = DATABASE = "scanly"
PORT = 5432  # names the socket's file; nothing listens on TCP
# The shortest bound on a socket's path, without its closing zero byte: macOS has 103, Linux 107.
_SOCKET_PATH_BYTES = 103


@dataclass(frozen=True)
class Layout:
    """Paths below `<data folder>/postgres`."""

    data_dir: Path

    @property
    def home(self) -> Path:
        return self.data_dir / "postgres"

    @property
    def cluster(self) -> Path:
        return self.home / "cluster"

    @property
    def log_dir(self) -> Path:
        return self.home / "log"

    @property
    def start_log(self) -> Path:
        return self.log_dir / "start.log"

    @property
    def pid_file(self) -> Path:
        return self.cluster / "postmaster.pid"

    @property
    def socket_dir(self) -> Path:
        """In the home; in the system's folder for temporary files when a socket's path would become too long."""
        near = self.home / "socket"
        if _fits(near):
            return near
        name = f"scanly-{hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]}"
        temporary = Path(tempfile.gettempdir()) / name
        return temporary if _fits(temporary) else Path("/tmp") / name  # noqa: S108

    def dsn(self) -> str:
        """The address of the database through the socket, for asyncpg and psycopg alike; it carries the password."""
        password = self._password_file.read_text(encoding="ascii").strip()
        return f"postgresql://{USER}:{password}@/{DATABASE}?host={quote(str(self.socket_dir), safe='/')}&port={PORT}"

    def has_password(self) -> bool:
        return self._password_file.is_file()

    def make_password(self) -> str:
        """Write a new password into a file only its owner reads, and return it."""
        password = secrets.token_urlsafe(24)
        partial = self._password_file.with_suffix(".new")
        partial.unlink(missing_ok=True)
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(password + "\n")
        partial.rename(self._password_file)
        return password

    def make_folders(self, account: Account) -> None:
        """Create what is missing; folders of ours let the account pass but not look around.

        Raises `StartupError` when a folder cannot be written or the account cannot reach it.
        """
        try:
            for folder in (self.data_dir, self.home):
                if not folder.is_dir():
                    folder.mkdir(parents=folder == self.data_dir)
                    folder.chmod(0o711 if account.lent else 0o700)
            account.require_entry(self.home)
            for folder in (self.log_dir, self.socket_dir):
                _make_private(folder, account)
        except OSError as error:
            raise StartupError(
                f"The data folder {self.data_dir} cannot be used ({error.strerror}: {error.filename}): "
                "give the account that starts Scanly the right to write there, or choose another with SCANLY_DATA_DIR."
            ) from error

    def lock(self) -> "FolderLock":
        return FolderLock(self.home / "lock")

    @property
    def _password_file(self) -> Path:
        return self.home / "password"


class FolderLock:
    """An exclusive lock on the data folder, held by its supervisor, freed by the system however the process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd: int | None = None

    def take(self) -> bool:
        """Take the lock, or return False when another process, or another part of this one, has it."""
        fd = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return False
        os.ftruncate(fd, 0)
        os.write(fd, f"{os.getpid()}\n".encode())
        self._fd = fd
        return True

    def free(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def holder(self) -> int | None:
        """The process id of whoever holds the lock now, 0 when that is not known yet, None when nobody does."""
        try:
            fd = os.open(self._path, os.O_RDONLY)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            written = os.read(fd, 20).decode().strip()
            return int(written) if written.isdigit() else 0
        finally:
            os.close(fd)
        return None


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / f".s.PGSQL.{PORT}.lock")) <= _SOCKET_PATH_BYTES


def _make_private(folder: Path, account: Account) -> None:
    """Create `folder` with mode 0700 for `account`; refuse one that somebody else put there before us."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (account.uid, os.geteuid()):
            raise StartupError(
                f"{folder} belongs to somebody else: remove it, or choose another data folder with SCANLY_DATA_DIR."
            ) from None
    folder.chmod(0o700)
    account.own(folder)
