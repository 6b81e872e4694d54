"""qr behind its API in one process: a database of its own, routing in memory, a clock that can be turned."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

import httpx
from sqlalchemy import text
from starlette.types import ASGIApp, Receive, Scope, Send

import scanly.services.qr
from scanly.contracts.analytics import Analytics
from scanly.contracts.auth import Auth, Role
from scanly.contracts.media import Media
from scanly.contracts.routing import Routing
from scanly.kernel.auth import ANONYMOUS, Principal, set_principal
from scanly.kernel.clock import ManualClock
from scanly.kernel.cpu import CpuPool
from scanly.kernel.db import Database
from scanly.kernel.db.migrate import Schema
from scanly.kernel.http import create_api
from scanly.kernel.ids import encode_id, new_id
from scanly.kernel.rpc import local_client
from scanly.kernel.signing import AddressSigner
from scanly.services.qr.manifest import MANIFEST
from scanly.services.qr.service import QrService
from scanly.services.qr.studio import Studio
from tests.services.qr.analytics_twin import AnalyticsTwin
from tests.services.qr.auth_twin import AuthTwin
from tests.services.qr.media_twin import MediaTwin
from tests.services.qr.routing_twin import HOST, RoutingTwin

P = ParamSpec("P")
R = TypeVar("R")

SCHEMA = Schema("qr", Path(scanly.services.qr.__file__).parent / "migrations")
START = datetime(2026, 11, 22, 12, tzinfo=UTC)

URL: dict[str, Any] = {"type": "url", "url": "https://example.com/menu"}
WIFI: dict[str, Any] = {"type": "wifi", "ssid": "Chai Corner", "password": "masala-chai-8"}
PALE: dict[str, Any] = {"modules": {"fill": {"color": "#f4f4f4"}}}
"""A design that no phone can read."""


class AtOnce(CpuPool):
    """Runs work in this process."""

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)


@dataclass
class Bench:
    """The running service and what surrounds it."""

    service: QrService
    routing: RoutingTwin
    auth: AuthTwin
    analytics: AnalyticsTwin
    media: MediaTwin
    clock: ManualClock
    database: Database
    _app: ASGIApp

    def client(
        self, workspace_id: UUID | None = None, *, role: str = "owner", user_id: UUID | None = None
    ) -> httpx.AsyncClient:
        """A client of somebody with a workspace (both new by default)."""
        workspace_id, user_id = workspace_id or new_id(), user_id or new_id()
        self.auth.roles[user_id, workspace_id] = Role(role)
        principal = Principal(kind="session", user_id=user_id, workspace_id=workspace_id, role=role, workspaces=1)
        client = self._client(principal)
        client.headers["x-test-workspace"] = encode_id("ws", workspace_id)
        return client

    def visitor(self) -> httpx.AsyncClient:
        """A client of nobody."""
        return self._client(ANONYMOUS)

    async def events(self) -> list[tuple[str, dict[str, Any]]]:
        """Topic and data of every event, in order."""
        async with self.database.connect() as connection:
            rows = await connection.execute(text("select topic, envelope -> 'data' from scanly.outbox order by seq"))
            return [(topic, data) for topic, data in rows]

    def _client(self, principal: Principal) -> httpx.AsyncClient:
        async def as_principal(scope: Scope, receive: Receive, send: Send) -> None:
            set_principal(principal)
            await self._app(scope, receive, send)

        return httpx.AsyncClient(transport=httpx.ASGITransport(app=as_principal), base_url="http://test/api/v1")


@asynccontextmanager
async def running_qr(dsn: str) -> AsyncIterator[Bench]:
    """Build the service on a migrated database."""
    database = Database(dsn, pool_size=4)
    routing, auth, analytics, media = RoutingTwin(), AuthTwin(), AnalyticsTwin(), MediaTwin()
    clock = ManualClock(START)
    service = QrService(
        database.for_service("qr"),
        Studio(AtOnce(), local_client(Media, media)),
        clock,
        routing=local_client(Routing, routing),  # type: ignore[type-abstract]
        auth=local_client(Auth, auth),  # type: ignore[type-abstract]
        analytics=local_client(Analytics, analytics),  # type: ignore[type-abstract]
        media=local_client(Media, media),  # type: ignore[type-abstract]
        public_address=f"https://{HOST}",
        signer=AddressSigner(b"a secret of tests", "qr pictures"),
    )
    assert MANIFEST.router is not None
    assert MANIFEST.visitors is not None
    app = create_api([MANIFEST.router], {QrService: service}, [], version="test", visitors=[MANIFEST.visitors])
    try:
        yield Bench(service, routing, auth, analytics, media, clock, database, app)
    finally:
        await database.close()


async def make_code(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    """Make a code through the API; a dynamic one to a menu by default."""
    answer = await client.post("/qr-codes", json={"content": URL, **fields})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def pointers(answer: httpx.Response) -> set[str]:
    """Where the faults of an answer are."""
    return {fault["pointer"] for fault in answer.json()["errors"]}
