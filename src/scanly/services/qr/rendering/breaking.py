"""Where a text may be cut into two lines, also in scripts that have no spaces (after Unicode Standard Annex #14).

Chinese, Japanese and Korean may be cut nearly anywhere. Thai, Lao, Khmer and Myanmar are cut before a syllable, which
their spelling shows; dictionaries would find words. A space, or one without width, wins where it is near the middle.
"""

import re
import unicodedata
from typing import Final

LONGEST_LINE: Final = 16
"""Letters from which a text is cut; signs of East Asia count as two."""

_SPACES: Final = " \u200b\u3000"
_NEVER_FIRST: Final = frozenset({"Pe", "Pf", "Po", "Pd", "Lm"})
"""Categories of what ends words or lengthens them: closing brackets, stops, marks of repetition."""
_NEVER_LAST: Final = frozenset({"Ps", "Pi", "Sc"})
_SMALL_KANA: Final = "LETTER SMALL"
"""Part of their names."""
_SYLLABLE: Final = re.compile(
    r"(?=[\u0e40-\u0e44\u0ec0-\u0ec4])"  # Thai and Lao: vowels that are written before their consonant
    r"|(?<!\u17d2)(?=[\u1780-\u17a2][\u17b6-\u17c5\u17d2])"  # Khmer: a consonant with a vowel or one below it
    r"|(?<!\u1039)(?=[\u1000-\u102a\u103f](?![\u1039\u103a]))"  # Myanmar: a consonant that doesn't end a syllable
    r"|(?<=[\u0f0b\u1361])"  # Tibetan and Ethiopic: after the mark between syllables or words
)


def lines(text: str) -> list[str]:
    """Cut a long text in two where it may be, as near to its middle as that is."""
    widths = [2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text]
    whole = sum(widths)
    if whole < LONGEST_LINE:
        return [text]
    best: tuple[float, int, int] | None = None
    syllables = {match.start() for match in _SYLLABLE.finditer(text)}
    for place in range(1, len(text)):
        is_space = text[place] in _SPACES
        if is_space or _between(text, place) or place in syllables:
            cost = abs(sum(widths[:place]) - whole / 2) + (0 if is_space else whole / 8)
            found = (cost, place, place + 1 if is_space else place)
            best = found if best is None or found < best else best
    return [text] if best is None else [text[: best[1]], text[best[2] :]]


def _between(text: str, place: int) -> bool:
    """Say whether two signs of East Asia, or one and a letter, may be parted."""
    before, after = text[place - 1], text[place]
    first, last = unicodedata.category(before), unicodedata.category(after)
    if before in _SPACES or first in _NEVER_LAST or last in _NEVER_FIRST or last[0] in "MC":
        return False
    if _SMALL_KANA in unicodedata.name(after, ""):
        return False
    return any(
        category in {"Lo", "Lm", "Po", "Pe", "Ps"} and unicodedata.east_asian_width(char) in "WF"
        for char, category in ((before, first), (after, last))
    )
