"""Names, uses, deletion, and clearing up."""

from datetime import timedelta
from uuid import UUID

from scanly.contracts.media import FileInUse
from scanly.contracts.qr import CodeCreated, CodeDeleted, CodeUpdated, LookChanged
from scanly.kernel.db import system_scope
from scanly.kernel.events import Envelope, first_time
from scanly.kernel.http import check_version
from scanly.kernel.search import searchable
from scanly.services.media import repository
from scanly.services.media.domain import KEEP_DELETED, UPLOAD_LIFETIME, file_name, object_owner
from scanly.services.media.schemas import FileBody, FilePatch, Use
from scanly.services.media.service.reading import no_such_file
from scanly.services.media.service.uploads import Uploads

USES_GROUP = "media.code_uses"
LOOKS_GROUP = "media.look_uses"

_SETTLED = timedelta(days=1)
"""Age from which an object without a row is nobody's: what is being taken in is younger, and so are downloads."""
_AT_ONCE = 500


class MediaService(Uploads):
    """All use cases of media."""

    async def change(self, workspace_id: UUID, file_id: UUID, patch: FilePatch, *, if_match: str | None) -> FileBody:
        """Rename a file or describe it. Its address stays."""
        async with self._db.begin(workspace_id) as session:
            row = await self._locked(session, workspace_id, file_id)
            check_version(if_match, row.version)
            given = patch.model_fields_set
            name = file_name(patch.name, row.media_type) if patch.name is not None else row.name
            alt = (patch.alt or "") if "alt" in given else row.alt
            if (name, alt) != (row.name, row.alt):
                row.name, row.alt = name, alt
                row.search = searchable(f"{name}\n{alt}")
                row.updated_at = self._clock.now()
                row.version += 1
        return await self._body(row)

    async def delete(
        self, workspace_id: UUID, file_id: UUID, *, force: bool, forever: bool, if_match: str | None
    ) -> None:
        """Delete a file; ``restore`` undoes it for 30 days, unless ``forever``. ``FileInUse`` unless ``force``."""
        async with self._db.begin(workspace_id) as session:
            row = await self._locked(session, workspace_id, file_id, deleted=forever)
            check_version(if_match, row.version)
            uses = await repository.uses(session, workspace_id, [file_id])
            if uses and not force:
                raise _in_use([Use.of(use) for use in uses])
            if forever:
                await session.delete(row)
            else:
                row.deleted_at = row.updated_at = self._clock.now()
                row.version += 1

    async def restore(self, workspace_id: UUID, file_id: UUID) -> FileBody:
        """Bring a deleted file back; ``FileNotFound`` when it is gone, ``QuotaExceeded``. Twice changes nothing."""
        async with self._db.begin(workspace_id) as session:
            row = await self._locked(session, workspace_id, file_id, deleted=True)
            if row.deleted_at is not None:
                if row.deleted_at < self._clock.now() - KEEP_DELETED:
                    raise no_such_file()
                await self._check_room(session, workspace_id, row.size)
                row.deleted_at = None
                row.updated_at = self._clock.now()
                row.version += 1
        return await self._body(row)

    async def note_code(self, event: Envelope[CodeCreated] | Envelope[CodeUpdated] | Envelope[CodeDeleted]) -> None:
        """Remember which files a code uses now."""
        code = event.data
        if isinstance(code, CodeCreated) and not code.file_ids:
            return  # most codes; and nothing was noted of a new one
        name, file_ids = ("", ()) if isinstance(code, CodeDeleted) else (code.name, code.file_ids)
        async with self._db.begin(code.workspace_id) as session:
            if await first_time(session, f"{USES_GROUP}.{code.topic.partition('.')[2]}", event.id):
                await repository.set_uses(
                    session, code.workspace_id, file_ids, kind="qr_code", user_id=code.code_id, name=name
                )

    async def note_look(self, event: Envelope[LookChanged]) -> None:
        """Remember which files a kept look shows now; a deleted one shows none."""
        look = event.data
        async with self._db.begin(look.workspace_id) as session:
            if await first_time(session, LOOKS_GROUP, event.id):
                await repository.set_uses(
                    session,
                    look.workspace_id,
                    look.file_ids,
                    kind=look.kind.value,
                    user_id=look.look_id,
                    name=look.name,
                )

    @system_scope("removes what was deleted long ago, in all workspaces")
    async def purge(self) -> int:
        """Remove files for good whose 30 days are over, and uploads that ended; return the number of files."""
        now = self._clock.now()
        async with self._db.system() as session:
            return await repository.purge(session, now - KEEP_DELETED, now)

    @system_scope("looks for the rows of objects in the store, in all workspaces")
    async def sweep(self) -> int:
        """Delete objects that no row names: of removed files, replaced content, of what broke off; return how many."""
        now = self._clock.now()
        stale = [
            stored.key
            async for stored in self._storage.list("media-uploads")
            if stored.modified_at < now - UPLOAD_LIFETIME - _SETTLED
        ]
        batch: list[tuple[str, UUID, UUID]] = []
        async for stored in self._storage.list("media"):
            owner = object_owner(stored.key)
            if owner is not None and stored.modified_at < now - _SETTLED:
                batch.append((stored.key, *owner))
            if len(batch) >= _AT_ONCE:
                stale += await self._unnamed(batch)
                batch = []
        stale += await self._unnamed(batch)
        for key in stale:
            await self._storage.delete(key)
        return len(stale)

    @system_scope("looks for the rows of objects in the store, in all workspaces")
    async def _unnamed(self, batch: list[tuple[str, UUID, UUID]]) -> list[str]:
        if not batch:
            return []
        async with self._db.system() as session:
            present = await repository.object_ids(session, {file_id for _, file_id, _ in batch})
        return [key for key, file_id, object_id in batch if present.get(file_id) != object_id]


def _in_use(uses: list[Use]) -> FileInUse:
    names = ", ".join(f"“{use.name}”" for use in uses[:3])
    more = f" and {len(uses) - 3} more" if len(uses) > 3 else ""
    without = "visitors then find nothing" if any(use.kind == "qr_code" for use in uses) else "new codes then lack it"
    words = (
        f"This file is used by {names}{more}. Choose another file there first, or delete it all the same: {without}."
    )
    return FileInUse(words, extra={"uses": [use.model_dump(mode="json") for use in uses]})
