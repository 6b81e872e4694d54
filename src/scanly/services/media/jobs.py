"""Scheduled work of media."""

from scanly.kernel.telemetry import get_logger
from scanly.services.media.service import MediaService

log = get_logger(__name__)


async def purge_deleted(service: MediaService) -> None:
    """Remove files for good that were deleted long ago, and bytes that belong to nothing."""
    removed, swept = await service.purge(), await service.sweep()
    if removed or swept:
        log.info("files_purged", removed=removed, objects=swept)
