"""What a product's address leads to by type: GS1's link types, and further links of one type in other languages."""

import re
from typing import Final, NamedTuple

from pydantic_core import PydanticCustomError

from scanly.contracts.routing import TypedLink
from scanly.kernel.web_address import AddressFault, web_address
from scanly.services.qr.content.base import fault
from scanly.services.qr.words import Words

VOCABULARY: Final = "https://ref.gs1.org/voc/"
MOST_LINKS: Final = 40

_PAGE: Final = "page"


class LinkType(NamedTuple):
    """A link type of GS1's web vocabulary, with its words."""

    name: str
    words: Words


LINK_TYPES: Final[dict[str, LinkType]] = {
    _PAGE: LinkType("pip", {"en": "Product page", "hi": "उत्पाद का पेज"}),
    "instructions": LinkType("instructions", {"en": "Instructions", "hi": "इस्तेमाल का तरीक़ा"}),
    "safety": LinkType("safetyInfo", {"en": "Safety", "hi": "सुरक्षा"}),
    "ingredients": LinkType("ingredientsInfo", {"en": "Ingredients", "hi": "सामग्री"}),
    "allergens": LinkType("allergenInfo", {"en": "Allergens", "hi": "एलर्जी वाली चीज़ें"}),
    "nutrition": LinkType("nutritionalInfo", {"en": "Nutrition", "hi": "पोषण"}),
    "recipes": LinkType("recipeInfo", {"en": "Recipes", "hi": "रेसिपी"}),
    "certificates": LinkType("certificationInfo", {"en": "Certificates", "hi": "प्रमाणपत्र"}),
    "sustainability": LinkType("sustainabilityInfo", {"en": "Environment and recycling", "hi": "पर्यावरण और रीसाइक्लिंग"}),
    "origin": LinkType("traceability", {"en": "Where it comes from", "hi": "कहाँ से आया"}),
    "recall": LinkType("recallStatus", {"en": "Recalls", "hi": "वापस मँगाए गए माल की सूचना"}),
    "video": LinkType("relatedVideo", {"en": "Video", "hi": "वीडियो"}),
    "questions": LinkType("faqs", {"en": "Questions and answers", "hi": "सवाल और जवाब"}),
    "support": LinkType("support", {"en": "Help and service", "hi": "मदद और सेवा"}),
    "registration": LinkType("registerProduct", {"en": "Registration, guarantee", "hi": "पंजीकरण, गारंटी"}),
    "reviews": LinkType("leaveReview", {"en": "Write a review", "hi": "समीक्षा लिखें"}),
    "offers": LinkType("promotion", {"en": "Offers", "hi": "ऑफ़र"}),
}
"""By the names that they have here."""
_NAMES: Final = {type_.name: name for name, type_ in LINK_TYPES.items()}

# RFC 5646 §2.1 without what no page is written in: language, script and region.
_LANGUAGE: Final = re.compile(r"([A-Za-z]{2,3})(?:-([A-Za-z]{4}))?(?:-([A-Za-z]{2}|[0-9]{3}))?")
_MEDIA_TYPE: Final = re.compile(
    r"(?:application|audio|font|image|message|model|multipart|text|video)/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}"
)


def typed_link(name: str, href: str, language: str | None = None, media_type: str | None = None) -> TypedLink:
    """Return a link of a type, with a title in its language where we have one."""
    words = LINK_TYPES[name].words
    title = words["hi"] if language and language.partition("-")[0] == "hi" else words["en"]
    return TypedLink(rel=VOCABULARY + LINK_TYPES[name].name, href=href, title=title, hreflang=language, type=media_type)


def further_links(text: str) -> list[TypedLink]:
    """Return the links of a list, a line each: type, language, media type, address; a fault names the line."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINKS:
        raise _wrong(f"These are {len(lines)} links. Keep the {MOST_LINKS} that matter most.")
    links: list[TypedLink] = []
    for number, line in enumerate(lines, 1):
        link = _link(number, line)
        if any((link.rel, link.hreflang, link.type) == (one.rel, one.hreflang, one.type) for one in links):
            raise _wrong(
                f"Line {number}: there is such a link above, of the same type and language. Leave one of both out."
            )
        links.append(link)
    return links


def as_lines(links: list[TypedLink]) -> str:
    """Return links as ``further_links`` reads them."""
    return "\n".join(
        " ".join(filter(None, (_NAMES[link.rel.removeprefix(VOCABULARY)], link.hreflang, link.type, link.href)))
        for link in links
    )


def _link(number: int, line: list[str]) -> TypedLink:
    name = line[0].removeprefix("gs1:")
    name = _NAMES.get(name, name)
    if name not in LINK_TYPES:
        raise _wrong(f"Line {number}: begin with what it is, one of {', '.join(LINK_TYPES)}.")
    language = media_type = None
    for word in line[1:-1]:
        if language is None and (found := _LANGUAGE.fullmatch(word)):
            base, script, region = (part or "" for part in found.groups())
            language = "-".join(filter(None, (base.lower(), script.title(), region.upper())))
        elif media_type is None and _MEDIA_TYPE.fullmatch(word.lower()):
            media_type = word.lower()
        else:
            raise _wrong(
                f"Line {number}: {word} is neither a language, such as hi, nor a kind of file, such as application/pdf."
            )
    if language is None and media_type is None:
        raise _wrong(f"Line {number}: write what it is, its language and its address: instructions hi example.com/hi")
    try:
        return typed_link(name, web_address(line[-1]), language, media_type)
    except AddressFault as wrong:
        raise _wrong(f"Line {number}: {wrong.detail}") from wrong


def _wrong(words: str) -> PydanticCustomError:
    return fault("gs1_links_invalid", words)
