import asyncio
import math
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from shutil import rmtree
from typing import Any, NoReturn
from uuid import UUID

import pytest

from scanly.contracts.routing import SCAN_TOPIC
from scanly.kernel.clock import ManualClock
from scanly.kernel.events import StreamLog
from scanly.services.routing import shipper as module
from scanly.services.routing.hits import scan_id
from scanly.services.routing.service import RoutingService, share_salt
from scanly.services.routing.spool import frame
from tests.services.routing.harbour import NOW, Harbour, tear
from tests.services.routing.visitors import IPHONE, Stand, facts
from tests.support.product import InProcess


@pytest.fixture
def harbour(tmp_path: Path) -> Iterator[Harbour]:
    harbour = Harbour(tmp_path)
    yield harbour
    harbour.stand.spool.close()


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting times of the shipper pass at once."""
    monkeypatch.setattr(module, "_ADDRESS_SECONDS", 0.0)
    monkeypatch.setattr(module, "_RETRY_SECONDS", 0.0)


async def test_a_scan_reaches_the_log_without_its_address(harbour: Harbour) -> None:
    headers = {
        "User-Agent": IPHONE,
        "Referer": "https://example.org/",
        "Accept-Language": "hi-IN",
        "Purpose": "prefetch",
    }
    await harbour.stand.get("/menu", query=b"utm_source=flyer&secret=1", headers=headers)
    [hit] = harbour.stand.hits()
    await harbour.shipper.turn()
    [scan] = harbour.log.scans
    assert scan.id == scan_id(hit)
    assert (scan.workspace_id, scan.link_id, scan.code_id) == (UUID(int=1), UUID(int=2), UUID(int=3))
    assert (scan.source, scan.outcome, scan.method, scan.domain, scan.slug) == ("scan", "redirect", "GET", "", "menu")
    assert (scan.user_agent, scan.referrer, scan.accept_language) == (IPHONE, "https://example.org/", "hi-IN")
    assert (scan.purpose, scan.utm) == ("prefetch", {"utm_source": "flyer"})
    assert (scan.network, scan.place_known, len(scan.visitor)) == ("public", False, 16)
    assert scan.day == "2026-11-10", "the workspace's day, in India"
    assert "49.36.1.1" not in repr(scan)
    assert harbour.files("raw") == harbour.files("ready") == []


async def test_a_click_is_told_from_a_scan(harbour: Harbour) -> None:
    harbour.stand.shelf.put(facts("menu", code_id=None))
    await harbour.stand.get("/menu")
    await harbour.shipper.turn()
    assert harbour.log.scans[0].source == "click"


async def test_order_is_kept_and_nothing_is_shipped_twice(harbour: Harbour) -> None:
    for _ in range(3):
        for _ in range(70):
            await harbour.stand.get("/menu")
        await harbour.shipper.turn()
    await harbour.shipper.turn()
    assert len({scan.id for scan in harbour.log.scans}) == len(harbour.log.scans) == 210
    assert harbour.stand.tally.shipped == 210


@pytest.mark.slow
@pytest.mark.usefixtures("soon")
async def test_while_the_log_is_away_scans_wait_without_their_address(harbour: Harbour) -> None:
    harbour.log.is_away = True
    expected = []
    for _ in range(3):
        await harbour.stand.get("/menu", headers={"X-Forwarded-For": "49.36.9.9"})
        expected += [scan_id(hit) for hit in harbour.stand.hits()]
        await harbour.shipper.turn()
    assert harbour.files("raw") == []
    assert len(harbour.files("ready")) == 3
    assert harbour.stand.tally.waiting_files == 3
    on_disk = b"".join(path.read_bytes() for path in harbour.root.rglob("*") if path.is_file())
    assert b"49.36" not in on_disk
    harbour.log.is_away = False
    await harbour.shipper.turn()
    assert [scan.id for scan in harbour.log.scans] == expected
    assert all(scan.visitor for scan in harbour.log.scans)
    assert harbour.files("ready") == []
    assert harbour.stand.tally.waiting_files == 0


@pytest.mark.usefixtures("soon")
async def test_what_is_shipped_twice_has_the_same_id(harbour: Harbour) -> None:
    harbour.log.forgets_to_answer = True
    await harbour.stand.get("/menu")
    await harbour.shipper.turn()
    harbour.log.forgets_to_answer = False
    await harbour.shipper.turn()
    assert len(harbour.log.scans) == 2
    assert harbour.log.scans[0] == harbour.log.scans[1]


@pytest.mark.slow
async def test_large_segments_are_surveyed_elsewhere_with_the_same_result(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    await harbour.stand.get("/menu", query=b"utm_source=flyer", headers={"User-Agent": IPHONE})
    harbour.stand.spool.append(b"\xc1 not a hit")
    harbour.stand.spool.flush()
    raw = harbour.stand.spool.writing.read_bytes()
    await harbour.shipper.turn()
    monkeypatch.setattr(module, "_LARGE", 0)
    (harbour.stand.spool.folder.path / "0000000000.raw").write_bytes(raw + frame(b"torn")[:-1])
    await harbour.shipper.turn()
    assert (len(harbour.files("raw")), len(harbour.files("ready"))) == (0, 1)
    assert harbour.stand.tally.damaged_bytes == len(frame(b"torn")) - 1
    assert b"49.36" not in harbour.files("ready")[0].read_bytes()
    await harbour.shipper.turn()
    here, elsewhere = harbour.log.scans
    assert here == elsewhere
    assert here.visitor
    assert harbour.files("ready") == []


async def test_large_segments_are_surveyed_here_when_no_process_is_to_be_had(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LARGE", 0)
    await harbour.cpu.close()
    await harbour.stand.get("/menu")
    await harbour.shipper.turn()
    await harbour.shipper.turn()
    assert len(harbour.log.scans) == 1


async def test_a_log_that_hangs_does_not_keep_addresses(harbour: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(_topic: str, _records: object) -> int:
        await asyncio.sleep(60)
        return 0

    monkeypatch.setattr(module, "_APPEND_SECONDS", 0.05)
    monkeypatch.setattr(harbour.log, "append", hang)
    await harbour.stand.get("/menu")
    await harbour.shipper.turn()
    assert (len(harbour.files("raw")), len(harbour.files("ready"))) == (0, 1)


async def test_sealing_goes_on_while_the_log_hangs(harbour: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(_topic: str, _records: object) -> int:
        await asyncio.sleep(60)
        return 0

    monkeypatch.setattr(harbour.log, "append", hang)
    running = asyncio.create_task(harbour.shipper.run())
    for _ in range(3):
        await harbour.stand.get("/menu")
        async with asyncio.timeout(1):
            while not harbour.stand.spool.is_empty:  # noqa: ASYNC110 - nothing tells
                await asyncio.sleep(0.01)
    running.cancel()


async def test_too_much_that_waits_is_counted_as_lost_until_there_is_room(harbour: Harbour) -> None:
    harbour.log.is_away = True
    small = harbour.another(harbour.stand.spool)
    small._max_bytes = 50
    await harbour.stand.get("/menu")
    await small.turn()
    assert (await harbour.stand.get("/menu")).status == 302, "visitors are served all the same"
    assert harbour.stand.spool.lost == 1
    assert "SCANLY_SPOOL_MAX_MB" in str(harbour.stand.spool.fault)
    harbour.log.is_away = False
    small._log_away_until = 0.0
    await small.turn()
    await harbour.stand.get("/menu")
    await small.turn()
    assert (len(harbour.log.scans), harbour.stand.tally.lost, harbour.stand.spool.fault) == (2, 1, None)


async def test_a_folder_that_somebody_removes_loses_nothing(harbour: Harbour) -> None:
    for _ in range(2):
        await harbour.stand.get("/menu")
        rmtree(harbour.stand.spool.folder.path)
        await harbour.stand.get("/menu")
        await harbour.shipper.turn()
        await harbour.shipper.turn()
    assert len({scan.id for scan in harbour.log.scans}) == 4
    assert harbour.stand.tally.lost == 0
    assert next(harbour.root.glob("*/lock"), None) is not None


async def test_the_scans_of_a_dead_process_are_adopted(harbour: Harbour) -> None:
    dead = Stand(harbour.root, NOW)
    dead.shelf.put(facts("menu"))
    for _ in range(5):
        await dead.get("/menu")
    expected = [scan_id(hit) for hit in dead.hits()]
    tear(dead.spool)
    dead.spool.folder.release()
    await harbour.shipper.turn()
    assert [scan.id for scan in harbour.log.scans] == expected
    assert harbour.stand.tally.adopted == 1
    assert harbour.stand.tally.damaged_bytes == len(frame(b"torn")) - 1
    assert dead.spool.folder.path.name not in harbour.folders()


async def test_lost_scans_are_told_even_when_nothing_can_be_written(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("scanly.services.routing.spool.os.write", refuse)
    for _ in range(3):
        await harbour.stand.get("/menu")
        await harbour.shipper.turn()
    assert harbour.stand.tally.lost == 3


async def test_rubbish_in_the_spool_holds_nothing_up(harbour: Harbour) -> None:
    harbour.stand.spool.append(b"\xc1 not a hit")
    await harbour.stand.get("/menu")
    await harbour.shipper.turn()
    assert len(harbour.log.scans) == 1


async def test_a_clean_end_leaves_nothing_behind(tmp_path: Path) -> None:
    harbour = Harbour(tmp_path)
    await harbour.stand.get("/menu")
    await harbour.shipper.drain()
    harbour.stand.spool.close()
    assert len(harbour.log.scans) == 1
    assert harbour.folders() == set()


async def test_the_run_goes_on_after_a_fault(harbour: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(harbour.stand.spool, "prepare", refuse)
        await harbour.stand.get("/menu")
        running = asyncio.create_task(harbour.shipper.run())
        await asyncio.sleep(0.05)
        assert "No space left" in str(harbour.shipper.fault)
    monkeypatch.setattr(module, "_RETRY_SECONDS", 0.0)
    async with asyncio.timeout(5):
        while not harbour.log.scans:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.05)
    running.cancel()


@pytest.mark.parametrize(
    ("peer", "forwarded", "same_as"),
    [
        ("10.0.0.5", "49.36.1.1", "49.36.1.1"),
        ("10.0.0.5", "6.6.6.6, 49.36.1.1, 10.0.0.9", "49.36.1.1"),
        ("49.36.1.1", "6.6.6.6", "49.36.1.1"),
        ("::ffff:49.36.1.1", "", "49.36.1.1"),
    ],
)
async def test_whose_address_counts(harbour: Harbour, peer: str, forwarded: str, same_as: str) -> None:
    shipper = harbour.another(harbour.stand.spool, ("10.0.0.0/8",))
    await harbour.stand.get("/menu")
    for sender, header in ((peer, forwarded), (same_as, "")):
        headers = [(b"x-forwarded-for", header.encode())] if header else []
        scope = {"method": "GET", "path": "/menu", "query_string": b"", "headers": headers, "client": (sender, 1)}
        await harbour.stand.redirect(scope, None, _nowhere)  # type: ignore[arg-type]
    await shipper.turn()
    _, through_proxy, direct = harbour.log.scans
    assert through_proxy.visitor == direct.visitor


async def _nowhere(_message: Any) -> None:
    pass


async def test_a_connection_without_an_address_is_counted_without_a_visitor(harbour: Harbour) -> None:
    scope = {"method": "GET", "path": "/menu", "query_string": b"", "headers": [], "client": None}
    await harbour.stand.redirect(scope, None, _nowhere)  # type: ignore[arg-type]
    await harbour.shipper.turn()
    assert (harbour.log.scans[0].visitor, harbour.log.scans[0].network) == (b"", "")


async def test_processes_agree_on_visitors(harbour: Harbour) -> None:
    other = harbour.another(harbour.stand.spool)
    for shipper in (harbour.shipper, other):
        await harbour.stand.get("/menu")
        await shipper.turn()
    assert harbour.log.scans[0].visitor == harbour.log.scans[1].visitor
    harbour.stand.now = NOW + timedelta(days=1)
    await harbour.stand.get("/menu")
    await harbour.shipper.turn()
    assert harbour.log.scans[2].visitor != harbour.log.scans[0].visitor


async def test_salts_made_while_the_database_was_away_are_offered_later(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanly.services.routing.visitors._RETRY_AFTER_FAULT", 0.0)
    harbour.salts_away = True
    await harbour.stand.get("/menu")
    await harbour.shipper.turn()
    harbour.salts_away = False
    for shipper in (harbour.shipper, harbour.another(harbour.stand.spool)):
        await harbour.stand.get("/menu")
        await shipper.turn()
    visitors = {scan.visitor for scan in harbour.log.scans}
    assert len(harbour.log.scans) == 3
    assert len(visitors) == 1


@pytest.mark.slow
async def test_through_the_database(product: InProcess, clock: ManualClock) -> None:
    owner = await product.sign_up()
    link = (await owner.post("/api/v1/links", json={"destination": "example.com"})).json()
    for _ in range(10):
        await owner.get(f"/{link['slug']}")
    routing: RoutingService = product.product.services["routing"]
    async with asyncio.timeout(20):
        while routing.runtime.tally.shipped < 10:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.05)
    streams: StreamLog = product.product.streams
    heads = await streams.heads(SCAN_TOPIC)
    assert sum(heads.values()) == 10
    salt = share_salt(product.product.database.for_service("routing"))
    day, workspace = clock.now().date(), UUID(int=1)
    first = await salt(workspace, day, b"a" * 32)
    assert await salt(workspace, day, b"b" * 32) == first == b"a" * 32
    assert await routing.destroy_salts() == 0
    clock.advance(timedelta(days=4))
    assert await routing.destroy_salts() >= 1
    assert await salt(workspace, day, b"b" * 32) == b"b" * 32


async def test_lost_scans_are_told_even_when_the_shipper_stands(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_root: Path) -> NoReturn:
        raise PermissionError(13, "Permission denied")

    await harbour.stand.get("/menu")
    harbour.stand.spool.is_full = True
    await harbour.stand.get("/menu")
    monkeypatch.setattr("scanly.services.routing.shipper.adopt_folders", refuse)
    with pytest.raises(PermissionError):
        await harbour.shipper.turn()
    assert (harbour.stand.tally.recorded, harbour.stand.tally.lost) == (1, 1)


async def test_the_room_of_the_spool_is_known_where_something_ships(harbour: Harbour) -> None:
    assert math.isnan(harbour.stand.tally.free_bytes)
    await harbour.shipper.turn()
    assert harbour.stand.tally.free_bytes > 0
