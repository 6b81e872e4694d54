"""Pictures inside a scene: rasters as they are, drawings (SVG) as pixels where a format has no room for them."""

import io
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import resvg_py
from PIL import Image

_DRAWN: Final = 1_200
"""Pixels of the longer side of a drawing that was made into pixels. Media tried it out at this width."""

_DPI: Final = 96
"""Of CSS; without it a size in millimetres is none."""


@dataclass(frozen=True, slots=True)
class LogoFile:
    """A picture as it was kept by media, which took away what does not belong into one."""

    media_type: str
    data: bytes = field(repr=False)

    @property
    def is_drawing(self) -> bool:
        """Whether it is SVG."""
        return self.media_type == "image/svg+xml"

    @property
    def has_letters(self) -> bool:
        """Whether it is SVG with text, which every device draws in letters of its own."""
        return self.is_drawing and b"<text" in self.data

    @property
    def aspect(self) -> float:
        """Width by height."""
        image = opened(self)
        return image.width / image.height


@lru_cache(maxsize=16)
def opened(picture: LogoFile) -> Image.Image:
    """Return the pixels of a picture, with transparency."""
    if not picture.is_drawing:
        return Image.open(io.BytesIO(picture.data)).convert("RGBA")
    text = picture.data.decode()
    drawn = resvg_py.svg_to_bytes(svg_string=text, skip_system_fonts=True, width=_DRAWN, dpi=_DPI)
    image = Image.open(io.BytesIO(bytes(drawn))).convert("RGBA")
    image.thumbnail((_DRAWN, _DRAWN))
    return image


@lru_cache(maxsize=16)
def square_of(picture: LogoFile, side: int) -> Image.Image:
    """Return the middle of a picture as a square with transparency, in so many pixels."""
    image = opened(picture)
    shorter = min(image.size)
    left, top = (image.width - shorter) / 2, (image.height - shorter) / 2
    part = (left, top, left + shorter, top + shorter)
    return image.resize((side, side), Image.Resampling.LANCZOS, part)


@lru_cache(maxsize=64)
def picture_at(picture: LogoFile, width: int, height: int) -> Image.Image:
    """Return a picture with transparency, in so many pixels."""
    return opened(picture).resize((width, height), Image.Resampling.LANCZOS)
