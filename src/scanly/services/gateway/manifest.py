"""What the gateway is."""

from starlette.types import ASGIApp

from scanly.contracts.auth import Auth
from scanly.contracts.gateway import BillingLimitExceeded
from scanly.kernel.events import Subscriber
from scanly.kernel.limits import rate_limiter
from scanly.kernel.manifest import Edge, Manifest, ServiceContext
from scanly.services.gateway.door import GatewayDoor
from scanly.services.gateway.service import BLOCK_GROUP, GatewayService
from scanly.services.gateway.settings import GatewaySettings
from scanly.services.gateway.subscribers import on_limit_exceeded


def build(context: ServiceContext) -> GatewayService:
    """Build the service."""
    return GatewayService(
        context.db,
        context.client(Auth),
        context.invalidation,
        settings=context.settings,
        limits=context.service_settings(GatewaySettings),
        limiter=rate_limiter(context.redis),
        clock=context.clock,
    )


def door(service: GatewayService, edge: Edge) -> ASGIApp:
    """Return the door of this process."""
    return GatewayDoor(service, service.settings, service.limits, edge)


MANIFEST = Manifest(
    name="gateway",
    purpose="one door: identity, limits, host routing",
    build=build,
    settings=GatewaySettings,
    subscribers=(Subscriber(BillingLimitExceeded, BLOCK_GROUP, on_limit_exceeded),),
    calls=(Auth,),
    door=door,
    modules={
        "bodies": "what a request may send, and how much of it",
        "door": "the ASGI callable for every reserved word",
        "identity": "from credentials to a principal",
        "streams": "ends a stream when its reader's session ends",
        "web": "the files of the web application",
        "docs": "the reference of the API as a page",
    },
)
