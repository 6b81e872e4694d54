"""Mail out: to an SMTP server, or into a folder when there is none, so that nothing is lost."""

import os
import re
import ssl
import tempfile
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import formatdate, make_msgid, parseaddr
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

import aiosmtplib
import idna
from pydantic import SecretStr

from scanly.kernel.config import Settings
from scanly.kernel.errors import Invalid, Unavailable
from scanly.kernel.ids import new_id
from scanly.kernel.startup import StartupError
from scanly.kernel.telemetry import counter

_SCHEMES: Final = {"smtp": 587, "smtps": 465}
_BREAK = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")  # what could end a line of the header
_SPECIAL = re.compile(r'[\s()<>\[\]:;@\\,"]')  # what has a meaning of its own in an address, RFC 5322 §3.2.3

_sent = counter("scanly_mail_total", "Mails by what became of them", ["outcome"])


@dataclass(frozen=True, slots=True)
class Message:
    """One mail to one person."""

    to: str
    subject: str
    text: str
    html: str | None = None


class Mailer(Protocol):
    """Sends mail."""

    @property
    def delivers(self) -> bool:
        """Whether mail leaves this machine; if not, the interface says so."""
        ...

    async def send(self, message: Message) -> None:
        """Hand the mail over; ``Invalid`` if it can never be sent, ``Unavailable`` if it is worth another try."""
        ...


def mailer(settings: Settings) -> Mailer:
    """Return the mailer that the settings ask for; ``StartupError`` for a wrong address."""
    if settings.smtp_url is None:
        return OutboxMailer(settings.data_dir / "outbox", settings.mail_from)
    return SmtpMailer(settings.smtp_url, settings.mail_from)


class SmtpMailer:
    """Mail over SMTP, with STARTTLS where the server offers it (``smtp``) or over TLS from the start (``smtps``).

    Each step of the conversation with the server may take ``step_timeout`` seconds.
    """

    delivers = True

    def __init__(self, url: SecretStr, sender: str, *, step_timeout: float = 15.0) -> None:
        parts = urlsplit(url.get_secret_value())
        self._sender = _checked_sender(sender)
        self._host, self._port = _server(parts)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._tls_first = parts.scheme == "smtps"
        self._step_timeout = step_timeout

    async def send(self, message: Message) -> None:
        mail = compose(message, self._sender)
        try:
            await aiosmtplib.send(
                mail,
                hostname=self._host,
                port=self._port,
                username=self._user,
                password=self._password,
                use_tls=self._tls_first,
                start_tls=False if self._tls_first else None,
                timeout=self._step_timeout,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            _sent.labels("refused").inc()
            if all(500 <= refused.code < 600 for refused in error.recipients):  # RFC 5321 §4.2.1
                raise Invalid("The mail server refuses this address for good.") from error
            raise _unavailable() from error
        except (aiosmtplib.SMTPException, OSError, ssl.SSLError) as error:
            if isinstance(error, aiosmtplib.SMTPNotSupported) and not message.to.rpartition("@")[0].isascii():
                _sent.labels("refused").inc()
                raise Invalid("The mail server takes no addresses with such letters (SMTPUTF8).") from error
            _sent.labels("failed").inc()
            raise _unavailable() from error
        _sent.labels("sent").inc()


class OutboxMailer:
    """Mail as files ``*.eml`` in a folder that only the operator can read."""

    delivers = False

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = _checked_sender(sender)

    async def send(self, message: Message) -> None:
        content = compose(message, self._sender).as_bytes()
        try:
            self._write(content)
        except OSError as error:
            _sent.labels("failed").inc()
            raise Unavailable(f"The outbox cannot be written: {error.strerror}.", retry_after=60) from error
        _sent.labels("outbox").inc()

    def _write(self, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=self._folder, suffix=".part")  # made with mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(temporary).rename(self._folder / f"{new_id()}.eml")
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise


def compose(message: Message, sender: str) -> EmailMessage:
    """Return the mail as it travels; ``Invalid`` when address or subject could smuggle in a header."""
    to = _address(message.to)
    mail = EmailMessage(policy=SMTP if to.username.isascii() else SMTPUTF8)
    mail["From"] = sender
    mail["To"] = to
    if _BREAK.search(message.subject):
        raise Invalid("The subject of a mail is one line of text.")
    mail["Subject"] = message.subject
    mail["Date"] = formatdate()
    mail["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2] or None)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    if message.html is not None:
        mail.add_alternative(message.html, subtype="html")
    return mail


def _address(text: str) -> Address:
    local, at, domain = text.rpartition("@")
    if _BREAK.search(text) or not at:
        raise Invalid("That is not an e-mail address.")
    try:
        host = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
        if local.isascii() or _SPECIAL.search(local):
            return Address(addr_spec=f"{local}@{host}")
        return Address(username=local, domain=host)  # RFC 6531, of which Python's parser knows nothing
    except (ValueError, HeaderParseError, IndexError) as error:
        raise Invalid("That is not one e-mail address.") from error


def _server(parts: SplitResult) -> tuple[str, int]:
    try:
        if parts.scheme in _SCHEMES and parts.hostname:
            return parts.hostname, parts.port or _SCHEMES[parts.scheme]
    except ValueError:
        pass  # a port out of range
    raise StartupError("SCANLY_SMTP_URL must look like smtp://user:password@host:587 or smtps://…:465.")


def _checked_sender(sender: str) -> str:
    if _BREAK.search(sender) or "@" not in parseaddr(sender)[1]:
        raise StartupError("SCANLY_MAIL_FROM must look like Scanly <no-reply@example.org>.")
    return sender


def _unavailable() -> Unavailable:
    return Unavailable("The mail server does not take mail at the moment.", retry_after=60)
