"""Outlines in modules, x to the right and y downwards: what every part of a picture is made of.

A glyph's outer contours run clockwise and its holes the other way, so that all writers fill it by the nonzero rule.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

ARC: Final = 0.5522847498307936
"""How far the handles of a cubic curve reach that stands for a quarter of a circle, in radii: 4/3 (√2 - 1)."""

Point: TypeAlias = tuple[float, float]
Step: TypeAlias = tuple[float, ...]
"""To a point by a line (x, y) or by a cubic curve (x1, y1, x2, y2, x, y)."""
Corners: TypeAlias = tuple[float, float, float, float]
"""Radii, clockwise from top left."""


class Contour(NamedTuple):
    """A closed line."""

    start: Point
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Glyph:
    """A filled outline in a box of ``width`` by ``height``, which rasters may snap to whole pixels.

    Compared by identity: writers keep what they made of a glyph.
    """

    width: float
    height: float
    contours: tuple[Contour, ...]
    is_straight: bool = False
    """Whether it is just its box."""


class Placed(NamedTuple):
    """A glyph with the top left corner of its box at a point."""

    glyph: Glyph
    x: float
    y: float


@lru_cache(maxsize=4096)
def box(width: float, height: float) -> Glyph:
    """Return a rectangle."""
    return Glyph(width, height, (polygon([(0, 0), (width, 0), (width, height), (0, height)]),), is_straight=True)


@lru_cache(maxsize=4096)
def rounded(width: float, height: float, corners: Corners) -> Glyph:
    """Return a rectangle with round corners."""
    return Glyph(width, height, (_rounded(0, 0, width, height, corners),)) if any(corners) else box(width, height)


@lru_cache(maxsize=256)
def ring(width: float, outer: Corners, inner: Corners, thickness: float = 1) -> Glyph:
    """Return a square frame, as the eyes of a code have one."""
    hole = _rounded(thickness, thickness, width - 2 * thickness, width - 2 * thickness, inner)
    return Glyph(width, width, (_rounded(0, 0, width, width, outer), reverse(hole)))


@lru_cache(maxsize=64)
def cut(width: float, points: tuple[Point, ...]) -> Glyph:
    """Return a polygon in a square box."""
    return Glyph(width, width, (polygon(points),))


def star(points: int, outer: float, inner: float, middle: float) -> tuple[Point, ...]:
    """Return the corners of a star around (``middle``, ``middle``), its first point up."""
    corners = []
    for number in range(2 * points):
        radius = inner if number % 2 else outer
        angle = math.pi * (number / points - 0.5)
        corners.append((middle + radius * math.cos(angle), middle + radius * math.sin(angle)))
    return tuple(corners)


def polygon(points: Sequence[Point]) -> Contour:
    """Return a closed line through points."""
    return Contour(points[0], tuple(points[1:]))


def reverse(contour: Contour) -> Contour:
    """Return a contour in the other direction."""
    points = [contour.start, *(step[-2:] for step in contour.steps)]
    steps: list[Step] = []
    for number in range(len(contour.steps) - 1, -1, -1):
        step, to = contour.steps[number], points[number]
        steps.append((*step[2:4], *step[0:2], *to) if len(step) > 2 else to)
    return Contour((points[-1][0], points[-1][1]), tuple(steps))


def moved(contours: Iterable[Contour], x: float, y: float, scale: float = 1) -> tuple[Contour, ...]:
    """Return contours scaled, then moved."""
    return tuple(
        Contour(
            (start[0] * scale + x, start[1] * scale + y),
            tuple(tuple(value * scale + (y if place % 2 else x) for place, value in enumerate(step)) for step in steps),
        )
        for start, steps in contours
    )


def flat(contour: Contour, pieces: int = 8) -> list[Point]:
    """Return the corners of a polygon that follows a contour, each curve in so many pieces."""
    points = [contour.start]
    for step in contour.steps:
        if len(step) == 2:
            points.append((step[0], step[1]))
            continue
        (x0, y0), (x1, y1, x2, y2, x3, y3) = points[-1], step
        for piece in range(1, pieces + 1):
            t = piece / pieces
            a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            points.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    return points


def area(points: Sequence[Point]) -> float:
    """Return the area inside a polygon, positive when it runs clockwise on the screen."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, [*points[1:], points[0]], strict=True)) / 2


def _rounded(x: float, y: float, width: float, height: float, corners: Corners) -> Contour:
    first, second, third, fourth = corners
    right, bottom = x + width, y + height
    steps: list[Step] = [(right - second, y)]
    if second:
        reach = second * (1 - ARC)
        steps.append((right - reach, y, right, y + reach, right, y + second))
    steps.append((right, bottom - third))
    if third:
        reach = third * (1 - ARC)
        steps.append((right, bottom - reach, right - reach, bottom, right - third, bottom))
    steps.append((x + fourth, bottom))
    if fourth:
        reach = fourth * (1 - ARC)
        steps.append((x + reach, bottom, x, bottom - reach, x, bottom - fourth))
    steps.append((x, y + first))
    if first:
        reach = first * (1 - ARC)
        steps.append((x, y + reach, x + reach, y, x + first, y))
    start = (x + first, y)
    points = [start, *(step[-2:] for step in steps)]
    return Contour(start, tuple(step for step, before in zip(steps, points, strict=False) if step[-2:] != before))
