"""Text as outlines: shaped by HarfBuzz with fonts of our own, so that every machine draws the same, whatever it has.

One line of a few words, in any script that the fonts cover. Runs of one direction are put in order by the first strong
character (a small part of UAX #9, enough where nothing nests).
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import uharfbuzz as hb  # type: ignore[import-untyped]

from scanly.services.qr.rendering.geometry import Contour, Glyph, Placed, Point, Step, area, flat, moved, reverse

_FOLDER: Final = Path(__file__).parent / "fonts"
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})
_STRONG: Final = _RIGHT_TO_LEFT | {"L"}
_NUMBER: Final = frozenset({"EN", "AN"})


@dataclass(frozen=True, slots=True)
class Line:
    """A shaped line, 1 high from descender to ascender and ``width`` wide; glyphs lie at the top left of their line."""

    width: float
    placed: tuple[Placed, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Font:
    font: Any
    known: frozenset[int]
    height: float
    ascender: float


@cache
def _fonts() -> tuple[_Font, ...]:
    loaded = []
    for path in sorted(_FOLDER.glob("*.ttf"), key=lambda path: (path.stem != "NotoSans-Bold", path.stem)):
        face = hb.Face(hb.Blob.from_file_path(str(path)))
        font = hb.Font(face)
        extents = font.get_font_extents("ltr")
        height = extents.ascender - extents.descender
        loaded.append(_Font(font, frozenset(face.unicodes), height, extents.ascender))
    return tuple(loaded)


def uncovered(text: str) -> str:
    """Return the characters of ``text`` that no font has, each once."""
    known = frozenset().union(*(font.known for font in _fonts()))
    return "".join(dict.fromkeys(char for char in text if ord(char) not in known and not _is_silent(char)))


@lru_cache(maxsize=256)
def shape(text: str) -> Line:
    """Return ``text`` as glyphs; characters that no font has are left out."""
    placed: list[Placed] = []
    x = 0.0
    for run, backwards in _runs(text):
        for font, part in _by_font(run, backwards=backwards):
            scale = 1 / font.height
            for glyph, offset_x, offset_y, advance in _shaped(font, part, backwards=backwards):
                if glyph.contours:
                    at = (x + offset_x * scale, (font.ascender - offset_y) * scale)
                    placed.append(Placed(Glyph(0, 0, moved(glyph.contours, 0, 0, scale)), *at))
                x += advance * scale
    return Line(x, tuple(placed))


def _is_silent(char: str) -> bool:
    return unicodedata.category(char) in {"Cf", "Mn", "Zs"}


def _runs(text: str) -> list[tuple[str, bool]]:
    """Return runs of one direction as they stand from left to right, each in the order of reading."""
    kinds = [unicodedata.bidirectional(char) for char in text]
    base = next((kind in _RIGHT_TO_LEFT for kind in kinds if kind in _STRONG), False)
    last = base
    directions: list[bool] = []
    for place, kind in enumerate(kinds):
        if kind in _STRONG:
            last = kind in _RIGHT_TO_LEFT
            directions.append(last)
        elif kind in _NUMBER:
            directions.append(False)
        else:  # between two of one direction a neutral has that one, else the line's
            following = next((after for after in kinds[place:] if after in _STRONG), None)
            follows = base if following is None else following in _RIGHT_TO_LEFT
            directions.append(last if last == follows else base)
    runs = [
        ("".join(char for char, _ in run), backwards)
        for backwards, run in groupby(zip(text, directions, strict=True), key=lambda pair: pair[1])
    ]
    return runs[::-1] if base else runs


def _by_font(text: str, *, backwards: bool) -> Sequence[tuple[_Font, str]]:
    """Cut a run where the font changes; what has no font goes with what is before it."""
    parts: list[tuple[_Font, str]] = []
    for char in text:
        last = parts[-1][0] if parts else None
        if last is not None and (ord(char) in last.known or _is_silent(char)):
            font = last
        else:
            font = next((font for font in _fonts() if ord(char) in font.known), last or _fonts()[0])
        if font is last:
            parts[-1] = (font, parts[-1][1] + char)
        else:
            parts.append((font, char))
    return parts[::-1] if backwards else parts


def _shaped(font: _Font, text: str, *, backwards: bool) -> Iterator[tuple[Glyph, int, int, int]]:
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if backwards else "ltr"
    hb.shape(font.font, buffer)
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        if info.codepoint:
            yield _glyph(font, info.codepoint), position.x_offset, position.y_offset, position.x_advance


class _Pen:
    """Collects what HarfBuzz draws; its y runs upwards."""

    def __init__(self) -> None:
        self.contours: list[Contour] = []
        self._start: Point = (0, 0)
        self._at: Point = (0, 0)
        self._steps: list[Step] = []

    def move(self, x: float, y: float) -> None:
        self._start = self._at = (x, -y)
        self._steps = []

    def line(self, x: float, y: float) -> None:
        self._at = (x, -y)
        self._steps.append(self._at)

    def quadratic(self, x1: float, y1: float, x: float, y: float) -> None:
        (x0, y0), middle_y = self._at, -y1
        third = (
            x0 + 2 * (x1 - x0) / 3,
            y0 + 2 * (middle_y - y0) / 3,
            x + 2 * (x1 - x) / 3,
            -y + 2 * (middle_y + y) / 3,
        )
        self._at = (x, -y)
        self._steps.append((*third, x, -y))

    def cubic(self, *points: float) -> None:
        x1, y1, x2, y2, x, y = points
        self._at = (x, -y)
        self._steps.append((x1, -y1, x2, -y2, x, -y))

    def close(self) -> None:
        if self._steps:
            self.contours.append(Contour(self._start, tuple(self._steps)))


@cache
def _draw_functions() -> Any:  # noqa: ANN401 - of HarfBuzz
    functions = hb.DrawFuncs()
    functions.set_move_to_func(lambda x, y, pen: pen.move(x, y))
    functions.set_line_to_func(lambda x, y, pen: pen.line(x, y))
    functions.set_quadratic_to_func(lambda x1, y1, x, y, pen: pen.quadratic(x1, y1, x, y))
    functions.set_cubic_to_func(lambda x1, y1, x2, y2, x, y, pen: pen.cubic(x1, y1, x2, y2, x, y))
    functions.set_close_path_func(lambda pen: pen.close())
    return functions


@lru_cache(maxsize=2048)
def _glyph(font: _Font, number: int) -> Glyph:
    pen = _Pen()
    font.font.draw_glyph(number, _draw_functions(), pen)
    contours = tuple(pen.contours)
    outer = max((area(flat(contour)) for contour in contours), key=abs, default=0.0)
    return Glyph(0, 0, contours if outer >= 0 else tuple(map(reverse, contours)))
