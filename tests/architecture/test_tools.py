"""The tools which hold types and style are as strict as the design says, and would catch a slip."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
BIN = Path(sys.executable).parent


def test_types_are_strict() -> None:
    assert PROJECT["tool"]["mypy"]["strict"] is True
    assert "scanly" in PROJECT["tool"]["mypy"]["packages"]


@pytest.mark.slow
@pytest.mark.parametrize("code", ["def f(x): return x", "def f(x: int) -> str:\n    return x"])
def test_a_wrong_type_is_caught(tmp_path: Path, code: str) -> None:
    (tmp_path / "slip.py").write_text(f"{code}\n")
    command: list[str | Path] = [
        BIN / "mypy",
        "--config-file",
        ROOT / "pyproject.toml",
        "--cache-dir",
        tmp_path,
        tmp_path / "slip.py",
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "slip.py:" in result.stdout


def test_all_of_ruff_is_on_and_every_exception_says_why() -> None:
    assert PROJECT["tool"]["ruff"]["lint"]["select"] == ["ALL"]
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = re.search(r"^ignore = \[\n(.*?)^\]", text, re.DOTALL | re.MULTILINE)
    assert block is not None
    for line in block[1].splitlines():
        assert re.search(r'"[A-Z0-9]+", # \S', line), f"say why: {line.strip()}"


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("import os", "F401"),
        ("x = eval('1')", "S307"),
        ("def f(a=[]): ...", "B006"),
        ("print('x')", "T201"),
        ("import asyncio\n\nwaiting = asyncio.wait_for", "TID251"),
    ],
)
def test_a_slip_of_style_is_caught(tmp_path: Path, code: str, rule: str) -> None:
    (tmp_path / "slip.py").write_text(f'"""A slip."""\n\n{code}\n')
    command: list[str | Path] = [
        BIN / "ruff",
        "check",
        "--no-cache",
        "--config",
        ROOT / "pyproject.toml",
        tmp_path / "slip.py",
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, rule in result.stdout) == (1, True), result.stdout


def test_warnings_are_errors_in_tests() -> None:
    assert PROJECT["tool"]["pytest"]["ini_options"]["filterwarnings"][0] == "error"


def test_every_opt_out_in_the_product_says_why() -> None:
    silent = []
    for path in sorted((ROOT / "src").rglob("*.py")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(r"#\s*noqa\s*(?!:)", line) or re.search(r"#\s*type:\s*ignore(?!\[)", line):
                silent.append(f"{path.relative_to(ROOT)}:{number}")
    assert silent == []
