"""Colours and gradients, as plain data; colours are ``#rrggbb``."""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple, TypeAlias

from scanly.services.qr.rendering.geometry import Point


class Stop(NamedTuple):
    """A colour of a gradient, ``at`` 0 to 1."""

    at: float
    color: str


@dataclass(frozen=True, slots=True)
class Gradient:
    """A change of colour over an area. ``angle`` in degrees, clockwise; 0 is from left to right."""

    kind: Literal["linear", "radial"]
    stops: tuple[Stop, ...]
    angle: float = 0


Fill: TypeAlias = str | Gradient


@dataclass(frozen=True, slots=True)
class Wash:
    """A gradient over a rectangle, in modules."""

    gradient: Gradient
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        """The middle of the rectangle, and of a radial gradient."""
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def radius(self) -> float:
        """How far a radial gradient reaches: to the corners."""
        return math.hypot(self.width, self.height) / 2

    @property
    def ends(self) -> tuple[Point, Point]:
        """Where a linear gradient begins and ends, so that it covers the rectangle (as CSS Images 3 §3.1.1)."""
        angle = math.radians(self.gradient.angle)
        dx, dy = math.cos(angle), math.sin(angle)
        reach = (abs(self.width * dx) + abs(self.height * dy)) / 2
        x, y = self.middle
        return (x - dx * reach, y - dy * reach), (x + dx * reach, y + dy * reach)


Paint: TypeAlias = str | Wash


def spread(fill: Fill, x: float, y: float, width: float, height: float) -> Paint:
    """Return a fill for an area."""
    return Wash(fill, x, y, width, height) if isinstance(fill, Gradient) else fill


def colors_of(fill: Fill | Paint) -> tuple[str, ...]:
    """Return every colour that a fill names."""
    gradient = fill.gradient if isinstance(fill, Wash) else fill
    return tuple(stop.color for stop in gradient.stops) if isinstance(gradient, Gradient) else (gradient,)


def color_at(gradient: Gradient, place: float) -> tuple[int, int, int]:
    """Return the colour at a place from 0 to 1."""
    stops = gradient.stops
    if place <= stops[0].at:
        return rgb(stops[0].color)
    for before, after in pairwise(stops):
        if place <= after.at:
            part = (place - before.at) / (after.at - before.at) if after.at > before.at else 1.0
            return mixed(rgb(before.color), rgb(after.color), part)
    return rgb(stops[-1].color)


def mixed(one: tuple[int, int, int], other: tuple[int, int, int], part: float) -> tuple[int, int, int]:
    """Return the colour on the way from one to another."""
    red, green, blue = (round(low + (high - low) * part) for low, high in zip(one, other, strict=True))
    return red, green, blue


def rgb(color: str) -> tuple[int, int, int]:
    """Return red, green and blue, 0 to 255."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def cmyk(color: str) -> tuple[float, float, float, float]:
    """Return cyan, magenta, yellow and black, 0 to 1, by the plain formula without a profile: black is only black."""
    red, green, blue = (value / 255 for value in rgb(color))
    key = 1 - max(red, green, blue)
    if key == 1:
        return 0.0, 0.0, 0.0, 1.0
    return ((1 - red - key) / (1 - key), (1 - green - key) / (1 - key), (1 - blue - key) / (1 - key), key)


def luminance(color: str) -> float:
    """Return the relative luminance of a colour, 0 to 1 (IEC 61966-2-1)."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in rgb(color))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
