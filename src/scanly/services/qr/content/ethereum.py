"""A wish for ether: the URI of EIP-681, with an address whose upper-case letters are its check sum (EIP-55)."""

import re
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, StringConstraints

from scanly.kernel.http import Line
from scanly.services.qr.content.base import Content, fault, field
from scanly.services.qr.content.checksums import keccak256
from scanly.services.qr.content.money import Money
from scanly.services.qr.words import Words

_WEI = Decimal(10) ** 18
Chain = Literal["1", "10", "56", "100", "137", "8453", "42161"]


def _address(text: str) -> str:
    if not re.fullmatch(r"0[xX][0-9a-fA-F]{40}", text):
        words = "This is no Ethereum address. It begins with 0x and has 40 more digits and letters from a to f."
        raise fault("address_invalid", words)
    digits = text[2:]
    checked = _checked(digits.lower())
    if digits not in {digits.lower(), digits.upper(), checked}:
        raise fault("address_invalid", "A letter or digit of this address is mistyped. Copy it anew.")
    return f"0x{checked}"


def _checked(digits: str) -> str:
    marks = keccak256(digits.encode()).hex()
    pairs = zip(digits, marks, strict=False)
    return "".join(digit.upper() if int(mark, 16) >= 8 else digit for digit, mark in pairs)


class EthereumContent(Content):
    """Fills in a payment in ether."""

    TITLE: ClassVar[Words] = {"en": "Ethereum", "hi": "इथेरियम"}
    HELP: ClassVar[Words] = {
        "en": "Wallets fill in the payment. The address is in the code itself, so nobody can swap it behind a link.",
        "hi": "वॉलेट भुगतान ख़ुद भर देते हैं। पता कोड के अंदर ही है, इसलिए लिंक के पीछे उसे कोई बदल नहीं सकता।",
    }

    type: Literal["ethereum"] = "ethereum"
    address: Annotated[Line, StringConstraints(max_length=60), AfterValidator(_address)] = field(
        {"en": "Ethereum address", "hi": "इथेरियम पता"},
        placeholder={"en": "0x…", "hi": "0x…"},
    )
    amount: Annotated[
        Decimal | None, Money("ether", least="0.000000000000000001", most="1000000000", example="0.05", digits=18)
    ] = field(
        {"en": "Amount in the chain's own coin", "hi": "रक़म, चेन के अपने सिक्के में"},
        default=None,
        help={"en": "Leave it out and the payer types it.", "hi": "ख़ाली छोड़ें तो देने वाला ख़ुद लिखेगा।"},
        widget="amount",
    )
    chain: Chain = field(
        {"en": "Chain", "hi": "चेन"},
        default="1",
        widget="choice",
        options={
            "1": {"en": "Ethereum", "hi": "Ethereum"},
            "10": {"en": "Optimism", "hi": "Optimism"},
            "56": {"en": "BNB Smart Chain", "hi": "BNB Smart Chain"},
            "100": {"en": "Gnosis", "hi": "Gnosis"},
            "137": {"en": "Polygon", "hi": "Polygon"},
            "8453": {"en": "Base", "hi": "Base"},
            "42161": {"en": "Arbitrum One", "hi": "Arbitrum One"},
        },
        more=True,
    )

    def payload(self) -> str:
        # The chain is named even when it is Ethereum's own: without it a wallet takes the one in which it is.
        value = "" if self.amount is None else f"?value={int(self.amount * _WEI)}"
        return f"ethereum:{self.address}@{self.chain}{value}"

    def summary(self) -> str:
        return self.address
