"""What a command needs before it can do anything: settings, the data folder, the secret, the database's address."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scanly.app.registry import SERVICES
from scanly.kernel.config import LoadedSettings, Settings, load_settings
from scanly.kernel.postgres import EmbeddedPostgres
from scanly.kernel.startup import StartupError

SETTINGS_FILE = Path("scanly.toml")


def load(environ: Mapping[str, str] = os.environ, file: Path = SETTINGS_FILE) -> LoadedSettings:
    """Read all settings of all services."""
    return load_settings([m.settings for m in SERVICES if m.settings is not None], environ, file)


def prepare_data_dir(settings: Settings) -> Path:
    """Make the data folder if it is missing and see that it can be written to."""
    folder = settings.data_dir.resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".write-test-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise StartupError(
            f"The data folder {folder} cannot be written to ({error.strerror}). "
            "Give this account the right to, or choose another with SCANLY_DATA_DIR."
        ) from error
    return folder


def secret_key(settings: Settings, *, make: bool = True) -> bytes:
    """Return the installation's secret; made in the data folder at the first start."""
    if settings.secret_key is not None:
        secret = settings.secret_key.get_secret_value().encode()
        if len(secret) < 32:
            raise StartupError("SCANLY_SECRET_KEY is too short: use at least 32 random characters.")
        return secret
    path = settings.data_dir / "secret.key"
    if not path.exists():
        if not make:
            raise StartupError("This data folder has no secret yet. Start Scanly once with scanly run.")
        part = path.with_suffix(f".{os.getpid()}.part")
        part.touch(mode=0o600)
        part.write_text(secrets.token_urlsafe(48), encoding="ascii")
        try:
            os.link(part, path)  # fails when another process was quicker, and then its secret is the one
        except FileExistsError:
            pass
        finally:
            part.unlink()
    try:
        return path.read_bytes().strip()
    except OSError as error:
        raise StartupError(
            f"{path} cannot be read ({error.strerror}): run this as the account that started Scanly first."
        ) from error


@dataclass
class OpenDatabase:
    """The database's address and, when this process supervises it, its supervisor."""

    dsn: str
    supervisor: EmbeddedPostgres | None = None

    def close(self) -> None:
        """Stop the database if this process started it."""
        if self.supervisor is not None:
            self.supervisor.stop()


def open_database(settings: Settings, *, attach: bool) -> OpenDatabase:
    """Return the database: the one of ``SCANLY_DATABASE_URL``, else the embedded one.

    ``attach`` lets a command use the embedded database of a server that runs on the same folder.
    """
    if settings.database_url is not None:
        return OpenDatabase(settings.database_url.get_secret_value())
    folder = prepare_data_dir(settings)
    if attach and (dsn := EmbeddedPostgres.attach(folder)) is not None:
        return OpenDatabase(dsn)
    supervisor = EmbeddedPostgres(folder)
    return OpenDatabase(supervisor.start(), supervisor)
