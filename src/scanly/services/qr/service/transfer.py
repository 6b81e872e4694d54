"""Giving codes to another workspace of the same person.

Routing has the address and qr the code, and no transaction spans both. So the codes are first marked as moving, which
hides them for the moment, together with a job that finishes the work should this process die in the middle of it.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from scanly.contracts.auth import Role
from scanly.contracts.qr import CodeDeleted, CodeHasFiles
from scanly.kernel.db import system_scope
from scanly.kernel.errors import FieldFault, Forbidden, Invalid, ScanlyError
from scanly.kernel.events import append
from scanly.kernel.idempotency import Once
from scanly.kernel.jobs import enqueue
from scanly.services.qr import repository
from scanly.services.qr.domain import used_files
from scanly.services.qr.schemas import CodeBody
from scanly.services.qr.service.life import Life
from scanly.services.qr.service.reading import no_such_code
from scanly.services.qr.service.saving import created, external_id_taken

FINISH_JOB = "qr.finish_transfer"

_FINISH_AFTER = timedelta(minutes=1)
_MAY_CHANGE = frozenset({Role.OWNER, Role.ADMIN, Role.EDITOR})


class Transfers(Life):
    """Use cases of giving codes away."""

    async def transfer(self, workspace_id: UUID, user_id: UUID, code_id: UUID, to: UUID, once: Once) -> CodeBody:
        """Give one code to another workspace and return it as it is there."""
        async with self._db.begin(workspace_id) as session:
            if (answer := await once.stored(session, workspace_id)) is not None:
                return CodeBody.model_validate(answer)
        refused = await self.transfer_many(workspace_id, user_id, [code_id], to)
        if code_id in refused:
            raise refused[code_id]
        body = await self.get(to, code_id)
        async with self._db.begin(workspace_id) as session:
            await once.stored(session, workspace_id)
            await once.store(session, workspace_id, body.model_dump(mode="json"))
        return body

    async def transfer_many(
        self, workspace_id: UUID, user_id: UUID, code_ids: Sequence[UUID], to: UUID
    ) -> dict[UUID, ScanlyError]:
        """Give codes to another workspace; return why for each that stays.

        Address, content, look and tags go along. A folder does not, since it belongs to the old workspace; nor do the
        counts: what was scanned there stays in the figures of the old workspace. ``Forbidden`` unless the person may
        change codes in the other workspace too.
        """
        await self._require_editor(user_id, workspace_id, to)
        refused: dict[UUID, ScanlyError] = {}
        async with self._db.begin(workspace_id) as session:
            rows = {row.id: row for row in await repository.lock_codes(session, workspace_id, code_ids)}
        wanted = [row.external_id for row in rows.values() if row.external_id is not None]
        async with self._db.begin(to) as session:
            taken = await repository.taken_external_ids(session, to, wanted)
        async with self._db.begin(workspace_id) as session:
            locked = {row.id: row for row in await repository.lock_codes(session, workspace_id, code_ids)}
            for code_id in code_ids:
                row = locked.get(code_id)
                if row is None or row.deleted_at is not None:
                    refused[code_id] = no_such_code()
                elif used_files(row.content, row.design):
                    refused[code_id] = _uses_files()
                elif row.external_id in taken:
                    refused[code_id] = external_id_taken()
                else:
                    row.moving_to = to
            await session.flush()
            await enqueue(
                session,
                FINISH_JOB,
                scheduled_at=self._clock.now() + _FINISH_AFTER,
                workspace_id=str(workspace_id),
                to_workspace_id=str(to),
            )
        await self.finish_transfer(workspace_id, to)
        return refused

    @system_scope("codes go from one tenant to another")
    async def finish_transfer(self, workspace_id: UUID, to: UUID) -> None:
        """Take all codes along that are marked as moving from one workspace to another; safe to repeat."""
        async with self._db.begin(workspace_id) as session:
            links = await repository.moving_links(session, workspace_id, to)
        if links:
            await self._routing.transfer(workspace_id=workspace_id, to_workspace_id=to, link_ids=links)
        async with self._db.system() as session:
            rows = await repository.lock_moving(session, workspace_id, to)
            taken = await repository.taken_external_ids(session, to, [row.external_id for row in rows])
            now = self._clock.now()
            for row in rows:
                if row.link_id is not None and row.link_id not in links:
                    continue  # marked after the look above; its own call takes it along
                row.workspace_id, row.moving_to, row.folder_id = to, None, None
                row.external_id = None if row.external_id in taken else row.external_id
                row.updated_at = now
                row.version += 1
            await session.flush()
            for row in rows:
                if row.workspace_id == to:
                    await append(session, CodeDeleted(workspace_id=workspace_id, code_id=row.id, link_id=row.link_id))
                    await append(session, created(row))

    async def _require_editor(self, user_id: UUID, workspace_id: UUID, to: UUID) -> None:
        if to == workspace_id:
            words = "The code is in this workspace already. Choose another one."
            raise Invalid(words, errors=[FieldFault("/workspace_id", "same_workspace", words)])
        membership = await self._auth.membership(user_id=user_id, workspace_id=to)
        if membership is None:
            words = "You do not belong to such a workspace. Choose one of yours."
            raise Invalid(words, errors=[FieldFault("/workspace_id", "workspace_unknown", words)])
        if membership.role not in _MAY_CHANGE:
            raise Forbidden("You may look at that workspace but not change it. Ask its owner for more rights.")


def _uses_files() -> CodeHasFiles:
    words = "This code uses a file of this workspace. Upload the file in the other one and make the code there anew."
    return CodeHasFiles(words)
