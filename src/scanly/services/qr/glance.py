"""One quick look at a drawn code: whether a decoder reads it. The judge looks longer, and says what would help."""

import io
from dataclasses import dataclass

import zxingcpp
from PIL import Image

from scanly.services.qr.rendering.output import ImageSize, render
from scanly.services.qr.rendering.scene import Look
from scanly.services.qr.rendering.symbol import encode

_PIXELS = 4
"""A module in the quick look."""
_MARGIN = 16
"""Room in modules for whatever the look draws around the symbol."""
_QR = zxingcpp.barcode_formats_from_str("QRCode")


@dataclass(frozen=True, slots=True)
class Glance:
    """The symbol that a payload gets, and whether a decoder reads it in its look."""

    version: int
    level: str
    reads: bool


def glance(payload: str, look: Look) -> Glance:
    """Draw a code once, small, and read it; ``PayloadTooLong`` as in ``encode``."""
    symbol = encode(payload, look.error_correction)
    side = (symbol.size + _MARGIN) * _PIXELS
    with Image.open(io.BytesIO(render(payload, look, "png", ImageSize(str(side), side, None)))) as picture:
        seen = picture.convert("RGBA")
    page = Image.new("RGBA", (side + 8 * _PIXELS, side + 8 * _PIXELS), "white")
    page.alpha_composite(seen, (4 * _PIXELS, 4 * _PIXELS))
    found = zxingcpp.read_barcodes(page.convert("L"), formats=_QR)
    return Glance(symbol.version, symbol.level, any(each.bytes == payload.encode() for each in found))
