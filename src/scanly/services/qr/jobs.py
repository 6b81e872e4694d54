"""Scheduled work of qr."""

from scanly.kernel.telemetry import get_logger
from scanly.services.qr.service import QrService

log = get_logger(__name__)


async def purge_deleted(service: QrService) -> None:
    """Remove codes for good that were deleted long ago."""
    if removed := await service.purge():
        log.info("codes_purged", removed=removed)
