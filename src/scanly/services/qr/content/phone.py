"""A call: the ``tel`` URI of RFC 3966. Other types share its phone numbers, which are those of ITU-T E.164."""

import re
from typing import Annotated, ClassVar, Literal

import phonenumbers
from pydantic import AfterValidator, StringConstraints

from scanly.kernel.http import Line
from scanly.services.qr.content.base import Content, fault, field
from scanly.services.qr.words import Words

_TYPED = re.compile(r"[\d\s().+\-/]+")
_REASONS = {
    phonenumbers.NumberParseException.INVALID_COUNTRY_CODE: "No country has this number after the +. Check it.",
}
_LENGTHS = {
    phonenumbers.ValidationResult.TOO_SHORT: "This number is too short: some digits are missing.",
    phonenumbers.ValidationResult.TOO_LONG: "This number is too long: it has more digits than its country knows.",
    phonenumbers.ValidationResult.INVALID_LENGTH: "A number of this country has more or fewer digits. Check it.",
}
_WHOLE = "Write the number with + and the number of the country, such as +91 98765 43210."


def international(text: str) -> str:
    """Return a phone number in the form of E.164: ``+``, country and the rest, digits only.

    Only its length is judged: which ranges a country has given out changes faster than any list of them.
    """
    if not text.startswith(("+", "00")):
        raise fault("phone_without_country" if text[:1].isdigit() else "phone_invalid", _WHOLE)
    if not _TYPED.fullmatch(text):
        raise fault("phone_invalid", f"Only digits, spaces and + - ( ) . / belong into a number. {_WHOLE}")
    try:
        number = phonenumbers.parse("+" + text.removeprefix("00") if text.startswith("00") else text)
    except phonenumbers.NumberParseException as error:
        raise fault("phone_invalid", _REASONS.get(error.error_type, f"This is no phone number. {_WHOLE}")) from error
    wrong = _LENGTHS.get(phonenumbers.is_possible_number_with_reason(number))
    if wrong:
        raise fault("phone_invalid", wrong)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def grouped(number: str) -> str:
    """Return an E.164 number as people write it, such as ``+91 98765 43210``."""
    return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL)


PhoneNumber = Annotated[Line, StringConstraints(max_length=40), AfterValidator(international)]

CALLING_CODES = {
    region: str(phonenumbers.country_code_for_region(region)) for region in sorted(phonenumbers.SUPPORTED_REGIONS)
}
PLACEHOLDER: Words = {"en": "+91 98765 43210", "hi": "+91 98765 43210"}


class PhoneContent(Content):
    """Calls a number."""

    TITLE: ClassVar[Words] = {"en": "Phone call", "hi": "फ़ोन कॉल"}
    HELP: ClassVar[Words] = {
        "en": "The phone offers to call you, also without internet. The number is in the code itself and stays.",
        "hi": "फ़ोन आपको कॉल करने को पूछता है, बिना इंटरनेट के भी। नंबर कोड के अंदर ही है और बदलता नहीं।",
    }

    type: Literal["phone"] = "phone"
    number: PhoneNumber = field(
        {"en": "Phone number", "hi": "फ़ोन नंबर"},
        placeholder=PLACEHOLDER,
        widget="phone",
        calling_codes=CALLING_CODES,
    )

    def payload(self) -> str:
        return f"tel:{self.number}"

    def summary(self) -> str:
        return grouped(self.number)
