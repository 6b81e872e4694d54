"""What a service declares about itself. ``app`` reads this; nothing else needs to know a service's insides."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from fastapi import APIRouter

from scanly.kernel.clock import Clock
from scanly.kernel.config import ServiceSettings, Settings
from scanly.kernel.cpu import CpuPool
from scanly.kernel.db import Database, ServiceDatabase
from scanly.kernel.events import StreamLog, Subscriber
from scanly.kernel.invalidation import Invalidation
from scanly.kernel.jobs import Job, Schedule
from scanly.kernel.mail import Mailer
from scanly.kernel.storage import Storage

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
class Manifest:
    """A service: its name is also its folder, schema, database role, metric label and settings' word."""

    name: str
    purpose: str
    build: Callable[[ServiceContext], Any]
    interface: type[Any] | None = None
    router: APIRouter | None = None
    subscribers: tuple[Subscriber, ...] = ()
    jobs: tuple[Job, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    background: tuple[Background, ...] = ()
    settings: type[ServiceSettings] | None = None
    calls: tuple[type[Any], ...] = ()
    """Interfaces of other services that this one calls; they form a graph without circles."""
    modules: dict[str, str] = field(default_factory=dict)
    """Modules beyond the usual anatomy, each with one line of purpose."""
