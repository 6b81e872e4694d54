"""Paying by UPI: the deep link of NPCI's UPI Linking Specification 1.6 (``upi://pay``)."""

import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, ClassVar, Literal
from urllib.parse import quote

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, StringConstraints, WithJsonSchema

from scanly.kernel.http import Line
from scanly.services.qr.content.base import Content, fault, field
from scanly.services.qr.words import Words

_LEAST, _MOST = Decimal("0.01"), Decimal(10_000_000)
_VPA = re.compile(r"[A-Za-z0-9.\-_]{2,255}@[A-Za-z][A-Za-z0-9]{1,63}")


def _payment_address(text: str) -> str:
    if not _VPA.fullmatch(text):
        raise fault(
            "vpa_invalid",
            "This is no UPI ID. It looks like name@bank, without spaces; your UPI app shows it in its profile.",
        )
    return text


def _amount(value: object) -> Decimal | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise fault("amount_invalid", 'Write the amount in rupees, such as "120.50".')
    try:
        amount = Decimal(str(value))
    except InvalidOperation as error:
        raise fault("amount_invalid", 'Write the amount in rupees, such as "120.50".') from error
    if not amount.is_finite() or not _LEAST <= amount <= _MOST:
        raise fault("amount_invalid", "The amount is between ₹0.01 and ₹10,000,000. Leave it out to let people choose.")
    if amount != round(amount, 2):
        raise fault("amount_invalid", "An amount in rupees has at most two digits after the point.")
    return amount.quantize(Decimal("0.01"))


Amount = Annotated[
    Decimal | None,
    BeforeValidator(_amount),
    PlainSerializer(lambda amount: None if amount is None else f"{Decimal(amount):.2f}", return_type=str | None),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": r"^\d{1,8}(\.\d{1,2})?$"}, {"type": "null"}]}),
]
ShortLine = Annotated[Line, StringConstraints(max_length=80)]


class UpiContent(Content):
    """Opens a UPI app with the payee filled in."""

    TITLE: ClassVar[Words] = {"en": "UPI payment", "hi": "UPI भुगतान"}
    HELP: ClassVar[Words] = {
        "en": "Every UPI app reads it: the payment details are in the code itself, so scans cannot be counted.",
        "hi": "हर UPI ऐप इसे पढ़ता है: भुगतान की जानकारी कोड के अंदर ही है, इसलिए स्कैन गिने नहीं जा सकते।",
    }

    type: Literal["upi"] = "upi"
    vpa: Annotated[str, AfterValidator(_payment_address)] = field(
        {"en": "UPI ID", "hi": "UPI आईडी"},
        placeholder={"en": "name@bank", "hi": "name@bank"},
    )
    name: Line = field({"en": "Name of the payee", "hi": "पाने वाले का नाम"}, max_length=99)
    amount: Amount = field(
        {"en": "Amount in rupees", "hi": "रक़म, रुपयों में"},
        default=None,
        help={"en": "Leave it out and the payer types it.", "hi": "ख़ाली छोड़ें तो देने वाला ख़ुद लिखेगा।"},
        widget="amount",
    )
    note: ShortLine | None = field({"en": "Note", "hi": "नोट"}, default=None, more=True)

    def payload(self) -> str:
        parameters = [("pa", self.vpa), ("pn", self.name)]
        if self.amount is not None:
            parameters.append(("am", f"{self.amount:.2f}"))
        parameters.append(("cu", "INR"))
        if self.note:
            parameters.append(("tn", self.note))
        # "@" may stand in a query (RFC 3986 §3.4) and some UPI apps do not decode it in ``pa``.
        return "upi://pay?" + "&".join(f"{key}={quote(value, safe='@')}" for key, value in parameters)

    def summary(self) -> str:
        return f"{self.name} · {self.vpa}"
