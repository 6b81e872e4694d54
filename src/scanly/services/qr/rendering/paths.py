"""The grammar of SVG's paths and transforms (SVG 1.1 §7.6 and §8.3), as the moves that PDF and PostScript know."""

import math
import re
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from scanly.services.qr.rendering.geometry import ARC

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
Segment: TypeAlias = tuple[str | float, ...]
"""``m`` and ``l`` with a point, ``c`` with three, ``h`` with none: the names that PDF has for them."""
Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right and bottom."""

NUMBER: Final = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
"""Of SVG, as a pattern."""

_PART: Final = re.compile(rf"\s*(?:,\s*)?({NUMBER})", re.ASCII)
_FLAG: Final = re.compile(r"\s*(?:,\s*)?([01])")
_COMMAND: Final = re.compile(r"\s*(?:,\s*)?([MmLlHhVvCcSsQqTtAaZz])")
_TRANSFORM: Final = re.compile(r"\s*(?:,\s*)?(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^)]*)\)")
_COUNTS: Final = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}


def transformed(text: str) -> Matrix:
    """Return what a list of transforms comes to; ``ValueError`` when it is none."""
    matrix: Matrix = (1, 0, 0, 1, 0, 0)
    position = 0
    while found := _TRANSFORM.match(text, position):
        position = found.end()
        matrix = times(matrix, _single(found[1], [float(part) for part in _PART.findall(found[2])]))
    if text[position:].strip():
        raise ValueError(text)
    return matrix


def times(one: Matrix, other: Matrix) -> Matrix:
    """Return the matrix that does ``other`` first and then ``one``."""
    a, b, c, d, e, f = one
    u, v, w, x, y, z = other
    return a * u + c * v, b * u + d * v, a * w + c * x, b * w + d * x, a * y + c * z + e, b * y + d * z + f


def _single(name: str, values: list[float]) -> Matrix:
    if name == "matrix":
        a, b, c, d, e, f = values
        return a, b, c, d, e, f
    if name == "translate":
        return 1, 0, 0, 1, values[0], values[1] if len(values) > 1 else 0
    if name == "scale":
        return values[0], 0, 0, values[-1], 0, 0
    angle = math.radians(values[0])
    if name == "rotate":
        turn: Matrix = (math.cos(angle), math.sin(angle), -math.sin(angle), math.cos(angle), 0, 0)
        x, y = values[1:] if len(values) > 1 else (0.0, 0.0)
        return times(times((1, 0, 0, 1, x, y), turn), (1, 0, 0, 1, -x, -y))
    return (1, 0, math.tan(angle), 1, 0, 0) if name == "skewX" else (1, math.tan(angle), 0, 1, 0, 0)


def ellipse(x: float, y: float, wide: float, high: float) -> tuple[Segment, ...]:
    """Return an ellipse around a point."""
    across, down = wide * ARC, high * ARC
    return (
        ("m", x + wide, y),
        ("c", x + wide, y + down, x + across, y + high, x, y + high),
        ("c", x - across, y + high, x - wide, y + down, x - wide, y),
        ("c", x - wide, y - down, x - across, y - high, x, y - high),
        ("c", x + across, y - high, x + wide, y - down, x + wide, y),
        ("h",),
    )


def box_of(segments: Iterable[Segment]) -> Box:
    """Return the box around what segments draw; ``ValueError`` when that is nothing."""
    points: list[tuple[float, float]] = []
    at = start = (0.0, 0.0)
    for name, *values in segments:
        numbers = [float(value) for value in values]
        if name == "h":
            at = start
            continue
        to = numbers[-2], numbers[-1]
        if name == "m":
            start = to
        else:
            points += [at, to]
        if name == "c":
            points += _turns(at, numbers)
        at = to
    across, down = [x for x, _ in points], [y for _, y in points]
    return min(across), min(down), max(across), max(down)


def _turns(start: tuple[float, float], numbers: list[float]) -> Iterator[tuple[float, float]]:
    """Yield the points of a cubic curve where it goes neither across nor down: its derivative is 0 in one of both."""
    handles = [start, *zip(numbers[::2], numbers[1::2], strict=True)]
    for axis in (0, 1):
        one, two, three, four = (point[axis] for point in handles)
        a, b, c = four - one + 3 * (two - three), 2 * (one - 2 * two + three), two - one
        roots: list[float] = []
        if abs(a) > 1e-12:
            square = b * b - 4 * a * c
            roots = [(-b + sign * math.sqrt(square)) / (2 * a) for sign in (1, -1)] if square >= 0 else []
        elif abs(b) > 1e-12:
            roots = [-c / b]
        for t in roots:
            if 0 < t < 1:
                weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
                x, y = (sum(w * point[side] for w, point in zip(weights, handles, strict=True)) for side in (0, 1))
                yield x, y


def moves(text: str) -> Iterator[Segment]:
    """Yield the segments of a path's data; ``ValueError`` when it breaks the grammar."""
    x = y = start_x = start_y = 0.0
    handle: tuple[float, float] | None = None
    last = ""
    for name, values in _commands(text):
        kind, is_relative = name.upper(), name.islower()
        handle = handle if last in _KEEPS.get(kind, "") else None
        base_x, base_y = (x, y) if is_relative else (0.0, 0.0)
        if kind == "Z":
            yield ("h",)
            x, y = start_x, start_y
        elif kind == "A":
            to_x, to_y = values[5] + base_x, values[6] + base_y
            yield from _arc((x, y), values, (to_x, to_y))
            x, y = to_x, to_y
        elif kind in "HV":
            x, y = (values[0] + base_x, y) if kind == "H" else (x, values[0] + base_y)
            yield "l", x, y
        else:
            points = [value + (base_y if place % 2 else base_x) for place, value in enumerate(values)]
            segment, handle = _drawn(kind, (x, y), points, handle)
            yield segment
            x, y = points[-2], points[-1]
            if kind == "M":
                start_x, start_y = x, y
        last = kind


_KEEPS: Final = {"S": "CS", "T": "QT"}
"""After which commands a smooth one goes on from their handle."""


def _drawn(
    kind: str, at: tuple[float, float], points: list[float], handle: tuple[float, float] | None
) -> tuple[Segment, tuple[float, float] | None]:
    """Return a line or a curve, and the handle that it ends with."""
    if kind in "ML":
        return (kind.lower(), *points), None
    x, y = at
    mirrored = (2 * x - handle[0], 2 * y - handle[1]) if handle else at
    if kind in "CS":
        values = points if kind == "C" else [*mirrored, *points]
        return ("c", *values), (values[2], values[3])
    middle_x, middle_y = (points[0], points[1]) if kind == "Q" else mirrored
    to_x, to_y = points[-2], points[-1]
    one = (x + (middle_x - x) * 2 / 3, y + (middle_y - y) * 2 / 3)
    two = (to_x + (middle_x - to_x) * 2 / 3, to_y + (middle_y - to_y) * 2 / 3)
    return ("c", *one, *two, to_x, to_y), (middle_x, middle_y)


def _commands(text: str) -> Iterator[tuple[str, list[float]]]:
    """Yield commands with their numbers, each repetition by itself."""
    position, name = 0, ""
    if not text.lstrip().startswith(("M", "m")):
        raise ValueError(text)
    text = text.rstrip()
    while position < len(text):
        if found := _COMMAND.match(text, position):
            name, position = found[1], found.end()
        elif not name or name in "Zz":
            raise ValueError(text)
        values = []
        for place in range(_COUNTS[name.upper()]):
            part = (_FLAG if name in "Aa" and place in {3, 4} else _PART).match(text, position)
            if part is None:
                raise ValueError(text)
            values.append(float(part[1]))
            position = part.end()
        yield name, values
        name = {"M": "L", "m": "l"}.get(name, name)


def _arc(start: tuple[float, float], values: list[float], end: tuple[float, float]) -> Iterator[Segment]:
    """Yield an elliptical arc as curves of a quarter at most (SVG 1.1, appendix F.6)."""
    wide, high, turn = abs(values[0]), abs(values[1]), math.radians(values[2])
    is_large, is_clockwise = bool(values[3]), bool(values[4])
    if start == end:
        return
    if not wide or not high:
        yield "l", *end
        return
    cos, sin = math.cos(turn), math.sin(turn)
    half_x, half_y = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    x, y = cos * half_x + sin * half_y, cos * half_y - sin * half_x
    grown = math.sqrt(max(1.0, (x / wide) ** 2 + (y / high) ** 2))
    wide, high = wide * grown, high * grown
    rest = (wide * high) ** 2 - (wide * y) ** 2 - (high * x) ** 2
    factor = math.sqrt(max(0.0, rest) / ((wide * y) ** 2 + (high * x) ** 2))
    factor *= -1 if is_large == is_clockwise else 1
    middle_x, middle_y = factor * wide * y / high, -factor * high * x / wide
    first = math.atan2((y - middle_y) / high, (x - middle_x) / wide)
    last = math.atan2((-y - middle_y) / high, (-x - middle_x) / wide)
    swept = (last - first) % math.tau
    swept = swept if is_clockwise else swept - math.tau
    center_x = cos * middle_x - sin * middle_y + (start[0] + end[0]) / 2
    center_y = sin * middle_x + cos * middle_y + (start[1] + end[1]) / 2
    frame: Matrix = (cos * wide, sin * wide, -sin * high, cos * high, center_x, center_y)
    pieces = math.ceil(abs(swept) / (math.pi / 2) - 1e-9)
    step = swept / pieces
    reach = 4 / 3 * math.tan(step / 4)
    for piece in range(pieces):
        one, two = first + piece * step, first + (piece + 1) * step
        points = (
            (math.cos(one) - reach * math.sin(one), math.sin(one) + reach * math.cos(one)),
            (math.cos(two) + reach * math.sin(two), math.sin(two) - reach * math.cos(two)),
            (math.cos(two), math.sin(two)),
        )
        yield ("c", *(value for point in points for value in times(frame, (1, 0, 0, 1, *point))[4:]))
