"""Frames: what stands around a code and says what it is for.

A kind takes the frame and the side of what it surrounds, in modules, and returns where that lies and what to draw.
Lengths are whole modules as far as the code is concerned, so that its modules fall on whole pixels.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from scanly.services.qr.rendering.breaking import lines
from scanly.services.qr.rendering.geometry import Glyph, Placed, moved, polygon, reverse, rounded
from scanly.services.qr.rendering.lettering import Line, language_of, shape
from scanly.services.qr.rendering.paint import Fill, Paint, spread

Painted: TypeAlias = tuple[Paint, tuple[Placed, ...], str | None]
"""Paint, what has it, and the one colour beneath."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame as plain data."""

    kind: str
    text: str
    fill: Fill
    text_fill: Fill

    @property
    def is_plate(self) -> bool:
        """Whether the code lies on the frame's own colour, so that it needs a background."""
        return self.kind in _PLATES

    @property
    def ground(self) -> str | None:
        """The one colour under the code's background; None for that of the page, empty for a gradient."""
        if not self.is_plate:
            return None
        return self.fill if isinstance(self.fill, str) else ""


@dataclass(frozen=True, slots=True)
class Framing:
    """The size of the whole and where the code lies in it, in modules; what is drawn behind it and what before."""

    width: int
    height: int
    left: int
    top: int
    behind: Sequence[Painted]
    before: Sequence[Painted]


def _banner(frame: Frame, inner: int, *, above: bool) -> Framing:
    """Return a filled plate around the code with a text on one side."""
    edge, tall = _edge(inner), _tall(inner, frame)
    width, height = inner + 2 * edge, inner + 2 * edge + tall
    radius = float(edge + 1)
    plate = Placed(rounded(width, height, (radius,) * 4), 0, 0)
    text_top = edge * 0.5 if above else inner + edge
    return Framing(
        width,
        height,
        edge,
        edge + (tall if above else 0),
        [(spread(frame.fill, 0, 0, width, height), (plate,), None)],
        _text(frame, edge, text_top, inner, tall + edge * 0.5),
    )


def _border(frame: Frame, inner: int) -> Framing:
    """Return a line around the code and the text under it, on nothing."""
    edge, tall = _edge(inner), _tall(inner, frame)
    width, height = inner + 2 * edge, inner + 2 * edge + tall
    line = max(0.4, inner * 0.018)
    radius = float(edge + 1)
    outer = rounded(width, height, (radius,) * 4)
    hole = rounded(width - 2 * line, height - 2 * line, (radius - line,) * 4)
    ring = Glyph(width, height, (*outer.contours, *(reverse(contour) for contour in moved(hole.contours, line, line))))
    painted = (spread(frame.fill, 0, 0, width, height), (Placed(ring, 0, 0),), None)
    return Framing(width, height, edge, edge, [painted], _text(frame, edge, inner + edge * 0.5, inner, tall + edge))


def _caption(frame: Frame, inner: int) -> Framing:
    """Return the text under the code and nothing else."""
    tall = _tall(inner, frame)
    return Framing(inner, inner + tall, 0, 0, [], _text(frame, 0, inner, inner, tall))


def _bubble(frame: Frame, inner: int, *, above: bool) -> Framing:
    """Return a speech bubble that points to the code."""
    tall, tip = _tall(inner, frame), max(2, round(inner * 0.07))
    height = inner + tall + tip
    top = 0 if above else inner + tip
    body = rounded(inner, tall, (tall * 0.3,) * 4)
    middle = inner / 2
    # The arrow is a contour of its own that reaches into the body; both run the same way, so their union is filled.
    arrow = ((middle - tip, 0.5), (middle, -tip * 0.9), (middle + tip, 0.5))
    points = [(x, tall - y) for x, y in reversed(arrow)] if above else arrow
    bubble = Glyph(inner, tall, (*body.contours, polygon(points)))
    painted = (spread(frame.fill, 0, top, inner, tall), (Placed(bubble, 0, top),), None)
    return Framing(inner, height, 0, tall + tip if above else 0, [painted], _text(frame, 0, top, inner, tall))


def _ribbon(frame: Frame, inner: int) -> Framing:
    """Return a ribbon with cut ends under the code."""
    tall, gap = _tall(inner, frame), max(1, round(inner * 0.03))
    notch = tall * 0.35
    corners = ((0, 0), (inner, 0), (inner - notch, tall / 2), (inner, tall), (0, tall), (notch, tall / 2))
    ribbon = Glyph(inner, tall, (polygon(corners),))
    painted = (spread(frame.fill, 0, inner + gap, inner, tall), (Placed(ribbon, 0, inner + gap),), None)
    room = inner - 2 * notch
    return Framing(inner, inner + gap + tall, 0, 0, [painted], _text(frame, notch, inner + gap, room, tall))


def _label(frame: Frame, inner: int) -> Framing:
    """Return a thick edge with a label that hangs from it."""
    edge, tall = _edge(inner), _tall(inner, frame)
    width = inner + 2 * edge
    height = inner + 2 * edge + tall
    side = round(width * 0.08)
    frame_plate = Placed(rounded(width, inner + 2 * edge, (edge + 1.0,) * 4), 0, 0)
    radius = min(tall * 0.35, 3.0)
    label = Placed(rounded(width - 2 * side, tall + 1, (0.0, 0.0, radius, radius)), side, inner + 2 * edge - 1)
    painted = (spread(frame.fill, 0, 0, width, height), (frame_plate, label), None)
    return Framing(
        width,
        height,
        edge,
        edge,
        [painted],
        _text(frame, side, inner + edge * 1.5, width - 2 * side, tall + edge * 0.5),
    )


def _edge(inner: int) -> int:
    return max(1, round(inner * 0.045))


def _tall(inner: int, frame: Frame) -> int:
    return max(4, round(inner * (0.3 if len(lines(frame.text)) > 1 else 0.19)))


def _text(frame: Frame, left: float, top: float, width: float, height: float) -> list[Painted]:
    """Return the text, as large as fits, in the middle of a rectangle."""
    language = language_of(frame.text)
    shaped = [shape(line, language) for line in lines(frame.text) if line.strip()]
    if not shaped:
        return []
    longest = max(line.width for line in shaped) or 1.0
    size = min(height * 0.82 / len(shaped), width * 0.92 / longest)
    placed: list[Placed] = []
    down = top + (height - size * len(shaped)) / 2
    for number, line in enumerate(shaped):
        placed += _set(line, left + (width - line.width * size) / 2, down + number * size, size)
    # Letters of one colour may overlap (the headline of Devanagari does), so each is a glyph of its own.
    under = None if frame.kind in ON_NOTHING else frame.fill if isinstance(frame.fill, str) else ""
    return [(spread(frame.text_fill, left, top, width, height), tuple(placed), under)]


def _set(line: Line, x: float, y: float, size: float) -> list[Placed]:
    return [
        Placed(Glyph(0, 0, moved(glyph.contours, across * size, down * size, size)), x, y)
        for glyph, across, down in line.placed
    ]


ON_NOTHING: Final = frozenset({"border", "caption"})
"""Frames whose text has no plate behind it, so that it needs a dark colour of its own."""
_PLATES: Final = frozenset({"banner_bottom", "banner_top", "label"})

FRAME_KINDS: Mapping[str, Callable[[Frame, int], Framing]] = {
    "banner_bottom": lambda frame, inner: _banner(frame, inner, above=False),
    "banner_top": lambda frame, inner: _banner(frame, inner, above=True),
    "label": _label,
    "border": _border,
    "bubble_bottom": lambda frame, inner: _bubble(frame, inner, above=False),
    "bubble_top": lambda frame, inner: _bubble(frame, inner, above=True),
    "ribbon": _ribbon,
    "caption": _caption,
}
"""How a frame is drawn, for each kind that ``design.FRAMES`` offers."""
