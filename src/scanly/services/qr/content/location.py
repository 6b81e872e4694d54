"""A place: the ``geo`` URI of RFC 5870 in a fixed code, and a map's address behind a dynamic one."""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from scanly.contracts.qr import CodeKind
from scanly.services.qr.content.base import Content, fault, field
from scanly.services.qr.content.money import exact_number, short
from scanly.services.qr.words import Words

_DIGITS = 6
"""Digits after the point: a millionth of a degree is at most 11 cm."""


def _degrees(name: str, most: int, example: str) -> BeforeValidator:
    wrong = f"Write the {name} in degrees: a number from -{most} to {most}, such as {example}."

    def degrees(value: object) -> Decimal:
        number = exact_number(value)
        if number is None or abs(number) > most:
            raise fault("position_invalid", wrong)
        return round(number, _DIGITS) + 0  # no "-0"

    return BeforeValidator(degrees)


_SHOWN = PlainSerializer(short, return_type=str)
_SCHEMA = WithJsonSchema({"type": "string", "pattern": r"^-?\d{1,3}(\.\d+)?$"})
Latitude = Annotated[Decimal, _degrees("latitude", 90, "26.912434"), _SHOWN, _SCHEMA]
Longitude = Annotated[Decimal, _degrees("longitude", 180, "75.787270"), _SHOWN, _SCHEMA]


class LocationContent(Content):
    """Shows a place on the map."""

    KINDS: ClassVar = (CodeKind.DYNAMIC, CodeKind.FIXED)
    TITLE: ClassVar[Words] = {"en": "Place on the map", "hi": "नक़्शे पर जगह"}
    HELP: ClassVar[Words] = {
        "en": "Shows people the way to you. Changeable: opens an online map, is counted and can move with you; "
        "fixed: opens the phone's own map, also without internet.",
        "hi": "लोगों को आप तक का रास्ता दिखाता है। बदलने योग्य: इंटरनेट पर नक़्शा खोलता है, गिना जाता है और जगह बदल सकती है; "
        "पक्का: फ़ोन का अपना नक़्शा खोलता है, बिना इंटरनेट के भी।",
    }
    DESTINATION_FIELD: ClassVar[str] = "latitude"

    type: Literal["location"] = "location"
    latitude: Latitude = field(
        {"en": "Latitude", "hi": "अक्षांश"},
        help={
            "en": "In your map app press long on the place; it shows two numbers.",
            "hi": "नक़्शे के ऐप में जगह को देर तक दबाएँ; दो संख्याएँ दिखेंगी।",
        },
        placeholder={"en": "26.912434", "hi": "26.912434"},
        widget="place",
    )
    longitude: Longitude = field(
        {"en": "Longitude", "hi": "देशांतर"},
        placeholder={"en": "75.787270", "hi": "75.787270"},
        widget="place",
    )

    def payload(self) -> str:
        return f"geo:{self._position()}"

    def summary(self) -> str:
        return self._position().replace(",", ", ")

    def destination(self) -> str:
        # The documented address that Android, iOS and browsers all open (Maps URLs, "search").
        return f"https://www.google.com/maps/search/?api=1&query={self._position()}"

    def _position(self) -> str:
        # At the poles every longitude is the same place and 0 stands for it; 180 stands for -180 (RFC 5870 §3.4.2).
        longitude = Decimal(0) if abs(self.latitude) == 90 else self.longitude
        return f"{short(self.latitude)},{short(Decimal(180) if longitude == -180 else longitude)}"
