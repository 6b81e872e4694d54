"""Events that media consumes."""

from scanly.contracts.qr import CodeCreated, CodeDeleted, CodeUpdated, LookChanged
from scanly.kernel.events import Envelope
from scanly.services.media.service import MediaService


async def on_code(
    service: MediaService, event: Envelope[CodeCreated] | Envelope[CodeUpdated] | Envelope[CodeDeleted]
) -> None:
    """A code may use files."""
    await service.note_code(event)


async def on_look(service: MediaService, event: Envelope[LookChanged]) -> None:
    """A kept look may use files."""
    await service.note_look(event)
