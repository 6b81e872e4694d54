"""The product in one process: the chosen services, wired to each other or to their peers, and their side work."""

import asyncio
import contextlib
import hashlib
import ssl
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass, replace
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any, TypeVar, cast

import httpx
from starlette.types import ASGIApp

from scanly import __version__
from scanly.app import topology
from scanly.app.asyncapi import asyncapi_document
from scanly.app.closing import Closing
from scanly.app.internal_door import InternalDoor, RedirectProxy, SignedClient
from scanly.app.openapi import openapi_document
from scanly.app.operator.desk import OperatorDesk
from scanly.app.operator.endpoints import router as operator_router
from scanly.app.registry import ROLES
from scanly.app.visitor_pages import nothing_here
from scanly.kernel.auth import PrincipalSigner
from scanly.kernel.clock import Clock, SystemClock
from scanly.kernel.config import LoadedSettings, ServiceSettings, Settings
from scanly.kernel.cpu import CpuPool
from scanly.kernel.db import Database, ServiceDatabase, take_time
from scanly.kernel.errors import ScanlyError
from scanly.kernel.events import EventRunner, StreamLog, open_event_log, open_stream_log
from scanly.kernel.http import Door, create_api
from scanly.kernel.http.express import Express
from scanly.kernel.invalidation import Invalidation
from scanly.kernel.jobs.worker import JobWorker
from scanly.kernel.mail import Mailer, mailer
from scanly.kernel.manifest import Edge, Manifest
from scanly.kernel.pace import Turns
from scanly.kernel.redis import Redis, open_redis
from scanly.kernel.rpc import local_client, remote_client, rpc_routes
from scanly.kernel.storage import Storage, storage
from scanly.kernel.telemetry import Check, Grade, get_logger

I = TypeVar("I")  # noqa: E741 - an interface
S = TypeVar("S", bound=ServiceSettings)

log = get_logger(__name__)

WEB = Path(__file__).parent / "web"


@dataclass
class Context:
    """What one service is built from; see ``ServiceContext``."""

    settings: Settings
    db: ServiceDatabase
    database: Database
    clock: Clock
    cpu: CpuPool
    mail: Mailer
    storage: Storage
    invalidation: Invalidation
    redis: Redis | None
    streams: StreamLog
    secret: bytes
    process: str
    product: "Product"

    def service_settings(self, cls: type[S]) -> S:
        """Return the service's own settings."""
        return self.product.loaded.get(cls)

    def client(self, interface: type[I]) -> I:
        """Return another service's interface."""
        return self.product.client(interface)


class Product:
    """Builds the services at once, opens connections in ``start``, closes everything in ``stop``."""

    def __init__(
        self,
        loaded: LoadedSettings,
        dsn: str,
        secret: bytes,
        manifests: Iterable[Manifest],
        *,
        roles: Iterable[str] = ROLES,
        process: str = "scanly",
        clock: Clock | None = None,
    ) -> None:
        self.loaded = loaded
        self.settings = loaded.get(Settings)
        self.manifests = list(manifests)
        self.roles = frozenset(roles)
        self.database = Database(dsn, pool_size=self.settings.database_pool, timeout=self.settings.database_timeout)
        self.redis = open_redis(self.settings, secret)
        self.invalidation = Invalidation(dsn, redis=self.redis, engine=self.database.engine)
        self.streams: StreamLog = open_stream_log(self.settings, self.database, self.invalidation)
        self.cpu = CpuPool()
        self.mail = mailer(self.settings)
        self.storage = storage(self.settings.storage_url, self.settings.data_dir)
        self.clock = clock or SystemClock()
        self.signer = PrincipalSigner(hashlib.sha256(b"scanly peers " + secret).digest())
        self._secret = secret
        self._process = process
        self._peers = topology.parse_peers(self.settings.peers)
        self.http = peer_client(self._peers)
        self._local = {manifest.name for manifest in self.manifests}
        self._clients: dict[type[Any], Any] = {}
        self._building: list[str] = []
        self.services: dict[str, Any] = {}
        topology.check_reachable(self.manifests, self._peers)
        for manifest in self.manifests:
            self._service(manifest)
        self._event_log = open_event_log(self.settings, self.database)
        self.events = EventRunner(
            self.database,
            [(subscriber, self.services[m.name]) for m in self.manifests for subscriber in m.subscribers],
            self._event_log,
        )
        self.invalidation.subscribe("outbox", lambda _key: self.events.wake())
        self.jobs = JobWorker(
            dsn,
            [(self.services[m.name], job) for m in self.manifests for job in m.jobs],
            [(self.services[m.name], schedule) for m in self.manifests for schedule in m.schedules],
        )
        self._tasks: list[asyncio.Task[None]] = []
        self._started: list[Manifest] = []
        self.closing = asyncio.Event()
        self.application = self._application()

    def client(self, interface: type[I]) -> I:
        """Return the client of an interface: the object itself when its service runs here, else one over HTTP."""
        if interface not in self._clients:
            name = topology.service_of(interface)
            if name in self._local:
                manifest = next(m for m in self.manifests if m.name == name)
                self._clients[interface] = local_client(interface, self._service(manifest))
            else:
                self._clients[interface] = remote_client(interface, name, self._peers[name], self.http, self.signer)
        return cast("I", self._clients[interface])

    def _service(self, manifest: Manifest) -> Any:  # noqa: ANN401 - each service has its own class
        if manifest.name not in self.services:
            if manifest.name in self._building:
                raise RuntimeError(f"services call each other in a circle: {' → '.join(self._building)}")
            self._building.append(manifest.name)
            self.services[manifest.name] = manifest.build(self._context(manifest.name))
            self._building.remove(manifest.name)
        return self.services[manifest.name]

    def _context(self, name: str) -> Context:
        settings = self.settings
        return Context(
            settings=settings,
            db=self.database.for_service(name),
            database=self.database,
            clock=self.clock,
            cpu=self.cpu,
            mail=self.mail,
            storage=self.storage,
            invalidation=self.invalidation,
            redis=self.redis,
            streams=self.streams,
            secret=self._secret,
            process=self._process,
            product=self,
        )

    def _application(self) -> ASGIApp:
        services = {type(service): service for service in (*self.services.values(), self._operator_desk())}
        routers = [*(m.router for m in self.manifests if m.router is not None), operator_router]
        rpc = [
            route
            for m in self.manifests
            if m.interface is not None
            for route in rpc_routes(m.name, m.interface, self.services[m.name], self.signer)
        ]
        visitors = [m.visitors for m in self.manifests if m.visitors is not None]
        api: ASGIApp = create_api(routers, services, rpc, version=__version__, visitors=visitors)
        internal = InternalDoor(api, self.signer, self.ready)
        front = next((m.front(self.services[m.name]) for m in self.manifests if m.front is not None), None)
        if front is not None and "gateway" not in self._local:
            front = SignedClient(front, self.signer)
        self.express = front if isinstance(front, Express) else None
        redirects = () if front is not None else self._peers.get("routing", ())
        edge = Edge(
            api=api,
            upstreams=topology.upstreams(self._local, self._peers),
            openapi=openapi_document,
            asyncapi=asyncapi_document,
            web=WEB,
            ready=self.ready,
            nothing_here=nothing_here,
            signer=self.signer,
            http=self.http,
        )
        door = next((m.door(self.services[m.name], edge) for m in self.manifests if m.door is not None), None)
        return Door(
            application=Polite(Closing(internal if door is None else RpcOrDoor(internal, door), self.closing)),
            redirect=front or RedirectProxy(redirects, self.http, self.signer, self.settings.trusted_proxies),
        )

    def _operator_desk(self) -> OperatorDesk:
        return OperatorDesk(
            loaded=self.loaded,
            process=self._process,
            services=self._local,
            roles=self.roles,
            ready=self.ready,
            database=self.database,
            streams=self.streams,
            event_log=self._event_log,
            mail=self.mail,
            storage=self.storage,
            peers={name: bases for name, bases in self._peers.items() if name not in self._local},
            http=self.http,
            signer=self.signer,
        )

    async def start(self) -> None:
        """Open what must be open and begin the work beside requests."""
        if self.redis is not None:
            await self.redis.start()
        await self.invalidation.start()
        for manifest in self.manifests:
            if manifest.start is not None:
                await manifest.start(self.services[manifest.name])
            self._started.append(manifest)
        if "worker" in self.roles:
            self._spawn("events", self.events.run())
            self._spawn("jobs", self.jobs.run())
        for manifest in self.manifests:
            for background in manifest.background:
                if background.role in self.roles:
                    self._spawn(background.name, background.run(self.services[manifest.name]))

    def _spawn(self, name: str, work: Any) -> None:  # noqa: ANN401 - a coroutine
        self._tasks.append(asyncio.create_task(self._guarded(name, work), name=name))

    async def _guarded(self, name: str, work: Any) -> None:  # noqa: ANN401
        take_time()
        try:
            await work
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("background work ended", work=name)

    async def stop(self) -> None:
        """End the work beside requests, then close what is open. May be repeated."""
        tasks, self._tasks = self._tasks, []
        for task in reversed(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        started, self._started = self._started, []
        for manifest in reversed(started):
            if manifest.stop is not None:
                with contextlib.suppress(ScanlyError):
                    await manifest.stop(self.services[manifest.name])
        await self.invalidation.stop()
        if self.redis is not None:
            await self.redis.stop()
        await self.streams.close()
        await self._event_log.close()
        await self.cpu.close()
        await self.http.aclose()
        await self.database.close()

    async def ready(self) -> dict[str, Check]:
        """Return what this process depends on, and how well each works."""
        database = await _checked(self.database.ping())
        if database.grade is Grade.FAILING and self._only_redirects():
            # Every process of its kind lost the same database: they go on with the links they have in memory.
            database = replace(database, grade=Grade.DEGRADED)
        checks = {"database": database}
        if self.redis is not None:
            away = "Redis does not answer; everything goes on without it. See scanly doctor."
            checks["redis"] = Check() if self.redis.is_up else Check(Grade.DEGRADED, away)
        if self.settings.kafka_bootstrap is not None:
            kafka = await _checked(self.streams.ping())
            checks["kafka"] = replace(kafka, grade=Grade.DEGRADED) if kafka.grade is Grade.FAILING else kafka
        for manifest in self.manifests:
            if manifest.ready is not None:
                checks[manifest.name] = await _checked(manifest.ready(self.services[manifest.name]))
        for task in self._tasks:
            if task.done():
                checks[task.get_name()] = Check(Grade.FAILING, "This work ended. See the log, and start again.")
        return checks

    def _only_redirects(self) -> bool:
        return all(manifest.front is not None for manifest in self.manifests)


class Polite:
    """An application whose requests leave most of each turn of the event loop to visitors."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application
        self._turns = Turns()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
        await self._turns.take(self._as_coroutine(scope, receive, send))

    async def _as_coroutine(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
        await self._application(scope, receive, send)


class RpcOrDoor:
    """Sends calls of other processes past the door; they carry their own signature."""

    def __init__(self, internal: ASGIApp, door: ASGIApp) -> None:
        self._internal = internal
        self._door = door

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
        is_call = scope["type"] == "http" and scope["path"].startswith("/rpc/")
        await (self._internal if is_call else self._door)(scope, receive, send)


def peer_client(peers: Mapping[str, tuple[str, ...]]) -> httpx.AsyncClient:
    """Return the client for calls between processes; reading the list of authorities takes time, so only for TLS.

    It keeps no cookies: what a peer gave one visitor must not go out with the request of another.
    """
    tls = any(base.startswith("https://") for bases in peers.values() for base in bases)
    return httpx.AsyncClient(
        verify=ssl.create_default_context() if tls else False,  # without TLS there is nothing to verify
        limits=httpx.Limits(max_connections=200),
        follow_redirects=False,
        trust_env=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
    )


async def _checked(check: Awaitable[str | None]) -> Check:
    try:
        worse = await check
    except ScanlyError as error:
        return Check(Grade.FAILING, error.detail)
    except TimeoutError:
        return Check(Grade.FAILING, "It did not answer in time.")
    return Check() if worse is None else Check(Grade.DEGRADED, worse)
