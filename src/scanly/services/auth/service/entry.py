"""The door: sign-up and log-in. Known and unknown addresses take the same steps and get the same words."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from scanly.contracts.auth import Role, SignUpRefused, UserRegistered, WorkspaceCreated, WrongCredentials
from scanly.kernel.db import system_scope
from scanly.kernel.errors import Conflict
from scanly.kernel.events import append
from scanly.kernel.ids import new_id
from scanly.kernel.jobs import enqueue
from scanly.services.auth import repository
from scanly.services.auth.domain.people import default_name, default_time_zone, email_key, guessable_words
from scanly.services.auth.domain.tokens import Purpose
from scanly.services.auth.mails import Mail
from scanly.services.auth.models import MembershipRow, UserRow, WorkspaceRow
from scanly.services.auth.service.grants import Grant, OpenedSession, Visitor
from scanly.services.auth.service.parts import Parts
from scanly.services.auth.service.passwords import require_patience

SEND_MAIL = "auth.send_mail"


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who signs up; everything but address and password has a default."""

    email: str
    password: str
    name: str | None = None
    workspace_name: str | None = None
    locale: str = "en"
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who came in, the workspace to begin in (the oldest) with the role there, and the proof of the session."""

    user: UserRow
    workspace: tuple[WorkspaceRow, str] | None
    grant: Grant
    is_new: bool = False


class Entry:
    """Sign-up and log-in."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def sign_up(self, person: NewPerson, visitor: Visitor) -> SignedIn:
        """Make an account with a workspace and sign in. A known address with the right password just signs in.

        Raises ``PasswordTooWeak``, ``SignUpRefused`` for a known address with another password, ``RateLimited``.
        """
        await self._parts.passwords.require_strength(
            person.password, hints=guessable_words(person.email, person.name, person.workspace_name)
        )
        known = await self._begin(person.email, visitor)
        if known is None:
            password_hash = await self._parts.passwords.hash(person.password)
            signed_up = await self._register(person, password_hash, visitor)
            if signed_up is not None:
                return signed_up
            known = await self._known(person.email)  # the address was taken by a request at the same moment
        signed_in = await self._open_for(known, person.password, visitor)
        if signed_in is None:
            raise SignUpRefused("Sign in if you have an account with this address, or choose a new password by e-mail.")
        return signed_in

    async def log_in(self, email: str, password: str, visitor: Visitor) -> SignedIn:
        """Sign in. Raises ``WrongCredentials``, whatever of the two is wrong, and ``RateLimited``."""
        known = await self._begin(email, visitor)
        signed_in = await self._open_for(known, password, visitor)
        if signed_in is None:
            raise WrongCredentials("E-mail and password do not belong together. Capitals count.")
        return signed_in

    @system_scope("a command of the operator makes people")
    async def create_user(self, person: NewPerson, *, is_operator: bool) -> UserRow:
        """Make an account from the command line; its address counts as confirmed. ``Conflict`` if it is known."""
        await self._parts.passwords.require_strength(
            person.password, hints=guessable_words(person.email, person.name, person.workspace_name)
        )
        password_hash = await self._parts.passwords.hash(person.password)
        now = self._parts.clock.now()
        user = _user(person, password_hash, now)
        user.email_confirmed_at = now
        user.is_operator = is_operator
        async with self._parts.db.system() as session:
            if await self._add(session, person, user) is None:
                raise Conflict(f"There is an account with the address {person.email} already.")
        return user

    @system_scope("an address is all that is known of who comes in")
    async def _begin(self, email: str, visitor: Visitor) -> UserRow | None:
        key = email_key(email)
        async with self._parts.db.system() as session:
            wait = await self._parts.attempts.count(session, key, visitor.address, self._parts.clock.now())
            known = await repository.user_by_email(session, key)
        require_patience(wait)
        return known

    @system_scope("an address is all that is known of who comes in")
    async def _known(self, email: str) -> UserRow | None:
        async with self._parts.db.system() as session:
            return await repository.user_by_email(session, email_key(email))

    @system_scope("sign-up makes the workspace")
    async def _register(self, person: NewPerson, password_hash: str, visitor: Visitor) -> SignedIn | None:
        now = self._parts.clock.now()
        user = _user(person, password_hash, now)
        async with self._parts.db.system() as session:
            workspace = await self._add(session, person, user)
            if workspace is None:
                return None
            opened = self._parts.grants.open(session, user.id, visitor)
            await self._parts.attempts.forget(session, user.email_key, visitor.address)
            link = self._parts.links.open(session, Purpose.CONFIRM_EMAIL, user, now)
            await enqueue(session, SEND_MAIL, mail=Mail.CONFIRM, user_id=str(user.id), link_id=str(link.id))
        return SignedIn(user, (workspace, Role.OWNER), await self._parts.grants.grant(opened), is_new=True)

    async def _add(self, session: AsyncSession, person: NewPerson, user: UserRow) -> WorkspaceRow | None:
        if not await repository.add_user(session, user):
            return None
        workspace = WorkspaceRow(
            id=new_id(),
            name=person.workspace_name or user.name,
            time_zone=person.time_zone or default_time_zone(person.locale),
            created_at=user.created_at,
        )
        await add_workspace(session, workspace, user.id)
        await append(session, UserRegistered(user_id=user.id, workspace_id=workspace.id, locale=user.locale))
        return workspace

    async def _open_for(self, known: UserRow | None, password: str, visitor: Visitor) -> SignedIn | None:
        verdict = await self._parts.passwords.verify(known.password_hash if known else None, password)
        if known is None or not verdict.matches:
            return None
        opened, workspace = await self._let_in(known, verdict.new_hash, visitor)
        return SignedIn(known, workspace, await self._parts.grants.grant(opened))

    @system_scope("sessions belong to people, not to a tenant")
    async def _let_in(
        self, known: UserRow, new_hash: str | None, visitor: Visitor
    ) -> tuple[OpenedSession, tuple[WorkspaceRow, str] | None]:
        async with self._parts.db.system() as session:
            if new_hash is not None:
                await repository.replace_hash(session, known.id, known.password_hash, new_hash)
            await self._parts.attempts.forget(session, known.email_key, visitor.address)
            opened = self._parts.grants.open(session, known.id, visitor)
            mine = await repository.memberships(session, known.id)
        return opened, (mine[0][0], mine[0][1]) if mine else None


async def add_workspace(session: AsyncSession, workspace: WorkspaceRow, owner_id: UUID) -> None:
    """Add a workspace with its owner, and tell the others."""
    session.add(workspace)
    await session.flush()
    session.add(
        MembershipRow(workspace_id=workspace.id, user_id=owner_id, role=Role.OWNER, created_at=workspace.created_at)
    )
    await append(
        session,
        WorkspaceCreated(workspace_id=workspace.id, name=workspace.name, time_zone=workspace.time_zone),
    )


def _user(person: NewPerson, password_hash: str, now: datetime) -> UserRow:
    return UserRow(
        id=new_id(),
        email=person.email,
        email_key=email_key(person.email),
        email_confirmed_at=None,
        password_hash=password_hash,
        name=person.name or default_name(person.email),
        locale=person.locale,
        is_operator=False,
        created_at=now,
    )
