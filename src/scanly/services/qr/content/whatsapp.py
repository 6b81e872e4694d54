"""A WhatsApp chat: WhatsApp's click-to-chat address, ``https://wa.me/<number>?text=…``."""

from typing import Annotated, ClassVar, Literal, Self
from urllib.parse import quote

from pydantic import AfterValidator, model_validator

from scanly.contracts.qr import CodeKind
from scanly.kernel.http import Text
from scanly.kernel.web_address import MAX_LENGTH
from scanly.services.qr.content.base import Content, fault_at, field
from scanly.services.qr.content.phone import CALLING_CODES, PLACEHOLDER, PhoneNumber, grouped
from scanly.services.qr.words import Words


class WhatsAppContent(Content):
    """Opens a chat."""

    KINDS: ClassVar = (CodeKind.DYNAMIC, CodeKind.FIXED)
    TITLE: ClassVar[Words] = {"en": "WhatsApp", "hi": "व्हाट्सऐप"}
    HELP: ClassVar[Words] = {
        "en": "Opens a chat with you. Changeable: scans are counted and the number can change after printing; "
        "fixed: the number is in the code itself.",
        "hi": "आपसे चैट खोलता है। बदलने योग्य: स्कैन गिने जाते हैं और छपने के बाद भी नंबर बदल सकता है; पक्का: नंबर कोड के अंदर ही है।",
    }
    DESTINATION_FIELD: ClassVar[str] = "number"

    type: Literal["whatsapp"] = "whatsapp"
    number: PhoneNumber = field(
        {"en": "WhatsApp number", "hi": "व्हाट्सऐप नंबर"},
        placeholder=PLACEHOLDER,
        widget="phone",
        calling_codes=CALLING_CODES,
    )
    text: Annotated[Text, AfterValidator(str.strip)] | None = field(
        {"en": "First message", "hi": "पहला मैसेज"},
        default=None,
        help={"en": "People can change it before they send it.", "hi": "भेजने से पहले लोग इसे बदल सकते हैं।"},
        placeholder={"en": "Hello, I would like to order …", "hi": "नमस्ते, मुझे … मंगवाना है"},
        widget="multiline",
        max_length=1000,
    )

    @model_validator(mode="after")
    def _can_be_opened(self) -> Self:
        if (excess := len(self.payload()) - MAX_LENGTH) > 0:
            words = f"This message is too long for an address by about {excess} letters or signs. Shorten it."
            raise fault_at("text", "message_too_long", words)
        return self

    def payload(self) -> str:
        text = f"?text={quote(self.text, safe='')}" if self.text else ""
        return f"https://wa.me/{self.number.removeprefix('+')}{text}"

    def summary(self) -> str:
        return grouped(self.number)

    def destination(self) -> str:
        return self.payload()
