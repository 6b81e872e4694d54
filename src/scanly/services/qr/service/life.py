"""From pause and archive to removal."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from scanly.contracts.qr import CodeDeleted, CodeIsFixed, CodeIsKept
from scanly.contracts.routing import LinkUpdated
from scanly.kernel.db import system_scope
from scanly.kernel.events import Envelope, append, first_time
from scanly.kernel.http import check_version
from scanly.services.qr import repository
from scanly.services.qr.domain import KEEP_DELETED
from scanly.services.qr.models import CodeRow
from scanly.services.qr.schemas import CodeBody, version_of
from scanly.services.qr.service.folders import Folders
from scanly.services.qr.service.reading import no_such_code
from scanly.services.qr.service.saving import saving, updated

LINK_STATUS_GROUP = "qr.link_status"


class Life(Folders):
    """Use cases from pause and archive to removal."""

    async def set_paused(self, workspace_id: UUID, code_id: UUID, *, paused: bool) -> CodeBody:
        """Pause or resume a dynamic code; ``CodeIsFixed`` for a fixed one, which nobody can stop."""
        row = await self._row(workspace_id, code_id)
        if row.link_id is None:
            raise CodeIsFixed(
                "A fixed code works without us, so it cannot be paused. Archive it, or make a dynamic one."
            )
        link = await self._routing.set_paused(workspace_id=workspace_id, link_id=row.link_id, paused=paused)
        async with self._db.begin(workspace_id) as session:
            await repository.note_link_status(session, workspace_id, link.id, link.status.value)
        return CodeBody.of(row, link)

    async def set_archived(self, workspace_id: UUID, code_id: UUID, *, archived: bool) -> CodeBody:
        """Put a code away or take it out again; its visitors notice nothing. Doing it twice changes nothing."""
        async with self._db.begin(workspace_id) as session:
            row = await self._locked(session, workspace_id, code_id)
            if (row.archived_at is not None) != archived:
                row.archived_at = self._clock.now() if archived else None
                await self._touch(session, row)
        return await self._body(row)

    async def delete(self, workspace_id: UUID, code_id: UUID, *, if_match: str | None) -> None:
        """End a code: visitors get 410. ``restore`` undoes it for 30 days."""
        row = await self._row(workspace_id, code_id)
        check_version(if_match, version_of(row, await self._link(row)))
        if row.link_id is not None:
            await self._routing.remove(workspace_id=workspace_id, link_ids=[row.link_id])
        async with self._db.begin(workspace_id) as session:
            row = await self._locked(session, workspace_id, code_id)
            self._mark_deleted(row)
            await append(session, CodeDeleted(workspace_id=workspace_id, code_id=row.id, link_id=row.link_id))

    async def remove_for_good(self, workspace_id: UUID, code_id: UUID) -> None:
        """Remove a code from the trash before its time; ``CodeIsKept`` for one that was not deleted."""
        async with self._db.begin(workspace_id) as session:
            row = await self._locked(session, workspace_id, code_id, deleted=True)
            if row.deleted_at is None:
                raise CodeIsKept("This code is in use. Delete it first; then it can be removed for good.")
            await repository.remove_for_good(session, workspace_id, code_id)

    async def restore(self, workspace_id: UUID, code_id: UUID) -> CodeBody:
        """Bring back a deleted code as it was, or take an archived one out; ``CodeNotFound`` when it is gone."""
        async with self._db.begin(workspace_id) as session:
            row = await repository.code(session, workspace_id, code_id)
        if row is None or (row.deleted_at and row.deleted_at < self._clock.now() - KEEP_DELETED):
            raise no_such_code()
        if row.deleted_at is None:
            return await self.set_archived(workspace_id, code_id, archived=False)
        if row.link_id is not None:
            await self._routing.restore(workspace_id=workspace_id, link_ids=[row.link_id])
        async with saving(), self._db.begin(workspace_id) as session:
            row = await self._locked(session, workspace_id, code_id, deleted=True)
            if row.deleted_at is not None:
                row.deleted_at = None
                await self._touch(session, row)
        return await self._body(row)

    async def note_link(self, event: Envelope[LinkUpdated]) -> None:
        """Remember the state of a code's link, for the filter by status."""
        link = event.data
        async with self._db.begin(link.workspace_id) as session:
            if await first_time(session, LINK_STATUS_GROUP, event.id):
                await repository.note_link_status(session, link.workspace_id, link.link_id, link.status.value)

    @system_scope("removes what was deleted long ago, in all workspaces")
    async def purge(self) -> int:
        """Remove codes for good whose 30 days are over; return how many. Their addresses stay taken, in routing."""
        async with self._db.system() as session:
            return await repository.purge(session, self._clock.now() - KEEP_DELETED)

    async def _locked(
        self, session: AsyncSession, workspace_id: UUID, code_id: UUID, *, deleted: bool = False
    ) -> CodeRow:
        row = await repository.code(session, workspace_id, code_id, lock=True)
        if row is None or (row.deleted_at is not None and not deleted):
            raise no_such_code()
        return row

    def _mark_deleted(self, row: CodeRow) -> None:
        row.deleted_at = row.updated_at = self._clock.now()
        row.version += 1

    async def _touch(self, session: AsyncSession, row: CodeRow) -> None:
        row.updated_at = self._clock.now()
        row.version += 1
        await session.flush()
        await append(session, updated(row))
