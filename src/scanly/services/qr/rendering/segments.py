"""How a Japanese text is split into segments of a QR code (ISO/IEC 18004 §7.4), so that it takes the fewest bits.

Kanji mode holds a character in 13 bits that takes 24 in UTF-8. Readers guess the character set of a byte segment, and
next to kanji some guess Shift JIS; so every other character of such a text must be plain ASCII.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from qrcodegen import QrSegment

VERSIONS = ((range(1, 10), (10, 9, 8, 8)), (range(10, 27), (12, 11, 16, 10)), (range(27, 41), (14, 13, 16, 12)))
"""Table 3: bits of the count of characters in each of ``_MODES``, by range of versions."""

_NUMERIC, _ALPHANUMERIC, _BYTE, _KANJI = _MODES = range(4)
_DIGITS = frozenset("0123456789")
_ALPHANUMERICS = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
_AMBIGUOUS = frozenset("\\~\uff3c")
"""Kinds of Shift JIS have different signs in their places."""
_NEVER = 10**9
_MOST_BITS = {"L": 23_648, "M": 18_672, "Q": 13_328, "H": 10_208}
"""Table 7: data bits of version 40."""


def is_dense(text: str) -> bool:
    """Say whether ``text`` can use kanji mode: it has Japanese characters, and ASCII besides."""
    if text.isascii():
        return False
    return all(_kanji(character) is not None or _is_safe(character) for character in text)


def split(text: str, count_bits: tuple[int, ...]) -> Iterator[QrSegment]:
    """Yield the segments of a text that ``is_dense``, for the versions with these bits for counts.

    By dynamic programming: for each character and mode, the fewest bits of all that stands before.
    """
    modes = _best_modes(text, count_bits)
    for mode, run in groupby(zip(modes, text, strict=True), key=lambda pair: pair[0]):
        part = "".join(character for _, character in run)
        if mode == _NUMERIC:
            yield QrSegment.make_numeric(part)
        elif mode == _ALPHANUMERIC:
            yield QrSegment.make_alphanumeric(part)
        elif mode == _BYTE:
            yield QrSegment.make_bytes(part.encode("ascii"))
        else:
            bits = "".join(f"{_kanji(character):013b}" for character in part)
            yield QrSegment(QrSegment.Mode.KANJI, len(part), [int(bit) for bit in bits])


def fits(text: str, level: str) -> bool:
    """Say whether the largest symbol has room for a text that ``is_dense``; a thousand times faster than drawing it."""
    versions, count_bits = VERSIONS[-1]
    bits = QrSegment.get_total_bits(list(split(text, count_bits)), versions.stop - 1)
    return bits is not None and bits <= _MOST_BITS[level]


def _best_modes(text: str, count_bits: tuple[int, ...]) -> list[int]:
    # In sixths of a bit, so that a digit (10/3) and an alphanumeric character (11/2) are whole numbers.
    heads = [6 * (4 + bits) for bits in count_bits]
    best = list(heads)
    came_from = []
    for at, character in enumerate(text):
        if at:
            ended = [-(-bits // 6) * 6 for bits in best]  # a segment has whole bits
            earlier = min(_MODES, key=ended.__getitem__)
            switched = [ended[earlier] + head for head in heads]
            came_from.append([mode if best[mode] <= switched[mode] else earlier for mode in _MODES])
            best = list(map(min, best, switched))
        best = [bits + cost for bits, cost in zip(best, _costs(character), strict=True)]
    modes = [min(_MODES, key=lambda mode: -(-best[mode] // 6))]
    for before in reversed(came_from):
        modes.append(before[modes[-1]])
    return modes[::-1]


@lru_cache(maxsize=4096)
def _costs(character: str) -> tuple[int, ...]:
    return (
        20 if character in _DIGITS else _NEVER,
        33 if character in _ALPHANUMERICS else _NEVER,
        48 if character.isascii() else _NEVER,
        _NEVER if _kanji(character) is None else 78,
    )


def _is_safe(character: str) -> bool:
    return character.isascii() and character not in _AMBIGUOUS


@lru_cache(maxsize=4096)
def _kanji(character: str) -> int | None:
    """Return the 13 bits of §7.4.6, if each kind of Shift JIS has the character at the same place.

    Latin, Greek and Cyrillic ones are left out: programs which read UTF-8, such as those of banks, expect them there.
    """
    if character < "\u3000" or character in _AMBIGUOUS:
        return None
    try:
        encoded = character.encode("shift_jis")
        agreed = character == encoded.decode("cp932")
    except UnicodeError:
        return None
    code = int.from_bytes(encoded)
    if not agreed or not (0x8140 <= code <= 0x9FFC or 0xE040 <= code <= 0xEBBF):
        return None
    high, low = divmod(code - (0x8140 if code <= 0x9FFC else 0xC140), 256)
    return high * 0xC0 + low
