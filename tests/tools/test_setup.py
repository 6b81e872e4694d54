"""What `make` says on a machine where something is missing, with stand-ins for the programs it asks."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.support.running import ROOT


def ask(script: str, programs: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(ROOT / "tools/setup" / script)],
        env={"PATH": str(programs)},
        capture_output=True,
        text=True,
        check=False,
    )


def stand_in(folder: Path, name: str, script: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


@pytest.mark.parametrize("name", ["python3", "python3.12"])
def test_a_fitting_python_is_found_under_any_name(tmp_path: Path, name: str) -> None:
    if name != "python3":
        stand_in(tmp_path, "python3", "exit 1")  # too old
    stand_in(tmp_path, name, "exit 0")
    assert ask("find-python", tmp_path).stdout == f"{name}\n"


def test_without_python_it_says_how_to_get_one(tmp_path: Path) -> None:
    answer = ask("find-python", tmp_path)
    assert answer.returncode == 1
    assert "needs Python 3.11 or newer and finds none" in answer.stderr
    assert "apt install" in answer.stderr


def test_an_old_python_is_named(tmp_path: Path) -> None:
    stand_in(tmp_path, "python3", '[ "$1" = --version ] && echo Python 3.9.2 && exit 0; exit 1')
    assert "finds Python 3.9.2" in ask("find-python", tmp_path).stderr


def test_a_missing_venv_module_is_named(tmp_path: Path) -> None:
    stand_in(tmp_path, "python3", 'case "$2" in *ensurepip*) exit 1;; *print*) echo 3.11;; esac')
    answer = ask("find-python", tmp_path)
    assert answer.returncode == 1
    assert "sudo apt install python3.11-venv" in answer.stderr


def test_an_old_node_is_named(tmp_path: Path) -> None:
    stand_in(tmp_path, "npm", "exit 0")
    stand_in(tmp_path, "node", '[ "$1" = --version ] && echo v18.20.4 && exit 0; exit 1')
    answer = ask("check-node", tmp_path)
    assert answer.returncode == 1
    assert "finds v18.20.4" in answer.stderr


def test_without_node_it_says_how_to_get_it(tmp_path: Path) -> None:
    answer = ask("check-node", tmp_path)
    assert answer.returncode == 1
    assert "finds none" in answer.stderr
    assert "nodejs.org" in answer.stderr


def test_the_node_of_this_machine_is_judged_by_its_version() -> None:
    assert ask("check-node", Path(os.environ["PATH"])).returncode == 0


def test_locks_name_no_registry() -> None:
    for lock in (ROOT / "web/package-lock.json", ROOT / "tools/place/package-lock.json"):
        assert '"resolved"' not in lock.read_text()
    for pins in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in pins.read_text()
        assert "--hash=sha256:" in pins.read_text()


def test_all_that_pyproject_asks_for_is_pinned() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())
    pinned = re.findall(r"^([a-z0-9.-]+)==", (ROOT / "requirements/run.txt").read_text(), re.MULTILINE)
    names = [re.split(r"[\[<>=]", wanted)[0] for wanted in asked["project"]["dependencies"]]
    assert set(names) <= set(pinned)
