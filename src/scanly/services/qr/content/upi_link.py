"""A UPI link as a bank gave it to a merchant (NPCI UPI Linking Specification 1.6).

Such links carry what only a bank knows: ``mode``, ``orgid``, ``mid``, ``msid``, ``mtid``, and ``sign``, a signature
over all the rest as it is written. So it goes into the symbol letter by letter; no signature is ever made here.
"""

import re
from decimal import Decimal
from typing import Annotated, ClassVar, Literal
from urllib.parse import unquote

from pydantic import AfterValidator, StringConstraints

from scanly.services.qr.content.base import Content, fault, field
from scanly.services.qr.content.money import exact_number
from scanly.services.qr.content.upi import payment_address
from scanly.services.qr.words import Words

_START = "upi://pay?"
_FORMS = {
    "cu": (r"INR", "the currency (cu), which is INR"),
    "mc": (r"[0-9]{4}", "the merchant category (mc), which has four digits"),
    "mode": (r"[0-9]{2}", "the mode, which has two digits"),
    "orgid": (r"[0-9]{6}", "the bank's number (orgid), which has six digits"),
    "sign": (r"[A-Za-z0-9+/_-]+={0,2}", "the signature (sign), which is letters and digits in Base64"),
}
"""Forms of parameters which are not empty, and words for them."""


def _parameters(link: str) -> dict[str, str]:
    """Return the decoded parameters of a link; a fault when one of them stands there twice."""
    found: dict[str, str] = {}
    for part in link[len(_START) :].split("&"):
        key, _, value = part.partition("=")
        if key in found:
            words = f"The part {key} stands in this link twice. Copy it anew from your bank."
            raise fault("upi_link_invalid", words)
        found[key] = unquote(value)
    return found


def _link(text: str) -> str:
    if text[: len(_START)].lower() != _START:
        words = "This is no UPI link. It begins with upi://pay? and comes from your bank or payment company."
        raise fault("upi_link_invalid", words)
    if not text.isascii() or not text.isprintable():
        words = "A link has no letters of other scripts; they are written as %E0%A4%9A. Copy it anew from your bank."
        raise fault("upi_link_invalid", words)
    found = _parameters(text)
    payment_address(found.get("pa", ""))
    if not found.get("pn"):
        raise fault("upi_link_invalid", "The name of the payee (pn) is missing in this link. Copy it anew.")
    for key, (form, words) in _FORMS.items():
        if found.get(key) and not re.fullmatch(form, found[key]):
            raise fault("upi_link_invalid", f"A letter or digit of this link is wrong: see {words}. Copy it anew.")
    amount = exact_number(found["am"]) if found.get("am") else Decimal(1)
    if amount is None or amount <= 0:
        raise fault("upi_link_invalid", "The amount (am) in this link is no amount of rupees. Copy it anew.")
    return text


class UpiLinkContent(Content):
    """Opens a UPI app with all that a merchant's bank wrote into the link."""

    TITLE: ClassVar[Words] = {"en": "UPI link from your bank", "hi": "बैंक का दिया UPI लिंक"}
    HELP: ClassVar[Words] = {
        "en": "For merchants whose bank gave them a link, often a signed one. It goes into the code exactly as it is, "
        "so scans cannot be counted.",
        "hi": "उन व्यापारियों के लिए जिन्हें बैंक ने लिंक दिया है, अक्सर हस्ताक्षर के साथ। यह कोड में ज्यों का त्यों जाता है, "
        "इसलिए स्कैन गिने नहीं जा सकते।",
    }

    type: Literal["upi_link"] = "upi_link"
    link: Annotated[str, StringConstraints(max_length=1500), AfterValidator(_link)] = field(
        {"en": "UPI link", "hi": "UPI लिंक"},
        help={
            "en": "Paste all of it. What your bank signed is not changed by a single letter.",
            "hi": "पूरा लिंक चिपकाएँ। बैंक ने जिस पर हस्ताक्षर किए हैं, उसका एक अक्षर भी नहीं बदला जाता।",
        },
        placeholder={"en": "upi://pay?pa=…&pn=…&sign=…", "hi": "upi://pay?pa=…&pn=…&sign=…"},
    )

    def payload(self) -> str:
        return self.link

    def summary(self) -> str:
        found = _parameters(self.link)
        return f"{found['pn']} · {found['pa']}"
