"""The browser, with fonts for Devanagari and for emoji."""

import shutil

from tools.services import packages
from tools.services.packages import Unavailable

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


def install() -> None:
    """Install the browser and its fonts."""
    if shutil.which("chromium") is None or packages.is_installed("chromium"):
        packages.install("chromium", "fonts-noto-core", "fonts-noto-color-emoji")


def executable() -> str:
    """The path of the browser. Raises `Unavailable` when there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        raise Unavailable("There is no Chromium: `python -m tools.services install chromium`.")
    return found
