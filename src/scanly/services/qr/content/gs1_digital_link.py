"""A product: the GS1 Digital Link URI (GS1 Digital Link Standard: URI Syntax 1.4), which tills and phones both read.

A fixed code has an address of the brand's own or of GS1. That of a dynamic code begins with its short address, since
the syntax allows a path before the primary key; so nobody can take another's GTIN. Routing resolves it.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, ClassVar, Final, Literal
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, StringConstraints
from stdnum import ean
from stdnum.exceptions import ValidationError

from scanly.contracts.qr import CodeKind
from scanly.contracts.routing import TypedLink
from scanly.kernel.http import Line
from scanly.services.qr.content.base import Content, fault, field
from scanly.services.qr.content.url import WebAddress
from scanly.services.qr.words import Words

_VOCABULARY: Final = "https://ref.gs1.org/voc/"
_TYPES: Final = {
    "instructions": "instructions",
    "safety": "safetyInfo",
    "ingredients": "ingredientsInfo",
    "allergens": "allergenInfo",
    "nutrition": "nutritionalInfo",
    "recipes": "recipeInfo",
    "certificates": "certificationInfo",
    "sustainability": "sustainabilityInfo",
    "origin": "traceability",
    "recall": "recallStatus",
    "video": "relatedVideo",
    "questions": "faqs",
    "support": "support",
    "registration": "registerProduct",
    "reviews": "leaveReview",
    "offers": "promotion",
}
"""Fields, and the link types of GS1's web vocabulary that they are."""
_GS1_RESOLVER = "https://id.gs1.org"
# GS1 General Specifications, figure 7.11-1: the 82 characters of lots, serial numbers and variants.
_SET_82 = re.compile(r"""[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]+""")


def _gtin(text: str) -> str:
    compact = re.sub(r"[\s\-]", "", text)
    if not compact.isascii() or not compact.isdigit() or len(compact) not in {8, 12, 13, 14}:
        words = "A GTIN has 8, 12, 13 or 14 digits. It stands under the product's barcode."
        raise fault("gtin_invalid", words)
    try:
        ean.validate(compact)
    except ValidationError as error:
        expected = ean.calc_check_digit(compact[:-1])
        words = f"The last digit does not fit: it would be {expected}. A digit of this GTIN is mistyped."
        raise fault("gtin_invalid", words) from error
    return compact.zfill(14)


def _element(most: int) -> Callable[[str], str]:
    def element(text: str) -> str:
        if not _SET_82.fullmatch(text) or len(text) > most:
            words = f"It has at most {most} letters, digits and signs, without spaces, such as LOT-2041."
            raise fault("gs1_characters", words)
        return text

    return element


def _day(text: str) -> str:
    """Return a day, or a month when the pack tells no day."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            day = date.fromisoformat(text)
        elif re.fullmatch(r"\d{4}-\d{2}", text):
            day = date.fromisoformat(f"{text}-01")
        else:
            raise fault("day_invalid", "Write the day as 2026-12-31, or only the month as 2026-12.")
    except ValueError as error:
        raise fault("day_invalid", "This day does not exist. Check it.") from error
    # Years have two digits, which mean a time close to today (GS1 General Specifications §7.12).
    if not 2000 <= day.year <= 2075:
        raise fault("day_invalid", "Choose a year from 2000 to 2075.")
    return text


def _resolver(text: str) -> str:
    parts = urlsplit(text)
    if parts.query or parts.fragment:
        raise fault("resolver_invalid", "Write only the start of the address, such as id.example.com.")
    return text.rstrip("/")


Element = Annotated[Line, StringConstraints(max_length=60), AfterValidator(_element(20))]
Day = Annotated[Line, AfterValidator(_day)]


def _page(en: str, hi: str) -> Any:  # noqa: ANN401 - as field
    return field({"en": en, "hi": hi}, default=None, widget="url", more=True, kind=CodeKind.DYNAMIC)


class Gs1DigitalLinkContent(Content):
    """Names a product for tills and phones."""

    TITLE: ClassVar[Words] = {"en": "Product (GS1 Digital Link)", "hi": "उत्पाद (GS1 डिजिटल लिंक)"}
    HELP: ClassVar[Words] = {
        "en": "One code for the till and the phone, with the product's numbers in the code itself. Changeable: scans "
        "are counted and what phones open can change, but never the numbers; fixed: another resolver decides.",
        "hi": "काउंटर और फ़ोन दोनों के लिए एक कोड, जिसके अंदर ही उत्पाद के नंबर हैं। बदलने योग्य: स्कैन गिने जाते हैं और "
        "फ़ोन क्या खोलें, यह बदल सकता है, पर नंबर कभी नहीं; पक्का: कोई और रिज़ॉल्वर तय करता है।",
    }
    KINDS: ClassVar = (CodeKind.FIXED, CodeKind.DYNAMIC)
    DESTINATION_FIELD: ClassVar[str] = "product_page"
    IN_SYMBOL: ClassVar = ("gtin", "lot", "expires_on", "serial", "variant", "best_before")

    type: Literal["gs1_digital_link"] = "gs1_digital_link"
    gtin: Annotated[Line, StringConstraints(max_length=40), AfterValidator(_gtin)] = field(
        {"en": "Product number (GTIN)", "hi": "उत्पाद संख्या (GTIN)"},
        help={"en": "The digits under the product's barcode.", "hi": "उत्पाद के बारकोड के नीचे के अंक।"},
        placeholder={"en": "9506000134352", "hi": "9506000134352"},
        widget="digits",
    )
    product_page: WebAddress | None = field(
        {"en": "Product page", "hi": "उत्पाद का पेज"},
        default=None,
        help={"en": "What phones open.", "hi": "फ़ोन में यही खुलेगा।"},
        placeholder={"en": "example.com/honey", "hi": "example.com/honey"},
        widget="url",
        kind=CodeKind.DYNAMIC,
    )
    lot: Element | None = field({"en": "Batch or lot", "hi": "बैच या लॉट"}, default=None)
    expires_on: Day | None = field({"en": "Use by", "hi": "इस्तेमाल की आख़िरी तारीख़"}, default=None, widget="day")
    serial: Element | None = field({"en": "Serial number", "hi": "सीरियल नंबर"}, default=None, more=True)
    variant: Element | None = field({"en": "Consumer product variant", "hi": "उत्पाद का प्रकार"}, default=None, more=True)
    best_before: Day | None = field(
        {"en": "Best before", "hi": "इससे पहले सबसे अच्छा"}, default=None, widget="day", more=True
    )
    resolver: Annotated[WebAddress, AfterValidator(_resolver)] = field(
        {"en": "Resolver", "hi": "रिज़ॉल्वर"},
        default=_GS1_RESOLVER,
        help={
            "en": "Your brand's own address, or GS1's, which answers what its members entered.",
            "hi": "आपके ब्रांड का अपना पता, या GS1 का, जो सदस्यों की दर्ज जानकारी देता है।",
        },
        placeholder={"en": "id.gs1.org", "hi": "id.gs1.org"},
        widget="url",
        more=True,
        kind=CodeKind.FIXED,
    )
    instructions: WebAddress | None = _page("Instructions", "इस्तेमाल का तरीक़ा")
    safety: WebAddress | None = _page("Safety", "सुरक्षा")
    ingredients: WebAddress | None = _page("Ingredients", "सामग्री")
    allergens: WebAddress | None = _page("Allergens", "एलर्जी वाली चीज़ें")
    nutrition: WebAddress | None = _page("Nutrition", "पोषण")
    recipes: WebAddress | None = _page("Recipes", "रेसिपी")
    certificates: WebAddress | None = _page("Certificates", "प्रमाणपत्र")
    sustainability: WebAddress | None = _page("Environment and recycling", "पर्यावरण और रीसाइक्लिंग")
    origin: WebAddress | None = _page("Where it comes from", "कहाँ से आया")
    recall: WebAddress | None = _page("Recalls", "वापस मँगाए गए माल की सूचना")
    video: WebAddress | None = _page("Video", "वीडियो")
    questions: WebAddress | None = _page("Questions and answers", "सवाल और जवाब")
    support: WebAddress | None = _page("Help and service", "मदद और सेवा")
    registration: WebAddress | None = _page("Registration, guarantee", "पंजीकरण, गारंटी")
    reviews: WebAddress | None = _page("Write a review", "समीक्षा लिखें")
    offers: WebAddress | None = _page("Offers", "ऑफ़र")

    def payload(self) -> str:
        return self.resolver + self._path()

    def symbol_at(self, short_url: str, print_url: str) -> str:  # noqa: ARG002 - tills know addresses in lower case
        return short_url + self._path()

    def destination(self) -> str | None:
        return self.product_page

    def typed_links(self) -> tuple[TypedLink, ...]:
        return tuple(
            TypedLink(rel=_VOCABULARY + name, href=page, title=_title(field_name))
            for field_name, name in _TYPES.items()
            if (page := getattr(self, field_name)) is not None
        )

    @classmethod
    def led_to(cls, kept: dict[str, Any], destination: str) -> "Gs1DigitalLinkContent":
        """Return the product wherever its page is by now: its numbers are printed."""
        return cls.model_construct(**{**kept, "product_page": destination})

    def _path(self) -> str:
        # Qualifiers of a GTIN stand in this order: variant (22), lot (10), serial number (21).
        path = [("01", self.gtin), ("22", self.variant), ("10", self.lot), ("21", self.serial)]
        dates = [("15", _yymmdd(self.best_before)), ("17", _yymmdd(self.expires_on))]
        query = "&".join(f"{key}={value}" for key, value in dates if value)
        return "".join(f"/{key}/{quote(value, safe='')}" for key, value in path if value) + (
            f"?{query}" if query else ""
        )

    def summary(self) -> str:
        return " · ".join(filter(None, (self.gtin.lstrip("0"), self.lot, self.serial)))


def _title(name: str) -> str:
    hints: Any = Gs1DigitalLinkContent.model_fields[name].json_schema_extra
    return str(hints["x-label"]["en"])


def _yymmdd(day: str | None) -> str | None:
    """Return a date as GS1 writes it; without a day it ends in 00."""
    return day and f"{day.replace('-', '')[2:]:0<6}"
