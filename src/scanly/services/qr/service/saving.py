"""Saving codes: the events about it, and what the database may have against it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.contracts.qr import CodeCreated, CodeKind, CodeUpdated, ExternalIdTaken
from scanly.kernel.errors import FieldFault, Invalid
from scanly.kernel.idempotency import key_forgotten
from scanly.services.qr import repository
from scanly.services.qr.domain import used_files
from scanly.services.qr.models import CodeRow


def created(row: CodeRow) -> CodeCreated:
    """Return the event that there is a new code."""
    return CodeCreated(
        workspace_id=row.workspace_id,
        code_id=row.id,
        link_id=row.link_id,
        kind=CodeKind(row.kind),
        name=row.name,
        file_ids=used_files(row.content, row.design),
    )


def updated(row: CodeRow) -> CodeUpdated:
    """Return the event that a code changed."""
    return CodeUpdated(
        workspace_id=row.workspace_id,
        code_id=row.id,
        link_id=row.link_id,
        name=row.name,
        archived=row.archived_at is not None,
        file_ids=used_files(row.content, row.design),
    )


async def require_folder(session: AsyncSession, workspace_id: UUID, folder_id: UUID | None) -> None:
    """Raise a fault at ``/folder_id`` when the workspace has no such folder."""
    if folder_id is not None and await repository.folder(session, workspace_id, folder_id) is None:
        raise no_such_folder("/folder_id")


def no_such_folder(pointer: str) -> Invalid:
    """Return the fault of a folder that is not there, or not in this workspace."""
    words = "There is no such folder in this workspace. Choose another one, or leave it out."
    return Invalid(words, errors=[FieldFault(pointer, "folder_not_found", words)])


@asynccontextmanager
async def saving() -> AsyncIterator[None]:
    try:
        yield
    except IntegrityError as error:
        if "pk_codes" in str(error.orig):
            raise key_forgotten() from error
        if "fk_codes_folder_id" in str(error.orig):
            raise no_such_folder("/folder_id") from error
        if "uq_codes_external_id" not in str(error.orig):
            raise
        raise external_id_taken() from error


def external_id_taken() -> ExternalIdTaken:
    """Return the fault of an id that another code has."""
    words = "Another code of this workspace has this external_id. Use another one, or change that code."
    return ExternalIdTaken(words, errors=[FieldFault("/external_id", "taken", words)])
