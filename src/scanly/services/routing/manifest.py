"""What routing is and how it is built."""

import time

from scanly.contracts.auth import WorkspaceCreated, WorkspaceUpdated
from scanly.contracts.qr import CodeCreated
from scanly.contracts.routing import Routing
from scanly.kernel.clock import Clock, SystemClock
from scanly.kernel.events import Subscriber
from scanly.kernel.jobs import Schedule
from scanly.kernel.manifest import Background, Manifest, ServiceContext
from scanly.services.routing import jobs
from scanly.services.routing.endpoints import router
from scanly.services.routing.link_source import DatabaseLinks
from scanly.services.routing.metrics import Tally
from scanly.services.routing.place import Places
from scanly.services.routing.read_model import ReadModel
from scanly.services.routing.redirect import Redirect, TimeNs
from scanly.services.routing.runtime import Runtime
from scanly.services.routing.service import (
    CHANNEL,
    CONFIRM_GROUP,
    WORKSPACE_GROUP,
    RoutingService,
    share_salt,
)
from scanly.services.routing.settings import RoutingSettings
from scanly.services.routing.shared_links import SharedLinks
from scanly.services.routing.shipper import Shipper
from scanly.services.routing.snapshot import Snapshot
from scanly.services.routing.spool import Spool
from scanly.services.routing.subscribers import on_code_created, on_codes_created, on_workspace
from scanly.services.routing.survey import Desk, Survey
from scanly.services.routing.visitors import Salts


def build(context: ServiceContext) -> RoutingService:
    """Build the service; nothing is opened before ``start``."""
    settings = context.service_settings(RoutingSettings)
    spool_dir = settings.spool_folder(context.settings.data_dir)
    tally = Tally()
    spool = Spool(spool_dir)
    places_dir = settings.places_dir or context.settings.data_dir / "places"
    places = Places(places_dir)
    salts = Salts(share_salt(context.db))
    source = DatabaseLinks(context.database.dsn)
    links = ReadModel(
        source,
        tally,
        max_bytes=settings.link_cache_mb << 20,
        unknown_seconds=settings.link_unknown_seconds,
        stale_seconds=settings.link_stale_hours * 3600,
        shared=None if context.redis is None else SharedLinks(context.redis),
    )
    runtime = Runtime(
        redirect=Redirect(
            links, spool, tally, time_ns=_time_ns(context.clock), base_url=context.settings.public_address
        ),
        links=links,
        source=source,
        spool=spool,
        spool_dir=spool_dir,
        shipper=Shipper(
            root=spool_dir,
            spool=spool,
            streams=context.streams,
            survey=Survey(Desk(places_dir, tuple(context.settings.trusted_proxies)), places, salts, context.cpu),
            salts=salts,
            tally=tally,
            now=context.clock.now,
            seal_seconds=settings.spool_sync_ms / 1000,
            max_bytes=settings.spool_max_mb << 20,
        ),
        places=places,
        tally=tally,
        snapshot=Snapshot(
            spool_dir,
            context.secret + context.database.dsn.encode(),
            links,
            max_age=settings.link_stale_hours * 3600,
        ),
        invalidation=context.invalidation,
        channel=CHANNEL,
    )
    return RoutingService(
        db=context.db, clock=context.clock, public_address=context.settings.public_address, runtime=runtime
    )


def _time_ns(clock: Clock) -> TimeNs:
    """Return the clock in nanoseconds; the machine's own without a detour, since every redirect asks it."""
    return time.time_ns if isinstance(clock, SystemClock) else lambda: round(clock.now().timestamp() * 1e9)


async def _start(service: RoutingService) -> None:
    await service.runtime.start()


async def _stop(service: RoutingService) -> None:
    await service.runtime.stop()


async def _ready(service: RoutingService) -> str | None:
    return service.runtime.check()


async def _ship(service: RoutingService) -> None:
    await service.runtime.shipper.run()


async def _watch(service: RoutingService) -> None:
    await service.runtime.links.watch()


async def _keep_snapshot(service: RoutingService) -> None:
    await service.runtime.snapshot.run()


MANIFEST = Manifest(
    name="routing",
    purpose="links, their addresses, and the redirect",
    build=build,
    interface=Routing,
    router=router,
    settings=RoutingSettings,
    subscribers=(
        Subscriber(CodeCreated, CONFIRM_GROUP, on_code_created, on_codes_created),
        Subscriber(WorkspaceCreated, f"{WORKSPACE_GROUP}.created", on_workspace),
        Subscriber(WorkspaceUpdated, f"{WORKSPACE_GROUP}.updated", on_workspace),
    ),
    schedules=(
        Schedule("routing.reap_claims", "23 * * * *", jobs.reap_claims),
        Schedule("routing.destroy_salts", "5 * * * *", jobs.destroy_salts),
        Schedule("routing.purge", "47 3 * * *", jobs.purge),
    ),
    background=(
        Background("routing.shipper", _ship, role="redirect"),
        Background("routing.links", _watch, role="redirect"),
        Background("routing.snapshot", _keep_snapshot, role="redirect"),
    ),
    start=_start,
    stop=_stop,
    ready=_ready,
    front=lambda service: service.runtime.redirect,
    modules={
        "redirect": "the ASGI callable that answers short addresses",
        "read_model": "finds links, in memory first",
        "links": "a link as it is compiled and packed",
        "resolver": "what an address of GS1 Digital Link leads to",
        "negotiation": "which languages and media types a visitor takes",
        "link_memory": "compiled links in bounded memory",
        "shared_links": "packed links in Redis",
        "snapshot": "hot links in a file, for a restart",
        "link_source": "reads links that are not in memory",
        "pages": "what visitors see in place of a destination",
        "spool": "scans on the local disk until the log has them",
        "inspection": "what lies in a spool, for people",
        "hits": "the form of a hit in the spool and in the log",
        "survey": "takes the address out of a hit",
        "place": "place and kind of network of an address",
        "visitors": "salted visitor hashes",
        "shipper": "moves scans from the spool to the log",
        "runtime": "starts and stops what redirects and records",
        "metrics": "what operators see of all this",
    },
)
