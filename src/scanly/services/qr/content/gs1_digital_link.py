"""A product, place, parcel or asset: the GS1 Digital Link URI (URI Syntax 1.4), which tills and phones both read.

A fixed code has an address of the brand's own or of GS1. That of a dynamic code begins with its short address, since
the syntax allows a path before the primary key; so nobody can take another's number. Routing resolves it.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, ClassVar, Final, Literal, Self
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, StringConstraints, model_validator
from stdnum import ean

from scanly.contracts.qr import CodeKind
from scanly.contracts.routing import TypedLink
from scanly.kernel.http import Line, Text
from scanly.services.qr.content.base import Content, fault, fault_at, field, needs_one_of
from scanly.services.qr.content.gs1_links import LINK_TYPES, as_lines, further_links, typed_link
from scanly.services.qr.content.url import WebAddress
from scanly.services.qr.words import Words

_KEYS: Final = {"gtin": "01", "gln": "414", "sscc": "00", "grai": "8003", "giai": "8004"}
"""Fields of primary keys, and their application identifiers."""
_OF_PRODUCTS: Final = ("lot", "expires_on", "serial", "variant", "best_before")
_GS1_RESOLVER = "https://id.gs1.org"
# GS1 General Specifications, figure 7.11-1: the 82 characters of lots, serial numbers and variants.
_SET_82 = re.compile(r"""[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]+""")


def _gtin(text: str) -> str:
    compact = re.sub(r"[\s\-]", "", text)
    if not compact.isascii() or not compact.isdigit() or len(compact) not in {8, 12, 13, 14}:
        words = "A GTIN has 8, 12, 13 or 14 digits. It stands under the product's barcode."
        raise fault("gtin_invalid", words)
    _check_digit(compact, "gtin_invalid", "this GTIN")
    return compact.zfill(14)


def _check_digit(digits: str, code: str, name: str) -> None:
    """Raise a fault when the last digit is not that of the others (GS1 General Specifications §7.9.1)."""
    if (expected := ean.calc_check_digit(digits[:-1])) != digits[-1]:
        raise fault(code, f"The last digit does not fit: it would be {expected}. A digit of {name} is mistyped.")


def _numbered(length: int, code: str, where: str) -> Callable[[str], str]:
    """Return the check of a number of so many digits; ``where`` says where it stands."""

    def number(text: str) -> str:
        compact = re.sub(r"[\s\-]", "", text)
        if not compact.isascii() or not compact.isdigit() or len(compact) != length:
            raise fault(code, f"It has {length} digits. {where}")
        _check_digit(compact, code, "it")
        return compact

    return number


def _grai(text: str) -> str:
    """Return a type of asset with 13 digits and a zero before them, and the serial number that may follow."""
    compact = re.sub(r"\s", "", text)
    if not re.fullmatch(r"0[0-9]{13}.{0,16}", compact) or not _SET_82.fullmatch(compact):
        words = (
            "It begins with 0 and 13 digits; up to 16 letters, digits and signs may follow, such as 04012345111118A7."
        )
        raise fault("grai_invalid", words)
    _check_digit(compact[:14], "grai_invalid", "it")
    return compact


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


def _links(text: str) -> str:
    return as_lines(further_links(text))


Gln = Annotated[
    Line, StringConstraints(max_length=40), AfterValidator(_numbered(13, "gln_invalid", "GS1 gave it to your company."))
]
Sscc = Annotated[
    Line, StringConstraints(max_length=40), AfterValidator(_numbered(18, "sscc_invalid", "It stands on the label."))
]
Grai = Annotated[Line, StringConstraints(max_length=60), AfterValidator(_grai)]
Giai = Annotated[Line, StringConstraints(max_length=60), AfterValidator(_element(30))]
Element = Annotated[Line, StringConstraints(max_length=60), AfterValidator(_element(20))]
Day = Annotated[Line, AfterValidator(_day)]


def _page(name: str) -> Any:  # noqa: ANN401 - as field
    return field(LINK_TYPES[name].words, default=None, widget="url", more=True, kind=CodeKind.DYNAMIC)


class Gs1DigitalLinkContent(Content):
    """Names a product, a place, a parcel or an asset for tills and phones."""

    model_config = needs_one_of(*_KEYS)

    TITLE: ClassVar[Words] = {"en": "Product (GS1 Digital Link)", "hi": "उत्पाद (GS1 डिजिटल लिंक)"}
    HELP: ClassVar[Words] = {
        "en": "One code for the till and the phone, with the product's numbers in the code itself. Changeable: scans "
        "are counted and what phones open can change, but never the numbers; fixed: another resolver decides.",
        "hi": "काउंटर और फ़ोन दोनों के लिए एक कोड, जिसके अंदर ही उत्पाद के नंबर हैं। बदलने योग्य: स्कैन गिने जाते हैं और "
        "फ़ोन क्या खोलें, यह बदल सकता है, पर नंबर कभी नहीं; पक्का: कोई और रिज़ॉल्वर तय करता है। जगहों, पार्सलों और सामान के लिए भी।",
    }
    KINDS: ClassVar = (CodeKind.FIXED, CodeKind.DYNAMIC)
    DESTINATION_FIELD: ClassVar[str] = "product_page"
    IN_SYMBOL: ClassVar = (*_KEYS, *_OF_PRODUCTS, "gln_extension")

    type: Literal["gs1_digital_link"] = "gs1_digital_link"
    gtin: Annotated[Line, StringConstraints(max_length=40), AfterValidator(_gtin)] | None = field(
        {"en": "Product number (GTIN)", "hi": "उत्पाद संख्या (GTIN)"},
        default=None,
        help={"en": "The digits under the product's barcode.", "hi": "उत्पाद के बारकोड के नीचे के अंक।"},
        placeholder={"en": "9506000134352", "hi": "9506000134352"},
        widget="digits",
    )
    product_page: WebAddress | None = field(
        LINK_TYPES["page"].words,
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
    gln: Gln | None = field(
        {"en": "Place (GLN)", "hi": "जगह (GLN)"},
        default=None,
        help={"en": "In place of a product: a shop, a store room, a gate.", "hi": "उत्पाद की जगह: दुकान, गोदाम, गेट।"},
        placeholder={"en": "9521321000018", "hi": "9521321000018"},
        widget="digits",
        more=True,
    )
    gln_extension: Element | None = field({"en": "Part of the place", "hi": "जगह का हिस्सा"}, default=None, more=True)
    sscc: Sscc | None = field(
        {"en": "Parcel or pallet (SSCC)", "hi": "पार्सल या पैलेट (SSCC)"}, default=None, widget="digits", more=True
    )
    grai: Grai | None = field(
        {"en": "Box or crate that comes back (GRAI)", "hi": "लौटने वाला डिब्बा या क्रेट (GRAI)"}, default=None, more=True
    )
    giai: Giai | None = field({"en": "Own asset (GIAI)", "hi": "अपना सामान (GIAI)"}, default=None, more=True)
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
    instructions: WebAddress | None = _page("instructions")
    safety: WebAddress | None = _page("safety")
    ingredients: WebAddress | None = _page("ingredients")
    allergens: WebAddress | None = _page("allergens")
    nutrition: WebAddress | None = _page("nutrition")
    recipes: WebAddress | None = _page("recipes")
    certificates: WebAddress | None = _page("certificates")
    sustainability: WebAddress | None = _page("sustainability")
    origin: WebAddress | None = _page("origin")
    recall: WebAddress | None = _page("recall")
    video: WebAddress | None = _page("video")
    questions: WebAddress | None = _page("questions")
    support: WebAddress | None = _page("support")
    registration: WebAddress | None = _page("registration")
    reviews: WebAddress | None = _page("reviews")
    offers: WebAddress | None = _page("offers")

    links: Annotated[Text, AfterValidator(_links)] | None = field(
        {"en": "Links in other languages", "hi": "दूसरी भाषाओं के लिंक"},
        default=None,
        help={
            "en": "One a line: what it is, its language, its address. Phones open the one in their language.",
            "hi": "हर लाइन में एक: क्या है, भाषा, पता। फ़ोन अपनी भाषा वाला खोलेगा।",
        },
        placeholder={"en": "page hi example.com/hi", "hi": "page hi example.com/hi"},
        widget="multiline",
        more=True,
        kind=CodeKind.DYNAMIC,
        max_length=20_000,
    )

    @model_validator(mode="after")
    def _has_one_key(self) -> Self:
        given = [name for name in _KEYS if getattr(self, name) is not None]
        if not given:
            raise fault_at("gtin", "gs1_key_missing", "Write the number: of a product, a place, a parcel or an asset.")
        if len(given) > 1:
            words = "A code stands for one thing. Leave out this number or the others."
            raise fault_at(given[1], "gs1_key_twice", words)
        wrong = [name for name in _OF_PRODUCTS if getattr(self, name) is not None and self.gtin is None]
        wrong += ["gln_extension"] if self.gln_extension is not None and self.gln is None else []
        if wrong:
            owner = "place (GLN)" if wrong == ["gln_extension"] else "product (GTIN)"
            raise fault_at(wrong[0], "gs1_key_other", f"Only a {owner} has this. Leave it out.")
        return self

    def payload(self) -> str:
        return self.resolver + self.elements() + self._dates()

    def symbol_at(self, short_url: str, print_url: str) -> str:  # noqa: ARG002 - tills know addresses in lower case
        return short_url + self.elements() + self._dates()

    def destination(self) -> str | None:
        return self.product_page

    def typed_links(self) -> tuple[TypedLink, ...]:
        pages = ((name, getattr(self, name, None)) for name in LINK_TYPES)
        plain = [typed_link(name, page) for name, page in pages if page is not None]
        return (*plain, *further_links(self.links or ""))

    @classmethod
    def led_to(cls, kept: dict[str, Any], destination: str) -> "Gs1DigitalLinkContent":
        """Return the product wherever its page is by now: its numbers are printed."""
        return cls.model_construct(**{**kept, "product_page": destination})

    def elements(self) -> str:
        # Qualifiers of a GTIN stand in this order: variant (22), lot (10), serial number (21).
        path = [(key, getattr(self, name)) for name, key in _KEYS.items()]
        path += [("254", self.gln_extension), ("22", self.variant), ("10", self.lot), ("21", self.serial)]
        return "".join(f"/{key}/{quote(value, safe='')}" for key, value in path if value)

    def _dates(self) -> str:
        dates = [("15", _yymmdd(self.best_before)), ("17", _yymmdd(self.expires_on))]
        query = "&".join(f"{key}={value}" for key, value in dates if value)
        return f"?{query}" if query else ""

    def summary(self) -> str:
        key = (self.gtin or "").lstrip("0") or self.gln or self.sscc or self.grai or self.giai
        return " · ".join(filter(None, (key, self.gln_extension, self.lot, self.serial)))


def _yymmdd(day: str | None) -> str | None:
    """Return a date as GS1 writes it; without a day it ends in 00."""
    return day and f"{day.replace('-', '')[2:]:0<6}"
