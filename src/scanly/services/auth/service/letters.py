"""What is done by mail: confirming an address, setting a forgotten password, and sending the mails."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from scanly.contracts.auth import LinkRefused
from scanly.kernel.db import system_scope
from scanly.kernel.errors import Invalid, RateLimited
from scanly.kernel.jobs import enqueue
from scanly.kernel.mail import Message
from scanly.kernel.telemetry import get_logger
from scanly.services.auth import repository
from scanly.services.auth.domain.people import email_key, guessable_words
from scanly.services.auth.domain.tokens import Purpose
from scanly.services.auth.mails import Mail, write_mail
from scanly.services.auth.models import LinkRow, UserRow
from scanly.services.auth.service.account import require_user, tell_of_change
from scanly.services.auth.service.entry import SEND_MAIL
from scanly.services.auth.service.grants import end_sessions, forget_identities
from scanly.services.auth.service.links import is_open
from scanly.services.auth.service.parts import Parts

START_RESET = "auth.start_reset"

log = get_logger(__name__)


class Letters:
    """Mails with links, and what their links do."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @system_scope("an account belongs to a person, not to a tenant")
    async def resend_confirmation(self, user_id: UUID) -> None:
        """Send the mail once more; nothing happens when the address is confirmed. ``RateLimited`` beyond 5 an hour."""
        now = self._parts.clock.now()
        async with self._parts.db.system() as session:
            user = require_user(await repository.lock_user(session, user_id))
            if user.email_confirmed_at is not None:
                return
            if not await self._parts.links.may_mail(session, user.id, Purpose.CONFIRM_EMAIL, now):
                raise RateLimited("We sent several mails already. Look into “Spam”, or wait an hour.", retry_after=3600)
            link = self._parts.links.open(session, Purpose.CONFIRM_EMAIL, user, now)
            await enqueue(session, SEND_MAIL, mail=Mail.CONFIRM, user_id=str(user.id), link_id=str(link.id))

    @system_scope("a link from a mail is all that is known of its reader")
    async def confirm_email(self, token: str) -> None:
        """Confirm the address that the link was sent to; ``LinkRefused``."""
        now = self._parts.clock.now()
        async with self._parts.db.system() as session:
            link = await self._parts.links.find(session, Purpose.CONFIRM_EMAIL, token, now)
            user = await _reader(session, link)
            await repository.spend_links(session, Purpose.CONFIRM_EMAIL, now, user_id=user.id)
            user.email_confirmed_at = user.email_confirmed_at or now
            await forget_identities(session, await repository.sessions_of(session, [user.id], now))

    @system_scope("an address is all that is known of who forgot a password")
    async def request_reset(self, email: str) -> None:
        """Note that a new password is wanted. Known or not is looked up later, so it shows in nothing here."""
        async with self._parts.db.system() as session:
            await enqueue(session, START_RESET, unique=f"{START_RESET} {email_key(email)}", email=email)

    @system_scope("an address is all that is known of who forgot a password")
    async def start_reset(self, email: str) -> None:
        """Send the link for a new password, if there is an account and it did not get many such mails."""
        now = self._parts.clock.now()
        async with self._parts.db.system() as session:
            user = await repository.user_by_email(session, email_key(email))
            if user is None or not await self._parts.links.may_mail(session, user.id, Purpose.RESET_PASSWORD, now):
                return
            link = self._parts.links.open(session, Purpose.RESET_PASSWORD, user, now)
            await enqueue(session, SEND_MAIL, mail=Mail.RESET, user_id=str(user.id), link_id=str(link.id))

    async def reset_password(self, token: str, password: str) -> None:
        """Set a new password and end all sessions; confirms the address. ``LinkRefused``, ``PasswordTooWeak``."""
        user = await self._owner_of(token)
        await self._parts.passwords.require_strength(password, hints=guessable_words(user.email, user.name))
        await self._store_password(token, await self._parts.passwords.hash(password))

    @system_scope("jobs run for no tenant")
    async def send(self, mail: Mail, user_id: UUID, link_id: UUID | None) -> None:
        """Send one mail; not when its link was used or replaced meanwhile. Safe to repeat: it is the same mail."""
        async with self._parts.db.system() as session:
            user = await repository.user(session, user_id)
            link = await repository.lock_link(session, link_id) if link_id else None
        if user is None or (link_id and (link is None or not is_open(link, self._parts.clock.now()))):
            return
        address = self._parts.links.address(link) if link else f"{self._parts.public_address}/app/forgot"
        try:
            await self._parts.mail.send(self._write(mail, user, address))
        except Invalid as error:
            log.warning("mail_refused", mail=mail, user_id=str(user_id), reason=error.detail)

    def _write(self, mail: Mail, user: UserRow, address: str) -> Message:
        lifetime = self._parts.links.LIFETIME
        return write_mail(
            mail,
            to=user.email,
            name=user.name,
            locale=user.locale,
            link=address,
            days=lifetime[Purpose.CONFIRM_EMAIL].days,
            hours=int(lifetime[Purpose.RESET_PASSWORD].total_seconds() // 3600),
        )

    @system_scope("a link from a mail is all that is known of its reader")
    async def _owner_of(self, token: str) -> UserRow:
        async with self._parts.db.system() as session:
            link = await self._parts.links.find(session, Purpose.RESET_PASSWORD, token, self._parts.clock.now())
            return await _reader(session, link)

    @system_scope("a link from a mail is all that is known of its reader")
    async def _store_password(self, token: str, password_hash: str) -> None:
        now = self._parts.clock.now()
        async with self._parts.db.system() as session:
            link = await self._parts.links.find(session, Purpose.RESET_PASSWORD, token, now)
            user = await _reader(session, link)
            user.password_hash = password_hash
            user.email_confirmed_at = user.email_confirmed_at or now
            await repository.spend_links(session, Purpose.RESET_PASSWORD, now, user_id=user.id)
            await self._parts.attempts.forget(session, user.email_key)
            await end_sessions(session, user.id, now)
            await tell_of_change(session, user)


async def _reader(session: AsyncSession, link: LinkRow) -> UserRow:
    """Return whose link it is, locked; a link to an address that its owner gave up does nothing."""
    assert link.user_id is not None
    user = require_user(await repository.lock_user(session, link.user_id))
    if user.email_key != link.email_key:
        raise LinkRefused("This link was sent to an address that is not yours any more. Ask for a new one.")
    return user
