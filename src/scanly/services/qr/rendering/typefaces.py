"""The fonts that come along, and which of them draws which character.

Each is mapped from its file and looked into when a character asks for it, so a process holds in memory only what it
draws.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import uharfbuzz as hb  # type: ignore[import-untyped]

_FOLDER: Final = Path(__file__).parent / "fonts"
_FIRST: Final = "NotoSans-Bold.ttf"
_EMOJI: Final = "NotoEmoji-Bold.ttf"
_LAST: Final = (_EMOJI, "NotoSansCJK-Bold.otf")
"""They have signs that letters' own fonts have too."""
_AS_EMOJI: Final = "\ufe0f"
_KEY: Final = "\u20e3"
"""Noto Emoji has its keys empty."""
_JOINER: Final = "\u200d"


@dataclass(frozen=True, slots=True, eq=False)
class Typeface:
    """A font; its ascender and its descender are heights above and below the line, in units of which an em has some."""

    name: str
    font: Any
    em: float
    ascender: float
    descender: float

    def has(self, char: str) -> bool:
        """Say whether the font draws a character."""
        return self.font.get_nominal_glyph(ord(char)) is not None


@cache
def _names() -> tuple[str, ...]:
    names = sorted(path.name for path in _FOLDER.iterdir() if path.suffix in {".ttf", ".otf"})
    return (_FIRST, *(name for name in names if name != _FIRST and name not in _LAST), *_LAST)


@cache
def _opened(name: str) -> Typeface:
    face = hb.Face(hb.Blob.from_file_path(str(_FOLDER / name)))
    font = hb.Font(face)
    extents = font.get_font_extents("ltr")
    return Typeface(name, font, face.upem, extents.ascender, -extents.descender)


@cache
def _of(char: str) -> Typeface | None:
    if char == _KEY:
        return None
    return next((face for face in map(_opened, _names()) if face.has(char)), None)


def is_silent(char: str) -> bool:
    """Say whether a character draws nothing by itself: spaces, joiners, selectors of variants."""
    return unicodedata.category(char) in {"Cf", "Zs"} or unicodedata.name(char, "").startswith("VARIATION SELECTOR")


def uncovered(text: str) -> str:
    """Return the characters of ``text`` that no font has, each once."""
    return "".join(dict.fromkeys(char for char in text if not is_silent(char) and _of(char) is None))


def by_typeface(text: str) -> Sequence[tuple[Typeface, str]]:
    """Cut a run where the font changes; what has no font goes with what is before it."""
    parts: list[tuple[Typeface, str]] = []
    for place, char in enumerate(text):
        last = parts[-1][0] if parts else None
        face = _chosen(text, place, last)
        if face is last:
            parts[-1] = (face, parts[-1][1] + char)
        else:
            parts.append((face, char))
    return parts


def _chosen(text: str, place: int, last: Typeface | None) -> Typeface:
    char, before, after = text[place], text[place - 1 : place], text[place + 1 : place + 2]
    emoji = _opened(_EMOJI)
    if emoji.has(char) and ((after and after in _AS_EMOJI) or (before == _JOINER and last is emoji)):
        return emoji
    if last is not None and (is_silent(char) or (last.has(char) and last is not emoji)):
        return last
    return _of(char) or last or _opened(_FIRST)
