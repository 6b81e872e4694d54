"""The judge: looks at a code as phones do and says how well it can be read, and what would help.

It draws the code, spoils the picture in the ways of the street (from afar, blurred, tilted, in dim light, with glare),
and lets a decoder read each view. A design that fails in clean view, or in nearly all others, is unreadable.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import zxingcpp
from PIL import Image, ImageFilter

from scanly.services.qr.rendering.raster import draw
from scanly.services.qr.rendering.scene import Look, Scene, compose
from scanly.services.qr.rendering.symbol import encode

Grade = Literal["A", "B", "C", "D", "F"]

_PIXELS = 8
"""A module in the clean view."""
_QR = zxingcpp.barcode_formats_from_str("QRCode")
_PAPER = "#ffffff"
_GRADES: tuple[tuple[int, Grade], ...] = ((90, "A"), (75, "B"), (60, "C"), (40, "D"), (0, "F"))
_LOW_CONTRAST = 0.55
"""Symbol contrast of grade B in ISO/IEC 15415."""
_LEAST_CONTRAST = 0.2
"""Below this ISO/IEC 15415 grades a symbol as failed, whatever one decoder makes of it."""
_UNREADABLE_SCORE = 20
_QUIET_ZONE = 4


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to improve: a stable ``code`` for programs, English words for people, and how much it matters."""

    code: str
    detail: str
    severity: Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge found. ``score`` is 0 to 100; grade F means that phones cannot be expected to read the code."""

    grade: Grade
    score: int
    advice: tuple[Advice, ...]
    measures: Mapping[str, float | int | str | bool | dict[str, bool]]

    @property
    def is_readable(self) -> bool:
        """Whether such a code may be saved."""
        return self.grade != "F"


def judge(payload: str, look: Look) -> Verdict:
    """Return how well a code with this payload and look can be read. ``PayloadTooLong`` as in ``encode``."""
    symbol = encode(payload, look.error_correction)
    scene = compose(symbol, look)
    seen = _view(scene)
    views = {name: _reads(spoil(seen, scene.size), payload) for name, (_, spoil) in _VIEWS.items()}
    contrast, inverted = _contrast(scene)
    score = _score(views, look, contrast, inverted=inverted)
    grade = next(grade for least, grade in _GRADES if score >= least)
    return Verdict(
        grade=grade,
        score=score,
        advice=tuple(_advice(views, look, contrast, inverted=inverted, readable=grade != "F")),
        measures={
            "version": symbol.version,
            "modules": symbol.size,
            "error_correction": symbol.level,
            "quiet_zone": look.quiet_zone,
            "contrast": round(contrast, 3),
            "inverted": inverted,
            "views": views,
        },
    )


def _score(views: Mapping[str, bool], look: Look, contrast: float, *, inverted: bool) -> int:
    if not views["clean"]:
        return 0
    score = sum(weight for name, (weight, _) in _VIEWS.items() if views[name])
    score -= 20 if inverted else 0
    score -= round(max(0.0, _LOW_CONTRAST - contrast) * 60)
    score -= 5 * max(0, 2 - look.quiet_zone)
    return max(0, score if contrast >= _LEAST_CONTRAST else min(score, _UNREADABLE_SCORE))


def _view(scene: Scene) -> Image.Image:
    """Return the code in grey on white paper, with room around it so that a tilted view is whole."""
    picture = draw(scene, scene.size * _PIXELS)
    if scene.background is None:
        with_alpha = picture.convert("RGBA")
        picture = Image.new("RGB", picture.size, _PAPER)
        picture.paste(with_alpha, mask=with_alpha)
    room = 6 * _PIXELS
    page = Image.new("L", (picture.width + 2 * room, picture.height + 2 * room), 255)
    page.paste(picture.convert("RGB").convert("L"), (room, room))
    return page


def _reads(view: Image.Image, payload: str) -> bool:
    found = zxingcpp.read_barcodes(view, formats=_QR)
    return any(barcode.bytes == payload.encode() for barcode in found)


def _clean(view: Image.Image, _modules: int) -> Image.Image:
    return view


def _small(view: Image.Image, modules: int) -> Image.Image:
    """From afar: the whole code is 128 pixels wide, however much is in it."""
    return _scaled(view, min(4.0, 128 / modules))


def _blurred(view: Image.Image, _modules: int) -> Image.Image:
    """Out of focus: edges are a module wide."""
    return _scaled(view, 4).filter(ImageFilter.GaussianBlur(1.5))


def _tilted(view: Image.Image, _modules: int) -> Image.Image:
    """Held at an angle: turned by 14 degrees, the far edge a sixth shorter than the near one."""
    turned = _scaled(view, 5).rotate(14, Image.Resampling.BILINEAR, expand=True, fillcolor=255)
    width, height = turned.size
    inset = width / 12
    corners = (-inset, 0.0, 0.0, float(height), float(width), float(height), width + inset, 0.0)
    return turned.transform(turned.size, Image.Transform.QUAD, corners, Image.Resampling.BILINEAR, fillcolor=255)


def _dim(view: Image.Image, _modules: int) -> Image.Image:
    """In a dark room: a quarter of the contrast is left, and a little blur from the long exposure."""
    dark = _scaled(view, 4).point([40 + value // 4 for value in range(256)])
    return dark.filter(ImageFilter.GaussianBlur(1.0))


def _glare(view: Image.Image, _modules: int) -> Image.Image:
    """Under a lamp: the light washes out one side, up to four fifths of the contrast."""
    picture = _scaled(view, 4)
    light = Image.linear_gradient("L").rotate(90).resize(picture.size).point([value * 4 // 5 for value in range(256)])
    return Image.composite(Image.new("L", picture.size, 255), picture, light)


def _scaled(view: Image.Image, pixels: float) -> Image.Image:
    size = round(view.width * pixels / _PIXELS)
    return view.resize((size, size), Image.Resampling.BOX if pixels < _PIXELS / 2 else Image.Resampling.BILINEAR)


_VIEWS: Mapping[str, tuple[int, Callable[[Image.Image, int], Image.Image]]] = {
    "clean": (30, _clean),
    "small": (14, _small),
    "blurred": (14, _blurred),
    "tilted": (14, _tilted),
    "dim": (14, _dim),
    "glare": (14, _glare),
}
"""Points for a view that is read, and how it comes about."""


def _contrast(scene: Scene) -> tuple[float, bool]:
    """Return the least symbol contrast of ISO/IEC 15415 (difference of reflectance), and whether light is dark."""
    paper = _reflectance(scene.background or _PAPER)
    ink = [_reflectance(layer.color) for layer in scene.layers if layer.boxes]
    inverted = sum(ink) / len(ink) > paper
    return max(0.0, min(value - paper if inverted else paper - value for value in ink)), inverted


def _reflectance(color: str) -> float:
    """Return the relative luminance of a colour, 0 to 1 (IEC 61966-2-1)."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _advice(
    views: Mapping[str, bool], look: Look, contrast: float, *, inverted: bool, readable: bool
) -> Iterator[Advice]:
    if not readable:
        yield Advice("unreadable", "A phone could not read this. Use dark colours on a light one.", "error")
    if inverted:
        yield Advice("inverted", "Not every app reads light on dark. Use dark colours on a light one.", "warning")
    if contrast < _LOW_CONTRAST:
        yield Advice("low_contrast", "The colours are too alike. Use darker dots or a lighter background.", "warning")
    if look.quiet_zone < _QUIET_ZONE:
        words = f"The empty edge is {look.quiet_zone} dots wide, not {_QUIET_ZONE}. Keep the paper around it empty."
        yield Advice("quiet_zone_narrow", words, "warning" if look.quiet_zone < _QUIET_ZONE / 2 else "hint")
    if look.background is None:
        yield Advice("transparent", "It has no background. Put it on something light and even.", "hint")
    if not readable:
        return
    if not views["small"]:
        yield Advice("not_from_far", "It is read from near only. Print it larger, or put less into it.", "warning")
    if not (views["dim"] and views["glare"]):
        yield Advice("weak_in_bad_light", "It is hard to read in bad light. Use darker dots.", "warning")
    if not (views["blurred"] and views["tilted"]):
        words = "It is hard to read from an angle or out of focus. Use square dots, or a higher error correction."
        yield Advice("weak_when_moved", words, "warning")
