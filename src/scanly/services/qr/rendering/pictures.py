"""Raster pictures inside a scene."""

import io
from functools import lru_cache

from PIL import Image


@lru_cache(maxsize=16)
def opened(png: bytes) -> Image.Image:
    """Return a picture with transparency."""
    return Image.open(io.BytesIO(png)).convert("RGBA")


@lru_cache(maxsize=64)
def picture_at(png: bytes, width: int, height: int) -> Image.Image:
    """Return a picture with transparency, in so many pixels."""
    return opened(png).resize((width, height), Image.Resampling.LANCZOS)
