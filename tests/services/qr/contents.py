"""Contents as the API takes them, and what it says about wrong ones."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from scanly.kernel.http.problems import invalid
from scanly.services.qr.content import AnyContent, Content

CONTENTS: list[dict[str, Any]] = [
    {"type": "url", "url": "https://भारत.भारत/चाय?a=1"},
    {"type": "file", "file_id": "file_06f8z1k2m3n4p5q6r7s8t9v0wx"},
    {"type": "text", "text": "नमस्ते\nسلیم 👋"},
    {"type": "wifi", "ssid": 'a;b,"c"', "password": r"p\:;,1234"},
    {"type": "upi", "vpa": "ravi@okbank", "name": "रवि & Sons", "amount": "10", "note": "चाय"},
    {
        "type": "vcard",
        "first_name": "आशा",
        "organization": "Chai; Corner",
        "note": "long " * 40,
        "mobile": "+911234567890",
    },
    {"type": "whatsapp", "number": "+919876543210", "text": "नमस्ते & 2 teas?"},
    {"type": "phone", "number": "+919876543210"},
    {"type": "sms", "number": "56161", "text": "JOIN: चाय"},
    {"type": "email", "to": "asha@example.com", "subject": "Büro", "body": "one\ntwo"},
    {"type": "location", "latitude": "26.912434", "longitude": "75.78727"},
    {
        "type": "event",
        "title": "Chai, tasting; भाग 2",
        "starts_at": "2026-11-28T17:00",
        "ends_at": "2026-11-28T20:00",
        "location": "Johari Bazaar 42",
        "description": "one\ntwo",
    },
    {
        "type": "gs1_digital_link",
        "gtin": "9506000134352",
        "product_page": "https://example.com/honey",
        "lot": "A/1",
        "serial": "S%2",
        "expires_on": "2026-12-31",
    },
    {
        "type": "sepa",
        "name": "Münchner Käse & Söhne",
        "iban": "DE89 3704 0044 0532 0130 00",
        "amount": "12.50",
        "text": "Rechnung 2041",
    },
    {
        "type": "upi_link",
        "link": "upi://pay?pa=chai@okbank&pn=Chai%20Corner&mc=5812&mode=02&orgid=159002&sign=MEUCIQDx+a/b=",
    },
    {
        "type": "swiss_qr_bill",
        "iban": "CH4431999123000889012",
        "name": "Robert Schneider AG",
        "street": "Rue du Lac",
        "building_number": "1268",
        "postcode": "2501",
        "town": "Biel",
        "amount": "1949.75",
        "reference": "210000000003139471430009017",
        "message": "Auftrag vom 15.06.2020 für Zürich",
    },
    {
        "type": "bitcoin",
        "address": "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
        "amount": "0.0012",
        "label": "Chai & Co",
    },
    {"type": "lightning", "request": "ravi@chai.example"},
    {"type": "ethereum", "address": "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "amount": "0.05"},
    {"type": "review", "place_id": "ChIJN1t_tDeuEmsRUsoyG83frY4"},
]
"""One of each type, with what is hard about it."""


class Holder(BaseModel):
    content: AnyContent


def parsed(**fields: Any) -> Content:
    return Holder.model_validate({"content": fields}).content


def faults(**fields: Any) -> dict[str, str]:
    """Code of each fault by its pointer."""
    with pytest.raises(ValidationError) as caught:
        parsed(**fields)
    return {fault.pointer: fault.code for fault in invalid(caught.value.errors()).errors}


def unescaped(text: str) -> str:
    """Return ``text`` without the backslashes before what they protect."""
    plain, escaped = "", False
    for character in text:
        if escaped or character != "\\":
            plain += character
        escaped = character == "\\" and not escaped
    return plain
