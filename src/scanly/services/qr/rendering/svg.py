"""Writes a scene as SVG 1.1: coordinates in modules, one path for each colour, the same bytes for the same scene.

One path for each colour leaves no hairlines between touching boxes, since their shared edges cancel in the fill.
"""

import re
from xml.sax.saxutils import escape

from scanly.services.qr.rendering.scene import Box, Scene

# What no XML 1.0 document may contain, escaped or not (§2.2).
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Arcs of half a module, clockwise, from one side of a corner to the next.
_TOP_LEFT = "a.5.5 0 0 1 .5-.5"
_TOP_RIGHT = "a.5.5 0 0 1 .5.5"
_BOTTOM_RIGHT = "a.5.5 0 0 1-.5.5"
_BOTTOM_LEFT = "a.5.5 0 0 1-.5-.5"


def write_svg(scene: Scene, *, length: str) -> bytes:
    """Return the scene as an SVG document whose sides have ``length``, such as ``40mm`` or ``512px``."""
    size = scene.size
    crisp = ' shape-rendering="crispEdges"' if scene.is_crisp else ""
    sides = f'width="{length}" height="{length}" viewBox="0 0 {size} {size}"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {sides} role="img"{crisp}>']
    if scene.title:
        parts.append(f"<title>{escape(_NOT_XML.sub('', scene.title))}</title>")
    if scene.background:
        parts.append(f'<path fill="{scene.background}" d="M0 0h{size}v{size}H0z"/>')
    parts.extend(
        f'<path fill="{layer.color}" d="{"".join(map(_path, layer.boxes))}"/>' for layer in scene.layers if layer.boxes
    )
    parts.append("</svg>\n")
    return "".join(parts).encode()


def _path(box: Box) -> str:
    if box.round is None:
        return f"M{box.x} {box.y}h{box.width}v{box.height}h-{box.width}z"
    top_left, top_right, bottom_right, bottom_left = box.round
    return "".join(
        (
            f"M{box.x + 0.5 if top_left else box.x} {box.y}",
            _side("h", box.width, top_left, top_right),
            _TOP_RIGHT if top_right else "",
            _side("v", box.height, top_right, bottom_right),
            _BOTTOM_RIGHT if bottom_right else "",
            _side("h-", box.width, bottom_right, bottom_left),
            _BOTTOM_LEFT if bottom_left else "",
            _side("v-", box.height, bottom_left, top_left),
            _TOP_LEFT if top_left else "",
            "z",
        )
    )


def _side(command: str, length: int, first: bool, second: bool) -> str:
    rest = length - (first + second) / 2
    return f"{command}{rest:g}" if rest else ""
