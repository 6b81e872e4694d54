"""The wheel: built with the dashboard inside, installed into a clean environment, run without Node.js and sources."""

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support import running
from tests.support.running import ROOT, Running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def call(*command: object) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (ROOT / "src/scanly/app/web/index.html").exists():
        pytest.fail("The dashboard is not built: run `make web` first; `make test` does.")
    folder = tmp_path_factory.mktemp("dist")
    call(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder)
    return next(folder.glob("scanly-*.whl"))


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder `bin` of a clean virtual environment with the wheel and its pinned dependencies."""
    environment = tmp_path_factory.mktemp("clean") / "venv"
    call(sys.executable, "-m", "venv", environment)
    pip = [environment / "bin/python", "-m", "pip", "--quiet", "--disable-pip-version-check"]
    call(*pip, "install", "--require-hashes", "--no-deps", "-r", ROOT / "requirements/run.txt")
    call(*pip, "install", "--no-deps", wheel)
    call(*pip, "check")
    return environment / "bin"


def test_the_wheel_holds_the_dashboard_and_no_rubbish(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "scanly/app/web/index.html" in names
    assert any(name.startswith("scanly/app/web/assets/") and name.endswith(".js") for name in names)
    assert "scanly/py.typed" in names
    assert "scanly/services/qr/rendering/fonts/NotoSansCJK-Bold.otf" in names
    assert [name for name in names if "node_modules" in name or "__pycache__" in name or name.startswith("tests")] == []


def test_what_is_imported_is_the_wheel(programs: Path) -> None:
    imported = call(programs / "python", "-I", "-c", "import scanly; print(scanly.__file__)")
    assert Path(imported.strip()).is_relative_to(programs.parent)


def test_it_serves_without_node_and_sources(programs: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_program", lambda: str(programs / "scanly"))
    product = Running(data_dir, PATH=str(programs), PYTHONPATH="")
    try:
        product.start()
        first_page = httpx.get(f"http://127.0.0.1:{product.port}/")
        assert first_page.status_code == 200
        assert '<div id="root">' in first_page.text
        script = first_page.text.split('src="')[1].split('"')[0]
        assert httpx.get(f"http://127.0.0.1:{product.port}{script}").status_code == 200
    finally:
        assert product.stop() == 0
