"""What elements of drawings (SVG 1.1) say: attributes, style, colours, shares of one."""

import re
from typing import Any, Final

from PIL import ImageColor

from scanly.services.qr.rendering.paths import NUMBER

_XLINK_HREF: Final = "{http://www.w3.org/1999/xlink}href"
_SHARE: Final = re.compile(rf"({NUMBER})(%?)", re.ASCII)
_WITHOUT_STYLE: Final = frozenset(
    {"transform", "d", "points", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "href"}
    | {"gradientUnits", "gradientTransform", "spreadMethod", "fx", "fy", "fr", "offset", "id"}
)
"""Attributes that are none in a style, or mean something else there."""


class NotVectors(Exception):
    """Something of a drawing is not followed here."""


def declarations(element: Any) -> dict[str, str]:  # noqa: ANN401 - an element, which defusedxml does not type
    """Return what an element declares, its style before its attributes."""
    declared = {name: value.strip() for name, value in element.attrib.items() if not name.startswith("{")}
    for declaration in filter(str.strip, declared.get("style", "").split(";")):
        name, _, value = declaration.partition(":")
        if name.strip() in _WITHOUT_STYLE or "!" in value:
            raise NotVectors
        declared[name.strip()] = value.strip()
    return declared


def href_of(element: Any) -> str:  # noqa: ANN401
    """Return the name of the element that an element refers to; empty when there is none."""
    text = element.attrib.get("href", element.attrib.get(_XLINK_HREF, "")).strip()
    if text and not text.startswith("#"):
        raise NotVectors
    return str(text[1:])


def color_of(value: str) -> tuple[str | None, float]:
    """Return a colour and how opaque it is; None for no paint. ``ValueError`` when it is no colour."""
    if value == "none":
        return None, 1.0
    if value == "transparent":
        return "#000000", 0.0
    if value.lower().startswith(("hsv", "hsb")):  # colours only for Pillow
        raise NotVectors
    red, green, blue, *alpha = (min(255, max(0, share)) for share in ImageColor.getrgb(value))
    return f"#{red:02x}{green:02x}{blue:02x}", alpha[0] / 255 if alpha else 1.0


def part_of_one(value: str) -> float:
    """Return an opacity or an offset, 0 to 1."""
    found = _SHARE.fullmatch(value.strip())
    if found is None:
        raise NotVectors
    return min(1.0, max(0.0, float(found[1]) / (100 if found[2] else 1)))
