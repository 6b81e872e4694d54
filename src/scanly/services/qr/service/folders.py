"""Folders and tags: how people keep many codes apart."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from scanly.contracts.qr import FolderNameTaken, FolderNotFound
from scanly.kernel.errors import FieldFault, Invalid
from scanly.kernel.idempotency import Once, key_forgotten
from scanly.kernel.ids import new_id
from scanly.kernel.search import searchable
from scanly.services.qr import repository
from scanly.services.qr.domain import MOST_FOLDERS
from scanly.services.qr.models import FolderRow
from scanly.services.qr.schemas import FolderBody, TagBody
from scanly.services.qr.service.writing import Writing


class Folders(Writing):
    """Use cases about folders and tags."""

    async def folders(self, workspace_id: UUID) -> list[FolderBody]:
        """Return all folders of the workspace by name."""
        async with self._db.begin(workspace_id) as session:
            return [FolderBody.of(row, codes) for row, codes in await repository.folders(session, workspace_id)]

    async def create_folder(self, workspace_id: UUID, name: str, once: Once) -> FolderBody:
        """Make a folder; ``FolderNameTaken``, or ``Invalid`` when there are too many."""
        now = self._clock.now()
        row = FolderRow(
            id=once.identifier(workspace_id, "folder") or new_id(),
            workspace_id=workspace_id,
            name=name,
            search=searchable(name),
            created_at=now,
            updated_at=now,
        )
        async with _naming(), self._db.begin(workspace_id) as session:
            if (answer := await once.stored(session, workspace_id)) is not None:
                return FolderBody.model_validate(answer)
            if await repository.count_folders(session, workspace_id) >= MOST_FOLDERS:
                words = f"A workspace has {MOST_FOLDERS} folders at most. Delete one, or use tags."
                raise Invalid(words, errors=[FieldFault("", "too_many", words)])
            session.add(row)
            await session.flush()
            body = FolderBody.of(row, 0)
            await once.store(session, workspace_id, body.model_dump(mode="json"))
        return body

    async def rename_folder(self, workspace_id: UUID, folder_id: UUID, name: str | None) -> FolderBody:
        """Give a folder another name; ``FolderNotFound``, ``FolderNameTaken``."""
        async with _naming(), self._db.begin(workspace_id) as session:
            row = _required(await repository.folder(session, workspace_id, folder_id, lock=True))
            if name is not None and name != row.name:
                row.name, row.search, row.updated_at = name, searchable(name), self._clock.now()
                await session.flush()
            return FolderBody.of(row, await repository.codes_in_folder(session, workspace_id, folder_id))

    async def delete_folder(self, workspace_id: UUID, folder_id: UUID) -> None:
        """Delete a folder; its codes stay, in no folder. ``FolderNotFound``."""
        async with self._db.begin(workspace_id) as session:
            _required(await repository.folder(session, workspace_id, folder_id, lock=True))
            await repository.remove_folder(session, workspace_id, folder_id, self._clock.now())

    async def tags(self, workspace_id: UUID) -> list[TagBody]:
        """Return the tags of the workspace's codes, each with the number of codes."""
        async with self._db.begin(workspace_id) as session:
            return [TagBody(tag=tag, codes=codes) for tag, codes in await repository.tags(session, workspace_id)]


def _required(row: FolderRow | None) -> FolderRow:
    if row is None:
        raise FolderNotFound("There is no such folder in this workspace. It may have been deleted.")
    return row


@asynccontextmanager
async def _naming() -> AsyncIterator[None]:
    try:
        yield
    except IntegrityError as error:
        if "pk_folders" in str(error.orig):
            raise key_forgotten() from error
        if "uq_folders_name" not in str(error.orig):
            raise
        words = "Another folder of this workspace has this name. Choose another name."
        raise FolderNameTaken(words, errors=[FieldFault("/name", "taken", words)]) from error
