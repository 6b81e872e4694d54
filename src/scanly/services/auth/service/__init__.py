"""The use cases of auth, in parts by what people want; ``AuthService`` holds them and answers other services."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from scanly.contracts.auth import Auth, Identity, Membership, Workspace
from scanly.kernel.db import system_scope
from scanly.kernel.manifest import ServiceContext
from scanly.kernel.telemetry import get_logger
from scanly.services.auth import repository
from scanly.services.auth.domain.people import parse_email, parse_locale, parse_name, parse_time_zone
from scanly.services.auth.keys import SigningKeys, derive
from scanly.services.auth.service.access import Access
from scanly.services.auth.service.account import Account
from scanly.services.auth.service.entry import Entry, NewPerson
from scanly.services.auth.service.grants import Grants
from scanly.services.auth.service.letters import Letters
from scanly.services.auth.service.links import Links
from scanly.services.auth.service.operators import Operators
from scanly.services.auth.service.parts import Parts
from scanly.services.auth.service.passwords import Attempts, Passwords
from scanly.services.auth.service.workspaces import Workspaces

KEEP_ENDED: Final = timedelta(days=7)

log = get_logger(__name__)


class AuthService(Auth):
    """auth as this process runs it."""

    def __init__(self, context: ServiceContext) -> None:
        public_address = context.settings.public_address
        seal_key = derive(context.secret, "sealed tokens")
        keys = SigningKeys(context.db, context.clock, context.secret)
        parts = Parts(
            db=context.db,
            clock=context.clock,
            mail=context.mail,
            keys=keys,
            passwords=Passwords(context.cpu),
            attempts=Attempts(derive(context.secret, "attempts")),
            grants=Grants(context.db, context.clock, keys, seal_key),
            links=Links(seal_key, public_address),
            public_address=public_address,
        )
        self._parts = parts
        self._access = Access(parts)
        self.entry = Entry(parts)
        self.grants = parts.grants
        self.account = Account(parts)
        self.letters = Letters(parts)
        self.workspaces = Workspaces(parts)
        self.operators = Operators(parts)
        self.serves_https = public_address.startswith("https://")
        self.mail_delivers = context.mail.delivers

    async def identify_cookie(self, *, token: str) -> Identity | None:
        return await self._access.by_cookie(token)

    async def identify_session(self, *, session_id: UUID) -> Identity | None:
        return await self._access.by_session(session_id)

    async def jwks(self) -> dict[str, Any]:
        return await self._parts.keys.jwks()

    async def membership(self, *, user_id: UUID, workspace_id: UUID) -> Membership | None:
        return await self.workspaces.membership(user_id, workspace_id)

    async def workspace(self, *, workspace_id: UUID) -> Workspace:
        return await self.workspaces.workspace(workspace_id)

    async def create_user(
        self,
        *,
        email: str,
        password: str,
        name: str | None = None,
        locale: str = "en",
        time_zone: str | None = None,
        operator: bool = False,
    ) -> UUID:
        """Make an account with a workspace, for ``scanly user create``; return the user's id.

        ``ValueError`` for what is no address, name, locale or zone; ``PasswordTooWeak``; ``Conflict`` if it is known.
        """
        person = NewPerson(
            email=parse_email(email),
            password=password,
            name=parse_name(name) if name else None,
            locale=parse_locale(locale),
            time_zone=parse_time_zone(time_zone) if time_zone else None,
        )
        return (await self.entry.create_user(person, is_operator=operator)).id

    async def make_operator(self, *, email: str) -> UUID:
        """Make the owner of an address an operator, for ``scanly user operator``; ``NotFound``."""
        return (await self.operators.make(parse_email(email))).id

    async def offer_operator_link(self) -> str | None:
        """Return a one-time address that makes its reader the operator, or None when there is one. For each start."""
        return await self.operators.offer()

    async def rotate_keys(self) -> None:
        """Renew the signing keys when they are old; a job does this every day."""
        await self._parts.keys.rotate()

    @system_scope("jobs run for no tenant")
    async def tidy(self) -> None:
        """Forget ended sessions, links and counts; a job does this every hour."""
        async with self._parts.db.system() as session:
            removed = await repository.tidy(session, self._parts.clock.now(), KEEP_ENDED)
        if removed:
            log.info("auth_tidied", rows=removed)
