"""A SEPA credit transfer: the European Payments Council's guideline EPC069-12 v2.1, known as GiroCode or EPC QR."""

import re
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, StringConstraints, model_validator
from stdnum import bic
from stdnum.exceptions import ValidationError

from scanly.kernel.http import Line
from scanly.services.qr.content.base import Content, Filled, Level, fault, fault_at, field
from scanly.services.qr.content.money import Iban, Money, creditor_reference, short
from scanly.services.qr.words import Words

_MOST_BYTES = 331
"""What a symbol of version 13 at level M holds; the guideline allows no larger one."""
_EEA = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()  # noqa: SIM905
)
"""Countries of IBANs for which version 002 needs no BIC."""


def _bic(text: str) -> str:
    try:
        return bic.validate(text)
    except ValidationError as error:
        words = "This is no BIC. It has 8 or 11 letters and digits, such as COBADEFFXXX."
        raise fault("bic_invalid", words) from error


def _purpose(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9]{1,4}", text):
        raise fault("purpose_invalid", "A purpose is a code of up to four letters, such as CHAR for charity.")
    return text.upper()


class SepaContent(Content):
    """Fills in a transfer in a European banking app."""

    TITLE: ClassVar[Words] = {"en": "SEPA transfer", "hi": "SEPA भुगतान (यूरोप)"}
    HELP: ClassVar[Words] = {
        "en": "European banking apps fill in the transfer. It is all in the code itself, so scans cannot be counted.",
        "hi": "यूरोप के बैंक ऐप भुगतान ख़ुद भर देते हैं। सब कुछ कोड के अंदर ही है, इसलिए स्कैन गिने नहीं जा सकते।",
    }
    ERROR_CORRECTION: ClassVar[Level | None] = "M"
    MOST_VERSION: ClassVar[int | None] = 13

    type: Literal["sepa"] = "sepa"
    name: Filled = field({"en": "Name of the payee", "hi": "पाने वाले का नाम"}, max_length=70)
    iban: Iban = field(
        {"en": "IBAN", "hi": "IBAN"},
        placeholder={"en": "DE89 3704 0044 0532 0130 00", "hi": "DE89 3704 0044 0532 0130 00"},
        widget="iban",
    )
    amount: Annotated[Decimal | None, Money("euros", least="0.01", most="999999999.99", example="12.50")] = field(
        {"en": "Amount in euros", "hi": "रक़म, यूरो में"},
        default=None,
        help={"en": "Leave it out and the payer types it.", "hi": "ख़ाली छोड़ें तो देने वाला ख़ुद लिखेगा।"},
        widget="amount",
    )
    text: Line | None = field(
        {"en": "What it is for", "hi": "किस लिए"},
        default=None,
        max_length=140,
        placeholder={"en": "Invoice 2041", "hi": "Invoice 2041"},
    )
    reference: Annotated[Line, StringConstraints(max_length=35), AfterValidator(creditor_reference)] | None = field(
        {"en": "Creditor reference", "hi": "भुगतान संदर्भ"},
        default=None,
        help={"en": "Instead of the text above.", "hi": "ऊपर की लिखावट की जगह।"},
        placeholder={"en": "RF18 5390 0754 7034", "hi": "RF18 5390 0754 7034"},
        more=True,
    )
    bic: Annotated[Line, AfterValidator(_bic)] | None = field(
        {"en": "BIC", "hi": "BIC"},
        default=None,
        help={
            "en": "Only needed for accounts outside of the European Economic Area.",
            "hi": "केवल यूरोपीय आर्थिक क्षेत्र से बाहर के खातों के लिए।",
        },
        placeholder={"en": "COBADEFFXXX", "hi": "COBADEFFXXX"},
        more=True,
    )
    purpose: Annotated[Line, AfterValidator(_purpose)] | None = field(
        {"en": "Purpose code", "hi": "उद्देश्य कोड"},
        default=None,
        placeholder={"en": "CHAR", "hi": "CHAR"},
        more=True,
    )
    hint: Line | None = field(
        {"en": "Message to the payer", "hi": "देने वाले के लिए संदेश"},
        default=None,
        help={"en": "Shown to the payer, not sent with the money.", "hi": "देने वाले को दिखता है, भेजा नहीं जाता।"},
        more=True,
        max_length=70,
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.text and self.reference:
            raise fault_at("reference", "reference_twice", "Leave out either the text or the creditor reference.")
        if not self.bic and self.iban[:2] not in _EEA:
            words = f"Accounts in {self.iban[:2]} need the BIC of the bank too. It is on the bank's papers."
            raise fault_at("bic", "bic_missing", words)
        if (excess := len(self.payload().encode()) - _MOST_BYTES) > 0:
            words = f"All of it is {excess} bytes too long for a payment code. Shorten the texts."
            raise fault_at("text" if self.text else "name", "payment_too_long", words)
        return self

    def payload(self) -> str:
        elements = [
            "BCD",
            "002",
            "1",  # UTF-8
            "SCT",
            self.bic,
            self.name,
            self.iban,
            "" if self.amount is None else f"EUR{short(self.amount)}",
            self.purpose,
            self.reference,
            self.text,
            self.hint,
        ]
        # After the last element that is there, nothing follows.
        return "\n".join(element or "" for element in elements).rstrip("\n")

    def summary(self) -> str:
        return f"{self.name} · {self.iban}"
