"""A second decoder of codes, which the product does not use."""

import shutil

from tools.services import packages
from tools.services.packages import Unavailable


def install() -> None:
    """Install it."""
    if shutil.which("zbarimg") is None:
        packages.install("zbar-tools")


def executable() -> str:
    """The path of zbarimg. Raises `Unavailable` when there is none."""
    found = shutil.which("zbarimg")
    if found is None:
        raise Unavailable("There is no zbarimg: `python -m tools.services install zbar`.")
    return found
