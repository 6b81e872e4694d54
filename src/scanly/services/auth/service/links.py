"""Links that work once: to confirm an address, to set a new password, to become the operator."""

from datetime import datetime, timedelta
from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from scanly.contracts.auth import LinkRefused
from scanly.kernel.ids import new_id
from scanly.services.auth import repository
from scanly.services.auth.domain.tokens import Purpose, new_row_secret, seal, unseal
from scanly.services.auth.models import LinkRow, UserRow

MAILS_AN_HOUR: Final = 5


class Links:
    """Makes such links and takes them back."""

    LIFETIME: ClassVar[dict[Purpose, timedelta]] = {
        Purpose.CONFIRM_EMAIL: timedelta(days=7),
        Purpose.RESET_PASSWORD: timedelta(hours=1),
        Purpose.OPERATOR: timedelta(hours=24),
    }
    _PAGE: ClassVar[dict[Purpose, str]] = {
        Purpose.CONFIRM_EMAIL: "confirm",
        Purpose.RESET_PASSWORD: "reset",
        Purpose.OPERATOR: "operator",
    }

    def __init__(self, seal_key: bytes, public_address: str) -> None:
        self._seal_key = seal_key
        self._public_address = public_address

    def open(self, session: AsyncSession, purpose: Purpose, user: UserRow | None, now: datetime) -> LinkRow:
        """Make a link in the caller's transaction."""
        row = LinkRow(
            id=new_id(),
            purpose=purpose,
            user_id=user.id if user else None,
            email_key=user.email_key if user else None,
            secret=new_row_secret(),
            created_at=now,
            expires_at=now + self.LIFETIME[purpose],
        )
        session.add(row)
        return row

    async def may_mail(self, session: AsyncSession, user_id: UUID, purpose: Purpose, now: datetime) -> bool:
        """Tell whether another such mail may go out: nobody's mailbox is flooded through us."""
        return await repository.links_since(session, user_id, purpose, now - timedelta(hours=1)) < MAILS_AN_HOUR

    def address(self, row: LinkRow) -> str:
        """Return the address to open; the same each time."""
        purpose = Purpose(row.purpose)
        token = seal(self._seal_key, row.secret, purpose, row.id)
        return f"{self._public_address}/app/{self._PAGE[purpose]}?token={token}"

    async def find(self, session: AsyncSession, purpose: Purpose, text: str, now: datetime) -> LinkRow:
        """Return the open link of a token, locked; ``LinkRefused`` when it is forged, used or too old."""
        token = unseal(purpose, text)
        row = await repository.lock_link(session, token.identifier) if token else None
        if token is None or row is None or row.purpose != purpose or not token.fits(self._seal_key, row.secret):
            raise LinkRefused("This link is not complete. Open it from the mail, or copy all of it.")
        if not is_open(row, now):
            raise LinkRefused("This link was used already, or is too old. Ask for a new one.")
        return row


def is_open(row: LinkRow, now: datetime) -> bool:
    """Tell whether a link still works."""
    return row.used_at is None and row.expires_at > now
