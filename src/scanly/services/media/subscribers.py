"""Events that media consumes."""

from scanly.contracts.qr import CodeCreated, CodeDeleted, CodeUpdated
from scanly.kernel.events import Envelope
from scanly.services.media.service import MediaService


async def on_code(
    service: MediaService, event: Envelope[CodeCreated] | Envelope[CodeUpdated] | Envelope[CodeDeleted]
) -> None:
    """A code may use files."""
    await service.note_code(event)
