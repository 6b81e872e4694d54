"""A payment over Lightning: an invoice (BOLT 11), an LNURL (LUD-01), or a Lightning address (LUD-16)."""

import re
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, StringConstraints

from scanly.kernel.http import Line
from scanly.kernel.web_address import AddressFault, web_address
from scanly.services.qr.content.base import Content, fault, field
from scanly.services.qr.content.checksums import BECH32, bech32, bech32_text, bytes_of
from scanly.services.qr.words import Words

_ADDRESS = re.compile(r"([a-z0-9\-_.+]{1,64})@([a-z0-9\-]+(?:\.[a-z0-9\-]+)+)")
_INVOICE = re.compile(r"lnbc(?:[1-9][0-9]*[munp]?)?")
_LEAST_GROUPS = 7 + 104
"""Time and signature of an invoice, in groups of five bits."""


def _request(text: str) -> str:
    text = text.strip().lower() if not text.isupper() else text.lower()
    text = text.removeprefix("lightning:")
    if "@" in text:
        if not _ADDRESS.fullmatch(text):
            raise fault("lightning_invalid", "This is no Lightning address. It looks like name@example.com.")
        return text
    found = bech32(text)
    if found is None or not (found[0] == "lnurl" or found[0].startswith("ln")):
        words = "Paste an LNURL, a Lightning address such as name@example.com, or an invoice; they begin with ln."
        raise fault("lightning_invalid", words)
    prefix, groups, checksum = found
    if checksum != BECH32:
        raise fault("lightning_invalid", "A letter or digit of it is mistyped or missing. Copy it anew.")
    if prefix == "lnurl":
        _check_lnurl(groups)
    elif not _INVOICE.fullmatch(prefix) or len(groups) < _LEAST_GROUPS:
        raise fault("lightning_invalid", "This is no invoice of the Bitcoin network. Those begin with lnbc.")
    return text


def _check_lnurl(groups: list[int]) -> None:
    try:
        web_address((bytes_of(groups) or b"").decode("ascii"))
    except (AddressFault, UnicodeDecodeError) as error:
        raise fault("lightning_invalid", "There is no web address in this LNURL. Copy it anew.") from error


class LightningContent(Content):
    """Fills in a payment over Lightning."""

    TITLE: ClassVar[Words] = {"en": "Bitcoin Lightning", "hi": "बिटकॉइन लाइटनिंग"}
    HELP: ClassVar[Words] = {
        "en": "Wallets fill in the payment, which is in the code itself. An invoice is paid once and runs out; "
        "an LNURL or a Lightning address can stay on the counter.",
        "hi": "वॉलेट भुगतान ख़ुद भर देते हैं, सब कुछ कोड के अंदर ही है। इनवॉइस एक ही बार चलता है; "
        "LNURL या लाइटनिंग पता काउंटर पर लगा रह सकता है।",
    }

    type: Literal["lightning"] = "lightning"
    request: Annotated[Line, StringConstraints(max_length=2000), AfterValidator(_request)] = field(
        {"en": "LNURL, Lightning address or invoice", "hi": "LNURL, लाइटनिंग पता या इनवॉइस"},
        placeholder={"en": "name@example.com", "hi": "name@example.com"},
    )

    def payload(self) -> str:
        text = self.request
        if "@" in text:  # what it stands for (LUD-16), in a form which every wallet scans
            name, _, domain = text.partition("@")
            text = bech32_text("lnurl", f"https://{domain}/.well-known/lnurlp/{name}".encode())
        # Upper case makes the symbol smaller; the scheme stays small, since Android compares it by case.
        return f"lightning:{text.upper()}"

    def summary(self) -> str:
        return self.request if len(self.request) <= 60 else f"{self.request[:59]}…"
