"""Sessions: begun for a browser (a cookie) or a program (access and refresh token), found again, ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from scanly.contracts.auth import TokenRefused
from scanly.kernel.clock import Clock
from scanly.kernel.db import ServiceDatabase, system_scope
from scanly.kernel.ids import new_id
from scanly.kernel.invalidation import invalidate
from scanly.services.auth import repository
from scanly.services.auth.domain.tokens import (
    Purpose,
    new_row_secret,
    new_session_token,
    seal,
    session_token_hash,
    unseal,
)
from scanly.services.auth.keys import ACCESS_LIFETIME, SigningKeys
from scanly.services.auth.models import SessionRow

IDLE: Final = timedelta(days=30)
LONGEST: Final = timedelta(days=180)
CHANNEL: Final = "auth.session"

_GRACE: Final = timedelta(seconds=10)  # two tabs with one refresh token get the same successor
_AGENT_LENGTH: Final = 400


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who knocks: a browser or a program, from which address."""

    is_browser: bool
    address: str
    user_agent: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What the caller gets to prove the session with: a cookie, or two tokens."""

    session_id: UUID
    cookie: str | None = None
    access_token: str | None = None
    refresh_token: str | None = None
    expires_in: int = int(ACCESS_LIFETIME.total_seconds())
    """Seconds for which the access token is valid."""


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session that exists when its transaction commits, with the secret that is not stored."""

    row: SessionRow
    cookie: str | None


class Grants:
    """Begins and continues sessions."""

    def __init__(self, db: ServiceDatabase, clock: Clock, keys: SigningKeys, seal_key: bytes) -> None:
        self._db = db
        self._clock = clock
        self._keys = keys
        self._seal_key = seal_key

    def open(self, session: AsyncSession, user_id: UUID, visitor: Visitor) -> OpenedSession:
        """Begin a session of ``user_id`` in the caller's transaction."""
        now = self._clock.now()
        cookie = new_session_token() if visitor.is_browser else None
        row = SessionRow(
            id=new_id(),
            user_id=user_id,
            token_hash=session_token_hash(cookie) if cookie else None,
            refresh_secret=None if cookie else new_row_secret(),
            generation=0,
            user_agent="".join(filter(str.isprintable, visitor.user_agent))[:_AGENT_LENGTH],
            created_at=now,
            last_used_at=now,
            expires_at=now + IDLE,
        )
        session.add(row)
        return OpenedSession(row, cookie)

    async def grant(self, opened: OpenedSession) -> Grant:
        """Return what proves an opened session; after its transaction."""
        if opened.cookie is not None:
            return Grant(opened.row.id, cookie=opened.cookie)
        return await self._tokens(opened.row)

    @system_scope("a refresh token is all that is known of its session")
    async def refresh(self, refresh_token: str) -> Grant:
        """Exchange a refresh token for the next pair. A token that was exchanged before ends its session."""
        token = unseal(Purpose.REFRESH, refresh_token)
        if token is None:
            raise _refused()
        now = self._clock.now()
        async with self._db.system() as session:
            row = await repository.lock_session(session, token.identifier)
            if row is None or row.refresh_secret is None or not token.fits(self._seal_key, row.refresh_secret):
                raise _refused()
            if not is_alive(row, now):
                raise _refused()
            reused = False
            if token.generation == row.generation:
                row.generation += 1
                row.rotated_at = row.last_used_at = now
                row.expires_at = renewed(row, now)
            elif not _is_second_tab(row, token.generation, now):
                await end_sessions(session, row.user_id, now, only=row.id)
                reused = True
        if reused:
            raise TokenRefused(
                "This refresh token was used before, by you or a thief. Its session was ended: sign in again."
            )
        return await self._tokens(row)

    @system_scope("a refresh token is all that is known of its session")
    async def end_by_refresh_token(self, refresh_token: str) -> None:
        """End the session of a refresh token, of whatever generation; nothing happens if it is not ours."""
        token = unseal(Purpose.REFRESH, refresh_token)
        if token is None:
            return
        async with self._db.system() as session:
            row = await repository.lock_session(session, token.identifier)
            if row is not None and row.refresh_secret and token.fits(self._seal_key, row.refresh_secret):
                await end_sessions(session, row.user_id, self._clock.now(), only=row.id)

    async def _tokens(self, row: SessionRow) -> Grant:
        assert row.refresh_secret is not None
        access = await self._keys.sign(user_id=row.user_id, session_id=row.id)
        refresh = seal(self._seal_key, row.refresh_secret, Purpose.REFRESH, row.id, row.generation)
        return Grant(row.id, access_token=access, refresh_token=refresh)


def is_alive(row: SessionRow, now: datetime) -> bool:
    """Tell whether a session may still be used."""
    return row.revoked_at is None and row.expires_at > now


def renewed(row: SessionRow, now: datetime) -> datetime:
    """Return until when a session lives that is used now: 30 days on, at most 180 days in all."""
    return min(now + IDLE, row.created_at + LONGEST)


async def end_sessions(
    session: AsyncSession, user_id: UUID, now: datetime, *, only: UUID | None = None, keep: UUID | None = None
) -> bool:
    """End sessions of a user everywhere at commit; tell whether there was any."""
    ended = await repository.revoke_sessions(session, user_id, now, only=only, keep=keep)
    await forget_identities(session, ended)
    return bool(ended)


async def forget_identities(session: AsyncSession, session_ids: Iterable[UUID]) -> None:
    """Have every process ask again who these sessions are, after the commit."""
    for session_id in session_ids:
        await invalidate(session, CHANNEL, str(session_id))


def _is_second_tab(row: SessionRow, generation: int, now: datetime) -> bool:
    return generation == row.generation - 1 and row.rotated_at is not None and now - row.rotated_at <= _GRACE


def _refused() -> TokenRefused:
    return TokenRefused("This refresh token is unknown, or its session has ended. Sign in again.")
