"""Pictures in the middle of a code: how large they may be, and which modules make room for them."""

import math
from dataclasses import dataclass
from typing import Final

from scanly.services.qr.rendering.pictures import LogoFile
from scanly.services.qr.rendering.symbol import Symbol

_BEARABLE: Final = {"L": 0.025, "M": 0.055, "Q": 0.095, "H": 0.12}
"""Share of the symbol that a logo may cover, for each level.

A level repairs 7, 15, 25 and 30 % of codewords (ISO/IEC 18004 §6.5.1). Less than half of that is used, because smears,
glare and decorated modules need the rest, and because a covered module spoils the whole codeword it is part of.
"""
_KEEP: Final = 9
"""Modules from the edge of a symbol that hold finder patterns and format information."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture at a place of a scene, in modules."""

    file: LogoFile
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture with its longer side in shares of the symbol's; ``clear`` takes away the modules behind it."""

    file: LogoFile
    size: float
    clear: bool = True

    @property
    def aspect(self) -> float:
        """Width by height."""
        return self.file.aspect

    def picture(self, room: tuple[float, float], x: int, y: int, size: int) -> Picture:
        """Return the logo in the middle of a symbol at (``x``, ``y``)."""
        width, height = room
        return Picture(self.file, x + (size - width) / 2, y + (size - height) / 2, width, height)


def largest(symbol: Symbol, aspect: float) -> float:
    """Return the longer side of the largest logo that error correction can bear, in shares of the symbol's side."""
    wide, high = (1.0, 1 / aspect) if aspect >= 1 else (aspect, 1.0)
    share = math.sqrt(_BEARABLE[symbol.level] / (wide * high))
    return min(share, (symbol.size - 2 * _KEEP) / symbol.size)


def room_for(logo: Logo, symbol: Symbol) -> tuple[float, float]:
    """Return width and height of a logo in modules: what was asked for, or what can be borne."""
    longer = min(logo.size, largest(symbol, logo.aspect)) * symbol.size
    return (longer, longer / logo.aspect) if logo.aspect >= 1 else (longer * logo.aspect, longer)


def cleared(room: tuple[float, float], size: int) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of the modules that make room, with half a module around the logo."""
    (width, height) = room
    across, down = _cells(width + 1, size), _cells(height + 1, size)
    return (size - across) // 2, (size - down) // 2, (size + across) // 2, (size + down) // 2


def _cells(length: float, size: int) -> int:
    """Return whole modules around the middle of a symbol, whose side is an odd number."""
    cells = math.ceil(length)
    return min(cells + 1 - cells % 2, size)
