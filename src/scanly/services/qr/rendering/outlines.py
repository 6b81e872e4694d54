"""Round codes: the symbol in the middle of a disc whose rest is filled with modules that mean nothing.

Between the symbol and them its quiet zone stays empty, so readers see the symbol as on plain paper.
"""

import hashlib
import math
from typing import Final

from scanly.services.qr.rendering.symbol import Symbol

_EDGE: Final = 1.5
"""Modules between the outermost module and the edge of the disc."""


def disc_side(size: int, quiet_zone: int) -> int:
    """Return the diameter of the disc, in modules, of the same parity as the symbol."""
    diameter = math.ceil((size + 2 * quiet_zone) * math.sqrt(2) + 2 * _EDGE)
    return diameter + (diameter - size) % 2


def disc_rows(symbol: Symbol, quiet_zone: int, margin: int) -> list[bytes]:
    """Return rows of the filling, ``margin`` modules around the symbol, with a light row above and below.

    What is dark follows from the symbol, so that the same code always looks the same.
    """
    side = symbol.size + 2 * margin
    middle, reach = (side - 1) / 2, side / 2 - _EDGE
    inside = symbol.size / 2 + quiet_zone
    noise = hashlib.shake_128(symbol.modules).digest(side * side // 8 + 1)
    rows = [bytes(side)]
    for y in range(side):
        row = bytearray(side)
        for x in range(side):
            dx, dy = abs(x - middle), abs(y - middle)
            if max(dx, dy) > inside and math.hypot(dx, dy) + 0.5 <= reach:
                place = y * side + x
                row[x] = noise[place >> 3] >> (place & 7) & 1
        rows.append(bytes(row))
    return [*rows, bytes(side)]
