"""Uploads in parts: signed, so that they need no credentials, and gone on with where they broke off.

A part is in the store before the row says so, and the row names each part, so killing a process at any moment leaves an
upload that goes on from the offset it tells. Whoever sends the last part again gets the same file.
"""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from scanly.contracts.media import FileRefused, FileTooLarge, UploadConflict, UploadEnded
from scanly.kernel.errors import FieldFault, Invalid, NotFound, ScanlyError, TooLarge, Unauthenticated
from scanly.kernel.idempotency import Once
from scanly.kernel.ids import encode_id, new_id
from scanly.services.media import repository
from scanly.services.media.domain import PART_SIZE, UPLOAD_LIFETIME, part_key, size_words
from scanly.services.media.models import UploadRow
from scanly.services.media.schemas import FileBody, UploadBody, UploadCreate
from scanly.services.media.service.reading import no_such_file
from scanly.services.media.service.taking import Stored, Taking


@dataclass(frozen=True, slots=True)
class Signature:
    """What a signed address carries."""

    workspace_id: UUID
    expires: int
    """Seconds since 1970."""
    value: str


class Uploads(Taking):
    """Use cases of uploads in parts."""

    async def start_upload(self, workspace_id: UUID, new: UploadCreate, once: Once) -> UploadBody:
        """Begin an upload. ``FileTooLarge``, ``QuotaExceeded``, ``FileNotFound`` for what it should replace."""
        self._intake.check_size(new.size, "/size")
        replaced = 0
        if new.replaces is not None:
            replaced = (await self._row(workspace_id, new.replaces)).size
        await self._require_room(workspace_id, new.size - replaced)
        now = self._clock.now()
        row = UploadRow(
            id=new_id(),
            workspace_id=workspace_id,
            name=new.name,
            alt=new.alt,
            size=new.size,
            received=0,
            parts=[],
            replaces=new.replaces,
            created_at=now,
            expires_at=now + UPLOAD_LIFETIME,
        )
        async with self._db.begin(workspace_id) as session:
            if (answer := await once.stored(session, workspace_id)) is not None:
                return UploadBody.model_validate(answer)
            session.add(row)
            body = UploadBody(
                id=row.id,
                url=self._signed_path(row),
                part_size=PART_SIZE,
                offset=0,
                size=row.size,
                expires_at=row.expires_at,
            )
            await once.store(session, workspace_id, body.model_dump(mode="json"))
        return body

    async def upload(self, upload_id: UUID, signed: Signature) -> UploadRow:
        """Return how far an upload is. ``Unauthenticated`` for a wrong signature, ``UploadEnded``."""
        self._check(upload_id, signed)
        async with self._db.begin(signed.workspace_id) as session:
            row = await repository.upload(session, signed.workspace_id, upload_id)
        if row is None:
            raise _ended()
        return row

    async def take_part(self, upload_id: UUID, signed: Signature, offset: int, part: bytes) -> FileBody | int:
        """Keep the part that begins at ``offset``; return where the next one begins, or the file after the last one.

        ``UploadConflict`` tells the right offset. A file that is refused ends its upload.
        """
        row = await self.upload(upload_id, signed)
        if row.file_id is not None:
            return await self.get(row.workspace_id, row.file_id)
        _check_part(row, offset, part)
        if part:
            row = await self._keep_part(row, offset, part)
        if row.received < row.size:
            return row.received
        return await self._finish(row)

    async def cancel_upload(self, upload_id: UUID, signed: Signature) -> None:
        """Forget an upload and its parts; fine when it is over already."""
        self._check(upload_id, signed)
        await self._forget(signed.workspace_id, upload_id)

    async def _keep_part(self, row: UploadRow, offset: int, part: bytes) -> UploadRow:
        key = part_key(row.id, new_id())
        await self._storage.put(key, part)
        async with self._db.begin(row.workspace_id) as session:
            locked = await repository.upload(session, row.workspace_id, row.id, lock=True)
            kept = locked is not None and locked.received == offset
            if locked is not None and kept:
                locked.parts = [*locked.parts, key]
                locked.received += len(part)
        if locked is not None and kept:
            return locked
        await self._storage.delete(key)  # the same part came twice at once; the other one was faster
        raise _ended() if locked is None else _elsewhere(locked.received)

    async def _finish(self, row: UploadRow) -> FileBody:
        try:
            async with self._intake.inspected(self._pieces(row.parts), "/file") as inspected:
                stored = await self._store(row.workspace_id, row.replaces or new_id(), inspected)
            body = await self._make_file(row, stored)
        except NotFound:
            return await self._finished_by_another(row)
        except (FileRefused, FileTooLarge):
            await self._forget(row.workspace_id, row.id)
            raise
        await self._delete_parts(row.parts)
        return body

    async def _make_file(self, upload: UploadRow, stored: Stored) -> FileBody:
        file_id = stored.file_id
        async with self._db.begin(upload.workspace_id) as session:
            locked = await repository.upload(session, upload.workspace_id, upload.id, lock=True)
            if locked is None:
                raise _ended()
            if locked.file_id is not None:
                file_id = locked.file_id
            elif upload.replaces is not None:
                row = await self._locked(session, upload.workspace_id, upload.replaces)
                await self._take_content(session, row, stored)
            else:
                await self._check_room(session, upload.workspace_id, stored.inspected.size)
                session.add(self._new_row(upload.workspace_id, stored, upload.name, upload.alt))
            locked.file_id = file_id
        return await self.get(upload.workspace_id, file_id)

    async def _finished_by_another(self, row: UploadRow) -> FileBody:
        """Return the file when another request, or another process, made it of the same parts meanwhile."""
        async with self._db.begin(row.workspace_id) as session:
            now = await repository.upload(session, row.workspace_id, row.id)
        if now is None:
            raise _ended()
        if now.file_id is None:
            raise no_such_file()
        return await self.get(row.workspace_id, now.file_id)

    async def _pieces(self, parts: list[str]) -> AsyncIterator[bytes]:
        for key in parts:
            async for piece in self._storage.stream(key):
                yield piece

    async def _forget(self, workspace_id: UUID, upload_id: UUID) -> None:
        async with self._db.begin(workspace_id) as session:
            row = await repository.upload(session, workspace_id, upload_id, lock=True)
            if row is None or row.file_id is not None:
                return
            await session.delete(row)
        await self._delete_parts(row.parts)

    async def _delete_parts(self, parts: list[str]) -> None:
        with contextlib.suppress(ScanlyError):  # what stays is swept away later
            for key in parts:
                await self._storage.delete(key)

    def _signed_path(self, row: UploadRow) -> str:
        expires = int(row.expires_at.timestamp())
        signature = self._signer.sign(*_parts(row.workspace_id, row.id, expires))
        upload, workspace = encode_id("upload", row.id), encode_id("ws", row.workspace_id)
        return f"/api/v1/files/uploads/{upload}?for={workspace}&expires={expires}&signature={signature}"

    def _check(self, upload_id: UUID, signed: Signature) -> None:
        if not self._signer.is_valid(signed.value, *_parts(signed.workspace_id, upload_id, signed.expires)):
            raise Unauthenticated("This address is not signed. Begin an upload with POST /api/v1/files/uploads.")
        if signed.expires < self._clock.now().timestamp():
            raise _ended()


def _check_part(row: UploadRow, offset: int, part: bytes) -> None:
    if offset != row.received:
        raise _elsewhere(row.received)
    if len(part) > PART_SIZE:
        raise TooLarge(f"A part has {size_words(PART_SIZE)} at most. Send less at once.")
    if offset + len(part) > row.size:
        words = f"This is more than the {row.size:,} bytes that were announced. Begin a new upload."
        raise Invalid(words, errors=[FieldFault("header:Upload-Offset", "too_much", words)])
    if not part and row.received < row.size:
        words = "This part is empty. Send the bytes that begin at the offset."
        raise Invalid(words, errors=[FieldFault("", "empty", words)])


def _elsewhere(offset: int) -> UploadConflict:
    return UploadConflict(f"This upload goes on at byte {offset:,}. Send what begins there.", extra={"offset": offset})


def _ended() -> UploadEnded:
    return UploadEnded("This upload is over: it was finished, cancelled, refused, or is a day old. Begin a new one.")


def _parts(workspace_id: UUID, upload_id: UUID, expires: int) -> tuple[bytes, bytes, bytes]:
    return workspace_id.bytes, upload_id.bytes, expires.to_bytes(8, "big")
