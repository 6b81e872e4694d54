"""Ready looks by trade, made by us: a design, words for its frame in each language, and what it is for."""

from typing import Any, Literal

from scanly.services.qr.design import Design
from scanly.services.qr.looks.schemas import TemplateBody
from scanly.services.qr.words import Words


def _one(color: str) -> dict[str, Any]:
    return {"color": color}


def _fading(kind: Literal["linear", "radial"], first: str, last: str, angle: int = 0) -> dict[str, Any]:
    turned = {"angle": angle} if kind == "linear" else {}
    return {"gradient": {"kind": kind, **turned, "stops": [{"at": 0, "color": first}, {"at": 1, "color": last}]}}


def _eyes(frame: str, ball: str, color: str | None = None, ball_color: str | None = None) -> dict[str, Any]:
    return {
        "frame": {"shape": frame, **({"fill": _one(color)} if color else {})},
        "ball": {"shape": ball, **({"fill": _one(ball_color or color or "")} if ball_color or color else {})},
    }


def _template(
    name: str,
    title: Words,
    design: dict[str, Any],
    texts: list[tuple[str, str]],
    content_types: list[str],
) -> TemplateBody:
    frame = design.get("frame")
    whole = {**design, "frame": {**frame, "text": texts[0][0]}} if frame else design
    return TemplateBody(
        name=name,
        trade=name,
        title=title,
        design=Design.model_validate(whole),
        texts=[{"en": english, "hi": hindi} for english, hindi in texts],
        content_types=content_types,
    )


TEMPLATES: dict[str, TemplateBody] = {
    template.name: template
    for template in (
        _template(
            "shop",
            {"en": "Shop", "hi": "दुकान"},
            {
                "modules": {"shape": "rounded", "fill": _one("#0b5a5f")},
                "eyes": _eyes("rounded", "rounded", ball_color="#8a3a12"),
                "frame": {"kind": "banner_bottom", "fill": _one("#0b5a5f")},
            },
            [("Scan to pay", "स्कैन करें, पेमेंट करें"), ("Visit our shop", "हमारी दुकान देखें")],
            ["upi", "url", "whatsapp"],
        ),
        _template(
            "restaurant",
            {"en": "Restaurant", "hi": "रेस्टोरेंट"},
            {
                "modules": {"shape": "rounded", "fill": _one("#3b1f14")},
                "eyes": _eyes("extra_rounded", "circle", ball_color="#8a3212"),
                "background": {"fill": _one("#fff6e5")},
                "frame": {"kind": "banner_bottom", "fill": _one("#3b1f14")},
            },
            [("Scan for menu", "मेन्यू देखें"), ("Order here", "यहाँ ऑर्डर करें")],
            ["file", "url", "review"],
        ),
        _template(
            "cafe",
            {"en": "Café", "hi": "कैफ़े"},
            {
                "modules": {"shape": "dots", "fill": _one("#4e2a14")},
                "eyes": _eyes("circle", "circle"),
                "frame": {"kind": "bubble_top", "fill": _one("#4e2a14")},
            },
            [("Free Wi-Fi", "मुफ़्त Wi-Fi"), ("Our drinks", "हमारे पेय")],
            ["wifi", "file", "url"],
        ),
        _template(
            "event",
            {"en": "Event", "hi": "कार्यक्रम"},
            {
                "modules": {"shape": "rounded", "fill": _fading("linear", "#4a148c", "#7a0f4b", 45)},
                "eyes": _eyes("extra_rounded", "rounded"),
                "frame": {"kind": "ribbon", "fill": _one("#4a148c")},
            },
            [("Save the date", "तारीख़ सेव करें"), ("Find the place", "जगह देखें")],
            ["event", "location", "url"],
        ),
        _template(
            "wedding",
            {"en": "Wedding", "hi": "शादी"},
            {
                "modules": {"shape": "rounded", "fill": _one("#7a0019")},
                "eyes": _eyes("leaf", "leaf"),
                "background": {"fill": _one("#fff8e7")},
                "frame": {"kind": "border", "fill": _one("#7a0019")},
            },
            [("You are invited", "आप सादर आमंत्रित हैं"), ("The way to us", "हम तक का रास्ता")],
            ["event", "location", "file"],
        ),
        _template(
            "salon",
            {"en": "Salon", "hi": "सैलून"},
            {
                "modules": {"shape": "extra_rounded", "fill": _one("#8a1c4a")},
                "eyes": _eyes("circle", "circle"),
                "background": {"fill": _one("#fdf1f4")},
                "frame": {"kind": "label", "fill": _one("#8a1c4a")},
            },
            [("Book your visit", "समय बुक करें"), ("Follow us", "हमसे जुड़ें")],
            ["whatsapp", "url", "phone"],
        ),
        _template(
            "clinic",
            {"en": "Clinic", "hi": "क्लिनिक"},
            {
                "modules": {"shape": "square", "fill": _one("#0b3d91")},
                "eyes": _eyes("rounded", "rounded"),
                "frame": {"kind": "banner_top", "fill": _one("#0b3d91")},
            },
            [("Book an appointment", "अपॉइंटमेंट लें"), ("Save our number", "हमारा नंबर सेव करें")],
            ["phone", "vcard", "url"],
        ),
        _template(
            "school",
            {"en": "School", "hi": "स्कूल"},
            {
                "modules": {"shape": "square", "fill": _one("#1f2f6b")},
                "eyes": _eyes("square", "square", ball_color="#7a0019"),
                "frame": {"kind": "caption", "fill": _one("#1f2f6b")},
            },
            [("Read the notice", "सूचना पढ़ें"), ("Join the class", "क्लास से जुड़ें")],
            ["file", "url", "event"],
        ),
        _template(
            "real_estate",
            {"en": "Property", "hi": "प्रॉपर्टी"},
            {
                "modules": {"shape": "square", "fill": _one("#1b4a2a")},
                "eyes": _eyes("tab", "square"),
                "frame": {"kind": "banner_bottom", "fill": _one("#1b4a2a")},
            },
            [("See inside", "अंदर से देखें"), ("Call the agent", "एजेंट को फ़ोन करें")],
            ["url", "location", "vcard"],
        ),
        _template(
            "creator",
            {"en": "Creator", "hi": "क्रिएटर"},
            {
                "modules": {"shape": "dots", "fill": _fading("radial", "#7a1747", "#2b1a5e")},
                "eyes": _eyes("circle", "circle", "#2b1a5e"),
                "frame": {"kind": "bubble_bottom", "fill": _one("#2b1a5e")},
            },
            [("Follow me", "मुझे फ़ॉलो करें"), ("See all my links", "मेरे सारे लिंक")],
            ["url", "whatsapp", "email"],
        ),
        _template(
            "office",
            {"en": "Office", "hi": "दफ़्तर"},
            {
                "modules": {"shape": "vertical", "fill": _one("#1f2933")},
                "eyes": _eyes("rounded", "rounded"),
                "frame": {"kind": "caption", "fill": _one("#1f2933")},
            },
            [("Save my contact", "मेरा नंबर सेव करें"), ("Connect to Wi-Fi", "Wi-Fi से जुड़ें")],
            ["vcard", "wifi", "location"],
        ),
        _template(
            "plain",
            {"en": "Plain", "hi": "सादा"},
            {"modules": {"shape": "square", "fill": _one("#12211f")}},
            [("Scan me", "स्कैन करें"), ("Look inside", "अंदर देखें")],
            ["url", "text", "file"],
        ),
    )
}


def in_words(template: TemplateBody, locale: Literal["en", "hi"]) -> Design:
    """Return the look of a template with its first call to action in a language, where its frame has room for one."""
    if template.design.frame is None:
        return template.design
    dumped = template.design.model_dump(mode="json")
    return Design.model_validate({**dumped, "frame": {**dumped["frame"], "text": template.texts[0][locale]}})
