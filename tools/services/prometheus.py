"""Debian's `promtool`, which checks and tests alert rules; the server it comes with is never started."""

import shutil
from pathlib import Path

from tools.services import packages
from tools.services.packages import Unavailable


def install() -> None:
    """Install the package without letting it start its server."""
    if shutil.which("promtool") is None:
        packages.install_quietly("prometheus")


def promtool() -> Path:
    """Return the program. Raises `Unavailable` when it is not installed."""
    found = shutil.which("promtool")
    if found is None:
        raise Unavailable("There is no promtool: `python -m tools.services install prometheus`.")
    return Path(found)
