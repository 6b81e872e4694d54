"""One's own account: profile, password, sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.kernel.db import system_scope
from scanly.kernel.errors import FieldFault, Invalid, NotFound, Unauthenticated
from scanly.kernel.jobs import enqueue
from scanly.services.auth import repository
from scanly.services.auth.domain.people import guessable_words
from scanly.services.auth.mails import Mail
from scanly.services.auth.models import SessionRow, UserRow, WorkspaceRow
from scanly.services.auth.service.entry import SEND_MAIL
from scanly.services.auth.service.grants import end_sessions
from scanly.services.auth.service.parts import Parts
from scanly.services.auth.service.passwords import require_patience


@dataclass(frozen=True, slots=True)
class Profile:
    """A person with the workspaces they belong to."""

    user: UserRow
    workspaces: Sequence[Row[WorkspaceRow, str]]


class Account:
    """What people do with their own account."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @system_scope("an account belongs to a person, not to a tenant")
    async def profile(self, user_id: UUID) -> Profile:
        async with self._parts.db.system() as session:
            user = require_user(await repository.user(session, user_id))
            return Profile(user, await repository.memberships(session, user_id))

    @system_scope("an account belongs to a person, not to a tenant")
    async def change_profile(self, user_id: UUID, *, name: str | None, locale: str | None) -> Profile:
        """Change what is given; None leaves it as it is."""
        async with self._parts.db.system() as session:
            user = require_user(await repository.lock_user(session, user_id))
            user.name = name or user.name
            user.locale = locale or user.locale
            return Profile(user, await repository.memberships(session, user_id))

    async def change_password(
        self, user_id: UUID, session_id: UUID | None, *, current: str, new: str, address: str
    ) -> None:
        """Set a new password and end all other sessions. ``Invalid`` for a wrong current one, ``PasswordTooWeak``."""
        user = await self._count_attempt(user_id, address)
        verdict = await self._parts.passwords.verify(user.password_hash, current)
        if not verdict.matches:
            words = "This is not your password. Capitals count."
            raise Invalid(words, errors=[FieldFault("/current_password", "wrong_password", words)])
        hints = guessable_words(user.email, user.name)
        await self._parts.passwords.require_strength(new, hints=hints, field="/new_password")
        await self._store_password(user_id, session_id, await self._parts.passwords.hash(new), address)

    @system_scope("sessions belong to people, not to a tenant")
    async def sessions(self, user_id: UUID) -> Sequence[SessionRow]:
        """Return where the person is signed in, the last used first."""
        async with self._parts.db.system() as session:
            return await repository.live_sessions(session, user_id, self._parts.clock.now())

    @system_scope("sessions belong to people, not to a tenant")
    async def end_session(self, user_id: UUID, session_id: UUID) -> None:
        """Sign out one session; ``NotFound`` when the person has no such session."""
        async with self._parts.db.system() as session:
            if not await end_sessions(session, user_id, self._parts.clock.now(), only=session_id):
                raise NotFound("You have no such session, or it has ended already.")

    @system_scope("sessions belong to people, not to a tenant")
    async def log_out(self, user_id: UUID, session_id: UUID) -> None:
        """End the caller's own session; nothing happens if it has ended already."""
        async with self._parts.db.system() as session:
            await end_sessions(session, user_id, self._parts.clock.now(), only=session_id)

    @system_scope("sessions belong to people, not to a tenant")
    async def end_other_sessions(self, user_id: UUID, session_id: UUID | None) -> None:
        """Sign out everywhere but here."""
        async with self._parts.db.system() as session:
            await end_sessions(session, user_id, self._parts.clock.now(), keep=session_id)

    @system_scope("an account belongs to a person, not to a tenant")
    async def _count_attempt(self, user_id: UUID, address: str) -> UserRow:
        async with self._parts.db.system() as session:
            user = require_user(await repository.user(session, user_id))
            wait = await self._parts.attempts.count(session, user.email_key, address, self._parts.clock.now())
        require_patience(wait)
        return user

    @system_scope("an account belongs to a person, not to a tenant")
    async def _store_password(self, user_id: UUID, session_id: UUID | None, new_hash: str, address: str) -> None:
        async with self._parts.db.system() as session:
            user = require_user(await repository.lock_user(session, user_id))
            user.password_hash = new_hash
            await self._parts.attempts.forget(session, user.email_key, address)
            await end_sessions(session, user_id, self._parts.clock.now(), keep=session_id)
            await tell_of_change(session, user)


async def tell_of_change(session: AsyncSession, user: UserRow) -> None:
    """Have a mail sent that the password was changed, so that its owner knows if it was somebody else."""
    await enqueue(session, SEND_MAIL, mail=Mail.CHANGED, user_id=str(user.id))


def require_user(user: UserRow | None) -> UserRow:
    """Return the user; ``Unauthenticated`` when the account has gone since the session was looked up."""
    if user is None:
        raise Unauthenticated("This account does not exist any more.")
    return user
