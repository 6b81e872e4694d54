"""Writes a scene as SVG 1.1: coordinates in modules, one path for each layer, the same bytes for the same scene.

One path for each layer leaves no hairlines between touching glyphs, since their shared edges cancel in the fill.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final
from xml.sax.saxutils import escape

from scanly.services.qr.rendering.backdrop import Cover
from scanly.services.qr.rendering.geometry import ARC, Contour, Glyph, Placed, Point, Step
from scanly.services.qr.rendering.logo import Picture
from scanly.services.qr.rendering.paint import Paint, Wash
from scanly.services.qr.rendering.pictures import LogoFile
from scanly.services.qr.rendering.scene import Layer, Scene

# What no XML 1.0 document may contain, escaped or not (§2.2).
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEAR: Final = 1e-6
_LINE: Final = 2


def write_svg(scene: Scene, *, width: str, height: str) -> bytes:
    """Return the scene as an SVG document whose sides have lengths such as ``40mm`` or ``512px``."""
    crisp = ' shape-rendering="crispEdges"' if _is_crisp(scene) else ""
    sides = f'width="{width}" height="{height}" viewBox="0 0 {scene.width} {scene.height}"'
    gradients: dict[Wash, str] = {}
    body = []
    if scene.background is not None:
        body.append(f'<path fill="{_paint(scene.background, gradients)}" d="M0 0h{scene.width}v{scene.height}H0z"/>')
    for item in scene.items:
        if isinstance(item, Picture):
            body.append(_image(item))
        elif isinstance(item, Cover):
            body.append(_cover(item))
        elif item.placed:
            body.append(f'<path fill="{_paint(item.paint, gradients)}" d="{_path(item.placed)}"/>')
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {sides} role="img"{crisp}>']
    if scene.title:
        parts.append(f"<title>{xml_text(scene.title)}</title>")
    if scene.address:
        parts.append(f"<desc>{xml_text(scene.address)}</desc>")
    if gradients:
        parts.append(f"<defs>{''.join(_definition(wash, name) for wash, name in gradients.items())}</defs>")
    return "".join([*parts, *body, "</svg>\n"]).encode()


def _is_crisp(scene: Scene) -> bool:
    return all(
        isinstance(item, Layer) and all(placed.glyph.is_straight for placed in item.placed) for item in scene.items
    )


def xml_text(text: str) -> str:
    """Return text as it stands in XML, without the characters that XML cannot hold."""
    return escape(_NOT_XML.sub("", text))


def _paint(paint: Paint, gradients: dict[Wash, str]) -> str:
    if isinstance(paint, str):
        return paint
    # Named by what it is: several codes in one page may share a name only if they share the gradient.
    name = gradients.setdefault(paint, "g" + hashlib.blake2s(repr(paint).encode(), digest_size=5).hexdigest())
    return f"url(#{name})"


def _definition(wash: Wash, name: str) -> str:
    stops = "".join(f'<stop offset="{_n(stop.at)}" stop-color="{stop.color}"/>' for stop in wash.gradient.stops)
    place = f'id="{name}" gradientUnits="userSpaceOnUse"'
    if wash.gradient.kind == "radial":
        x, y = wash.middle
        return f'<radialGradient {place} cx="{_n(x)}" cy="{_n(y)}" r="{_n(wash.radius)}">{stops}</radialGradient>'
    (x1, y1), (x2, y2) = wash.ends
    line = f'x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}"'
    return f"<linearGradient {place} {line}>{stops}</linearGradient>"


def _image(picture: Picture) -> str:
    place = f'x="{_n(picture.x)}" y="{_n(picture.y)}" width="{_n(picture.width)}" height="{_n(picture.height)}"'
    return f"<image {place} {_inside(picture.file)}/>"


def _cover(cover: Cover) -> str:
    _, x, y = cover.outline
    shape = _path((cover.outline,))
    name = "c" + hashlib.blake2s(shape.encode(), digest_size=5).hexdigest()
    place = f'x="{_n(x)}" y="{_n(y)}" width="{_n(cover.side)}" height="{_n(cover.side)}"'
    return (
        f'<clipPath id="{name}"><path d="{shape}"/></clipPath><image {place} clip-path="url(#{name})" '
        f'opacity="{_n(cover.backdrop.strength)}" preserveAspectRatio="xMidYMid slice" {_inside(cover.backdrop.file)}/>'
    )


def _inside(file: LogoFile) -> str:
    return f'href="data:{file.media_type};base64,{base64.b64encode(file.data).decode()}"'


def _path(placed: Iterable[Placed]) -> str:
    parts = []
    for glyph, x, y in placed:
        start_x, start_y, rest = _relative(glyph)
        parts.append(f"M{_number(x + start_x)} {_number(y + start_y)}{rest}")
    return "".join(parts)


@lru_cache(maxsize=8192)
def _number(value: float) -> str:
    return _n(value)


@lru_cache(maxsize=8192)
def _relative(glyph: Glyph) -> tuple[float, float, str]:
    """Return where a glyph's first contour starts, and the commands after that, relative to it."""
    (x, y), _ = glyph.contours[0]
    parts: list[str] = []
    at = (x, y)
    for number, contour in enumerate(glyph.contours):
        if number:
            parts.append(_command("m", contour.start[0] - at[0], contour.start[1] - at[1]))
        parts.append(_steps(contour))
        at = contour.start
    return x, y, "".join(parts)


def _steps(contour: Contour) -> str:
    parts: list[str] = []
    at = contour.start
    for step in contour.steps:
        parts.append(_line(at, step) if len(step) == _LINE else _curve(at, step))
        at = (step[-2], step[-1])
    return "".join(parts) + "z"


def _line(at: Point, step: Step) -> str:
    dx, dy = step[0] - at[0], step[1] - at[1]
    if abs(dy) < _NEAR:
        return _command("h", dx)
    return _command("v", dy) if abs(dx) < _NEAR else _command("l", dx, dy)


def _curve(at: Point, step: Step) -> str:
    x, y = at
    x1, y1, x2, y2, x3, y3 = step[0] - x, step[1] - y, step[2] - x, step[3] - y, step[4] - x, step[5] - y
    radius = abs(x3)
    if abs(radius - abs(y3)) < _NEAR and _is_quarter((x1, y1, x2, y2), x3, y3):
        sweep = 1 if x3 * y3 * (1 if abs(y1) < _NEAR else -1) > 0 else 0
        return f"a{_n(radius)} {_n(radius)} 0 0 {sweep}{_pair(x3, y3, after_flag=True)}"
    return _command("c", x1, y1, x2, y2, x3, y3)


def _is_quarter(handles: Step, x: float, y: float) -> bool:
    """Say whether a curve to a point is a quarter of a circle, which SVG can say more shortly."""
    rest = 1 - ARC
    return any(
        all(abs(value - wanted) < _NEAR for value, wanted in zip(handles, shape, strict=True))
        for shape in ((x * ARC, 0.0, x, y * rest), (0.0, y * ARC, x * rest, y))
    )


def _pair(x: float, y: float, *, after_flag: bool = False) -> str:
    first, second = _n(x), _n(y)
    return f"{' ' if after_flag and first[0] != '-' else ''}{first}{'' if second[0] == '-' else ' '}{second}"


def _command(letter: str, *values: float) -> str:
    text = letter
    for place, value in enumerate(values):
        number = _n(value)
        text += number if not place or number[0] == "-" else f" {number}"
    return text


def _n(value: float) -> str:
    """Return a number with up to three decimals and nothing that can be left out."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    if text in {"-0", "0", ""}:
        return "0"
    if text.startswith("0."):
        return text[1:]
    return f"-{text[2:]}" if text.startswith("-0.") else text
