"""A text message, written as ``SMSTO:number:text``.

RFC 5724 has ``sms:number?body=…``, but phones differ in how they read its body; ``SMSTO``, which comes from NTT DoCoMo
and ZXing, fills in number and text in the cameras of iOS and of every Android alike.
"""

import re
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, StringConstraints

from scanly.kernel.http import Line, Text
from scanly.services.qr.content.base import Content, field
from scanly.services.qr.content.phone import CALLING_CODES, PLACEHOLDER, grouped, international
from scanly.services.qr.words import Words

_SHORT_CODE = re.compile(r"[0-9]{3,8}")
"""Numbers of services, which hold in one country and have no ``+`` (GSMA, common short codes)."""


def _number(text: str) -> str:
    return text if _SHORT_CODE.fullmatch(text) else international(text)


class SmsContent(Content):
    """Begins a text message."""

    TITLE: ClassVar[Words] = {"en": "Text message (SMS)", "hi": "एसएमएस"}
    HELP: ClassVar[Words] = {
        "en": "The phone begins a message to you and people only send it. Number and text are in the code itself.",
        "hi": "फ़ोन आपको मैसेज लिखना शुरू करता है, लोग बस भेज देते हैं। नंबर और मैसेज कोड के अंदर ही हैं।",
    }

    type: Literal["sms"] = "sms"
    number: Annotated[Line, StringConstraints(max_length=40), AfterValidator(_number)] = field(
        {"en": "Phone number", "hi": "फ़ोन नंबर"},
        help={"en": "Short numbers such as 56161 work too.", "hi": "56161 जैसे छोटे नंबर भी चलते हैं।"},
        placeholder=PLACEHOLDER,
        widget="phone_or_short",
        calling_codes=CALLING_CODES,
    )
    text: Annotated[Text, AfterValidator(str.strip)] | None = field(
        {"en": "Message", "hi": "मैसेज"},
        default=None,
        help={"en": "People can change it before they send it.", "hi": "भेजने से पहले लोग इसे बदल सकते हैं।"},
        widget="multiline",
        max_length=800,
    )

    def payload(self) -> str:
        return f"SMSTO:{self.number}:{self.text or ''}"

    def summary(self) -> str:
        return grouped(self.number) if self.number.startswith("+") else self.number
