"""Background work of qr."""

from uuid import UUID

from scanly.kernel.telemetry import get_logger
from scanly.services.qr.service import QrService

log = get_logger(__name__)


async def purge_deleted(service: QrService) -> None:
    """Remove codes for good that were deleted long ago."""
    if removed := await service.purge():
        log.info("codes_purged", removed=removed)


async def finish_transfer(service: QrService, workspace_id: str, to_workspace_id: str) -> None:
    """Take along what a transfer left behind that died in the middle."""
    await service.finish_transfer(UUID(workspace_id), UUID(to_workspace_id))
