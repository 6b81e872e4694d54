"""An e-mail: the ``mailto`` URI of RFC 6068."""

from typing import Annotated, ClassVar, Literal
from urllib.parse import quote

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, StringConstraints

from scanly.kernel.http import Line, Text
from scanly.services.qr.content.base import Content, fault, field
from scanly.services.qr.words import Words

_MOST_ADDRESSES = 10


def _email(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise fault("email_invalid", "This is no e-mail address. It looks like name@example.com.") from error


def _emails(text: str) -> str:
    addresses = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    if not addresses:
        raise fault("email_missing", "Write the e-mail address, such as name@example.com.")
    if len(addresses) > _MOST_ADDRESSES:
        raise fault("email_invalid", f"At most {_MOST_ADDRESSES} addresses fit here. Leave some out.")
    return ", ".join(map(_email, addresses))


Email = Annotated[str, StringConstraints(max_length=254), AfterValidator(_email)]
Emails = Annotated[Line, StringConstraints(max_length=1000), AfterValidator(_emails)]
"""One address, or several with a comma between them."""


class EmailContent(Content):
    """Begins an e-mail."""

    TITLE: ClassVar[Words] = {"en": "E-mail", "hi": "ई-मेल"}
    HELP: ClassVar[Words] = {
        "en": "The phone begins an e-mail to you and people only send it. Everything is in the code itself.",
        "hi": "फ़ोन आपको ई-मेल लिखना शुरू करता है, लोग बस भेज देते हैं। सब कुछ कोड के अंदर ही है।",
    }

    type: Literal["email"] = "email"
    to: Emails = field(
        {"en": "E-mail address", "hi": "ई-मेल पता"},
        placeholder={"en": "name@example.com", "hi": "name@example.com"},
        widget="email",
    )
    subject: Annotated[Line, StringConstraints(max_length=200)] | None = field(
        {"en": "Subject", "hi": "विषय"},
        default=None,
    )
    body: Annotated[Text, AfterValidator(str.strip)] | None = field(
        {"en": "Message", "hi": "मैसेज"},
        default=None,
        help={"en": "People can change it before they send it.", "hi": "भेजने से पहले लोग इसे बदल सकते हैं।"},
        widget="multiline",
        max_length=1500,
    )
    cc: Emails | None = field({"en": "Copy to", "hi": "कॉपी किसे"}, default=None, widget="email", more=True)

    def payload(self) -> str:
        headers = [
            ("cc", _recipients(self.cc) if self.cc else ""),
            ("subject", quote(self.subject or "", safe="")),
            # Line breaks in a body are %0D%0A (RFC 6068 §5).
            ("body", quote((self.body or "").replace("\r\n", "\n").replace("\n", "\r\n"), safe="")),
        ]
        query = "&".join(f"{name}={value}" for name, value in headers if value)
        return f"mailto:{_recipients(self.to)}{'?' if query else ''}{query}"

    def summary(self) -> str:
        return self.to


def _recipients(addresses: str) -> str:
    """Return addresses as RFC 6068 has them: ``@`` and the commas between them stay, the rest is percent-encoded."""
    return ",".join(quote(address, safe="@!$*+'") for address in addresses.split(", "))
