"""Background work of qr."""

from uuid import UUID

from scanly.kernel.telemetry import get_logger
from scanly.services.qr.service import QrService

log = get_logger(__name__)


async def purge_deleted(service: QrService) -> None:
    """Remove codes for good that were deleted long ago."""
    if removed := await service.purge():
        log.info("codes_purged", removed=removed)
    await service.purge_imports()


async def tell_looks(service: QrService) -> None:
    """Tell which files the looks show that are older than the events about them."""
    if told := await service.looks.tell():
        log.info("looks_told", told=told)


async def finish_transfer(service: QrService, workspace_id: str, to_workspace_id: str) -> None:
    """Take along what a transfer left behind that died in the middle."""
    await service.finish_transfer(UUID(workspace_id), UUID(to_workspace_id))


async def run_import(service: QrService, workspace_id: str, import_id: str) -> None:
    """Make codes of a sheet for some seconds."""
    await service.run_import(UUID(workspace_id), UUID(import_id))


async def undo_import(service: QrService, workspace_id: str, import_id: str) -> None:
    """Take back what an import made."""
    await service.take_back(UUID(workspace_id), UUID(import_id))
