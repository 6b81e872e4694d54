"""What `scanly new-service` lays out passes every check, in a copy of the source tree, and its tests pass."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scanly.app.new_service import create_service
from scanly.kernel.startup import StartupError
from tools.lints import check
from tools.lints.tree import Tree

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
COPIED = ("src", "tests", "tools", "docs/api", "pyproject.toml", ".importlinter")
NAME = "coupons"
NAMES = (NAME, "zebra", "abcdefghijklmnopqrst")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source tree with the new service."""
    copy = tmp_path_factory.mktemp("tree")
    skipped = shutil.ignore_patterns("__pycache__", "node_modules", "web", ".*_cache")
    for name in COPIED:
        target = copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target, ignore=skipped)
        else:
            shutil.copy(ROOT / name, target)
    for name in NAMES:
        assert all(path.is_file() for path in create_service(name, copy))
    return copy


def run(tree: Path, *command: str) -> str:
    """Run a tool of the virtual environment on the copy; it must succeed."""
    environment = {**os.environ, "PYTHONPATH": f"{tree / 'src'}:{tree}", "MYPYPATH": str(tree / "src")}
    program = [str(BIN / command[0]), *command[1:]]
    result = subprocess.run(program, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_it_is_registered(tree: Path) -> None:
    listed = run(tree, "python", "-c", "from scanly.app.registry import SERVICES as s; print([m.name for m in s])")
    assert all(name in listed for name in NAMES)


def test_it_has_the_form_and_the_style(tree: Path) -> None:
    names = ["src/scanly/app/registry.py"]
    for name in NAMES:
        names += [f"src/scanly/services/{name}", f"src/scanly/contracts/{name}.py", f"tests/services/{name}"]
    run(tree, "ruff", "format", "--no-cache", "--check", *names)
    run(tree, "ruff", "check", "--no-cache", *names)


@pytest.mark.slow
def test_its_types_are_right(tree: Path) -> None:
    run(tree, "mypy", "--cache-dir", str(tree / ".mypy_cache"), "-p", f"scanly.services.{NAME}", "-p", "scanly.app")


def test_it_keeps_the_import_contracts(tree: Path) -> None:
    run(tree, "lint-imports", "--no-cache", "--no-logo")


def test_it_keeps_our_own_rules(tree: Path) -> None:
    broken = [str(violation) for violation in check(Tree(tree))]
    assert [text for text in broken if any(name in text for name in NAMES)] == []


@pytest.mark.slow
def test_its_tests_and_those_of_the_architecture_pass(tree: Path) -> None:
    run(tree, "scanly", "snapshots")
    architecture = [f"tests/architecture/test_{part}.py" for part in ("services", "migrations", "snapshots")]
    chosen = f"{NAME} or disk or contract or circle or belong or committed or apart"
    options = ["-q", "-p", "no:cacheprovider", "-k", chosen]
    run(tree, "pytest", *options, f"tests/services/{NAME}", *architecture)


@pytest.mark.parametrize(
    "name", ["", "Coupons", "two words", "coup-ons", "class", "kernel", "x", "../coupons", "a" * 21]
)
def test_a_name_that_will_not_do_is_refused(tree: Path, name: str) -> None:
    with pytest.raises(StartupError, match="cannot be a service"):
        create_service(name, tree)


@pytest.mark.parametrize("name", ["auth", NAME])
def test_a_name_that_is_taken_is_refused(tree: Path, name: str) -> None:
    with pytest.raises(StartupError, match="already"):
        create_service(name, tree)


def test_elsewhere_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="source tree"):
        create_service(NAME, tmp_path)
    assert list(tmp_path.iterdir()) == []
