"""The order in which a line of left-to-right and right-to-left words stands (Unicode Standard Annex #9).

Without explicit embeddings and pairs of brackets, which the few words of a frame do not need.
"""

import unicodedata
from itertools import groupby
from typing import Final

_STRONG: Final = frozenset({"L", "R"})
_NUMBERS: Final = frozenset({"EN", "AN"})
_IN_NUMBERS: Final = frozenset({"ES", "CS"})
_NEAR_NUMBERS: Final = "ET"
_PREVIOUS: Final = frozenset({"NSM", "BN"})


def runs(text: str) -> list[tuple[str, bool]]:
    """Return runs of one direction as they stand from the left, each in the order of reading; True: leftwards."""
    pairs = zip(text, _levels(text), strict=True)
    pieces = [(level, "".join(char for char, _ in run)) for level, run in groupby(pairs, key=lambda pair: pair[1])]
    for least in range(max((level for level, _ in pieces), default=0), 0, -1):
        turned: list[tuple[int, str]] = []
        marked = [(level >= least, (level, piece)) for level, piece in pieces]
        for is_turned, group in groupby(marked, key=lambda each: each[0]):
            found = [piece for _, piece in group]
            turned += found[::-1] if is_turned else found
        pieces = turned
    return [(piece, level % 2 == 1) for level, piece in pieces]


def _levels(text: str) -> list[int]:
    classes = [unicodedata.bidirectional(char) for char in text]
    first = next((each for each in classes if each in {"L", "R", "AL"}), "L")
    base = "L" if first == "L" else "R"
    kinds = _neutrals(_weak(classes, base), base)
    if base == "L":
        return [{"L": 0, "R": 1}.get(kind, 2) for kind in kinds]
    return [1 if kind == "R" else 2 for kind in kinds]


def _weak(classes: list[str], base: str) -> list[str]:
    """Return ``L``, ``R``, ``EN``, ``AN`` or ``ON`` for each character (rules W1 to W7)."""
    kinds: list[str] = []
    letter = base
    for each in classes:
        kind = (kinds[-1] if kinds else base) if each in _PREVIOUS else each
        if kind in {"L", "R", "AL"}:
            letter = kind
        kinds.append("AN" if kind == "EN" and letter == "AL" else kind)
    for place in range(1, len(kinds) - 1):
        before, after = kinds[place - 1], kinds[place + 1]
        if kinds[place] in _IN_NUMBERS and before == after and before in _NUMBERS:
            kinds[place] = before if before == "EN" or kinds[place] == "CS" else "ON"
    for places in (range(1, len(kinds)), range(len(kinds) - 2, -1, -1)):
        for place in places:
            beside = kinds[place - places.step]
            if kinds[place] == _NEAR_NUMBERS and beside == "EN":
                kinds[place] = "EN"
    letter = base
    for place, kind in enumerate(kinds):
        plain = "R" if kind == "AL" else kind
        if plain in _STRONG:
            letter = plain
        kinds[place] = "L" if plain == "EN" and letter == "L" else plain if plain in _STRONG | _NUMBERS else "ON"
    return kinds


def _neutrals(kinds: list[str], base: str) -> list[str]:
    """Give neutrals the direction of both their sides, else the line's (N1 and N2); numbers count as ``R``."""
    done: list[str] = []
    for is_neutral, group in groupby(kinds, key=lambda kind: kind == "ON"):
        found = [*group]
        if is_neutral:
            following = kinds[len(done) + len(found)] if len(done) + len(found) < len(kinds) else base
            sides = {"L" if side == "L" else "R" for side in ((done[-1] if done else base), following)}
            found = [sides.pop() if len(sides) == 1 else base] * len(found)
        done += found
    return done
