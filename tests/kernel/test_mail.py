import asyncio
import warnings
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from pydantic import SecretStr

from scanly.kernel.config import Settings
from scanly.kernel.errors import Invalid, Unavailable
from scanly.kernel.mail import Message, OutboxMailer, SmtpMailer, compose, mailer
from scanly.kernel.startup import StartupError

SENDER = "Scanly <no-reply@example.org>"
GREETING = Message("jo@example.org", "Grüße, क्‍षमा 你好", "Hello\n.\nWorld ✓", "<p>Hello</p>")


class Mailbox:
    """The handler of the test's mail server."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = "250 OK"
        self.takes_all_letters = True

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def smtp(mailbox: Mailbox) -> AsyncIterator[str]:
    """The address of a mail server that wants this user and password."""

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"me@x", b"s:/cret")
        return AuthResult(success=right)

    def serve() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of passwords without TLS, on the loopback address
            return SMTP(
                mailbox,
                authenticator=check,
                auth_required=True,
                auth_require_tls=False,
                enable_SMTPUTF8=mailbox.takes_all_letters,
            )

    server = await asyncio.get_running_loop().create_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"smtp://me%40x:s%3A%2Fcret@127.0.0.1:{server.sockets[0].getsockname()[1]}"
    await asyncio.sleep(0.01)  # until the server has seen that its clients are gone


async def test_mail_arrives_as_it_was_written(smtp: str, mailbox: Mailbox) -> None:
    sender = SmtpMailer(SecretStr(smtp), SENDER)
    assert sender.delivers
    await sender.send(GREETING)
    [mail] = mailbox.mails
    assert (mail["from"], mail["to"], mail["subject"]) == (SENDER, GREETING.to, GREETING.subject)
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().splitlines() == GREETING.text.splitlines()
    assert html.get_content().strip() == GREETING.html
    assert mail["message-id"].endswith("@example.org>")
    assert mail["auto-submitted"] == "auto-generated"


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_an_address_in_any_script_is_written_to(smtp: str, mailbox: Mailbox, tmp_path: Path) -> None:
    message = Message("सुनीता@दुकान.भारत", "नमस्ते", "नमस्ते")
    await SmtpMailer(SecretStr(smtp), SENDER).send(message)
    await OutboxMailer(tmp_path, SENDER).send(message)
    [arrived], [file] = mailbox.mails, files(tmp_path)
    for mail in (arrived, message_from_bytes(file.read_bytes(), policy=policy.default)):
        assert str(mail["to"]) == "सुनीता@xn--11b7ah1gn.xn--h2brj9c"
        assert mail["subject"] == message.subject


async def test_a_server_that_cannot_take_an_address_is_not_asked_again(smtp: str, mailbox: Mailbox) -> None:
    mailbox.takes_all_letters = False
    with pytest.raises(Invalid, match="SMTPUTF8"):
        await SmtpMailer(SecretStr(smtp), SENDER).send(Message("सुनीता@example.org", "Hello", "Hello"))


@pytest.mark.parametrize(
    ("answer", "error"), [("550 no such user", Invalid), ("451 try later", Unavailable), ("552 full", Invalid)]
)
async def test_a_refused_address_is_final_or_not(
    smtp: str, mailbox: Mailbox, answer: str, error: type[Exception]
) -> None:
    mailbox.answer = answer
    with pytest.raises(error):
        await SmtpMailer(SecretStr(smtp), SENDER).send(GREETING)


async def test_a_wrong_password_and_a_server_that_is_away_are_worth_another_try(
    smtp: str, unused_tcp_port: int
) -> None:
    for url in (smtp.replace("s%3A", "x"), f"smtp://127.0.0.1:{unused_tcp_port}", smtp.replace("smtp:", "smtps:")):
        with pytest.raises(Unavailable) as caught:
            await SmtpMailer(SecretStr(url), SENDER, step_timeout=0.3).send(GREETING)
        assert caught.value.retry_after
        assert "cret" not in caught.value.detail


@pytest.mark.parametrize(
    "message",
    [
        Message("jo@example.org\nBcc: eve@example.org", "x", "x"),
        Message("jo@example.org, eve@example.org", "x", "x"),
        Message("jo@example.org\r\n", "x", "x"),
        Message("Jo <jo@example.org>", "x", "x"),
        Message("jo", "x", "x"),
        Message("सु <jo@example.org", "x", "x"),
        Message("सु,jo@example.org", "x", "x"),
        Message("jo@exa mple.org", "x", "x"),
        Message("", "x", "x"),
        Message("jo@example.org\x00", "x", "x"),
        Message("jo@example.org", "Hi\r\nBcc: eve@example.org", "x"),
        Message("jo@example.org", "Hi\x00", "x"),
    ],
)
def test_no_header_can_be_smuggled_in(message: Message) -> None:
    with pytest.raises(Invalid):
        compose(message, SENDER)


@pytest.mark.parametrize("separator", list("\r\n\v\f\x1c\x85\u2028\u2029"))
def test_a_subject_is_one_line(separator: str) -> None:
    with pytest.raises(Invalid, match="one line"):
        compose(Message("jo@example.org", f"Hi{separator}Bcc: eve@example.org", "x"), SENDER)


async def test_the_outbox_keeps_mail_for_the_operator_alone(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    sender = OutboxMailer(folder, SENDER)
    assert not sender.delivers
    await sender.send(GREETING)
    [file] = folder.iterdir()
    assert file.suffix == ".eml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o077 == 0
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (mail["to"], mail["subject"]) == (GREETING.to, GREETING.subject)


async def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file in the way")
    with pytest.raises(Unavailable, match="outbox"):
        await OutboxMailer(tmp_path / "outbox", SENDER).send(GREETING)


def test_the_settings_choose(tmp_path: Path) -> None:
    assert isinstance(mailer(Settings(data_dir=tmp_path)), OutboxMailer)
    assert isinstance(mailer(Settings(data_dir=tmp_path, smtp_url=SecretStr("smtps://mail.example.org"))), SmtpMailer)


@pytest.mark.parametrize("url", ["", "mail.example.org", "http://mail.example.org", "smtp://", "smtp://host:99999"])
def test_a_wrong_address_of_the_server_stops_the_start(url: str) -> None:
    with pytest.raises(StartupError, match="SCANLY_SMTP_URL"):
        SmtpMailer(SecretStr(url), SENDER)


@pytest.mark.parametrize("sender", ["", "Scanly", "a@b\nBcc: c@d"])
def test_a_wrong_sender_stops_the_start(sender: str, tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="SCANLY_MAIL_FROM"):
        OutboxMailer(tmp_path, sender)
