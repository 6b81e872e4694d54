"""Who a session is: asked by the gateway for every caller it does not remember."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.contracts.auth import Identity, Membership, Role
from scanly.kernel.db import system_scope
from scanly.services.auth import repository
from scanly.services.auth.domain.tokens import session_token_hash
from scanly.services.auth.models import SessionRow, UserRow
from scanly.services.auth.service.grants import is_alive, renewed
from scanly.services.auth.service.parts import Parts

_NOTED_EVERY: Final = timedelta(minutes=1)


class Access:
    """Finds identities."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @system_scope("a cookie is all that is known of its session")
    async def by_cookie(self, token: str) -> Identity | None:
        async with self._parts.db.system() as session:
            return await self._identity(session, await repository.session_by_token(session, session_token_hash(token)))

    @system_scope("a session id is all that is known of its user")
    async def by_session(self, session_id: UUID) -> Identity | None:
        async with self._parts.db.system() as session:
            return await self._identity(session, await repository.session_by_id(session, session_id))

    async def _identity(self, session: AsyncSession, found: Row[SessionRow, UserRow] | None) -> Identity | None:
        now = self._parts.clock.now()
        if found is None or not is_alive(found[0], now):
            return None
        row, user = found
        await self._note_use(session, row, now)
        return Identity(
            session_id=row.id,
            user_id=user.id,
            email_confirmed=user.email_confirmed_at is not None,
            is_operator=user.is_operator,
            memberships=tuple(
                Membership(
                    workspace_id=workspace.id, name=workspace.name, time_zone=workspace.time_zone, role=Role(role)
                )
                for workspace, role in await repository.memberships(session, user.id)
            ),
        )

    async def _note_use(self, session: AsyncSession, row: SessionRow, now: datetime) -> None:
        if now - row.last_used_at >= _NOTED_EVERY:
            await repository.touch_session(session, row.id, now, renewed(row, now))
