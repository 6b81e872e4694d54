"""Texts of auth's mails, in the reader's language, each written once: the HTML form is made from the plain one."""

from enum import StrEnum
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from scanly.kernel.mail import Message
from scanly.services.auth.domain.people import mail_language

_PLAIN: Final = Environment(
    loader=PackageLoader("scanly.services.auth"),
    autoescape=False,  # noqa: S701 - plain text; the HTML form below escapes
    undefined=StrictUndefined,
)
_HTML: Final = Environment(
    loader=PackageLoader("scanly.services.auth"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


class Mail(StrEnum):
    """The mails that auth writes."""

    CONFIRM = "confirm"
    RESET = "reset"
    CHANGED = "changed"


def write_mail(mail: Mail, *, to: str, name: str, locale: str, link: str, days: int = 0, hours: int = 0) -> Message:
    """Return the mail to one person; a line of ``link`` alone becomes the button of the HTML form."""
    language = mail_language(locale)
    template = _PLAIN.get_template(f"{mail}.{language}.txt")
    head, _, body = template.render(name=name, email=to, link=link, days=days, hours=hours).partition("\n\n")
    headers = dict(line.split(": ", 1) for line in head.splitlines())
    html = _HTML.get_template("layout.html").render(
        language=language,
        subject=headers["Subject"],
        button=headers["Button"],
        link=link,
        paragraphs=body.strip().split("\n\n"),
    )
    return Message(to=to, subject=headers["Subject"], text=body.strip() + "\n", html=html)
