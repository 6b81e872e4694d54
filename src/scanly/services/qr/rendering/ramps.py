"""Gradients of drawings (SVG 1.1 §13.2) as PDF and PostScript know them: axes or circles, and colours along them."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from scanly.services.qr.rendering.attributes import NotVectors, color_of, declarations, href_of, part_of_one
from scanly.services.qr.rendering.paint import Stop
from scanly.services.qr.rendering.paths import NUMBER, Box, Matrix, times, transformed

_LONGEST_CHAIN: Final = 16
_NEARLY_NOTHING: Final = 1e-9
_AXES: Final = {
    "linear": {"x1": "0%", "y1": "0%", "x2": "100%", "y2": "0%"},
    "radial": {"cx": "50%", "cy": "50%", "r": "50%", "fx": "", "fy": "", "fr": "0"},
}
"""Attributes that say where a gradient runs, with their initial values."""
_SHARED: Final = {"gradientUnits": "objectBoundingBox", "gradientTransform": "", "spreadMethod": "pad"}
_MEANINGLESS: Final = frozenset({"id", "class", "href", "style", "lang"})
_DEFAULTS: Final = {"color-interpolation": {"auto", "sRGB"}}
_LENGTH: Final = re.compile(rf"\s*({NUMBER})(%|px)?\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Ramp:
    """A gradient that goes on with its last colours; ``matrix`` takes its coordinates to those of what it fills.

    ``coords`` are both ends of a linear one; of a radial one the focus with radius 0, and the circle.
    """

    kind: Literal["linear", "radial"]
    coords: tuple[float, ...]
    stops: tuple[Stop, ...]
    matrix: Matrix


class _Gradient(NamedTuple):
    """A gradient before it is known what it fills; ``is_of_box``: in shares of that."""

    kind: Literal["linear", "radial"]
    coords: tuple[float, ...]
    stops: tuple[Stop, ...]
    opacity: float
    matrix: Matrix
    is_of_box: bool


class Gradients:
    """The gradients of a drawing by their names; ``view`` is its width and height."""

    def __init__(self, elements: Mapping[str, Any], view: tuple[float, float]) -> None:
        self._elements = elements
        self._view = view
        self._known: dict[str, _Gradient] = {}

    def fill(self, name: str, box: Box) -> tuple[Ramp | str | None, float]:
        """Return what a gradient paints over ``box``, and how opaque: a ramp, one colour, or nothing at all."""
        if name not in self._known:
            self._known[name] = self._read(name)
        found = self._known[name]
        if not found.stops:
            return None, 1.0
        if len({stop.color for stop in found.stops}) == 1:
            return found.stops[0].color, found.opacity
        matrix = found.matrix
        if found.is_of_box:
            left, top, right, bottom = box
            matrix = times((right - left, 0, 0, bottom - top, left, top), matrix)
        if abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) < _NEARLY_NOTHING:
            raise NotVectors
        return Ramp(found.kind, found.coords, found.stops, matrix), found.opacity

    def _read(self, name: str) -> "_Gradient":
        chain = self._chain(name)
        kind: Literal["linear", "radial"] = "linear" if _kind(chain[0]) == "linear" else "radial"
        given = self._given(chain, kind)
        if given["gradientUnits"] not in {"objectBoundingBox", "userSpaceOnUse"} or given["spreadMethod"] != "pad":
            raise NotVectors
        stops, opacity = _stops(chain)
        is_of_box = given["gradientUnits"] == "objectBoundingBox"
        has_ramp = len({stop.color for stop in stops}) > 1
        coords = _coords(kind, given, (1.0, 1.0) if is_of_box else self._view) if has_ramp else ()
        return _Gradient(kind, coords, stops, opacity, transformed(given["gradientTransform"]), is_of_box)

    def _chain(self, name: str) -> list[Any]:
        """Return a gradient and those that it inherits from."""
        chain = [self._elements[name]]
        while (name := href_of(chain[-1])) and len(chain) <= _LONGEST_CHAIN:
            chain.append(self._elements[name])
        if len(chain) > _LONGEST_CHAIN:
            raise NotVectors
        return chain

    @staticmethod
    def _given(chain: list[Any], kind: str) -> dict[str, str]:
        given: dict[str, str] = {}
        for element in chain:
            own = declarations(element)
            known = _SHARED.keys() | _AXES[_kind(element)].keys() | _MEANINGLESS | _DEFAULTS.keys()
            if not own.keys() <= known or any(
                own.get(key, "auto") not in allowed for key, allowed in _DEFAULTS.items()
            ):
                raise NotVectors
            inherited = _SHARED.keys() | (_AXES[kind].keys() if _kind(element) == kind else set())
            given = {key: value for key, value in own.items() if key in inherited} | given
        return {**_SHARED, **_AXES[kind], **given}


def _kind(element: Any) -> str:  # noqa: ANN401 - an element, which defusedxml does not type
    name = element.tag.rpartition("}")[2]
    if name not in {"linearGradient", "radialGradient"}:
        raise NotVectors
    return str(name.removesuffix("Gradient"))


def _stops(chain: list[Any]) -> tuple[tuple[Stop, ...], float]:
    """Return the stops of the first gradient that has some, and how opaque all of them are."""
    children = next((list(element) for element in chain if len(element)), [])
    stops: list[Stop] = []
    opacities = set()
    for child in children:
        own = {"offset": "0", "stop-color": "#000000", "stop-opacity": "1"} | declarations(child)
        if child.tag.rpartition("}")[2] != "stop" or not own.keys() <= {
            "offset",
            "stop-color",
            "stop-opacity",
            "id",
            "style",
        }:
            raise NotVectors
        color, alpha = color_of(own["stop-color"])
        if color is None:
            raise NotVectors
        opacities.add(alpha * part_of_one(own["stop-opacity"]))
        at = max(part_of_one(own["offset"]), stops[-1].at if stops else 0.0)
        stops.append(Stop(at, color))
    if len(opacities) > 1:
        raise NotVectors  # it fades, for which there are no plain numbers
    if len(stops) > 1 and (stops[1].at == 0 or stops[-2].at == 1):
        raise NotVectors  # a colour that is only seen beyond the end, of which functions from 0 to 1 know nothing
    return tuple(stops), opacities.pop() if opacities else 1.0


def _coords(kind: str, given: Mapping[str, str], whole: tuple[float, float]) -> tuple[float, ...]:
    width, height = whole

    def at(name: str) -> float:
        found = _LENGTH.fullmatch(given[name])
        if found is None:
            raise NotVectors
        if found[2] != "%":
            return float(found[1])
        side = math.hypot(width, height) / math.sqrt(2) if name in {"r", "fr"} else width if "x" in name else height
        return float(found[1]) / 100 * side

    if kind == "linear":
        ends = at("x1"), at("y1"), at("x2"), at("y2")
        if ends[:2] == ends[2:]:
            raise NotVectors
        return ends
    x, y, radius = at("cx"), at("cy"), at("r")
    focus_x, focus_y = at("fx") if given["fx"] else x, at("fy") if given["fy"] else y
    if radius <= 0 or at("fr") or math.hypot(focus_x - x, focus_y - y) > 0.99 * radius:
        raise NotVectors  # drawn in different ways where the focus is not inside
    return focus_x, focus_y, 0.0, x, y, radius
