"""The links of a process in a file, and what becomes of them in the next one."""

import asyncio
from pathlib import Path

import pytest

from scanly.kernel.errors import Unavailable
from scanly.services.routing import snapshot as module
from scanly.services.routing.links import make_stamp
from scanly.services.routing.metrics import Tally
from scanly.services.routing.read_model import ReadModel
from scanly.services.routing.snapshot import FILE_NAME, Snapshot
from tests.services.routing.visitors import Shelf, facts

NEW = "https://example.com/new"


@pytest.fixture
def shelf() -> Shelf:
    shelf = Shelf()
    for number in range(1_200):
        shelf.put(facts(f"menu{number}"))
    return shelf


def model_of(shelf: Shelf, max_bytes: int = 1 << 24) -> ReadModel:
    return ReadModel(shelf, Tally(), max_bytes=max_bytes, unknown_seconds=30, stale_seconds=3600)


def snapshot_of(folder: Path, model: ReadModel, installation: bytes = b"ours") -> Snapshot:
    return Snapshot(folder, installation, model, max_age=3600)


@pytest.fixture
async def folder(tmp_path: Path, shelf: Shelf) -> Path:
    """A folder in which a process left 1,200 links."""
    model = model_of(shelf)
    await asyncio.gather(*(model.find(f"/menu{number}") for number in range(1_200)))
    await snapshot_of(tmp_path, model).save()
    shelf.asked.clear()
    return tmp_path


async def loaded(folder: Path, shelf: Shelf, installation: bytes = b"ours") -> ReadModel:
    """A process that has just been started."""
    model = model_of(shelf)
    await snapshot_of(folder, model, installation).load()
    return model


async def test_a_restarted_process_knows_the_links_and_asks_for_none(folder: Path, shelf: Shelf) -> None:
    model = await loaded(folder, shelf)
    assert len(model.memory) == 1_200
    for number in range(1_200):
        link = await model.find(f"/menu{number}")
        assert link is not None
        assert link.row == shelf.links[f"/menu{number}"]
    assert shelf.asked == []


async def test_what_has_changed_meanwhile_is_left_out(folder: Path, shelf: Shelf) -> None:
    shelf.put(facts("menu7", destination=NEW, stamp=make_stamp(2, 1)))
    del shelf.links["/menu8"]
    model = await loaded(folder, shelf)
    assert len(model.memory) == 1_198
    link = await model.find("/menu7")
    assert link is not None
    assert link.row.destination == NEW
    assert await model.find("/menu8") is None


async def test_what_was_looked_up_meanwhile_is_not_overwritten(folder: Path, shelf: Shelf) -> None:
    model = model_of(shelf)
    link = await model.find("/menu7")
    await snapshot_of(folder, model).load()
    assert await model.find("/menu7") is link


async def test_without_a_database_links_are_taken_on_trust_and_compared_later(folder: Path, shelf: Shelf) -> None:
    shelf.is_away = True
    model = await loaded(folder, shelf)
    assert await model.find("/menu7") is not None
    with pytest.raises(Unavailable):
        await model.check()
    shelf.is_away = False
    shelf.put(facts("menu7", destination=NEW, stamp=make_stamp(2, 1)))
    await model.check()
    link = await model.find("/menu7")
    assert link is not None
    assert link.row.destination == NEW
    assert len(model.memory) == 1_200


async def test_trust_ends_with_the_setting_counted_from_the_last_comparison(
    folder: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.is_away = True
    hour_later = module.time.time() + 3_590
    monkeypatch.setattr(module.time, "time", lambda: hour_later)
    model = await loaded(folder, shelf)
    assert len(model.memory) == 1_200
    assert 3_590 <= model.age < 3_600


async def test_the_last_used_stay_when_there_is_less_room(folder: Path, shelf: Shelf) -> None:
    model = model_of(shelf, 1 << 19)
    await snapshot_of(folder, model).load()
    assert 0 < len(model.memory) < 1_200
    assert model.memory.peek("/menu1199") is not None
    assert model.memory.peek("/menu0") is None


def damage(content: bytes) -> list[bytes]:
    return [
        b"",
        content[:20],
        content[:-1],
        content[: len(content) // 2],
        content + b"\x00",
        bytes([content[0] ^ 1]) + content[1:],
        content[:500] + bytes([content[500] ^ 0x40]) + content[501:],
    ]


async def test_a_damaged_file_is_passed_over(folder: Path, shelf: Shelf) -> None:
    content = (folder / FILE_NAME).read_bytes()
    for damaged in damage(content):
        (folder / FILE_NAME).write_bytes(damaged)
        assert len((await loaded(folder, shelf)).memory) == 0


async def test_a_foreign_or_an_old_file_is_passed_over(
    folder: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len((await loaded(folder, shelf, b"another")).memory) == 0
    with monkeypatch.context() as patch:
        patch.setattr(module, "FORM", module.FORM + 1)
        assert len((await loaded(folder, shelf)).memory) == 0
    for seconds in (3_700, -3_700):
        now = module.time.time() + seconds
        with monkeypatch.context() as patch:
            patch.setattr(module.time, "time", lambda: now)  # noqa: B023 - used at once
            assert len((await loaded(folder, shelf)).memory) == 0
    assert len((await loaded(folder, shelf)).memory) == 1_200, "nothing of that was the file's fault"


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_a_full_disk_stops_nothing(tmp_path: Path, shelf: Shelf) -> None:
    model = model_of(shelf)
    await model.find("/menu7")
    await snapshot_of(tmp_path / "missing", model).save()
    await snapshot_of(tmp_path, model).save()
    assert names(tmp_path) == [FILE_NAME]
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o077 == 0, "where codes lead is nobody else's business"


async def test_it_is_written_only_when_something_came_in(
    tmp_path: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SAVE_SECONDS", 0.01)
    model = model_of(shelf)
    snapshot = snapshot_of(tmp_path, model)
    running = asyncio.create_task(snapshot.run())
    await asyncio.sleep(0.05)
    assert not (tmp_path / FILE_NAME).exists()
    await model.find("/menu7")
    await asyncio.sleep(0.1)
    written = (tmp_path / FILE_NAME).stat().st_mtime_ns
    await asyncio.sleep(0.05)
    assert (tmp_path / FILE_NAME).stat().st_mtime_ns == written
    running.cancel()
