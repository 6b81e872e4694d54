"""The Swiss QR Code of the QR-bill: SIX, Swiss Implementation Guidelines QR-bill 2.3 (header ``SPC``, ``0200``)."""

import re
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, StringConstraints, model_validator
from stdnum.ch import esr
from stdnum.exceptions import ValidationError

from scanly.kernel.http import Line
from scanly.services.qr.content.base import Content, Filled, Level, fault, fault_at, field
from scanly.services.qr.content.money import Country, Iban, Money, creditor_reference
from scanly.services.qr.words import Words

_MOST_CHARACTERS = 997
_MOST_MESSAGE = 140
_MOST_PROCEDURE = 100
# Basic Latin, Latin-1 Supplement, Latin Extended-A, Ș ș Ț ț and € (guidelines 2.3, §4.1.1).
_STRANGE = re.compile(r"[^\x20-\x7e\xa0-\u017f\u0218-\u021b\u20ac]")


def _latin(text: str) -> str:
    if strange := _STRANGE.search(text):
        words = f"The Swiss payment system knows Latin letters only, and not “{strange[0]}”. Write it another way."
        raise fault("character_unknown", words)
    return text


def _procedure(text: str) -> str:
    if not re.match(r"[A-Za-z0-9]+[^A-Za-z0-9]+[A-Za-z0-9]", text):
        words = "It begins with the name of the procedure and a separator, such as eBill/B/name@example.com."
        raise fault("procedure_invalid", words)
    return text


def _swiss(number: str) -> str:
    if number[:2] not in {"CH", "LI"}:
        raise fault("iban_invalid", "A QR-bill is paid to an account in Switzerland or Liechtenstein (CH or LI).")
    return number


def _reference(text: str) -> str:
    compact = re.sub(r"\s", "", text)
    if not compact.isdigit():
        return creditor_reference(text)
    try:
        if len(compact) == 27 and esr.validate(compact):
            return compact
    except ValidationError as error:
        raise fault(
            "reference_invalid", "The check digit does not fit: a digit of this reference is mistyped."
        ) from error
    words = f"A QR reference has 27 digits; this one has {len(compact)}. Others begin with RF."
    raise fault("reference_invalid", words)


Latin = Annotated[Line, AfterValidator(_latin)]
Procedure = Annotated[Latin, AfterValidator(_procedure)]
FilledLatin = Annotated[Filled, AfterValidator(_latin)]


class SwissQrBillContent(Content):
    """Fills in a payment in a Swiss banking app."""

    TITLE: ClassVar[Words] = {"en": "Swiss QR-bill", "hi": "स्विस QR-बिल"}
    HELP: ClassVar[Words] = {
        "en": "Swiss banking apps fill in the payment. It is all in the code itself, so scans cannot be counted. "
        "Print it 46 mm wide, with the Swiss cross.",
        "hi": "स्विस बैंक ऐप भुगतान ख़ुद भर देते हैं। सब कुछ कोड के अंदर ही है, इसलिए स्कैन गिने नहीं जा सकते। "
        "स्विस क्रॉस के साथ 46 मिमी चौड़ा छापें।",
    }
    ERROR_CORRECTION: ClassVar[Level | None] = "M"
    MOST_VERSION: ClassVar[int | None] = 25
    EMBLEM: ClassVar[str | None] = "swiss_cross"

    type: Literal["swiss_qr_bill"] = "swiss_qr_bill"
    iban: Annotated[Iban, AfterValidator(_swiss)] = field(
        {"en": "IBAN or QR-IBAN", "hi": "IBAN या QR-IBAN"},
        placeholder={"en": "CH44 3199 9123 0008 8901 2", "hi": "CH44 3199 9123 0008 8901 2"},
        widget="iban",
    )
    name: FilledLatin = field({"en": "Name of the payee", "hi": "पाने वाले का नाम"}, max_length=70)
    street: Latin | None = field({"en": "Street", "hi": "गली"}, default=None, max_length=70)
    building_number: Latin | None = field({"en": "House number", "hi": "मकान संख्या"}, default=None, max_length=16)
    postcode: FilledLatin = field({"en": "Postcode", "hi": "पिन कोड"}, max_length=16)
    town: FilledLatin = field({"en": "Town", "hi": "शहर"}, max_length=35)
    country: Country = field({"en": "Country", "hi": "देश"}, default="CH", widget="country")
    amount: Annotated[Decimal | None, Money("francs or euros", least="0.01", most="999999999.99", example="12.50")] = (
        field(
            {"en": "Amount", "hi": "रक़म"},
            default=None,
            help={"en": "Leave it out and the payer types it.", "hi": "ख़ाली छोड़ें तो देने वाला ख़ुद लिखेगा।"},
            widget="amount",
        )
    )
    currency: Literal["CHF", "EUR"] = field(
        {"en": "Currency", "hi": "मुद्रा"},
        default="CHF",
        widget="choice",
        options={"CHF": {"en": "Swiss francs", "hi": "स्विस फ़्रैंक"}, "EUR": {"en": "Euros", "hi": "यूरो"}},
    )
    reference: Annotated[Line, StringConstraints(max_length=40), AfterValidator(_reference)] | None = field(
        {"en": "Reference", "hi": "संदर्भ संख्या"},
        default=None,
        help={
            "en": "27 digits with a QR-IBAN; or one that begins with RF; or none.",
            "hi": "QR-IBAN के साथ 27 अंक; या RF से शुरू होने वाली; या कोई नहीं।",
        },
        placeholder={"en": "21 00000 00003 13947 14300 09017", "hi": "21 00000 00003 13947 14300 09017"},
    )
    message: Latin | None = field({"en": "Message", "hi": "संदेश"}, default=None, max_length=_MOST_MESSAGE)
    bill_information: Latin | None = field(
        {"en": "Bill information (Swico)", "hi": "बिल की जानकारी (Swico)"},
        default=None,
        more=True,
        max_length=_MOST_MESSAGE,
    )
    alternative_procedure: Procedure | None = field(
        {"en": "Alternative procedure", "hi": "वैकल्पिक प्रक्रिया"},
        default=None,
        help={
            "en": "Such as eBill; what stands here is told by who offers it.",
            "hi": "जैसे eBill; यहाँ क्या लिखना है, यह सेवा देने वाला बताता है।",
        },
        placeholder={"en": "eBill/B/name@example.com", "hi": "eBill/B/name@example.com"},
        more=True,
        max_length=_MOST_PROCEDURE,
    )
    second_alternative_procedure: Procedure | None = field(
        {"en": "Second alternative procedure", "hi": "दूसरी वैकल्पिक प्रक्रिया"},
        default=None,
        more=True,
        max_length=_MOST_PROCEDURE,
    )
    debtor_name: Latin | None = field(
        {"en": "Name of the payer", "hi": "देने वाले का नाम"}, default=None, more=True, max_length=70
    )
    debtor_street: Latin | None = field(
        {"en": "Street of the payer", "hi": "देने वाले की गली"}, default=None, more=True, max_length=70
    )
    debtor_building_number: Latin | None = field(
        {"en": "House number of the payer", "hi": "देने वाले की मकान संख्या"}, default=None, more=True, max_length=16
    )
    debtor_postcode: Latin | None = field(
        {"en": "Postcode of the payer", "hi": "देने वाले का पिन कोड"}, default=None, more=True, max_length=16
    )
    debtor_town: Latin | None = field(
        {"en": "Town of the payer", "hi": "देने वाले का शहर"}, default=None, more=True, max_length=35
    )
    debtor_country: Country | None = field(
        {"en": "Country of the payer", "hi": "देने वाले का देश"}, default=None, widget="country", more=True
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for_qr_iban = 30_000 <= int(self.iban[4:9]) <= 31_999 if self.iban[4:9].isdigit() else False
        if for_qr_iban and self._reference_type() != "QRR":
            words = "A payment to a QR-IBAN needs a QR reference of 27 digits. Write it, or use the plain IBAN."
            raise fault_at("reference", "reference_missing", words)
        if not for_qr_iban and self._reference_type() == "QRR":
            words = "A QR reference goes with a QR-IBAN only. Use that IBAN, or a reference that begins with RF."
            raise fault_at("reference", "reference_invalid", words)
        self._require_debtor()
        if len(self.message or "") + len(self.bill_information or "") > _MOST_MESSAGE:
            words = f"Message and bill information have {_MOST_MESSAGE} characters together. Shorten one of them."
            raise fault_at("message", "payment_too_long", words)
        if (excess := len(self.payload()) - _MOST_CHARACTERS) > 0:
            raise fault_at("message", "payment_too_long", f"All of it is {excess} characters too long. Shorten it.")
        return self

    def _require_debtor(self) -> None:
        needed = ("debtor_name", "debtor_postcode", "debtor_town", "debtor_country")
        missing = [name for name in needed if not getattr(self, name)]
        begun = len(missing) < len(needed) or self.debtor_street or self.debtor_building_number
        if begun and missing:
            words = "A payer has a name, a postcode, a town and a country. Write all of them, or leave the payer out."
            raise fault_at(missing[0], "debtor_incomplete", words)

    def payload(self) -> str:
        creditor = ("S", self.name, self.street, self.building_number, self.postcode, self.town, self.country)
        debtor = (
            "S" if self.debtor_name else "",
            self.debtor_name,
            self.debtor_street,
            self.debtor_building_number,
            self.debtor_postcode,
            self.debtor_town,
            self.debtor_country,
        )
        lines = [
            "SPC",
            "0200",
            "1",
            self.iban,
            *creditor,
            *("",) * 7,  # the ultimate creditor, for future use
            "" if self.amount is None else f"{self.amount:.2f}",
            self.currency,
            *debtor,
            self._reference_type(),
            self.reference,
            self.message,
            "EPD",
        ]
        procedures = [text for text in (self.alternative_procedure, self.second_alternative_procedure) if text]
        if self.bill_information or procedures:
            lines += [self.bill_information, *procedures]
        return "\n".join(line or "" for line in lines)

    def summary(self) -> str:
        return f"{self.name} · {self.iban}"

    def _reference_type(self) -> str:
        if not self.reference:
            return "NON"
        return "QRR" if self.reference.isdigit() else "SCOR"
