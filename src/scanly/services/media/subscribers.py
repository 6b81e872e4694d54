"""Events that media consumes."""

from collections.abc import Sequence

from scanly.contracts.qr import CodeCreated, CodeDeleted, CodeUpdated, LookChanged
from scanly.kernel.events import Envelope
from scanly.services.media.service import MediaService


async def on_code(
    service: MediaService, event: Envelope[CodeCreated] | Envelope[CodeUpdated] | Envelope[CodeDeleted]
) -> None:
    """A code may use files."""
    await service.note_code(event)


async def on_new_codes(service: MediaService, events: Sequence[Envelope[CodeCreated]]) -> None:
    """Some of many new codes may use files."""
    for event in events:
        await service.note_code(event)


async def on_look(service: MediaService, event: Envelope[LookChanged]) -> None:
    """A kept look may use files."""
    await service.note_look(event)
