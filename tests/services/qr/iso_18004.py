"""A reader of ISO/IEC 18004 that shares nothing with the encoder: masks, penalties, codewords, the best segments."""

import re
from itertools import pairwise, product

_DIGITS = set("0123456789")
_ALPHANUMERIC = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
_NEVER = 10**9

# Table 9: codewords for error correction in a block and number of blocks, for versions 1 to 40.
_EC_WORDS = {
    "L": (7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30)
    + (30,) * 12,
    "M": (10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26) + (28,) * 19,
    "Q": (13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28) + (30,) * 5
    + (28,) + (30,) * 13,
    "H": (17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28, 30, 24) + (30,) * 18,
}  # fmt: skip
_BLOCKS = {
    "L": (1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18,
          19, 19, 20, 21, 22, 24, 25),
    "M": (1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31,
          33, 35, 37, 38, 40, 43, 45, 47, 49),
    "Q": (1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29, 34, 34, 35, 38, 40,
          43, 45, 48, 51, 53, 56, 59, 62, 65, 68),
    "H": (1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35, 37, 40, 42, 45, 48,
          51, 54, 57, 60, 63, 66, 70, 74, 77, 81),
}  # fmt: skip
# Table 3: bits of the count of characters in numeric, alphanumeric, byte and kanji mode, by range of versions.
_RANGES = ((range(1, 10), (10, 9, 8, 8)), (range(10, 27), (12, 11, 16, 10)), (range(27, 41), (14, 13, 16, 12)))

_MASKS = (
    lambda y, x: (y + x) % 2,
    lambda y, _x: y % 2,
    lambda _y, x: x % 3,
    lambda y, x: (y + x) % 3,
    lambda y, x: (y // 2 + x // 3) % 2,
    lambda y, x: y * x % 2 + y * x % 3,
    lambda y, x: (y * x % 2 + y * x % 3) % 2,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2,
)
"""Table 10: a module is turned where the condition is 0."""


def capacity(version: int, level: str) -> int:
    """Bits for data (table 7)."""
    modules = (16 * version + 128) * version + 64
    if version >= 2:
        alignment = version // 7 + 2
        modules -= (25 * alignment - 10) * alignment - 55
        if version >= 7:
            modules -= 36
    words = modules // 8
    return 8 * (words - _EC_WORDS[level][version - 1] * _BLOCKS[level][version - 1])


def smallest_version(text: str, level: str, *, kanji: bool = False) -> int | None:
    """The version that the best of all ways to split ``text`` into segments needs; ``kanji`` instead of UTF-8."""
    for versions, counts in _RANGES:
        bits = _least_bits(text, counts, kanji=kanji)
        for version in versions:
            if capacity(version, level) >= bits:
                return version
    return None


def _least_bits(text: str, counts: tuple[int, ...], *, kanji: bool) -> int:
    # In sixths of a bit, so that a digit (10/3) and an alphanumeric character (11/2) are whole numbers.
    heads = [6 * (4 + count) for count in counts]
    best: list[int] | None = None
    for character in text:
        costs = (
            20 if character in _DIGITS else _NEVER,
            33 if character in _ALPHANUMERIC else _NEVER,
            48 * len(character.encode()) if character.isascii() or not kanji else _NEVER,
            78 if kanji and not character.isascii() else _NEVER,
        )
        following = []
        for mode, (head, cost) in enumerate(zip(heads, costs, strict=True)):
            before = [0 + head] if best is None else [best[mode], *(-(-bits // 6) * 6 + head for bits in best)]
            following.append(min(before) + cost)
        best = following
    return -(-min(best or [0]) // 6)


def format_bits(rows: list[str]) -> int:
    """The 15 bits beside the first eye (figure 25)."""
    column = [rows[y][8] for y in (7, 5, 4, 3, 2, 1, 0)]
    return int("".join([rows[8][x] for x in (0, 1, 2, 3, 4, 5, 7, 8)] + column), 2)


def mask_of(rows: list[str]) -> int:
    return ((format_bits(rows) ^ 0b101010000010010) >> 10) & 7


def masked(rows: list[str], mask: int) -> list[str]:
    """The same symbol with another mask; its format bits are set for level and mask."""
    was, level = mask_of(rows), (format_bits(rows) ^ 0b101010000010010) >> 13
    function = _function_modules(len(rows))
    turned = [
        [
            str(int(dark) ^ (not _MASKS[was](y, x)) ^ (not _MASKS[mask](y, x))) if (y, x) not in function else dark
            for x, dark in enumerate(row)
        ]
        for y, row in enumerate(rows)
    ]
    data = level << 3 | mask
    rest = data << 10
    for shift in range(4, -1, -1):
        if rest >> (shift + 10) & 1:
            rest ^= 0b10100110111 << shift
    bits = f"{(data << 10 | rest) ^ 0b101010000010010:015b}"
    size = len(rows)
    first = [(8, x) for x in (0, 1, 2, 3, 4, 5, 7, 8)] + [(y, 8) for y in (7, 5, 4, 3, 2, 1, 0)]
    second = [(size - 1 - step, 8) for step in range(7)] + [(8, size - 8 + step) for step in range(8)]
    for places in (first, second):
        for (y, x), bit in zip(places, bits, strict=True):
            turned[y][x] = bit
    return ["".join(row) for row in turned]


def penalty(rows: list[str]) -> int:
    """The points of §7.8.3.1; beyond the symbol is light, and a pattern like an eye counts once."""
    columns = ["".join(column) for column in zip(*rows, strict=True)]
    points = 0
    for line in rows + columns:
        points += sum(len(run[0]) - 2 for run in re.finditer(r"0{5,}|1{5,}", line))
        wide = f"0000{line}0000"
        points += 40 * len(re.findall(r"(?=1011101)(?:(?<=0000)|(?=10111010000))", wide))
    for above, below in pairwise(rows):
        points += 3 * sum(
            len({*upper, *lower}) == 1 for upper, lower in zip(pairwise(above), pairwise(below), strict=True)
        )
    dark = sum(row.count("1") for row in rows) * 100 / len(rows) ** 2
    return points + 10 * int(abs(dark - 50) // 5)


def codewords(rows: list[str]) -> bytes:
    """The codewords in their order (§7.7.3), for symbols with one block."""
    size, mask = len(rows), _MASKS[mask_of(rows)]
    function = _function_modules(size)
    bits, upward = "", True
    for right in [*range(size - 1, 6, -2), 5, 3, 1]:
        for y in range(size - 1, -1, -1) if upward else range(size):
            for x in (right, right - 1):
                if (y, x) not in function:
                    bits += str(int(rows[y][x]) ^ (not mask(y, x)))
        upward = not upward
    return bytes(int(bits[start : start + 8], 2) for start in range(0, len(bits) - 7, 8))


def _function_modules(size: int) -> set[tuple[int, int]]:
    """Where eyes, timing, alignment, format and version information are."""
    version = (size - 17) // 4
    places = set(product(range(9), range(9))) | set(product(range(9), range(size - 8, size)))
    places |= set(product(range(size - 8, size), range(9)))
    places |= {(6, at) for at in range(size)} | {(at, 6) for at in range(size)}
    centres = _alignment_centres(version)
    for y, x in product(centres, centres):
        if (y, x) not in {(6, 6), (6, size - 7), (size - 7, 6)}:
            places |= set(product(range(y - 2, y + 3), range(x - 2, x + 3)))
    if version >= 7:
        places |= set(product(range(6), range(size - 11, size - 8)))
        places |= set(product(range(size - 11, size - 8), range(6)))
    return places


def _alignment_centres(version: int) -> list[int]:
    """Annex E, by its rule: evenly from the far side, the first gap takes what is left."""
    if version == 1:
        return []
    number, last = version // 7 + 2, 4 * version + 10
    step = 26 if version == 32 else -(-(last - 6) // (2 * number - 2)) * 2
    return [6, *(last - step * index for index in range(number - 2, -1, -1))]
