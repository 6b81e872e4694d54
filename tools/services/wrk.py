"""The load generator of the benchmarks."""

import shutil

from tools.services import packages
from tools.services.packages import Unavailable


def install() -> None:
    """Install it."""
    if shutil.which("wrk") is None:
        packages.install("wrk")


def executable() -> str:
    """The path of wrk. Raises `Unavailable` when there is none."""
    found = shutil.which("wrk")
    if found is None:
        raise Unavailable("There is no wrk: `python -m tools.services install wrk`.")
    return found
