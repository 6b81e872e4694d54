"""How the modules between the eyes are drawn: one function for each shape, from rows of dark flags to placed glyphs.

Rows have a light row above and below; ``margin`` modules lie around the symbol. Shapes stay in their cells or touch the
next ones, so that the middle of every module, where readers look, has the right colour.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final, TypeAlias

from scanly.services.qr.rendering.geometry import (
    ARC,
    Contour,
    Glyph,
    Placed,
    Point,
    area,
    box,
    cut,
    flat,
    moved,
    reverse,
    rounded,
    star,
)

Rows: TypeAlias = Sequence[bytes]

_RUN: Final = re.compile(rb"\x01+")
_DOT: Final = rounded(1, 1, (0.5, 0.5, 0.5, 0.5))
_TILE: Final = rounded(1, 1, (0.25, 0.25, 0.25, 0.25))
_SQUIRCLE: Final = rounded(1, 1, (0.4, 0.4, 0.4, 0.4))
_LEAF: Final = rounded(1, 1, (0.5, 0, 0.5, 0))
_DIAMOND: Final = cut(1, ((0.5, -0.13), (1.13, 0.5), (0.5, 1.13), (-0.13, 0.5)))
_STAR: Final = cut(1, star(5, 0.68, 0.42, 0.5))
_CROSS: Final[tuple[Point, ...]] = (
    *((0.2, 0), (0.8, 0), (0.8, 0.2), (1, 0.2), (1, 0.8), (0.8, 0.8)),
    *((0.8, 1), (0.2, 1), (0.2, 0.8), (0, 0.8), (0, 0.2), (0.2, 0.2)),
)
_PLUS: Final = cut(1, _CROSS)
_BAR: Final = 0.9
"""Width of a bar."""
_BRIDGE: Final = 0.6
"""Width of what connects dots."""
_FILLET: Final = 0.35
"""Radius of an inner corner that is filled."""


def squares(rows: Rows, margin: int) -> Iterator[Placed]:
    """Draw dark modules in a row as one box."""
    for y, row in enumerate(rows[1:-1], margin):
        for run in _RUN.finditer(row):
            start, end = run.span()
            yield Placed(box(end - start, 1), start + margin, y)


def rounded_off(radius: float, *, diagonal: bool = False) -> Callable[[Rows, int], Iterator[Placed]]:
    """Connected modules; a corner is round where no dark module touches either of its sides.

    With ``diagonal`` only the corners at top left and bottom right.
    """

    def draw(rows: Rows, margin: int) -> Iterator[Placed]:
        for y in range(1, len(rows) - 1):
            above, below = rows[y - 1], rows[y + 1]
            for run in _RUN.finditer(rows[y]):
                start, end = run.span()
                last = end - 1
                corners = (
                    0.0 if above[start] else radius,
                    0.0 if diagonal or above[last] else radius,
                    0.0 if below[last] else radius,
                    0.0 if diagonal or below[start] else radius,
                )
                yield Placed(rounded(end - start, 1, corners), start + margin, y - 1 + margin)

    return draw


def fluid(rows: Rows, margin: int) -> Iterator[Placed]:
    """Connected and rounded, with filled inner corners: drops that flow into each other."""
    yield from rounded_off(0.5)(rows, margin)
    for y in range(1, len(rows)):
        above, row = rows[y - 1], rows[y]
        for x in range(1, len(row)):
            if above[x - 1] + above[x] + row[x - 1] + row[x] == 3:
                light = (above[x - 1], above[x], row[x], row[x - 1]).index(0)
                dx, dy = ((-1, -1), (0, -1), (0, 0), (-1, 0))[light]
                yield Placed(_FILLETS[light], x + dx + margin, y - 1 + dy + margin)


def each(glyph: Glyph) -> Callable[[Rows, int], Iterator[Placed]]:
    """Draw each dark module as ``glyph``."""

    def draw(rows: Rows, margin: int) -> Iterator[Placed]:
        for y, row in enumerate(rows[1:-1], margin):
            for x, dark in enumerate(row, margin):
                if dark:
                    yield Placed(glyph, x, y)

    return draw


def horizontal(rows: Rows, margin: int) -> Iterator[Placed]:
    """Dark modules in a row as one bar with round ends."""
    for y, row in enumerate(rows[1:-1], margin):
        for run in _RUN.finditer(row):
            start, end = run.span()
            yield Placed(_bar(end - start, upright=False), start + margin, y)


def vertical(rows: Rows, margin: int) -> Iterator[Placed]:
    """Dark modules in a column as one bar with round ends."""
    for x, column in enumerate(zip(*rows[1:-1], strict=True), margin):
        for run in _RUN.finditer(bytes(column)):
            start, end = run.span()
            yield Placed(_bar(end - start, upright=True), x, start + margin)


def connected(rows: Rows, margin: int) -> Iterator[Placed]:
    """Dots with a bridge to each neighbour."""
    yield from each(_DOT)(rows, margin)
    for y in range(1, len(rows) - 1):
        row, below = rows[y], rows[y + 1]
        for x in range(len(row)):
            if row[x] and x + 1 < len(row) and row[x + 1]:
                yield Placed(_ACROSS, x + margin, y - 1 + margin)
            if row[x] and below[x]:
                yield Placed(_DOWN, x + margin, y - 1 + margin)


@cache
def _bar(length: int, *, upright: bool) -> Glyph:
    """Return a bar in its box of one module by ``length``."""
    gap, round_end = (1 - _BAR) / 2, _BAR / 2
    width, height = (_BAR, length - 2 * gap) if upright else (length - 2 * gap, _BAR)
    return _inset(rounded(width, height, (round_end,) * 4), gap, gap, *((1, length) if upright else (length, 1)))


def _inset(glyph: Glyph, x: float, y: float, width: float, height: float) -> Glyph:
    """Return a glyph that lies at a point of a larger box."""
    return Glyph(width, height, moved(glyph.contours, x, y))


def _fillet(light: int) -> Glyph:
    """Return what fills the inner corner of a light module, which lies at this corner of four modules."""
    # The four modules meet in one corner of the light one: bottom right when that is the one at top left, and so on.
    x, y = ((1.0, 1.0), (0.0, 1.0), (0.0, 0.0), (1.0, 0.0))[light]
    to_x, to_y = (-_FILLET if x else _FILLET), (-_FILLET if y else _FILLET)
    reach = 1 - ARC
    contour = Contour((x, y), ((x + to_x, y), (x + to_x * reach, y, x, y + to_y * reach, x, y + to_y)))
    return Glyph(1, 1, (contour if area(flat(contour)) > 0 else reverse(contour),))


_FILLETS: Final = tuple(_fillet(light) for light in range(4))
_ACROSS: Final = _inset(box(1, _BRIDGE), 0.5, (1 - _BRIDGE) / 2, 2, 1)
_DOWN: Final = _inset(box(_BRIDGE, 1), (1 - _BRIDGE) / 2, 0.5, 1, 2)
_SMALL_DOT: Final = _inset(rounded(0.9, 0.9, (0.45,) * 4), 0.05, 0.05, 1, 1)
_MOSAIC: Final = _inset(box(0.88, 0.88), 0.06, 0.06, 1, 1)

SHAPES: Mapping[str, Callable[[Rows, int], Iterator[Placed]]] = {
    "square": squares,
    "rounded": rounded_off(0.5),
    "extra_rounded": fluid,
    "dots": each(_DOT),
    "small_dots": each(_SMALL_DOT),
    "classy": rounded_off(0.5, diagonal=True),
    "tiles": each(_TILE),
    "pebbles": each(_SQUIRCLE),
    "mosaic": each(_MOSAIC),
    "leaf": each(_LEAF),
    "diamond": each(_DIAMOND),
    "star": each(_STAR),
    "plus": each(_PLUS),
    "vertical": vertical,
    "horizontal": horizontal,
    "connected": connected,
}
"""How modules are drawn, for each shape that ``design.MODULE_SHAPES`` offers."""
GAPPED: Final = frozenset({"dots", "small_dots", "tiles", "pebbles", "mosaic", "leaf", "diamond", "star", "plus"})
"""Shapes whose modules do not join: alignment patterns are drawn whole, which readers of tilted codes look for."""
