"""A review: the form in which people write one, with Google or anywhere else."""

import re
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, StringConstraints, model_validator

from scanly.contracts.qr import CodeKind
from scanly.kernel.http import Line
from scanly.kernel.web_address import shown
from scanly.services.qr.content.base import Content, fault, fault_at, field, needs_one_of
from scanly.services.qr.content.url import WebAddress
from scanly.services.qr.words import Words

_PLACE_ID = re.compile(r"[A-Za-z0-9_-]{20,}")


def _place_id(text: str) -> str:
    if not _PLACE_ID.fullmatch(text):
        words = "This is no Google place ID. It looks like ChIJN1t_tDeuEmsRUsoyG83frY4, without spaces."
        raise fault("place_id_invalid", words)
    return text


class ReviewContent(Content):
    """Opens the form of a review."""

    model_config = needs_one_of("url", "place_id")

    KINDS: ClassVar = (CodeKind.DYNAMIC, CodeKind.FIXED)
    TITLE: ClassVar[Words] = {"en": "Review", "hi": "समीक्षा"}
    HELP: ClassVar[Words] = {
        "en": "Opens the page where people rate you. Changeable: scans are counted and the page can change after "
        "printing; fixed: the address is in the code itself.",
        "hi": "वह पेज खोलता है जहाँ लोग आपको रेटिंग देते हैं। बदलने योग्य: स्कैन गिने जाते हैं और छपने के बाद भी पेज बदल सकता है; "
        "पक्का: पता कोड के अंदर ही है।",
    }
    DESTINATION_FIELD: ClassVar[str] = "url"

    type: Literal["review"] = "review"
    url: WebAddress | None = field(
        {"en": "Link to your reviews", "hi": "आपकी समीक्षाओं का लिंक"},
        default=None,
        help={
            "en": "In Google: your business profile, “Ask for reviews”, then copy the link. Any other page works too.",
            "hi": "Google में: अपनी बिज़नेस प्रोफ़ाइल, “समीक्षा माँगें”, फिर लिंक कॉपी करें। कोई और पेज भी चलेगा।",
        },
        placeholder={"en": "g.page/r/…/review", "hi": "g.page/r/…/review"},
        widget="url",
    )
    place_id: Annotated[Line, StringConstraints(max_length=300), AfterValidator(_place_id)] | None = field(
        {"en": "Google place ID, instead of the link", "hi": "लिंक की जगह Google प्लेस आईडी"},
        default=None,
        placeholder={"en": "ChIJN1t_tDeuEmsRUsoyG83frY4", "hi": "ChIJN1t_tDeuEmsRUsoyG83frY4"},
        more=True,
    )

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if self.url is None and self.place_id is None:
            raise fault_at("url", "review_missing", "Paste the link to your reviews, or write your Google place ID.")
        if self.url is not None and self.place_id is not None:
            raise fault_at("place_id", "review_twice", "The link is enough. Leave the place ID out, or the link.")
        return self

    def payload(self) -> str:
        return self.url or f"https://search.google.com/local/writereview?placeid={self.place_id}"

    def summary(self) -> str:
        return shown(self.payload())

    def destination(self) -> str:
        return self.payload()
