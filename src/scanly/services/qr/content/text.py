"""Plain text that the phone shows as it is."""

from typing import ClassVar, Literal

from pydantic import field_validator

from scanly.kernel.http import Text
from scanly.services.qr.content.base import Content, fault, field
from scanly.services.qr.words import Words

# No symbol holds more letters and digits (ISO/IEC 18004, version 40-L); the encoder says what fits exactly.
_MOST = 4296


class TextContent(Content):
    """Shows a text."""

    TITLE: ClassVar[Words] = {"en": "Text", "hi": "लिखावट"}
    HELP: ClassVar[Words] = {
        "en": "Shows a text, also without internet. The text is in the code itself.",
        "hi": "बिना इंटरनेट के भी लिखावट दिखाता है। लिखावट कोड के अंदर ही है।",
    }

    type: Literal["text"] = "text"
    text: Text = field(
        {"en": "Text", "hi": "लिखावट"},
        help={"en": "The shorter, the easier it scans.", "hi": "जितनी छोटी, उतनी आसानी से स्कैन।"},
        widget="multiline",
        max_length=_MOST,
    )

    @field_validator("text")
    @classmethod
    def _with_plain_breaks(cls, text: str) -> str:
        if not text:
            raise fault("text_missing", "Write the text that the phone should show.")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def payload(self) -> str:
        return self.text

    def summary(self) -> str:
        first = self.text.partition("\n")[0].strip()
        return first if len(first) <= 80 else f"{first[:79]}…"
