"""Formats and sizes of pictures, and the one function that makes a file. Runs in other processes: it imports little."""

from dataclasses import dataclass
from typing import Literal

from scanly.kernel.errors import FieldFault, Invalid
from scanly.services.qr.rendering.raster import write_png
from scanly.services.qr.rendering.scene import Look, compose
from scanly.services.qr.rendering.svg import write_svg
from scanly.services.qr.rendering.symbol import encode

Format = Literal["svg", "png"]
Unit = Literal["px", "mm", "in"]

MEDIA_TYPES: dict[Format, str] = {"svg": "image/svg+xml", "png": "image/png"}

_DEFAULT_SIZES: dict[Unit, float] = {"px": 512, "mm": 40, "in": 1.5}
_RANGES: dict[Unit, tuple[float, float]] = {"px": (64, 4096), "mm": (5, 500), "in": (0.2, 20)}
_PER_INCH: dict[Unit, float] = {"mm": 25.4, "in": 1.0}
_DPI_RANGE = (72, 1200)
_MOST_PIXELS = 6000


@dataclass(frozen=True, slots=True)
class ImageSize:
    """The side of a picture with its quiet zone: ``length`` for vectors, ``pixels`` for rasters at ``dpi``."""

    length: str
    pixels: int
    dpi: int | None


def image_size(size: float | None, unit: Unit, dpi: int) -> ImageSize:
    """Return the size asked for; ``Invalid`` says which sizes are possible. ``dpi`` means nothing for pixels."""
    size = _DEFAULT_SIZES[unit] if size is None else size
    least, most = _RANGES[unit]
    if not least <= size <= most:
        raise _out_of_range("size", f"A picture has a side of {least:g} to {most:g} {unit}.")
    if unit == "px":
        if size != int(size):
            raise _out_of_range("size", "Pixels are whole numbers.")
        return ImageSize(f"{size:g}", int(size), None)
    if not _DPI_RANGE[0] <= dpi <= _DPI_RANGE[1]:
        raise _out_of_range("dpi", f"Choose {_DPI_RANGE[0]} to {_DPI_RANGE[1]} dots per inch; printers want 300.")
    return ImageSize(f"{size:g}{unit}", round(size / _PER_INCH[unit] * dpi), dpi)


def render(payload: str, look: Look, form: Format, size: ImageSize, title: str = "") -> bytes:
    """Return the file; the same bytes for the same arguments. ``PayloadTooLong`` as in ``encode``."""
    if form == "png" and size.pixels > _MOST_PIXELS:
        words = f"That would be {size.pixels:,} pixels wide; {_MOST_PIXELS:,} is the most. Use fewer dpi, or SVG."
        raise _out_of_range("dpi", words)
    scene = compose(encode(payload, look.error_correction), look, title)
    if form == "svg":
        return write_svg(scene, length=size.length)
    return write_png(scene, pixels=size.pixels, dpi=size.dpi)


def _out_of_range(name: str, words: str) -> Invalid:
    return Invalid(words, errors=[FieldFault(f"?{name}", "out_of_range", words)])
