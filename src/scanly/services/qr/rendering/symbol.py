"""The symbol: which modules are dark (ISO/IEC 18004), encoded by zxing-cpp.

It has no kanji mode, so qrcodegen encodes Japanese texts which that mode makes smaller; that takes 20 times as long.
Measured by ``tests/services/qr/test_symbol.py``: no other splitting into segments is smaller, and the mask is the one
with the lowest penalty.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, cast

import zxingcpp
from qrcodegen import DataTooLongError, QrCode

from scanly.services.qr.rendering import segments

if TYPE_CHECKING:
    from typing_extensions import Buffer

ErrorCorrection = Literal["auto", "L", "M", "Q", "H"]

_LEVELS = {"L": QrCode.Ecc.LOW, "M": QrCode.Ecc.MEDIUM, "Q": QrCode.Ecc.QUARTILE, "H": QrCode.Ecc.HIGH}
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
    is_auto = error_correction == "auto"
    level = "L" if error_correction == "auto" else error_correction
    plain = _plain(payload, level, None)
    symbol = _dense(payload, level, plain.version - 1 if plain else 40, raise_level=is_auto) or plain
    if symbol is None:
        raise _too_long(payload, level)
    if is_auto and symbol.level == "L":
        for better in ("H", "Q", "M"):
            # A version which is too small is refused in hundredths of a millisecond, before anything is drawn.
            candidate = _plain(payload, better, symbol.version) or _dense(payload, better, symbol.version)
            if candidate is not None:
                return candidate
    return symbol


def _plain(payload: str, level: str, version: int | None) -> Symbol | None:
    """Return the smallest symbol, or one of just this version; ``None`` when it has not enough room."""
    # Bytes with ECI 0 means UTF-8 without an ECI header, which is what phones expect; given a str, the library would
    # choose Latin-1 or Shift JIS where they fit, and readers have to guess between the three.
    options = {} if version is None else {"version": version}
    try:
        barcode = zxingcpp.create_barcode(payload.encode(), zxingcpp.QRCode, ec_level=level, eci="0", **options)
    except ValueError:
        return None
    image = barcode.to_image(scale=1, add_quiet_zones=False)
    return Symbol(image.shape[0], level, bytes(cast("Buffer", image)).translate(_FLAGS))


def _dense(payload: str, level: str, most: int, *, raise_level: bool = False) -> Symbol | None:
    """Return the smallest symbol with kanji mode up to the version ``most``, at a better level if there is room."""
    if not segments.is_dense(payload):
        return None
    for versions, count_bits in segments.VERSIONS:
        if most < versions.start:
            break
        parts = list(segments.split(payload, count_bits))
        try:
            code = QrCode.encode_segments(
                parts, _LEVELS[level], versions.start, min(most, versions.stop - 1), boostecl=raise_level
            )
        except DataTooLongError:
            continue
        size = code.get_size()
        level = next(name for name, ecc in _LEVELS.items() if ecc is code.get_error_correction_level())
        return Symbol(size, level, bytes(code.get_module(x, y) for y in range(size) for x in range(size)))
    return None


def _too_long(payload: str, level: str) -> PayloadTooLong:
    fits, fails = 0, len(payload)
    is_dense = segments.is_dense(payload)
    while fails - fits > 1:
        middle = (fits + fails) // 2
        begin = payload[:middle]
        if (is_dense and segments.fits(begin, level)) or _plain(begin, level, None):
            fits = middle
        else:
            fails = middle
    return PayloadTooLong(len(payload) - fits, fits, level)
