"""A sheet to begin with: the columns of a content type as its form words them, and an example of a line.

Whatever is written here is understood by an import as it stands (``columns.guess``) and makes a code.
"""

from collections.abc import Mapping
from typing import Literal

from scanly.services.qr.content import TYPES
from scanly.services.qr.many.columns import CODE_TITLES, content_fields
from scanly.services.qr.words import Words

Language = Literal["en", "hi"]


def _both(text: str) -> Words:
    return {"en": text, "hi": text}


_SHOP: Words = {"en": "Sharma Sweets", "hi": "शर्मा मिष्ठान"}
_PHONE = _both("+91 98765 43210")
_EMAIL = _both("name@example.com")

_EXAMPLES: Mapping[str, Mapping[str, Words]] = {
    "url": {"url": _both("example.com/menu")},
    "upi": {"vpa": _both("name@bank"), "name": _SHOP, "amount": _both("120.50")},
    "wifi": {
        "ssid": {"en": "Guests", "hi": "मेहमान"},
        "security": _both("wpa"),
        "password": _both("masala-chai-8"),
    },
    "vcard": {
        "first_name": {"en": "Asha", "hi": "आशा"},
        "last_name": {"en": "Sharma", "hi": "शर्मा"},
        "organization": _SHOP,
        "mobile": _PHONE,
        "email": _EMAIL,
    },
    "whatsapp": {
        "number": _PHONE,
        "text": {"en": "Hello, is a table free tonight?", "hi": "नमस्ते, आज शाम कोई टेबल ख़ाली है?"},
    },
    "phone": {"number": _PHONE},
    "sms": {"number": _PHONE, "text": {"en": "Please call me back.", "hi": "कृपया मुझे फ़ोन करें।"}},
    "email": {
        "to": _EMAIL,
        "subject": {"en": "An order", "hi": "ऑर्डर"},
        "body": {"en": "I would like to order:", "hi": "मुझे यह मँगवाना है:"},
    },
    "location": {"latitude": _both("26.912434"), "longitude": _both("75.787270")},
    "event": {
        "title": {"en": "Tasting of new sweets", "hi": "नई मिठाइयाँ चखने आएँ"},
        "starts_at": _both("2027-01-14T17:00"),
        "ends_at": _both("2027-01-14T20:00"),
        "all_day": {"en": "no", "hi": "नहीं"},
        "time_zone": _both("Asia/Kolkata"),
        "location": {"en": "Johari Bazaar 42, Jaipur", "hi": "जौहरी बाज़ार 42, जयपुर"},
    },
    "review": {"url": _both("example.com/reviews")},
    "text": {"text": {"en": "Baked this morning. No eggs.", "hi": "आज सुबह बना। बिना अंडे का।"}},
    "gs1_digital_link": {
        "gtin": _both("9506000134352"),
        "product_page": _both("example.com/honey"),
        "lot": _both("A-17"),
        "expires_on": _both("2027-12-31"),
    },
    "upi_link": {"link": _both("upi://pay?pa=name@bank&pn=Sharma%20Sweets&mc=5812")},
    "sepa": {
        "name": _both("Sharma Sweets"),
        "iban": _both("DE89 3704 0044 0532 0130 00"),
        "amount": _both("12.50"),
        "text": _both("Invoice 2041"),
    },
    "swiss_qr_bill": {
        "iban": _both("CH44 3199 9123 0008 8901 2"),
        "name": _both("Robert Schneider AG"),
        "street": _both("Rue du Lac"),
        "building_number": _both("1268"),
        "postcode": _both("2501"),
        "town": _both("Biel"),
        "country": _both("CH"),
        "amount": _both("1949.75"),
        "currency": _both("CHF"),
        "reference": _both("21 00000 00003 13947 14300 09017"),
    },
    "bitcoin": {
        "address": _both("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
        "amount": _both("0.001"),
        "label": _SHOP,
    },
    "lightning": {"request": _EMAIL},
    "ethereum": {"address": _both("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"), "amount": _both("0.05")},
}
_FOLDER: Words = {"en": "In the shop", "hi": "दुकान में"}
_TAGS: Words = {"en": "Diwali, window", "hi": "दिवाली, खिड़की"}

SAMPLED = frozenset(_EXAMPLES)
"""Content types that have a sample. A file is chosen, not written: its type has none."""


def sample(content_type: str, language: Language) -> list[list[str]]:
    """Return a line with the names of the columns, and one with an example."""
    fields, examples = content_fields(content_type), _EXAMPLES[content_type]
    cells = [
        (CODE_TITLES["external_id"][language], f"{content_type}-1"),
        (CODE_TITLES["name"][language], TYPES[content_type].TITLE[language]),
        *((fields[name]["x-label"][language], example[language]) for name, example in examples.items()),
        (CODE_TITLES["folder"][language], _FOLDER[language]),
        (CODE_TITLES["tags"][language], _TAGS[language]),
    ]
    return [[header for header, _ in cells], [cell for _, cell in cells]]
