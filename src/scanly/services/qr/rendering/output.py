"""Formats and sizes of pictures, and the one function that makes a file. Runs in other processes: it imports little."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from scanly.kernel.errors import FieldFault, Invalid
from scanly.services.qr.rendering.about import About, xmp
from scanly.services.qr.rendering.page import PLAIN, Ink, write_eps, write_pdf
from scanly.services.qr.rendering.png import write_png
from scanly.services.qr.rendering.raster import draw, flattened, height_of
from scanly.services.qr.rendering.scene import Look, Scene, compose
from scanly.services.qr.rendering.svg import write_svg
from scanly.services.qr.rendering.symbol import encode

Format = Literal["svg", "png", "jpg", "webp", "pdf", "eps"]
Unit = Literal["px", "mm", "in"]

MEDIA_TYPES: dict[Format, str] = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "eps": "application/postscript",
}
RASTERS: Final = frozenset({"png", "jpg", "webp"})
INKED: Final = frozenset({"pdf", "eps"})
"""Formats that can have CMYK, spot colours and overprint."""

_DEFAULT_SIZES: dict[Unit, float] = {"px": 512, "mm": 40, "in": 1.5}
_RANGES: dict[Unit, tuple[float, float]] = {"px": (64, 4096), "mm": (5, 500), "in": (0.2, 20)}
_PER_INCH: dict[Unit, float] = {"px": 96, "mm": 25.4, "in": 1.0}
_DPI_RANGE = (72, 1200)
_MOST_PIXELS = 6000
_POINTS_PER_INCH: Final = 72
_JPEG_QUALITY: Final = 92

Work: TypeAlias = tuple[str, Look, str, str]
"""Payload, look, title and address of a code."""


@dataclass(frozen=True, slots=True)
class ImageSize:
    """The width of a picture with all around the code: ``size`` for vectors, ``pixels`` at ``dpi`` for rasters."""

    size: float
    unit: Unit
    pixels: int
    dpi: int | None

    @property
    def points(self) -> float:
        """The width in 1/72 inch; a pixel is 1/96 inch, as in CSS."""
        return self.size / _PER_INCH[self.unit] * _POINTS_PER_INCH


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file as somebody asks for it; ``Invalid`` when its format has no inks."""

    form: Format
    size: ImageSize
    ink: Ink = PLAIN

    def __post_init__(self) -> None:
        if self.ink != PLAIN and self.form not in INKED:
            words = (
                f"{self.form.upper()} has no printing inks. Ask for PDF or EPS, or leave color, spot and overprint out."
            )
            raise Invalid(words, errors=[FieldFault("?format", "no_inks", words)])


def size_range(unit: Unit) -> tuple[float, float, float]:
    """Return the least, the most and the usual width in a unit."""
    return (*_RANGES[unit], _DEFAULT_SIZES[unit])


def image_size(size: float | None, unit: Unit, dpi: int) -> ImageSize:
    """Return the size asked for; ``Invalid`` says which sizes are possible. ``dpi`` means nothing for pixels."""
    size = _DEFAULT_SIZES[unit] if size is None else size
    least, most = _RANGES[unit]
    if not least <= size <= most:
        raise _out_of_range("size", f"A picture is {least:g} to {most:g} {unit} wide.")
    if unit == "px":
        if size != int(size):
            raise _out_of_range("size", "Pixels are whole numbers.")
        return ImageSize(size, unit, int(size), None)
    if not _DPI_RANGE[0] <= dpi <= _DPI_RANGE[1]:
        raise _out_of_range("dpi", f"Choose {_DPI_RANGE[0]} to {_DPI_RANGE[1]} dots per inch; printers want 300.")
    return ImageSize(size, unit, round(size / _PER_INCH[unit] * dpi), dpi)


def render(payload: str, look: Look, file: Wanted, title: str = "", address: str = "") -> bytes:
    """Return the file; the same bytes for the same arguments. ``PayloadTooLong`` as in ``encode``."""
    scene = compose(encode(payload, look.level), look, title, address)
    return write(scene, file)


def render_all(works: Sequence[Work], file: Wanted) -> list[bytes]:
    """Return a file for each code."""
    return [render(payload, look, file, title, address) for payload, look, title, address in works]


def write(scene: Scene, file: Wanted) -> bytes:
    """Return a scene as a file."""
    form, size = file.form, file.size
    if form == "svg":
        height = size.size * scene.height / scene.width
        return write_svg(scene, width=f"{size.size:g}{size.unit}", height=f"{height:.6g}{size.unit}")
    if form == "pdf":
        return write_pdf(scene, points=size.points, ink=file.ink)
    if form == "eps":
        return write_eps(scene, points=size.points, ink=file.ink)
    height = height_of(scene, size.pixels)
    if max(size.pixels, height) > _MOST_PIXELS:
        words = (
            f"That would be {size.pixels:,} by {height:,} pixels; {_MOST_PIXELS:,} is the most for each. "
            "Choose fewer dots per inch or a smaller size, or take SVG, PDF or EPS."
        )
        raise _out_of_range("dpi", words)
    return _encoded(draw(scene, size.pixels), form, size.dpi, About(scene.title, scene.address))


def _encoded(image: Image.Image, form: Format, dpi: int | None, about: About) -> bytes:
    file = io.BytesIO()
    resolution: dict[str, Any] = {"dpi": (dpi, dpi)} if dpi else {}
    if form == "png" and image.mode != "P":
        return write_png(image, dpi, about)
    if form == "png":
        transparency = {}
        if image.palette and image.palette.mode == "RGBA":
            transparency = {"transparency": bytes(image.palette.getdata()[1][3::4])}
        words = PngInfo()
        for keyword, text in about.by_keyword():
            words.add_itxt(keyword, text)
        image.save(file, "PNG", compress_level=4, pnginfo=words, **resolution, **transparency)
        return file.getvalue()
    said: dict[str, Any] = {"xmp": xmp(about)} if any(about) else {}
    if form == "jpg":
        flattened(image).save(file, "JPEG", quality=_JPEG_QUALITY, subsampling=0, **resolution, **said)
    else:
        shown = image.convert("RGBA") if image.mode == "P" and image.has_transparency_data else image
        shown = shown if shown.mode == "RGBA" else flattened(shown)
        shown.save(file, "WEBP", lossless=True, quality=20, method=1, **said)
    return file.getvalue()


def _out_of_range(name: str, words: str) -> Invalid:
    return Invalid(words, errors=[FieldFault(f"?{name}", "out_of_range", words)])
