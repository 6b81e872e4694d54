"""The examples of README and of the guide to the API work as they are printed, on a product that was just started."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.support.running import ROOT, Running

pytestmark = pytest.mark.slow

_README_FILES = {"code.png"}
_GUIDE_FILES = {"menu.svg", "menu.png", "menu.pdf", "preview.svg", "tables.zip", "tables.csv"}


def script(page: str, *, containing: str = "") -> str:
    """The shell examples of a page, put together."""
    text = (ROOT / page).read_text()
    blocks = [block for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) if containing in block]
    assert blocks, page
    return "\n".join(blocks)


def run(text: str, folder: Path) -> list[str]:
    """Run a script in ``folder`` and return the lines that it printed."""
    unwanted = ("api", "token", "code")
    variables = {name: value for name, value in os.environ.items() if name not in unwanted}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text],
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def test_the_examples_of_the_readme(running_product: Running, tmp_path: Path) -> None:
    text = script("README.md", containing="api=").replace("http://localhost:8000", running_product.url)
    [said] = run(text, tmp_path)
    assert said.startswith(f"scan code.png or open {running_product.url}/")
    assert {path.name for path in tmp_path.iterdir()} == _README_FILES


def test_the_examples_of_the_guide(running_product: Running, tmp_path: Path) -> None:
    text = script("docs/guides/codes-by-api.md").replace("http://localhost:8000", running_product.url)
    said = run(text, tmp_path)
    assert "Darker dots." in said
    assert said.index("F") < said.index("A")
    assert said[-1] == "active"
    assert {path.name for path in tmp_path.iterdir()} == _GUIDE_FILES
    assert (tmp_path / "menu.pdf").read_bytes().startswith(b"%PDF")
