"""Events that qr consumes."""

from scanly.contracts.routing import LinkUpdated
from scanly.kernel.events import Envelope
from scanly.services.qr.service import QrService


async def on_link_updated(service: QrService, envelope: Envelope[LinkUpdated]) -> None:
    """A link changed; it may be that of a code."""
    await service.note_link(envelope)
