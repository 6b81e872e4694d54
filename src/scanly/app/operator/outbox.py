"""Mail that could not leave this machine, since no mail server was set: the files of ``kernel.mail.OutboxMailer``."""

import email
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.policy import default
from pathlib import Path
from uuid import UUID

from scanly.kernel.errors import Conflict, NotFound
from scanly.kernel.ids import id_time
from scanly.kernel.mail import Mailer, Message

_WAITS = ".eml"
_GOES = ".going"
"""Of a mail that is being sent: a second request does not send it again."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail that waits."""

    id: UUID
    to: str
    subject: str
    text: str
    html: str | None
    created_at: datetime


class Outbox:
    """Lists, shows and sends what lies in a folder. Methods block; ``resend`` alone is a coroutine."""

    def __init__(self, folder: Path, mailer: Mailer) -> None:
        self._folder = folder
        self._mailer = mailer
        for cut_off in folder.glob(f"*{_GOES}"):  # by the end of the process; whether it went nobody knows
            cut_off.rename(cut_off.with_suffix(_WAITS))

    def count(self) -> int:
        """Return how many wait."""
        return len(self._ids())

    def find(self, before: UUID | None, limit: int) -> list[Waiting]:
        """Return up to ``limit`` mails, newest first; those older than the mail ``before``."""
        wanted = [identifier for identifier in self._ids() if before is None or identifier < before]
        return list(self._present(sorted(wanted, reverse=True)[:limit]))

    def get(self, identifier: UUID) -> Waiting:
        """Return one; ``NotFound`` when it is not there any more."""
        try:
            return _read(self._path(identifier), identifier)
        except FileNotFoundError as error:
            raise NotFound("There is no such mail in the outbox. It may have been sent meanwhile.") from error

    async def resend(self, identifier: UUID) -> None:
        """Send a mail and take it out of the outbox; it stays there when the mail server does not take it.

        ``NotFound``, ``Conflict`` without a mail server, and what ``Mailer.send`` raises.
        """
        mail = self.get(identifier)
        if not self._mailer.delivers:
            raise Conflict("No mail server is set. Set SCANLY_SMTP_URL and start Scanly again, then send it.")
        path = self._path(identifier)
        going = path.with_suffix(_GOES)
        try:
            path.rename(going)
        except FileNotFoundError as error:
            raise Conflict("Somebody sends this mail just now.") from error
        try:
            await self._mailer.send(Message(mail.to, mail.subject, mail.text, mail.html))
        except BaseException:
            going.rename(path)
            raise
        going.unlink()

    def _ids(self) -> list[UUID]:
        found = []
        for path in self._folder.glob(f"*{_WAITS}"):
            try:
                found.append(UUID(path.stem))
            except ValueError:
                continue  # not one of ours
        return found

    def _path(self, identifier: UUID) -> Path:
        return self._folder / f"{identifier}{_WAITS}"

    def _present(self, identifiers: list[UUID]) -> Iterator[Waiting]:
        for identifier in identifiers:
            try:
                yield _read(self._path(identifier), identifier)
            except FileNotFoundError:
                continue


def _read(path: Path, identifier: UUID) -> Waiting:
    mail = email.message_from_bytes(path.read_bytes(), policy=default)
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    return Waiting(
        id=identifier,
        to=str(mail["To"]),
        subject=str(mail["Subject"]),
        text="" if text is None else text.get_content(),
        html=None if html is None else html.get_content(),
        created_at=id_time(identifier),
    )
