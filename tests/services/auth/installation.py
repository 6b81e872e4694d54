"""auth behind the real door in one process, with a database of its own, a clock that can be turned and an outbox."""

import email.policy
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import httpx
from pydantic import SecretStr
from starlette.types import ASGIApp

import scanly.services
from scanly.kernel.auth import PrincipalSigner
from scanly.kernel.clock import ManualClock
from scanly.kernel.config import ServiceSettings, Settings
from scanly.kernel.cpu import CpuPool
from scanly.kernel.db import Database, ServiceDatabase
from scanly.kernel.db.migrate import Schema
from scanly.kernel.events import PostgresStreamLog, StreamLog
from scanly.kernel.http import create_api
from scanly.kernel.invalidation import Invalidation
from scanly.kernel.mail import OutboxMailer
from scanly.kernel.manifest import Edge, ServiceContext
from scanly.kernel.rpc import local_client
from scanly.kernel.storage import Storage
from scanly.kernel.telemetry import Check
from scanly.services.auth.manifest import MANIFEST as AUTH
from scanly.services.auth.service import AuthService
from scanly.services.gateway.manifest import MANIFEST as GATEWAY
from scanly.services.gateway.settings import GatewaySettings
from tests.support.databases import TestServer

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S", bound=ServiceSettings)

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
_FOLDER = Path(scanly.services.__file__).parent
SCHEMAS = tuple(Schema(name, _FOLDER / name / "migrations") for name in ("auth", "gateway"))
_UNLIMITED = GatewaySettings.model_validate(
    {"limit_general": "off", "limit_log_in": "off", "limit_sign_up": "off", "limit_preview": "off"}
)


class CountingCpu(CpuPool):
    """Runs work at once and counts it by name."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        self.counts[function.__name__] += 1
        return function(*args, **kwargs)


@dataclass
class Context:
    """What auth and the gateway are built from here."""

    settings: Settings
    db: ServiceDatabase
    database: Database
    clock: ManualClock
    cpu: CpuPool
    mail: OutboxMailer
    invalidation: Invalidation
    streams: StreamLog
    redis: None = None
    auth: AuthService | None = None
    secret: bytes = b"the secret of this installation"
    process: str = "test"
    storage: Storage = field(default=cast("Storage", None))

    def service_settings(self, _cls: type[S]) -> S:
        return cast("S", _UNLIMITED)

    def client(self, interface: type[R]) -> R:
        assert self.auth is not None
        return local_client(interface, cast("R", self.auth))


class Installation:
    """A running auth with what a test wants to see of it."""

    def __init__(self, dsn: str, folder: Path, public_url: str = "http://scanly.example") -> None:
        self.database = Database(dsn, pool_size=4)
        self.clock = ManualClock(START)
        self.cpu = CountingCpu()
        self.invalidation = Invalidation(dsn)
        self._outbox = folder / "outbox"
        self._folder = folder
        settings = Settings(data_dir=folder, public_url=public_url, database_url=SecretStr(dsn))
        self._context = Context(
            settings=settings,
            db=self.database.for_service("auth"),
            database=self.database,
            clock=self.clock,
            cpu=self.cpu,
            mail=OutboxMailer(self._outbox, settings.mail_from),
            invalidation=self.invalidation,
            streams=PostgresStreamLog(self.database),
        )
        self.auth: AuthService = AUTH.build(cast("ServiceContext", self._context))
        self._context.auth = self.auth
        self.public_url = public_url

    def another_process(self) -> AuthService:
        """auth as another process of the same installation has it."""
        service: AuthService = AUTH.build(cast("ServiceContext", self._context))
        return service

    def door(self) -> ASGIApp:
        assert AUTH.router is not None
        assert GATEWAY.door is not None
        self._context.db = self.database.for_service("gateway")
        gateway = GATEWAY.build(cast("ServiceContext", self._context))
        self._context.db = self.database.for_service("auth")
        api = create_api([AUTH.router], {AuthService: self.auth}, (), version="test")
        return GATEWAY.door(
            gateway,
            Edge(
                api=api,
                upstreams={},
                openapi=dict,
                asyncapi=dict,
                web=self._folder / "web",
                ready=_ready,
                nothing_here=api,
                signer=PrincipalSigner(b"secret"),
                http=httpx.AsyncClient(
                    transport=httpx.ASGITransport(api)
                ),  # the default one loads 150 ms of certificates
            ),
        )

    def client(self, *, address: str = "203.0.113.7", browser: bool = False) -> httpx.AsyncClient:
        """A client of the API at an address of its own; a browser keeps cookies and says that it is one."""
        transport = httpx.ASGITransport(self.application, client=(address, 40000))
        headers = {"Scanly-Request": "1"} if browser else {}
        return httpx.AsyncClient(transport=transport, base_url=self.public_url, headers=headers)

    async def start(self) -> None:
        self.application = self.door()
        await self.invalidation.start()

    async def stop(self) -> None:
        await self.invalidation.stop()
        await self.database.close()

    async def rows(self, query: str) -> list[Any]:
        """The answer to a query as the login role, which row-level security does not bind."""
        async with self.database.connect() as connection:
            return list((await connection.exec_driver_sql(query)).all())

    async def run(self, statement: str) -> None:
        async with self.database.connect() as connection:
            await connection.exec_driver_sql(statement)

    async def work(self) -> int:
        """Run the jobs that wait, and those which they enqueue; return how many there were."""
        handlers = {job.name: job.handle for job in AUTH.jobs}
        waiting = "select id, task_name, args from scanly.procrastinate_jobs where queue_name = 'auth' order by id"
        done = 0
        while jobs := await self.rows(waiting):
            for identifier, name, args in jobs:
                await handlers[name](self.auth, **args)
                await self.run(f"delete from scanly.procrastinate_jobs where id = {identifier}")
                done += 1
        return done

    def mails(self) -> list[EmailMessage]:
        """What lies in the outbox, the oldest first."""
        files = sorted(self._outbox.glob("*.eml"))
        return [cast("EmailMessage", message_from_bytes(f.read_bytes(), policy=email.policy.default)) for f in files]

    async def mail(self) -> EmailMessage:
        """The newest mail, after all jobs are done."""
        await self.work()
        return self.mails()[-1]

    async def events(self, topic: str) -> list[dict[str, Any]]:
        """The data of the events of a topic, in order."""
        return [
            data
            for (data,) in await self.rows(
                f"select envelope -> 'data' from scanly.outbox where topic = '{topic}' order by seq"
            )
        ]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def token_in(mail: EmailMessage) -> str:
    """The token of the link in a mail."""
    found = re.search(r"\?token=(\S+)", text_of(mail))
    assert found, text_of(mail)
    return found[1]


async def _ready() -> dict[str, Check]:
    return {}


@asynccontextmanager
async def running(postgres: TestServer, folder: Path, **options: Any) -> AsyncIterator[Installation]:
    with postgres.copy(SCHEMAS) as dsn:
        installation = Installation(dsn, folder, **options)
        await installation.start()
        try:
            yield installation
        finally:
            await installation.stop()
