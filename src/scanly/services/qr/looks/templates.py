"""Ready looks by trade, made by us: a design, words for its frame in each language, and what it is for."""

from typing import Any, Literal

from scanly.services.qr.design import Design
from scanly.services.qr.looks.schemas import TemplateBody
from scanly.services.qr.words import Words


def _fill(color: str) -> dict[str, Any]:
    return {"color": color}


def _template(
    trade: str, title: Words, design: dict[str, Any], texts: list[tuple[str, str]], content_types: list[str]
) -> TemplateBody:
    return TemplateBody(
        name=trade,
        trade=trade,
        title=title,
        design=Design.model_validate(design),
        texts=[{"en": english, "hi": hindi} for english, hindi in texts],
        content_types=content_types,
    )


TEMPLATES: dict[str, TemplateBody] = {
    template.name: template
    for template in (
        _template(
            "shop",
            {"en": "Shop", "hi": "दुकान"},
            {"modules": {"shape": "rounded", "fill": _fill("#0b5a5f")}},
            [("Scan to pay", "स्कैन करें, पेमेंट करें"), ("Visit our shop", "हमारी दुकान देखें")],
            ["upi", "url", "whatsapp"],
        ),
        _template(
            "restaurant",
            {"en": "Restaurant", "hi": "रेस्टोरेंट"},
            {
                "modules": {"shape": "rounded", "fill": _fill("#3b1f14")},
                "eyes": {"ball": {"fill": _fill("#a8401c")}},
            },
            [("Scan for menu", "मेन्यू देखें"), ("Order here", "यहाँ ऑर्डर करें")],
            ["file", "url", "review"],
        ),
        _template(
            "event",
            {"en": "Event", "hi": "कार्यक्रम"},
            {
                "modules": {"shape": "dots", "fill": _fill("#4a1d6b")},
                "eyes": {"frame": {"fill": _fill("#7a1747")}},
            },
            [("Save the date", "तारीख़ सेव करें"), ("Find the place", "जगह देखें")],
            ["event", "location", "url"],
        ),
        _template(
            "salon",
            {"en": "Salon", "hi": "सैलून"},
            {"modules": {"shape": "dots", "fill": _fill("#8a2447")}},
            [("Book your visit", "समय बुक करें"), ("Follow us", "हमसे जुड़ें")],
            ["whatsapp", "url", "phone"],
        ),
        _template(
            "clinic",
            {"en": "Clinic", "hi": "क्लिनिक"},
            {"modules": {"shape": "rounded", "fill": _fill("#12406b")}},
            [("Book an appointment", "अपॉइंटमेंट लें"), ("Save our number", "हमारा नंबर सेव करें")],
            ["phone", "vcard", "url"],
        ),
        _template(
            "school",
            {"en": "School", "hi": "स्कूल"},
            {"modules": {"shape": "square", "fill": _fill("#1f2f6b")}},
            [("Read the notice", "सूचना पढ़ें"), ("Join the class", "क्लास से जुड़ें")],
            ["file", "url", "event"],
        ),
        _template(
            "real_estate",
            {"en": "Property", "hi": "प्रॉपर्टी"},
            {
                "modules": {"shape": "square", "fill": _fill("#1d3b2a")},
                "eyes": {"ball": {"fill": _fill("#7a4a00")}},
            },
            [("See inside", "अंदर से देखें"), ("Call the agent", "एजेंट को फ़ोन करें")],
            ["url", "location", "vcard"],
        ),
        _template(
            "creator",
            {"en": "Creator", "hi": "क्रिएटर"},
            {
                "modules": {"shape": "dots", "fill": _fill("#2b1a5e")},
                "eyes": {"frame": {"fill": _fill("#a3195b")}, "ball": {"fill": _fill("#a3195b")}},
            },
            [("Follow me", "मुझे फ़ॉलो करें"), ("See all my links", "मेरे सारे लिंक")],
            ["url", "whatsapp", "email"],
        ),
    )
}


def in_words(template: TemplateBody, locale: Literal["en", "hi"]) -> Design:
    """Return the look of a template with its first call to action in a language, where its frame has room for one."""
    frame = template.design.frame
    if frame is None:
        return template.design
    words = template.texts[0][locale]
    dumped = template.design.model_dump(mode="json")
    return Design.model_validate({**dumped, "frame": {**dumped["frame"], "text": words}})
