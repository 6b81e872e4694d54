"""Draws a scene as pixels, and writes them as PNG.

Every module lies on whole pixels, so straight edges are sharp; round corners are smoothed. Below four pixels a module
that would make modules visibly unequal, and the picture is drawn larger and averaged down.
"""

import io
from functools import lru_cache
from itertools import pairwise

from PIL import Image, ImageDraw

from scanly.services.qr.rendering.scene import Box, Scene

_SHARP_FROM = 4
"""Pixels a module, from which whole pixels are precise enough."""
_SMOOTHING = 8


def write_png(scene: Scene, *, pixels: int, dpi: int | None = None) -> bytes:
    """Return the scene as a PNG of exactly ``pixels`` on a side; ``dpi`` is noted in its pHYs chunk."""
    image = draw(scene, pixels)
    file = io.BytesIO()
    options: dict[str, object] = {"dpi": (dpi, dpi)} if dpi else {}
    if image.mode == "P" and scene.background is None:
        options["transparency"] = bytes(image.palette.getdata()[1][3::4]) if image.palette else b""
    image.save(file, "PNG", **options)
    return file.getvalue()


def draw(scene: Scene, pixels: int) -> Image.Image:
    """Return the scene as a picture with palette, or in RGB or RGBA when it had to be averaged down."""
    if pixels >= _SHARP_FROM * scene.size:
        return _draw(scene, pixels)
    factor = -(-_SMOOTHING * scene.size // pixels)
    large = _draw(scene, pixels * factor)
    return large.convert("RGB" if scene.background else "RGBA").reduce(factor)


def _draw(scene: Scene, pixels: int) -> Image.Image:
    """Draw with a palette: 0 is the background, then a ramp of coverage for each layer."""
    steps = 1 if scene.is_crisp else 255 // len(scene.layers)
    image = Image.new("P", (pixels, pixels), 0)
    edges = [round(module * pixels / scene.size) for module in range(scene.size + 1)]
    pen = ImageDraw.Draw(image)
    for number, layer in enumerate(scene.layers):
        for box in layer.boxes:
            left, right = edges[box.x], edges[box.x + box.width]
            top, bottom = edges[box.y], edges[box.y + box.height]
            pen.rectangle((left, top, right - 1, bottom - 1), fill=(number + 1) * steps)
            if box.round is not None:
                _round_corners(image, box, edges, number * steps, steps)
    _set_palette(image, scene, steps)
    return image


def _round_corners(image: Image.Image, box: Box, edges: list[int], base: int, steps: int) -> None:
    assert box.round is not None
    left, left_end = edges[box.x], edges[box.x + 1]
    right_start, right = edges[box.x + box.width - 1], edges[box.x + box.width]
    top, top_end = edges[box.y], edges[box.y + 1]
    bottom_start, bottom = edges[box.y + box.height - 1], edges[box.y + box.height]
    for corner, (is_round, x0, x1, y0, y1) in enumerate(
        zip(
            box.round,
            (left, right_start, right_start, left),
            (left_end, right, right, left_end),
            (top, top, bottom_start, bottom_start),
            (top_end, top_end, bottom, bottom),
            strict=True,
        )
    ):
        if is_round:
            width, height = x1 - x0, y1 - y0
            tile = _corner(width, height, corner, base, steps)
            x = x0 if corner in {0, 3} else x1 - tile.width
            y = y0 if corner in {0, 1} else y1 - tile.height
            image.paste(tile, (x, y))


@lru_cache(maxsize=512)
def _corner(width: int, height: int, corner: int, base: int, steps: int) -> Image.Image:
    """Return the quarter of an ellipse that fills a corner of a module, as indices into a layer's ramp."""
    large = Image.new("L", (width * _SMOOTHING, height * _SMOOTHING), 0)
    ImageDraw.Draw(large).ellipse((0, 0, large.width - 1, large.height - 1), fill=255)
    half_width, half_height = (width + 1) // 2, (height + 1) // 2
    x = 0 if corner in {0, 3} else width - half_width
    y = 0 if corner in {0, 1} else height - half_height
    tile = large.reduce(_SMOOTHING).crop((x, y, x + half_width, y + half_height))
    ramp = [0 if not round(value / 255 * steps) else base + round(value / 255 * steps) for value in range(256)]
    indices = tile.point(ramp)
    return Image.frombytes("P", indices.size, indices.tobytes())


def _set_palette(image: Image.Image, scene: Scene, steps: int) -> None:
    if scene.background is None:
        ramps = (_fading(_rgb(layer.color), steps) for layer in scene.layers)
        image.putpalette(bytes((255, 255, 255, 0)) + b"".join(ramps), "RGBA")
        return
    under = _rgb(scene.background)
    image.putpalette(bytes(under) + b"".join(_mixed(under, _rgb(layer.color), steps) for layer in scene.layers))


def _fading(color: tuple[int, int, int], steps: int) -> bytes:
    return b"".join(bytes((*color, round(255 * step / steps))) for step in range(1, steps + 1))


def _mixed(under: tuple[int, int, int], over: tuple[int, int, int], steps: int) -> bytes:
    channels = list(zip(under, over, strict=True))
    return bytes(round(low + (high - low) * step / steps) for step in range(1, steps + 1) for low, high in channels)


def _rgb(color: str) -> tuple[int, int, int]:
    red, green, blue = (int(color[start:end], 16) for start, end in pairwise((1, 3, 5, 7)))
    return red, green, blue
