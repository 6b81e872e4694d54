"""Renderers of PDF and EPS: poppler and Ghostscript, as phones' and print shops' programs."""

import shutil

from tools.services import packages
from tools.services.packages import Unavailable


def install() -> None:
    """Install them."""
    if shutil.which("pdftoppm") is None:
        packages.install("poppler-utils")
    if shutil.which("gs") is None:
        packages.install("ghostscript")


def require() -> None:
    """Raise `Unavailable` when one of them is absent."""
    if shutil.which("pdftoppm") is None or shutil.which("gs") is None:
        raise Unavailable("There is no pdftoppm or gs: `python -m tools.services install paper`.")
