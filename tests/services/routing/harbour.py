"""A redirect with its shipper, in reach of tests."""

from datetime import UTC, date, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from uuid import UUID

from scanly.contracts.routing import SCAN_TOPIC, Scan, decode_scan
from scanly.kernel.cpu import CpuPool
from scanly.kernel.errors import Unavailable
from scanly.services.routing.place import Places
from scanly.services.routing.shipper import Shipper
from scanly.services.routing.spool import Spool, frame
from scanly.services.routing.survey import Desk, Survey
from scanly.services.routing.visitors import Salts
from tests.services.routing.visitors import Stand, facts

NOW = datetime(2026, 11, 9, 20, tzinfo=UTC)


class Log:
    """An event log that keeps what it gets, and can be away."""

    def __init__(self) -> None:
        self.scans: list[Scan] = []
        self.is_away = False
        self.forgets_to_answer = False

    async def append(self, topic: str, records: list[tuple[str, bytes]]) -> int:
        assert topic == SCAN_TOPIC
        if self.is_away:
            raise Unavailable("away")
        scans = [decode_scan(record) for _, record in records]
        assert [key for key, _ in records] == [str(scan.link_id) for scan in scans]
        self.scans += scans
        if self.forgets_to_answer:
            raise Unavailable("the connection broke after the commit")
        return len(records)


class Harbour:
    """A redirect with its shipper, a log, and salts that all processes share."""

    max_bytes = 1 << 30

    def __init__(self, root: Path) -> None:
        self.root = root
        self.cpu = CpuPool(workers=1)
        self.log = Log()
        self.salts_away = False
        self.shared: dict[tuple[UUID, date], bytes] = {}
        self.stand = Stand(root, NOW)
        self.stand.shelf.put(facts("menu"))
        self.shipper = self.another(self.stand.spool)

    def another(self, spool: Spool, proxies: tuple[str, ...] = ()) -> Shipper:
        salts = Salts(self._share)
        log: Any = self.log
        return Shipper(
            root=self.root,
            spool=spool,
            streams=log,
            survey=self.survey(salts, proxies),
            salts=salts,
            tally=self.stand.tally,
            now=lambda: NOW,
            seal_seconds=0.01,
            max_bytes=self.max_bytes,
        )

    def survey(self, salts: Salts, proxies: tuple[str, ...] = ()) -> Survey:
        desk = Desk(self.root / "places", tuple(ip_network(text) for text in proxies))
        return Survey(desk, Places(desk.places_dir), salts, self.cpu)

    async def _share(self, workspace_id: UUID, day: date, offered: bytes) -> bytes:
        if self.salts_away:
            raise Unavailable("away")
        return self.shared.setdefault((workspace_id, day), offered)

    def folders(self) -> set[str]:
        return {path.name for path in self.root.iterdir()}

    def files(self, kind: str) -> list[Path]:
        return [path for path in self.root.glob(f"*/*.{kind}") if path != self.stand.spool.writing]


def tear(spool: Spool) -> None:
    """Leave half a frame, as a killed process may."""
    with spool.writing.open("ab") as file:
        file.write(frame(b"torn")[:-1])
