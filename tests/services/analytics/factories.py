"""Scans and a running analytics for its tests."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text
from starlette.types import ASGIApp, Receive, Scope, Send

import scanly.services.analytics
from scanly.contracts.routing import SCAN_TOPIC, Scan, encode_scan
from scanly.kernel.auth import ANONYMOUS, Principal, set_principal
from scanly.kernel.clock import ManualClock
from scanly.kernel.db import Database
from scanly.kernel.db.migrate import Schema
from scanly.kernel.events import PostgresStreamLog, StreamLog, StreamRecord, partition_of
from scanly.kernel.http import create_api
from scanly.kernel.ids import new_id
from scanly.kernel.invalidation import Invalidation
from scanly.services.analytics.endpoints import router
from scanly.services.analytics.ingestion import Ingestion, Stretch
from scanly.services.analytics.live import LiveFeed
from scanly.services.analytics.service import AnalyticsService
from scanly.services.analytics.settings import AnalyticsSettings

SCHEMA = Schema("analytics", Path(scanly.services.analytics.__file__).parent / "migrations")
NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.6778.39 Mobile Safari/537.36"
)
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
WHATSAPP = "WhatsApp/2.24.20.89 A"


def scan_id(at: datetime) -> UUID:
    """A UUIDv7 of the moment ``at``, exact to the millisecond whatever was made before."""
    head = round(at.timestamp() * 1000) << 80
    return UUID(int=head | new_id().int & ((1 << 80) - 1))


def make_scan(at: datetime = NOW, **fields: Any) -> Scan:
    """A phone's scan of a code in Jaipur by a visitor of its own."""
    visitor = fields.pop("visitor", None)
    defaults: dict[str, Any] = {
        "id": scan_id(at),
        "workspace_id": WORKSPACE,
        "link_id": LINK,
        "code_id": CODE,
        "source": "scan",
        "outcome": "redirect",
        "domain": "",
        "slug": "abc123",
        "user_agent": IPHONE,
        "accept_language": "hi-IN,hi;q=0.9,en;q=0.8",
        "visitor": new_id().bytes if visitor is None else visitor.encode().ljust(16, b"."),
        "day": at.date().isoformat(),
        "network": "public",
        "place_known": True,
        "country": "IN",
        "region": "Rajasthan",
        "city": "Jaipur",
    }
    return Scan(**{**defaults, **fields})


WORKSPACE = UUID("01939a00-0000-7000-8000-00000000aaaa")
OTHER_WORKSPACE = UUID("01939a00-0000-7000-8000-00000000bbbb")
LINK = UUID("01939a00-0000-7000-8000-000000000001")
OTHER_LINK = UUID("01939a00-0000-7000-8000-000000000002")
CODE = UUID("01939a00-0000-7000-8000-0000000000c1")
PARTITION = partition_of(str(LINK))


def batch(scans: Iterable[Scan]) -> list[Stretch]:
    """The scans as the first records of one partition."""
    records = [StreamRecord(n, str(scan.link_id), encode_scan(scan)) for n, scan in enumerate(scans)]
    return [Stretch(PARTITION, -1, records)]


@dataclass
class Bench:
    """Analytics on a database of its own."""

    database: Database
    streams: StreamLog
    service: AnalyticsService
    clock: ManualClock
    settings: AnalyticsSettings
    app: ASGIApp = field(init=False)

    def __post_init__(self) -> None:
        api = create_api([router], {AnalyticsService: self.service}, (), version="0")

        async def with_principal(scope: Scope, receive: Receive, send: Send) -> None:
            headers = dict(scope["headers"])
            workspace = headers.get(b"test-workspace")
            set_principal(member_of(UUID(workspace.decode())) if workspace else ANONYMOUS)
            await api(scope, receive, send)

        self.app = with_principal

    async def ship(self, *scans: Scan) -> None:
        """Append scans to the log and count them."""
        await self.streams.append(SCAN_TOPIC, [(str(scan.link_id), encode_scan(scan)) for scan in scans])
        await self.service.ingestion.drain()

    async def sql(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        """Run a statement as the login role, past every lock."""
        async with self.database.connect() as connection:
            answer = await connection.execute(text(statement), values)
            return [tuple(row) for row in answer] if answer.returns_rows else []

    async def snapshot(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything that was counted, but for ingestion numbers."""
        return {
            "hits": await self.sql("select day, id, verdict, reason from analytics.hits order by 1, 2"),
            "totals": await self.sql("select * from analytics.totals order by 1, 2, 3, 4, 5, 6, 7, 8"),
            "figures": await self.figures(),
            "people": await self.sql("select * from analytics.people order by 1, 2, 3, 4, 5"),
        }

    async def figures(self) -> list[tuple[Any, ...]]:
        """All figures: the sums of maps and rows, a value each."""
        return await self.sql(
            "select workspace_id, link_id, dimension, grain, bucket, code_id, source, value, sum(hits)::bigint from ("
            "  select workspace_id, link_id, dimension, grain, bucket, code_id, source, value, hits "
            "  from analytics.figures union all "
            "  select m.workspace_id, m.link_id, d.key, m.grain, m.bucket, m.code_id, m.source, v.key, v.value::bigint "
            "  from analytics.figure_maps m, json_each(m.hits::json) d, json_each_text(d.value) v"
            ") f group by 1, 2, 3, 4, 5, 6, 7, 8 order by 1, 2, 3, 4, 5, 6, 7, 8"
        )

    @asynccontextmanager
    async def client(self, workspace_id: UUID | None = None) -> AsyncIterator[httpx.AsyncClient]:
        """An HTTP client of a member of a workspace; of nobody without one."""
        headers: Mapping[str, str] = {"test-workspace": str(workspace_id)} if workspace_id else {}
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
            yield client


def member_of(workspace_id: UUID) -> Principal:
    """An owner of the workspace."""
    return Principal(kind="session", user_id=new_id(), workspace_id=workspace_id, role="owner", workspaces=1)


@asynccontextmanager
async def running_analytics(dsn: str, **settings: Any) -> AsyncIterator[Bench]:
    """Analytics over the database at ``dsn``; nothing runs by itself."""
    database = Database(dsn, pool_size=6)
    invalidation = Invalidation(dsn)
    bench = make_bench(database, invalidation, **settings)
    await invalidation.start()
    try:
        yield bench
    finally:
        await invalidation.stop()
        await database.close()


def make_bench(database: Database, invalidation: Invalidation, **settings: Any) -> Bench:
    """One process's analytics; several may share a database."""
    clock, chosen, streams = ManualClock(NOW), AnalyticsSettings(**settings), PostgresStreamLog(database, invalidation)
    db = database.for_service("analytics")
    ingestion = Ingestion(db=db, database=database, streams=streams, clock=clock, settings=chosen)
    service = AnalyticsService(
        db=db, clock=clock, ingestion=ingestion, live=LiveFeed(invalidation), main_host="localhost:8000"
    )
    return Bench(database, streams, service, clock, chosen)
