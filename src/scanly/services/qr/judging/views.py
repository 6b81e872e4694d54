"""A drawn code as phones see it: far away, blurred, noisy, tilted, in bad light, printed small.

Each view is read by three readers: by zxing-cpp in two ways to part light from dark, by the surroundings of each point,
as most phones do, and by one threshold for the whole picture, as simple ones do; and by zbar, which finds and reads
codes in a way of its own. The campaign over random designs holds them against decoders that the judge does not use.
"""

import io
import random
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final, NamedTuple

import zxingcpp
from PIL import Image, ImageChops, ImageFilter

from scanly.services.qr.judging import zbar
from scanly.services.qr.rendering.raster import draw, flattened
from scanly.services.qr.rendering.scene import Scene

PIXELS: Final = 8
"""A module in the clean view."""
ROOM: Final = 6
"""Modules of white paper around the picture, so that a tilted view is whole."""
_FAR: Final = 132
"""Pixels of the symbol from afar, however much is in it …"""
_LEAST: Final = 1.3
"""… but so many a module at least: nobody stays where the camera sees nothing."""
_PER_MM: Final = 5.0
"""Pixels a millimetre that a phone's camera has at 30 cm: 1,920 across a view of 65°."""
_QR: Final = zxingcpp.barcode_formats_from_str("QRCode")


class Sight(NamedTuple):
    """A picture in grey, with the pixels a module has in it, and those of the symbol's side."""

    image: Image.Image
    pixels: float
    modules: int


def seen(scene: Scene, pixels: int = PIXELS) -> Sight:
    """Return the code on white paper, as it is, in so many pixels a module."""
    picture = flattened(draw(scene, scene.width * pixels)).convert("L")
    room = ROOM * pixels
    page = Image.new("L", (picture.width + 2 * room, picture.height + 2 * room), 255)
    page.paste(picture, (room, room))
    return Sight(page, pixels, scene.symbol[2])


class Readers(NamedTuple):
    """Who read a picture."""

    local: bool
    """zxing-cpp, by the surroundings of each point."""
    plain: bool
    """zxing-cpp, by one threshold for the whole picture."""
    other: bool
    """zbar."""


def read_by(image: Image.Image, payload: str) -> Readers:
    """Return which readers find ``payload`` in a picture in grey."""
    local = _found(image, payload)
    plain = _found(image, payload, simply=True)
    # The bytes of kanji mode are Shift JIS, for which zxing-cpp's own are held.
    expected = {payload.encode(), *(barcode.bytes for barcode in local)}
    return Readers(bool(local), bool(plain), not expected.isdisjoint(zbar.texts(image)))


def reads(image: Image.Image, payload: str) -> bool:
    """Whether the best of the readers finds ``payload`` in a picture."""
    return bool(_found(image, payload))


def _found(image: Image.Image, payload: str, *, simply: bool = False) -> list[zxingcpp.Barcode]:
    parted = zxingcpp.Binarizer.GlobalHistogram if simply else zxingcpp.Binarizer.LocalAverage
    barcodes = zxingcpp.read_barcodes(
        image, formats=_QR, binarizer=parted, try_invert=not simply, try_downscale=not simply
    )
    # Of short UTF-8 the decoder may guess another text.
    return [barcode for barcode in barcodes if barcode.bytes == payload.encode() or barcode.text == payload]


def views(sight: Sight, size_mm: float | None) -> dict[str, Image.Image]:
    """Return every view by its name; ``size_mm`` is how large the symbol will be printed."""
    made = {name: spoil(sight) for name, spoil in _VIEWS.items()}
    if size_mm is not None:
        made["printed"] = _printed(sight, size_mm)
    return made


def _clean(sight: Sight) -> Image.Image:
    return sight.image


def _small(sight: Sight) -> Image.Image:
    """From afar."""
    return _scaled(sight, max(_LEAST, min(4.0, _FAR / sight.modules)))


def _blurred(sight: Sight) -> Image.Image:
    """Out of focus: edges are a module wide."""
    return _scaled(sight, 4).filter(ImageFilter.GaussianBlur(1.6))


def _noisy(sight: Sight) -> Image.Image:
    """By a cheap camera in the evening: grain of a fifth of the range."""
    picture = _scaled(sight, 4)
    return Image.blend(picture, _grain(picture.size), 0.2)


def _tilted(sight: Sight) -> Image.Image:
    """Held at an angle: turned by 14 degrees, the far edge a sixth shorter than the near one."""
    return _leant(sight, 14)


def _turned(sight: Sight) -> Image.Image:
    """Held at an angle the other way."""
    return _leant(sight, -17)


def _leant(sight: Sight, angle: float) -> Image.Image:
    turned = _scaled(sight, 5).rotate(angle, Image.Resampling.BILINEAR, expand=True, fillcolor=255)
    width, height = turned.size
    inset = width / 11
    corners = (-inset, 0.0, 0.0, float(height), float(width), float(height), width + inset, 0.0)
    return turned.transform(turned.size, Image.Transform.QUAD, corners, Image.Resampling.BILINEAR, fillcolor=255)


def _dim(sight: Sight) -> Image.Image:
    """In a dark room: a quarter of the contrast is left, and a little blur from the long exposure."""
    dark = _scaled(sight, 4).point([40 + value // 4 for value in range(256)])
    return dark.filter(ImageFilter.GaussianBlur(1.0))


def _packed(sight: Sight) -> Image.Image:
    """Sent by a messenger, which packs pictures hard."""
    file = io.BytesIO()
    _scaled(sight, 3.5).save(file, "JPEG", quality=22)
    return Image.open(file).convert("L")


def _glare(sight: Sight) -> Image.Image:
    """Under a lamp: the light washes out one side, up to four fifths of the contrast."""
    picture = _scaled(sight, 4)
    light = _slope(picture.size).point([value * 4 // 5 for value in range(256)])
    return Image.composite(Image.new("L", picture.size, 255), picture, light)


def _shade(sight: Sight) -> Image.Image:
    """Against the light: the phone's own shadow darkens the other side to a third."""
    picture = _scaled(sight, 4)
    shadow = _slope(picture.size).point([255 - value * 2 // 3 for value in range(256)])
    return ImageChops.multiply(picture, shadow)


def _printed(sight: Sight, size_mm: float) -> Image.Image:
    """Printed at its size and seen from 30 cm: the ink spreads a little, the hand shakes."""
    pixels = size_mm / sight.modules * _PER_MM
    return _scaled(sight, min(pixels, PIXELS)).filter(ImageFilter.GaussianBlur(0.6))


def _scaled(sight: Sight, pixels: float) -> Image.Image:
    width, height = (max(1, round(side * pixels / sight.pixels)) for side in sight.image.size)
    method = Image.Resampling.BOX if pixels < sight.pixels / 2 else Image.Resampling.BILINEAR
    return sight.image.resize((width, height), method)


def _slope(size: tuple[int, int]) -> Image.Image:
    return Image.linear_gradient("L").rotate(90).resize(size)


@cache
def _noise() -> Image.Image:
    """Return grain, the same each time: the judge says the same about the same design."""
    side = 512
    chance = random.Random(18004)  # noqa: S311 - no secret
    return Image.frombytes("L", (side, side), chance.randbytes(side * side))


def _grain(size: tuple[int, int]) -> Image.Image:
    tile = _noise()
    grain = Image.new("L", size)
    for left in range(0, size[0], tile.width):
        for top in range(0, size[1], tile.height):
            grain.paste(tile, (left, top))
    return grain


_VIEWS: Final[Mapping[str, Callable[[Sight], Image.Image]]] = {
    "clean": _clean,
    "small": _small,
    "blurred": _blurred,
    "noisy": _noisy,
    "tilted": _tilted,
    "turned": _turned,
    "dim": _dim,
    "packed": _packed,
    "glare": _glare,
    "shade": _shade,
}
