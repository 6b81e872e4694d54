"""Paying by UPI: the deep link of NPCI's UPI Linking Specification 1.6 (``upi://pay``)."""

import re
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self
from urllib.parse import quote

from pydantic import AfterValidator, StringConstraints, model_validator

from scanly.kernel.http import Line
from scanly.services.qr.content.base import Content, Filled, fault, fault_at, field
from scanly.services.qr.content.money import Money
from scanly.services.qr.words import Words

_VPA = re.compile(r"[A-Za-z0-9.\-_]{2,255}@[A-Za-z][A-Za-z0-9]{1,63}")


def payment_address(text: str) -> str:
    """Return a UPI ID; a fault when it is none."""
    if not _VPA.fullmatch(text):
        raise fault(
            "vpa_invalid",
            "This is no UPI ID. It looks like name@bank, without spaces; your UPI app shows it in its profile.",
        )
    return text


def _merchant_code(text: str) -> str:
    if not re.fullmatch(r"[0-9]{4}", text):
        raise fault("merchant_code_invalid", "A merchant category has four digits, such as 5812 for restaurants.")
    return text


def _reference(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.\-_/]{1,35}", text):
        words = "A reference has up to 35 letters and digits without spaces, such as BILL-2041."
        raise fault("reference_invalid", words)
    return text


Amount = Annotated[Decimal | None, Money("rupees", least="0.01", most="10000000", example="120.50")]
ShortLine = Annotated[Line, StringConstraints(max_length=80)]


class UpiContent(Content):
    """Opens a UPI app with the payee filled in."""

    TITLE: ClassVar[Words] = {"en": "UPI payment", "hi": "UPI भुगतान"}
    HELP: ClassVar[Words] = {
        "en": "Every UPI app reads it: the payment details are in the code itself, so scans cannot be counted.",
        "hi": "हर UPI ऐप इसे पढ़ता है: भुगतान की जानकारी कोड के अंदर ही है, इसलिए स्कैन गिने नहीं जा सकते।",
    }

    type: Literal["upi"] = "upi"
    vpa: Annotated[str, AfterValidator(payment_address)] = field(
        {"en": "UPI ID", "hi": "UPI आईडी"},
        placeholder={"en": "name@bank", "hi": "name@bank"},
    )
    name: Filled = field({"en": "Name of the payee", "hi": "पाने वाले का नाम"}, max_length=99)
    amount: Amount = field(
        {"en": "Amount in rupees", "hi": "रक़म, रुपयों में"},
        default=None,
        help={"en": "Leave it out and the payer types it.", "hi": "ख़ाली छोड़ें तो देने वाला ख़ुद लिखेगा।"},
        widget="amount",
    )
    note: ShortLine | None = field({"en": "Note", "hi": "नोट"}, default=None, more=True)
    minimum_amount: Amount = field(
        {"en": "At least", "hi": "कम से कम"},
        default=None,
        help={
            "en": "With an amount: people may lower it to this one.",
            "hi": "रक़म के साथ: लोग उसे यहाँ तक घटा सकते हैं।",
        },
        widget="amount",
        more=True,
    )
    reference: Annotated[Line, AfterValidator(_reference)] | None = field(
        {"en": "Reference", "hi": "संदर्भ संख्या"},
        default=None,
        help={
            "en": "Number of the bill or order; it comes back with the payment.",
            "hi": "बिल या ऑर्डर की संख्या; भुगतान के साथ लौटती है।",
        },
        placeholder={"en": "BILL-2041", "hi": "BILL-2041"},
        more=True,
    )
    merchant_code: Annotated[Line, AfterValidator(_merchant_code)] | None = field(
        {"en": "Merchant category", "hi": "व्यापारी श्रेणी"},
        default=None,
        help={
            "en": "Four digits from your bank, only for merchant accounts; they need a reference too.",
            "hi": "बैंक से मिले चार अंक, केवल व्यापारी खाते के लिए; साथ में संदर्भ संख्या भी चाहिए।",
        },
        placeholder={"en": "5812", "hi": "5812"},
        more=True,
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.minimum_amount is not None and (self.amount is None or self.minimum_amount >= self.amount):
            words = "The least amount goes with a larger amount. Write that one too, or leave this out."
            raise fault_at("minimum_amount", "amount_invalid", words)
        if self.merchant_code and not self.reference:
            words = "Payments to a merchant account carry a reference (tr). Write the number of the bill or order."
            raise fault_at("reference", "reference_missing", words)
        return self

    def payload(self) -> str:
        parameters = [
            ("pa", self.vpa),
            ("pn", self.name),
            ("mc", self.merchant_code),
            ("tr", self.reference),
            ("am", None if self.amount is None else f"{self.amount:.2f}"),
            ("mam", None if self.minimum_amount is None else f"{self.minimum_amount:.2f}"),
            ("cu", "INR"),
            ("tn", self.note),
        ]
        # "@" may stand in a query (RFC 3986 §3.4) and some UPI apps do not decode it in ``pa``.
        return "upi://pay?" + "&".join(f"{key}={quote(value, safe='@')}" for key, value in parameters if value)

    def summary(self) -> str:
        return f"{self.name} · {self.vpa}"
