import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scanly.app.commands import app
from scanly.services.routing import inspection
from tests.services.routing.harbour import NOW, Harbour, tear
from tests.services.routing.visitors import IPHONE, Stand, facts


@pytest.fixture
async def root(tmp_path: Path) -> Path:
    """A spool with a raw and a ready segment of this process, and one of a dead process that broke off."""
    harbour = Harbour(tmp_path)
    harbour.log.is_away = True
    await harbour.stand.get("/menu", headers={"User-Agent": IPHONE, "X-Forwarded-For": "49.36.9.9"})
    await harbour.shipper.turn()
    await harbour.stand.get("/menu", query=b"utm_source=flyer", headers={"User-Agent": IPHONE})
    dead = Stand(tmp_path, NOW)
    dead.shelf.put(facts("menu"))
    await dead.get("/menu")
    tear(dead.spool)
    dead.spool.folder.release()
    return tmp_path


def test_folders_and_segments_are_told(root: Path) -> None:
    mine, dead = sorted(inspection.inspect(root), key=lambda found: found.owner is None)
    assert mine.owner
    assert [(found.kind, found.scans) for found in mine.segments] == [("ready", 1), ("raw", 1)]
    assert [(found.kind, found.scans, found.damaged_bytes > 0) for found in dead.segments] == [("raw", 1, True)]
    assert dead.owner is None


def test_scans_are_shown_without_addresses(root: Path) -> None:
    found = list(inspection.scans(root))
    assert len(found) == 3
    assert "49.36" not in json.dumps(found)
    assert {scan["slug"] for scan in found} == {"menu"}
    assert any(scan.get("query") == "utm_source=flyer" for scan in found)


def test_the_command_prints_them(root: Path) -> None:
    told = CliRunner().invoke(app, ["spool", "inspect", "--folder", str(root), "--show", "5"])
    assert told.exit_code == 0, told.output
    assert "3 scans wait in 3 files." in told.output
    assert "a living one adopts it" in told.output
    document = CliRunner().invoke(app, ["spool", "inspect", "--folder", str(root), "--json"])
    assert len(json.loads(document.output)) == 2
    missing = CliRunner().invoke(app, ["spool", "inspect", "--folder", str(root / "nowhere")])
    assert "There is no spool" in str(missing.exception)


def test_rubbish_is_shown_as_such(root: Path) -> None:
    folder = next(path for path in root.iterdir() if path.is_dir())
    (folder / "0000000009.raw").write_bytes(b"rubbish")
    assert any(found.damaged_bytes == 7 for each in inspection.inspect(root) for found in each.segments)
