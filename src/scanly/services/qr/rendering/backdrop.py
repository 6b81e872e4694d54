"""A picture behind the code: cut to the square that the code lies in, and faded towards the colour beneath it."""

from dataclasses import dataclass
from functools import lru_cache

from PIL import Image

from scanly.services.qr.rendering.geometry import Placed
from scanly.services.qr.rendering.paint import luminance, rgb
from scanly.services.qr.rendering.pictures import LogoFile, square_of

_LOOKED_AT = 48
"""Pixels on a side in which the darkest and the lightest place of a picture are sought: about a module each."""


@dataclass(frozen=True, slots=True)
class Backdrop:
    """A picture behind the code; ``strength`` 1 shows it as it is, 0 would show nothing of it."""

    file: LogoFile
    strength: float


@dataclass(frozen=True, slots=True)
class Cover:
    """A backdrop at its place in a scene, in modules: it covers the box of ``outline`` and is cut to its shape."""

    backdrop: Backdrop
    outline: Placed

    @property
    def side(self) -> float:
        """The side of the square, in modules."""
        return self.outline.glyph.width


@lru_cache(maxsize=64)
def shades(backdrop: Backdrop, beneath: str) -> tuple[str, str]:
    """Return the darkest and the lightest colour that a backdrop makes of the one beneath it."""
    picture = square_of(backdrop.file, _LOOKED_AT)
    faded = Image.new("RGB", picture.size, rgb(beneath))
    faded.paste(picture, (0, 0), opacity(picture, backdrop.strength))
    pixels = faded.tobytes()
    found = {f"#{pixels[at : at + 3].hex()}" for at in range(0, len(pixels), 3)}
    return min(found, key=luminance), max(found, key=luminance)


def opacity(picture: Image.Image, strength: float) -> Image.Image:
    """Return how much of each pixel of a picture is seen at a strength."""
    return picture.getchannel("A").point([round(value * strength) for value in range(256)])
