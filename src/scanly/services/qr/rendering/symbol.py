"""The symbol: which modules are dark (ISO/IEC 18004), encoded by zxing-cpp.

Measured by ``tests/services/qr/test_symbol.py``: no other splitting into numeric, alphanumeric and byte segments is
smaller, and the mask is the one with the lowest penalty.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, cast

import zxingcpp

if TYPE_CHECKING:
    from typing_extensions import Buffer

ErrorCorrection = Literal["auto", "L", "M", "Q", "H"]

_FLAGS = bytes([1]) + bytes(255)  # the library draws dark as 0 and light as 255


class PayloadTooLong(Exception):
    """No symbol holds the payload: it has ``excess`` characters more than the ``fits`` that find room at ``level``."""

    def __init__(self, excess: int, fits: int, level: str) -> None:
        super().__init__(excess, fits, level)
        self.excess, self.fits, self.level = excess, fits, level


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR symbol without its quiet zone. ``modules`` holds row after row, 1 for dark and 0 for light."""

    size: int
    level: str
    modules: bytes

    @property
    def version(self) -> int:
        """1 to 40; each step adds four modules to a side."""
        return (self.size - 17) // 4

    def row(self, y: int) -> bytes:
        """Return a row; rows outside of the symbol are light."""
        return self.modules[y * self.size : (y + 1) * self.size] if 0 <= y < self.size else bytes(self.size)


@lru_cache(maxsize=256)
def encode(payload: str, error_correction: ErrorCorrection) -> Symbol:
    """Return the smallest symbol for ``payload`` at an error correction level.

    ``auto`` takes the highest level that does not make the symbol larger. ``PayloadTooLong`` when no symbol holds it.
    """
    level = "L" if error_correction == "auto" else error_correction
    symbol = _encode(payload, level)
    if symbol is None:
        raise _too_long(payload, level)
    if error_correction == "auto":
        for better in ("H", "Q", "M"):
            # A version which is too small is refused in hundredths of a millisecond, before anything is drawn.
            candidate = _encode(payload, better, version=symbol.version)
            if candidate is not None:
                return candidate
    return symbol


def _encode(payload: str, level: str, *, version: int | None = None) -> Symbol | None:
    # Bytes with ECI 0 means UTF-8 without an ECI header, which is what phones expect; given a str, the library would
    # choose Latin-1 or Shift JIS where they fit, and readers have to guess between the three.
    options = {} if version is None else {"version": version}
    try:
        barcode = zxingcpp.create_barcode(payload.encode(), zxingcpp.QRCode, ec_level=level, eci="0", **options)
    except ValueError:
        return None
    image = barcode.to_image(scale=1, add_quiet_zones=False)
    return Symbol(image.shape[0], level, bytes(cast("Buffer", image)).translate(_FLAGS))


def _too_long(payload: str, level: str) -> PayloadTooLong:
    fits, fails = 0, len(payload)
    while fails - fits > 1:
        middle = (fits + fails) // 2
        if _encode(payload[:middle], level) is None:
            fails = middle
        else:
            fits = middle
    return PayloadTooLong(len(payload) - fits, fits, level)
