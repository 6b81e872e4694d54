"""What a service declares about itself. ``app`` reads this; nothing else needs to know a service's insides."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from fastapi import APIRouter
from httpx import AsyncClient
from starlette.types import ASGIApp

from scanly.kernel.auth import PrincipalSigner
from scanly.kernel.clock import Clock
from scanly.kernel.config import ServiceSettings, Settings
from scanly.kernel.cpu import CpuPool
from scanly.kernel.db import Database, ServiceDatabase
from scanly.kernel.events import StreamLog, Subscriber
from scanly.kernel.invalidation import Invalidation
from scanly.kernel.jobs import Job, Schedule
from scanly.kernel.mail import Mailer
from scanly.kernel.redis import Redis
from scanly.kernel.storage import Storage
from scanly.kernel.telemetry import Readiness

I = TypeVar("I")  # noqa: E741 - an interface
S = TypeVar("S", bound=ServiceSettings)


class ServiceContext(Protocol):
    """What a service is built from."""

    settings: Settings
    db: ServiceDatabase
    database: Database
    clock: Clock
    cpu: CpuPool
    mail: Mailer
    storage: Storage
    invalidation: Invalidation
    redis: Redis | None
    """None without ``SCANLY_REDIS_URL``; with it, it may be away at any moment."""
    streams: StreamLog
    secret: bytes
    """The installation's secret; derive keys from it, never use it as it is."""
    process: str
    """A name for this process, stable over restarts of the same process."""

    def service_settings(self, cls: type[S]) -> S:
        """Return the service's own settings."""
        ...

    def client(self, interface: type[I]) -> I:
        """Return another service's interface: the object itself, or a client over HTTP."""
        ...


@dataclass(frozen=True)
class Background:
    """A task that runs as long as the process: ``run(service)`` until it is cancelled."""

    name: str
    run: Callable[[Any], Awaitable[None]]
    role: str = "worker"
    """Process role in which it runs: ``api``, ``worker`` or ``redirect``."""


@dataclass(frozen=True)
class Edge:
    """What stands behind the one door of a process, for the service that keeps the door."""

    api: ASGIApp
    """The services of this process."""
    upstreams: Mapping[str, tuple[str, ...]]
    """First path segment below ``/api/v1``, or reserved word → addresses of the processes that serve it, for services
    elsewhere."""
    openapi: Callable[[], dict[str, Any]]
    asyncapi: Callable[[], dict[str, Any]]
    web: Path
    """Folder of the built web application; may be missing in a source tree."""
    ready: Readiness
    nothing_here: ASGIApp
    """The page that tells a visitor that nothing is at an address."""
    signer: PrincipalSigner
    http: AsyncClient


@dataclass(frozen=True)
class Manifest:
    """A service: its name is also its folder, schema, database role, metric label and settings' word."""

    name: str
    purpose: str
    build: Callable[[ServiceContext], Any]
    interface: type[Any] | None = None
    router: APIRouter | None = None
    visitors: APIRouter | None = None
    """Addresses outside of the API that anybody opens, below a reserved word, such as ``/f/…``."""
    subscribers: tuple[Subscriber, ...] = ()
    jobs: tuple[Job, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    background: tuple[Background, ...] = ()
    settings: type[ServiceSettings] | None = None
    start: Callable[[Any], Awaitable[None]] | None = None
    """Called once before the process serves, for what must be open or warm."""
    stop: Callable[[Any], Awaitable[None]] | None = None
    ready: Callable[[Any], Awaitable[str | None]] | None = None
    """Returns what is worse than it should be while the service goes on with its work (degraded), or None; raises a
    ``ScanlyError`` that says why when it cannot do its work, and then the process gets no requests. For ``/readyz``."""
    front: Callable[[Any], ASGIApp] | None = None
    """ASGI callable for every path that is not a reserved word."""
    door: Callable[[Any, Edge], ASGIApp] | None = None
    """ASGI callable for the reserved words; at most one service has it."""
    calls: tuple[type[Any], ...] = ()
    """Interfaces of other services that this one calls; they form a graph without circles."""
    modules: dict[str, str] = field(default_factory=dict)
    """Modules beyond the usual anatomy, each with one line of purpose."""
