"""A web address."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator

from scanly.contracts.qr import CodeKind
from scanly.kernel.web_address import AddressFault, shown, web_address
from scanly.services.qr.content.base import Content, fault, field
from scanly.services.qr.words import Words


def _address(text: str) -> str:
    try:
        return web_address(text)
    except AddressFault as wrong:
        raise fault(wrong.code, wrong.detail) from wrong


WebAddress = Annotated[str, AfterValidator(_address)]


class UrlContent(Content):
    """Opens a web address."""

    KINDS: ClassVar = (CodeKind.DYNAMIC, CodeKind.FIXED)
    TITLE: ClassVar[Words] = {"en": "Website", "hi": "वेबसाइट"}
    HELP: ClassVar[Words] = {
        "en": "Opens any address on the internet. Changeable: scans are counted and the address can change after "
        "printing; fixed: the address is in the code itself.",
        "hi": "इंटरनेट का कोई भी पता खोलता है। बदलने योग्य: स्कैन गिने जाते हैं और छपने के बाद भी पता बदल सकता है; "
        "पक्का: पता कोड के अंदर ही है।",
    }

    DESTINATION_FIELD: ClassVar[str] = "url"

    type: Literal["url"] = "url"
    url: WebAddress = field(
        {"en": "Where it leads", "hi": "क्या खुले"},
        placeholder={"en": "example.com", "hi": "example.com"},
        widget="url",
    )

    def payload(self) -> str:
        return self.url

    def summary(self) -> str:
        return shown(self.url)

    def destination(self) -> str:
        return self.url

    def kept(self) -> dict[str, Any]:
        return {"type": self.type}

    @classmethod
    def led_to(cls, _kept: dict[str, Any], destination: str) -> "UrlContent":
        return cls.model_construct(url=destination)
