"""Drawings (SVG 1.1) as paths for PDF and PostScript: shapes with colours and gradients, strokes, groups and copies.

What is drawn with anything else, such as masks or text, is no such drawing, and is printed as pixels.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, TypeAlias

from defusedxml.ElementTree import fromstring

from scanly.services.qr.rendering.attributes import NotVectors, color_of, declarations, href_of, part_of_one
from scanly.services.qr.rendering.paths import NUMBER, Matrix, Segment, box_of, ellipse, moves, times, transformed
from scanly.services.qr.rendering.pictures import LogoFile
from scanly.services.qr.rendering.ramps import Gradients, Ramp

Properties: TypeAlias = Mapping[str, str]

_SVG: Final = "{http://www.w3.org/2000/svg}"
_PAINTED: Final[Properties] = {
    "fill": "#000000",
    "fill-opacity": "1",
    "fill-rule": "nonzero",
    "stroke": "none",
    "stroke-opacity": "1",
    "stroke-width": "1",
    "stroke-linecap": "butt",
    "stroke-linejoin": "miter",
    "stroke-miterlimit": "4",
}
"""Properties that are followed and inherited, with their initial values."""
_GEOMETRY: Final = frozenset(
    {"transform", "d", "points", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "href", "opacity"}
)
_MEANINGLESS: Final = frozenset(
    {"id", "class", "lang", "version", "style", "width", "height", "viewBox", "color", "overflow"}
    | {"shape-rendering", "color-rendering", "text-rendering", "image-rendering", "direction", "writing-mode"}
    | {"font-family", "font-size", "font-style", "font-weight", "font-variant", "font-stretch", "text-anchor"}
    | {"clip-rule", "stroke-dashoffset", "enable-background", "isolation", "color-interpolation"}
)
"""Attributes that change nothing in the drawings that are followed here."""
_DEFAULT: Final = {
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
_NUMBER: Final = re.compile(NUMBER, re.ASCII)
_LENGTH: Final = re.compile(rf"\s*({NUMBER})(?:px)?\s*", re.ASCII)
_CAPS: Final = {"butt": 0, "round": 1, "square": 2}
_JOINS: Final = {"miter": 0, "round": 1, "bevel": 2}
_NEARLY: Final = 0.002
_NAMED: Final = re.compile(r"""url\(\s*(['"]?)#([^'")\s]+)\1\s*\)""")
"""A paint that is defined elsewhere in the drawing."""
_NOT_SHOWN: Final = frozenset({"title", "desc", "defs", "symbol", "linearGradient", "radialGradient"})
_DEEPEST: Final = 120
_MOST_WORK: Final = 500_000
"""Letters of attributes that are read, those of copies as often as they are copied: about a second."""
_OF_ELEMENT: Final = 10
_OF_STOP: Final = 20
"""What elements and the colours of a gradient count, in letters."""
_EXTENDED: Final = {"circle": ("r",), "ellipse": ("rx", "ry"), "rect": ("width", "height")}
_SIDES: Final = (0.01, 100_000)
"""Of a drawing's box: pages are written with seven decimals."""
_LARGEST: Final = 1e6
_SMALLEST_SCALE: Final = 1e-4


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line along a path; ``cap`` and ``join`` by the numbers that PDF and PostScript have for them."""

    color: str
    opacity: float
    width: float
    cap: int
    join: int
    miter: float


@dataclass(frozen=True, slots=True)
class Shape:
    """A path in coordinates of its own, which ``matrix`` takes to those of the drawing."""

    segments: tuple[Segment, ...]
    matrix: Matrix
    fill: str | Ramp | None
    opacity: float
    """Of the fill."""
    is_even_odd: bool
    stroke: Stroke | None

    @property
    def paints(self) -> int:
        """How often it is painted."""
        return (self.fill is not None) + (self.stroke is not None)

    def faded(self, opacity: float) -> "Shape":
        """Return the same, more transparent."""
        stroke = self.stroke and replace(self.stroke, opacity=self.stroke.opacity * opacity)
        return replace(self, opacity=self.opacity * opacity, stroke=stroke)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes in the box of a drawing: left, top, width and height in its units."""

    box: tuple[float, float, float, float]
    shapes: tuple[Shape, ...]

    @property
    def is_opaque(self) -> bool:
        """Whether nothing can be seen through what is painted."""
        return all(
            (shape.fill is None or shape.opacity == 1) and (shape.stroke is None or shape.stroke.opacity == 1)
            for shape in self.shapes
        )


@lru_cache(maxsize=16)
def vectors_of(file: LogoFile) -> Drawing | None:
    """Return a drawing as paths; None when they would not show the same."""
    if not file.is_drawing:
        return None
    try:
        root = fromstring(file.data.decode())
        box = _box(root)
        return Drawing(box, tuple(_Follower(root, box[2:]).shapes()))
    except (NotVectors, ValueError, KeyError, IndexError, ArithmeticError):
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
        if not _SIDES[0] <= side <= _SIDES[1]:
            raise NotVectors
    _require_numbers((left, top))
    return left, top, width, height


class _Follower:
    """Walks through a drawing."""

    def __init__(self, root: Any, view: tuple[float, float]) -> None:  # noqa: ANN401
        counts = Counter(element.attrib["id"] for element in root.iter() if "id" in element.attrib)
        named = {name: element for element in root.iter() if counts.get(name := element.attrib.get("id")) == 1}
        if any(_name(element) == "style" for element in root.iter()):
            raise NotVectors
        self._root = root
        self._named = named
        self._gradients = Gradients(named, view)
        self._work = 0

    def shapes(self) -> list[Shape]:
        """Return all shapes in the order in which they are painted; ``NotVectors``."""
        return self._children(self._root, {**_PAINTED, **_own(self._root)}, (1, 0, 0, 1, 0, 0), 0)

    def _children(self, element: Any, properties: Properties, matrix: Matrix, depth: int) -> list[Shape]:  # noqa: ANN401
        shapes = [shape for child in element for shape in self._shapes(child, properties, matrix, depth + 1)]
        return _together(shapes, element)

    def _shapes(self, element: Any, inherited: Properties, matrix: Matrix, depth: int) -> list[Shape]:  # noqa: ANN401
        name = _name(element)
        self._take(_OF_ELEMENT + sum(map(len, element.attrib.values())))
        if depth > _DEEPEST:
            raise NotVectors
        if not name or name in _NOT_SHOWN:
            return []
        properties = {**inherited, **_own(element)}
        matrix = times(matrix, transformed(element.attrib.get("transform", "")))
        if name == "g":
            return self._children(element, properties, matrix, depth)
        if name == "use":
            copied = self._named[href_of(element)]
            if _name(copied) in _NOT_SHOWN:
                raise NotVectors
            x, y = (_length(element.attrib.get(side, "0")) for side in ("x", "y"))
            matrix = times(matrix, (1, 0, 0, 1, x, y))
            return _together(self._shapes(copied, properties, matrix, depth + 1), element)
        segments = _segments(name, element.attrib)
        fill, opacity = self._fill(properties, segments) if segments else (None, 1.0)
        shape = Shape(segments, matrix, fill, opacity, properties["fill-rule"] == "evenodd", _stroke(properties))
        if not segments or not shape.paints:
            return []
        _require_printable(shape)
        return _together([shape], element)

    def _take(self, work: int) -> None:
        """Raise ``NotVectors`` when a drawing takes too long: copies of copies grow without end."""
        self._work += work
        if self._work > _MOST_WORK:
            raise NotVectors

    def _fill(self, properties: Properties, segments: tuple[Segment, ...]) -> tuple[str | Ramp | None, float]:
        paint = properties["fill"]
        opacity = part_of_one(properties["fill-opacity"])
        filled, own = (
            self._gradients.fill(named[2], box_of(segments)) if (named := _NAMED.fullmatch(paint)) else color_of(paint)
        )
        if isinstance(filled, Ramp):
            self._take(_OF_STOP * len(filled.stops))
        return filled, own * opacity


def _require_printable(shape: Shape) -> None:
    """Raise ``NotVectors`` where a page would have no number, one that printers do not take, or one that becomes 0."""
    _require_numbers(shape.matrix)
    for _, *numbers in shape.segments:
        _require_numbers(map(float, numbers))
    if isinstance(shape.fill, Ramp):
        _require_numbers((*shape.fill.coords, *shape.fill.matrix))
    if shape.stroke is not None:
        _require_numbers((shape.stroke.width, shape.stroke.miter))
        if shape.stroke.miter < 1:
            raise NotVectors
    a, b, c, d, *_ = shape.matrix
    if min(math.hypot(a, b), math.hypot(c, d)) < _SMALLEST_SCALE:
        raise NotVectors


def _require_numbers(numbers: Iterable[float]) -> None:
    if not all(abs(number) <= _LARGEST for number in numbers):  # what is no number is not smaller, either
        raise NotVectors


def _together(shapes: list[Shape], element: Any) -> list[Shape]:  # noqa: ANN401
    """Return what an element shows, as transparent as it says; ``NotVectors`` where paints would show through."""
    opacity = part_of_one(declarations(element).get("opacity", "1"))
    if opacity == 1:
        return shapes
    if sum(shape.paints for shape in shapes) > 1:
        raise NotVectors
    return [shape.faded(opacity) for shape in shapes]


def _name(element: Any) -> str:  # noqa: ANN401
    return str(element.tag.removeprefix(_SVG)) if isinstance(element.tag, str) else ""


def _own(element: Any) -> dict[str, str]:  # noqa: ANN401
    """Return the properties that an element sets; ``NotVectors`` when there is something that is not followed."""
    own = {}
    for name, value in declarations(element).items():
        if name in _PAINTED and value != "inherit":
            own[name] = value
        elif name in _DEFAULT:
            if value not in _DEFAULT[name]:
                raise NotVectors
        elif name not in _GEOMETRY | _MEANINGLESS:
            raise NotVectors
    return own


def _stroke(properties: Properties) -> Stroke | None:
    (color, own), width = color_of(properties["stroke"]), _length(properties["stroke-width"])
    if color is None or width <= 0:
        return None
    cap, join = _CAPS[properties["stroke-linecap"]], _JOINS[properties["stroke-linejoin"]]
    opacity = own * part_of_one(properties["stroke-opacity"])
    return Stroke(color, opacity, width, cap, join, float(properties["stroke-miterlimit"]))


def _length(value: str) -> float:
    found = _LENGTH.fullmatch(value)
    if found is None:
        raise NotVectors
    return float(found[1])


def _segments(name: str, attributes: Mapping[str, str]) -> tuple[Segment, ...]:
    def at(attribute: str) -> float:
        return _length(attributes.get(attribute, "0"))

    if any(at(side) <= 0 for side in _EXTENDED.get(name, ())) or any(at(side) < 0 for side in ("rx", "ry")):
        raise NotVectors  # renderers draw nothing, or a part of it
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
