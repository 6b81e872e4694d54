"""Drawings (SVG 1.1) as paths for PDF and PostScript: shapes with plain colours, strokes, groups and transforms.

What is drawn with anything else, such as gradients, masks or text, is no such drawing, and is printed as pixels.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

from defusedxml.ElementTree import fromstring
from PIL import ImageColor

from scanly.services.qr.rendering.paths import Matrix, Segment, ellipse, moves, times, transformed
from scanly.services.qr.rendering.pictures import LogoFile

Properties: TypeAlias = Mapping[str, str]

_SVG: Final = "{http://www.w3.org/2000/svg}"
_PAINTED: Final[Properties] = {
    "fill": "#000000",
    "fill-rule": "nonzero",
    "stroke": "none",
    "stroke-width": "1",
    "stroke-linecap": "butt",
    "stroke-linejoin": "miter",
    "stroke-miterlimit": "4",
}
"""Properties that are followed and inherited, with their initial values."""
_GEOMETRY: Final = frozenset(
    {"transform", "d", "points", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry"}
)
_MEANINGLESS: Final = frozenset(
    {"id", "class", "lang", "version", "style", "width", "height", "viewBox", "color", "overflow"}
    | {"shape-rendering", "color-rendering", "text-rendering", "image-rendering", "direction", "writing-mode"}
    | {"font-family", "font-size", "font-style", "font-weight", "font-variant", "font-stretch", "text-anchor"}
    | {"clip-rule", "stroke-dashoffset", "enable-background", "isolation", "color-interpolation"}
)
"""Attributes that change nothing in the drawings that are followed here."""
_DEFAULT: Final = {
    "opacity": {"1"},
    "fill-opacity": {"1"},
    "stroke-opacity": {"1"},
    "stroke-dasharray": {"none"},
    "display": {"inline", "block"},
    "visibility": {"visible"},
    "mix-blend-mode": {"normal"},
    "paint-order": {"normal"},
    "filter": {"none"},
    "mask": {"none"},
    "clip-path": {"none"},
}
"""Attributes that may be there with these values, which mean nothing."""
_NUMBER: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_CAPS: Final = {"butt": 0, "round": 1, "square": 2}
_JOINS: Final = {"miter": 0, "round": 1, "bevel": 2}
_NEARLY: Final = 0.002


class NotVectors(Exception):
    """Something of a drawing is not followed here."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line along a path; ``cap`` and ``join`` by the numbers that PDF and PostScript have for them."""

    color: str
    width: float
    cap: int
    join: int
    miter: float


@dataclass(frozen=True, slots=True)
class Shape:
    """A path in coordinates of its own, which ``matrix`` takes to those of the drawing."""

    segments: tuple[Segment, ...]
    matrix: Matrix
    fill: str | None
    is_even_odd: bool
    stroke: Stroke | None


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes in the box of a drawing: left, top, width and height in its units."""

    box: tuple[float, float, float, float]
    shapes: tuple[Shape, ...]


@lru_cache(maxsize=16)
def vectors_of(file: LogoFile) -> Drawing | None:
    """Return a drawing as paths; None when they would not show the same."""
    if not file.is_drawing:
        return None
    try:
        root = fromstring(file.data.decode())
        return Drawing(_box(root), tuple(_shapes(root, dict(_PAINTED), (1, 0, 0, 1, 0, 0), is_root=True)))
    except (NotVectors, ValueError, KeyError, IndexError):
        return None


def _box(root: Any) -> tuple[float, float, float, float]:  # noqa: ANN401 - an element, which defusedxml does not type
    left, top, width, height = (float(number) for number in _NUMBER.findall(root.attrib["viewBox"]))
    for name, side, other in (("width", width, "height"), ("height", height, "width")):
        if name in root.attrib and other not in root.attrib:
            raise NotVectors
        if name in root.attrib and other in root.attrib:
            shown = _length(root.attrib["width"]) / _length(root.attrib["height"])
            if abs(shown / (width / height) - 1) > _NEARLY:
                raise NotVectors
        if side <= 0:
            raise NotVectors
    return left, top, width, height


def _shapes(element: Any, inherited: Properties, matrix: Matrix, *, is_root: bool = False) -> Iterator[Shape]:  # noqa: ANN401
    name = element.tag.removeprefix(_SVG) if isinstance(element.tag, str) else ""
    if name in {"title", "desc", ""} or (name == "defs" and len(element) == 0):
        return
    properties = {**inherited, **_own(element)}
    matrix = times(matrix, transformed(element.attrib.get("transform", "")))
    if name == "g" or is_root:
        for child in element:
            yield from _shapes(child, properties, matrix)
        return
    segments = _segments(name, element.attrib)
    fill, stroke = _color(properties["fill"]), _stroke(properties)
    if segments and (fill or stroke):
        yield Shape(segments, matrix, fill, properties["fill-rule"] == "evenodd", stroke)


def _own(element: Any) -> dict[str, str]:  # noqa: ANN401
    """Return the properties that an element sets; ``NotVectors`` when there is something that is not followed."""
    declared = {name: value for name, value in element.attrib.items() if not name.startswith("{")}
    for declaration in filter(str.strip, declared.get("style", "").split(";")):
        name, _, value = declaration.partition(":")
        declared[name.strip()] = value.strip()
    own = {}
    for name, value in declared.items():
        if name in _PAINTED and value.strip() != "inherit":
            own[name] = value.strip()
        elif name in _DEFAULT:
            if value.strip() not in _DEFAULT[name]:
                raise NotVectors
        elif name not in _GEOMETRY | _MEANINGLESS:
            raise NotVectors
    return own


def _color(value: str) -> str | None:
    if value == "none":
        return None
    channels = ImageColor.getrgb(value)  # ValueError for gradients
    if len(channels) > 3:
        raise NotVectors  # one can see through it
    return "#" + "".join(f"{channel:02x}" for channel in channels)


def _stroke(properties: Properties) -> Stroke | None:
    color, width = _color(properties["stroke"]), _length(properties["stroke-width"])
    if color is None or width <= 0:
        return None
    cap, join = _CAPS[properties["stroke-linecap"]], _JOINS[properties["stroke-linejoin"]]
    return Stroke(color, width, cap, join, float(properties["stroke-miterlimit"]))


def _length(value: str) -> float:
    return float(value.strip().removesuffix("px"))


def _segments(name: str, attributes: Mapping[str, str]) -> tuple[Segment, ...]:
    def at(attribute: str) -> float:
        return _length(attributes.get(attribute, "0"))

    if name == "path":
        return tuple(moves(attributes.get("d", "")))
    if name in {"polygon", "polyline"}:
        numbers = [float(number) for number in _NUMBER.findall(attributes.get("points", ""))]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        end: tuple[Segment, ...] = (("h",),) if name == "polygon" else ()
        return (*((("l" if place else "m"), *point) for place, point in enumerate(points)), *end)
    if name == "line":
        return ("m", at("x1"), at("y1")), ("l", at("x2"), at("y2"))
    if name in {"circle", "ellipse"}:
        wide, high = (at("r"), at("r")) if name == "circle" else (at("rx"), at("ry"))
        return ellipse(at("cx"), at("cy"), wide, high)
    if name == "rect" and not {"rx", "ry"} & attributes.keys():
        x, y, right, bottom = at("x"), at("y"), at("x") + at("width"), at("y") + at("height")
        return ("m", x, y), ("l", right, y), ("l", right, bottom), ("l", x, bottom), ("h",)
    if name == "rect":
        wide, high = at("rx" if "rx" in attributes else "ry"), at("ry" if "ry" in attributes else "rx")
        wide, high = min(wide, at("width") / 2), min(high, at("height") / 2)
        x, y, right, bottom = at("x"), at("y"), at("x") + at("width"), at("y") + at("height")
        arc = f"A{wide} {high} 0 0 1"
        return tuple(
            moves(
                f"M{x + wide} {y}H{right - wide}{arc} {right} {y + high}V{bottom - high}{arc} {right - wide} {bottom}"
                f"H{x + wide}{arc} {x} {bottom - high}V{y + high}{arc} {x + wide} {y}Z"
            )
        )
    raise NotVectors
