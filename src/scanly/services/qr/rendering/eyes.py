"""The finder patterns: a ring of seven modules and a ball of three (ISO/IEC 18004 §6.3.3), in several shapes.

Shapes that are not the same on all sides are turned so that they look towards the middle of the code.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

from scanly.services.qr.rendering.geometry import Corners, Glyph, cut, ring, rounded, star

EYE: Final = 7
"""Modules on a side."""
BALL: Final = 3

Eyes: TypeAlias = tuple[Glyph, Glyph, Glyph]
"""At top left, top right and bottom left."""


def _even(radius: float) -> Corners:
    return (radius, radius, radius, radius)


def _turned(corners: Corners) -> tuple[Corners, Corners, Corners]:
    """Mirror the corners of the eye at top left for the other two."""
    first, second, third, fourth = corners
    return corners, (second, first, fourth, third), (fourth, third, second, first)


def _rings(outer: Corners, inner: Corners) -> Eyes:
    a, b, c = (ring(EYE, out, within) for out, within in zip(_turned(outer), _turned(inner), strict=True))
    return a, b, c


def _rounds(corners: Corners) -> Eyes:
    a, b, c = (rounded(BALL, BALL, each) for each in _turned(corners))
    return a, b, c


FRAMES: Mapping[str, Eyes] = {
    "square": _rings(_even(0), _even(0)),
    "rounded": _rings(_even(1.5), _even(0.7)),
    "extra_rounded": _rings(_even(2.5), _even(1.6)),
    "circle": _rings(_even(3.5), _even(1.9)),
    "leaf": _rings((0, 2.5, 0, 2.5), (0, 1.6, 0, 1.6)),
    "drop": _rings((3.5, 3.5, 0, 3.5), (1.9, 1.9, 0, 1.9)),
    "tab": _rings((0, 0, 2.5, 0), (0, 0, 1.6, 0)),
}
BALLS: Mapping[str, Eyes] = {
    "square": _rounds(_even(0)),
    "rounded": _rounds(_even(0.7)),
    "circle": _rounds(_even(1.5)),
    "leaf": _rounds((0, 1.2, 0, 1.2)),
    "drop": _rounds((1.5, 1.5, 0, 1.5)),
    "diamond": (cut(BALL, ((1.5, -0.35), (3.35, 1.5), (1.5, 3.35), (-0.35, 1.5))),) * 3,
    "star": (cut(BALL, star(8, 1.85, 1.35, 1.5)),) * 3,
}

ALIGNMENT: Final = 5
"""Modules on a side of an alignment pattern (ISO/IEC 18004 §6.3.6)."""
ALIGNMENT_RING: Final = ring(ALIGNMENT, _even(1), _even(0.4))
ALIGNMENT_BALL: Final = rounded(1, 1, _even(0.3))


def alignments(version: int) -> tuple[tuple[int, int], ...]:
    """Return the top left corners of a symbol's alignment patterns (ISO/IEC 18004, annex E)."""
    if version == 1:
        return ()
    size = 17 + 4 * version
    count = version // 7 + 2
    step = 26 if version == 32 else (4 * version + 2 * count + 1) // (2 * count - 2) * 2
    middles = sorted({6, *(size - 7 - number * step for number in range(count - 1))})
    first, last = middles[0], middles[-1]
    taken = {(first, first), (first, last), (last, first)}
    return tuple((x - 2, y - 2) for y in middles for x in middles if (x, y) not in taken)
