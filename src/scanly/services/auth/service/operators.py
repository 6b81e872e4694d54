"""Who looks after the installation. Made by a command or a one-time link, never by being the first to sign up."""

from uuid import UUID

from scanly.kernel.db import system_scope
from scanly.kernel.errors import NotFound
from scanly.services.auth import repository
from scanly.services.auth.domain.people import email_key
from scanly.services.auth.domain.tokens import Purpose
from scanly.services.auth.models import UserRow
from scanly.services.auth.service.account import require_user
from scanly.services.auth.service.grants import forget_identities
from scanly.services.auth.service.parts import Parts


class Operators:
    """Makes operators."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @system_scope("operators belong to the installation, not to a tenant")
    async def offer(self) -> str | None:
        """Return a link that makes its first reader the operator within 24 h; None when there is one already.

        Links that were offered before stop working.
        """
        now = self._parts.clock.now()
        async with self._parts.db.system() as session:
            await repository.lock_installation(session)
            if await repository.has_operator(session):
                return None
            await repository.spend_links(session, Purpose.OPERATOR, now, user_id=None)
            link = self._parts.links.open(session, Purpose.OPERATOR, None, now)
        return self._parts.links.address(link)

    @system_scope("operators belong to the installation, not to a tenant")
    async def claim(self, user_id: UUID, token: str) -> None:
        """Make the signed-in user an operator by the link; ``LinkRefused``."""
        now = self._parts.clock.now()
        async with self._parts.db.system() as session:
            await self._parts.links.find(session, Purpose.OPERATOR, token, now)
            await repository.spend_links(session, Purpose.OPERATOR, now, user_id=None)
            user = require_user(await repository.lock_user(session, user_id))
            user.is_operator = True
            await forget_identities(session, await repository.sessions_of(session, [user_id], now))

    @system_scope("operators belong to the installation, not to a tenant")
    async def make(self, email: str) -> UserRow:
        """Make the owner of an address an operator, from the command line; ``NotFound``."""
        async with self._parts.db.system() as session:
            user = await repository.user_by_email(session, email_key(email))
            if user is None:
                raise NotFound(
                    f"There is no account with the address {email}. Make it with: scanly user create {email}"
                )
            user.is_operator = True
            now = self._parts.clock.now()
            await forget_identities(session, await repository.sessions_of(session, [user.id], now))
        return user
