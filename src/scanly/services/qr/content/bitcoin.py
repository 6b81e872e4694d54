"""A Bitcoin address with a wish: the URI of BIP-21. Addresses: Base58Check, and BIP-173 and BIP-350 since SegWit."""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal
from urllib.parse import quote

from pydantic import AfterValidator, StringConstraints

from scanly.kernel.http import Line
from scanly.services.qr.content.base import Content, fault, field
from scanly.services.qr.content.checksums import BECH32, BECH32M, base58check, bech32, bytes_of
from scanly.services.qr.content.money import Money, short
from scanly.services.qr.words import Words

_VERSIONS = {0x00, 0x05}
"""First byte of an address that pays to a key's hash, to a script's hash."""


def _address(text: str) -> str:
    if text[:3].lower() == "bc1":
        return _segwit(text)
    if text[:3].lower() in {"tb1", "bcr"} or text[:1] in {"m", "n", "2"}:
        raise fault("address_invalid", "This address is of a test network, where money is not real.")
    if text[:1] not in {"1", "3"}:
        raise fault("address_invalid", "This is no Bitcoin address. It begins with bc1, 1 or 3.")
    body = base58check(text)
    if body is None or len(body) != 21 or body[0] not in _VERSIONS:
        raise _mistyped()
    return text


def _segwit(text: str) -> str:
    found = bech32(text) if len(text) <= 90 else None
    if found is None or not found[1]:
        raise _mistyped()
    _, (version, *groups), checksum = found
    program = bytes_of(groups)
    sizes = {20, 32} if version == 0 else range(2, 41)
    if version > 16 or checksum != (BECH32M if version else BECH32) or program is None or len(program) not in sizes:
        raise _mistyped()
    return text.lower()


def _mistyped() -> Exception:
    return fault("address_invalid", "A letter or digit of this address is mistyped or missing. Copy it anew.")


class BitcoinContent(Content):
    """Fills in a Bitcoin payment."""

    TITLE: ClassVar[Words] = {"en": "Bitcoin", "hi": "बिटकॉइन"}
    HELP: ClassVar[Words] = {
        "en": "Wallets fill in the payment. The address is in the code itself, so nobody can swap it behind a link.",
        "hi": "वॉलेट भुगतान ख़ुद भर देते हैं। पता कोड के अंदर ही है, इसलिए लिंक के पीछे उसे कोई बदल नहीं सकता।",
    }

    type: Literal["bitcoin"] = "bitcoin"
    address: Annotated[Line, StringConstraints(max_length=120), AfterValidator(_address)] = field(
        {"en": "Bitcoin address", "hi": "बिटकॉइन पता"},
        placeholder={"en": "bc1…", "hi": "bc1…"},
    )
    amount: Annotated[
        Decimal | None, Money("bitcoin", least="0.00000001", most="21000000", example="0.001", digits=8)
    ] = field(
        {"en": "Amount in bitcoin", "hi": "रक़म, बिटकॉइन में"},
        default=None,
        help={"en": "Leave it out and the payer types it.", "hi": "ख़ाली छोड़ें तो देने वाला ख़ुद लिखेगा।"},
        widget="amount",
    )
    label: Line | None = field({"en": "Name of the payee", "hi": "पाने वाले का नाम"}, default=None, max_length=80)
    message: Line | None = field({"en": "Note", "hi": "नोट"}, default=None, more=True, max_length=140)

    def payload(self) -> str:
        parameters = {
            "amount": None if self.amount is None else short(self.amount),
            "label": self.label,
            "message": self.message,
        }
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters.items() if value)
        # Upper case makes the symbol smaller (BIP-173); the scheme stays small, since Android compares it by case.
        address = self.address.upper() if self.address.startswith("bc1") else self.address
        return f"bitcoin:{address}{'?' if query else ''}{query}"

    def summary(self) -> str:
        return f"{self.label} · {self.address}" if self.label else self.address
