"""Text as outlines: shaped by HarfBuzz with fonts of our own, so that every machine draws the same, whatever it has.

One line of a few words, in any script that the fonts cover.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

import uharfbuzz as hb  # type: ignore[import-untyped]

from scanly.services.qr.rendering.direction import runs
from scanly.services.qr.rendering.geometry import Contour, Glyph, Placed, Point, Step, area, flat, moved, reverse
from scanly.services.qr.rendering.typefaces import Typeface, by_typeface

_KANA: Final = range(0x3040, 0x3100)
_HANGUL: Final = range(0xAC00, 0xD7A4)
_HAN: Final = range(0x3400, 0xA000)
_NATIONAL: Final = {"zh-hans": "gb2312", "zh-hant": "big5", "ja": "euc_jp"}
"""Languages written in Chinese signs, and character sets that have those of each."""


@dataclass(frozen=True, slots=True)
class Line:
    """A shaped line, 1 high from descender to ascender and ``width`` wide; glyphs lie at the top left of their line."""

    width: float
    placed: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    """Glyphs of one font with their places, in its units."""

    face: Typeface
    shaped: tuple[tuple[int, int, int, int], ...]


def language_of(text: str) -> str:
    """Return the language that decides how Chinese signs look: told by kana, Hangul, or the signs themselves."""
    codes = [ord(char) for char in text]
    if any(code in _KANA for code in codes):
        return "ja"
    if any(code in _HANGUL for code in codes):
        return "ko"
    signs = "".join(char for char, code in zip(text, codes, strict=True) if code in _HAN)
    if not signs:
        return "und"
    return next((language for language, codec in _NATIONAL.items() if _is_written(signs, codec)), "zh-hans")


def _is_written(signs: str, codec: str) -> bool:
    try:
        signs.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=256)
def shape(text: str, language: str = "und") -> Line:
    """Return ``text`` as glyphs; characters that no font has are left out."""
    shaped = [
        _Run(face, tuple(_shaped(face, part, language, backwards=backwards)))
        for run, backwards in runs(text)
        for face, part in by_typeface(run)[:: -1 if backwards else 1]
    ]
    # All fonts of a line stand on one baseline, in one size.
    above = max((run.face.ascender / run.face.em for run in shaped), default=1.0)
    below = max((run.face.descender / run.face.em for run in shaped), default=0.0)
    placed: list[Placed] = []
    x = 0.0
    for run in shaped:
        scale = 1 / (run.face.em * (above + below))
        for number, offset_x, offset_y, advance in run.shaped:
            glyph = _glyph(run.face, number)
            if glyph.contours:
                at = (x + offset_x * scale, above / (above + below) - offset_y * scale)
                placed.append(Placed(Glyph(0, 0, moved(glyph.contours, 0, 0, scale)), *at))
            x += advance * scale
    return Line(x, tuple(placed))


def _shaped(face: Typeface, text: str, language: str, *, backwards: bool) -> Iterator[tuple[int, int, int, int]]:
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.language = language  # what was guessed is that of the machine
    buffer.direction = "rtl" if backwards else "ltr"
    hb.shape(face.font, buffer)
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        if info.codepoint:
            yield info.codepoint, position.x_offset, position.y_offset, position.x_advance


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
def _glyph(face: Typeface, number: int) -> Glyph:
    pen = _Pen()
    face.font.draw_glyph(number, _draw_functions(), pen)
    contours = tuple(pen.contours)
    outer = max((area(flat(contour)) for contour in contours), key=abs, default=0.0)
    return Glyph(0, 0, contours if outer >= 0 else tuple(map(reverse, contours)))
