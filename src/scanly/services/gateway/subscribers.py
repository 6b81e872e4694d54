"""Events that the gateway consumes."""

from scanly.contracts.gateway import BillingLimitExceeded
from scanly.kernel.events import Envelope
from scanly.services.gateway.service import GatewayService


async def on_limit_exceeded(service: GatewayService, envelope: Envelope[BillingLimitExceeded]) -> None:
    """Block or unblock the workspace."""
    await service.set_blocked(envelope)
