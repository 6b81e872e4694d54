"""Making files of bytes that came in: new ones, and other content for files that are there."""

from collections.abc import AsyncIterator
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.contracts.media import FileRefused, QuotaExceeded
from scanly.kernel.errors import FieldFault
from scanly.kernel.http import check_version
from scanly.kernel.idempotency import Once, key_forgotten
from scanly.kernel.ids import new_id
from scanly.kernel.search import searchable
from scanly.services.media import repository
from scanly.services.media.domain import file_name, object_key, size_words
from scanly.services.media.inspection import Inspected
from scanly.services.media.models import FileRow
from scanly.services.media.schemas import FileBody
from scanly.services.media.service.reading import Reading, no_such_file

_PDF = "application/pdf"


class Stored(NamedTuple):
    """Content in the store for a file that may not exist yet."""

    file_id: UUID
    object_id: UUID
    inspected: Inspected


class Taking(Reading):
    """Use cases that take a whole file at once."""

    async def add(
        self, workspace_id: UUID, pieces: AsyncIterator[bytes], name: str | None, alt: str, once: Once
    ) -> FileBody:
        """Keep a new file. ``FileRefused``, ``FileTooLarge``, ``QuotaExceeded``."""
        async with self._intake.inspected(pieces, "/file") as inspected:
            await self._require_room(workspace_id, inspected.size)
            file_id = once.identifier(workspace_id, "file") or new_id()
            stored = await self._store(workspace_id, file_id, inspected)
            row = self._new_row(workspace_id, stored, name, alt)
        try:
            async with self._db.begin(workspace_id) as session:
                if (answer := await once.stored(session, workspace_id)) is not None:
                    return FileBody.model_validate(answer)
                await self._check_room(session, workspace_id, row.size)
                session.add(row)
                await session.flush()
                body = FileBody.of(row, (), self._base)
                await once.store(session, workspace_id, body.model_dump(mode="json"))
        except IntegrityError as error:
            if "pk_files" not in str(error.orig):
                raise
            raise key_forgotten() from error
        return body

    async def replace(
        self, workspace_id: UUID, file_id: UUID, pieces: AsyncIterator[bytes], *, if_match: str | None
    ) -> FileBody:
        """Give a file other content: address, name and uses stay. A picture stays a picture, a PDF a PDF."""
        row = await self._row(workspace_id, file_id)
        check_version(if_match, row.version)
        async with self._intake.inspected(pieces, "/file") as inspected:
            _check_kind(row, inspected)
            await self._require_room(workspace_id, inspected.size - row.size)
            stored = await self._store(workspace_id, file_id, inspected)
        async with self._db.begin(workspace_id) as session:
            row = await self._locked(session, workspace_id, file_id)
            check_version(if_match, row.version)
            await self._take_content(session, row, stored)
        return await self._body(row)

    async def _store(self, workspace_id: UUID, file_id: UUID, inspected: Inspected) -> Stored:
        """Put the bytes into the store, where nothing refers to them yet."""
        stored = Stored(file_id, new_id(), inspected)
        await self._storage.put_file(object_key(workspace_id, file_id, stored.object_id), inspected.path)
        return stored

    async def _take_content(self, session: AsyncSession, row: FileRow, stored: Stored) -> None:
        """Give a locked row other content; what it had is swept away a day later."""
        _check_kind(row, stored.inspected)
        await self._check_room(session, row.workspace_id, stored.inspected.size - row.size)
        self._fill(row, stored, row.name)
        row.version += 1

    def _new_row(self, workspace_id: UUID, stored: Stored, name: str | None, alt: str) -> FileRow:
        row = FileRow(id=stored.file_id, workspace_id=workspace_id, alt=alt, version=1, created_at=self._clock.now())
        self._fill(row, stored, name)
        return row

    def _fill(self, row: FileRow, stored: Stored, name: str | None) -> None:
        inspected = stored.inspected
        found = inspected.found
        row.name = file_name(name, found.media_type)
        row.search = searchable(f"{row.name}\n{row.alt}")
        row.media_type = found.media_type
        row.size = inspected.size
        row.width, row.height, row.pages = found.width, found.height, found.pages
        row.content_hash = inspected.content_hash
        row.object_id = stored.object_id
        row.updated_at = self._clock.now()

    async def _require_room(self, workspace_id: UUID, more: int) -> None:
        """Raise ``QuotaExceeded`` before anything is stored for nothing."""
        async with self._db.begin(workspace_id) as session:
            self._compare(await repository.room(session, workspace_id), more)

    async def _check_room(self, session: AsyncSession, workspace_id: UUID, more: int) -> None:
        """Raise ``QuotaExceeded``; until the transaction ends nobody else of the workspace can take the same room."""
        self._compare(await repository.room(session, workspace_id, lock=True), more)

    def _compare(self, room: repository.Room, more: int) -> None:
        """Deleted files do not count, but may take as much again, so that deleting is no way to fill a disk."""
        quota = self._intake.quota
        if room.used + more > quota and more > 0:
            words = (
                f"There is room for {size_words(quota)} of files; {size_words(room.used)} are taken and this needs "
                f"{size_words(more)}. Delete files that are not used, or upload a smaller one."
            )
            raise QuotaExceeded(words)
        if room.used + room.deleted + more > 2 * quota and more > 0:
            words = (
                f"Deleted files still take {size_words(room.deleted)} for 30 days, and there is no room for more. "
                "Delete some of them for good."
            )
            raise QuotaExceeded(words)

    async def _locked(
        self, session: AsyncSession, workspace_id: UUID, file_id: UUID, *, deleted: bool = False
    ) -> FileRow:
        row = await repository.file(session, workspace_id, file_id, lock=True)
        if row is None or (row.deleted_at is not None and not deleted):
            raise no_such_file()
        return row


def _check_kind(row: FileRow, inspected: Inspected) -> None:
    """Codes that show a picture must not find a document in its place."""
    if (row.media_type == _PDF) != (inspected.found.media_type == _PDF):
        has, wants = ("a PDF", "picture") if row.media_type == _PDF else ("a picture", "PDF")
        words = (
            f"This file is {has} and can only be replaced by another one. Upload the {wants} as a new file and choose "
            "it where this one is used."
        )
        raise FileRefused(words, errors=[FieldFault("/file", "other_kind", words)])
