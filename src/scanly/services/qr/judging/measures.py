"""Figures of a drawn code in the manner of ISO/IEC 15415: contrast, modulation, unused error correction.

Taken from the drawing, so they tell of the design and nothing of the printer. Modules are looked at through an aperture
of 0.8 module, as the standard has it for symbols of a known size.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PIL import ImageFilter

from scanly.services.qr.judging.views import PIXELS, ROOM, Sight
from scanly.services.qr.rendering.backdrop import Cover, shades
from scanly.services.qr.rendering.paint import colors_of, luminance
from scanly.services.qr.rendering.scene import PAPER, Scene
from scanly.services.qr.rendering.symbol import Symbol

_APERTURE: Final = 0.8
_REPAIRED: Final = {"L": 0.07, "M": 0.15, "Q": 0.25, "H": 0.30}
"""Share of codewords that a level repairs (ISO/IEC 18004 §6.5.1)."""
_SPREAD: Final = 2.2
"""Codewords that a cluster of wrong modules touches, for each that it would fill: they are two by four modules."""
_LOW: Final = 20
"""One right module in so many may be worse than the modulation says; wrong ones are for error correction."""


@dataclass(frozen=True, slots=True)
class Measures:
    """``contrast`` of the paints, 0 to 1; ``modulation`` of nearly all modules; ``unused_correction``, 1 is all."""

    contrast: float
    is_inverted: bool
    modulation: float
    wrong: int
    unused_correction: float


def measure(symbol: Symbol, scene: Scene, sight: Sight) -> Measures:
    """Return the figures of a symbol that is drawn in a scene."""
    contrast, is_inverted = _contrast_of(scene)
    x, y, size = scene.symbol
    left, top = (x + ROOM) * PIXELS, (y + ROOM) * PIXELS
    window = sight.image.crop((left, top, left + size * PIXELS, top + size * PIXELS))
    looked = window.filter(ImageFilter.BoxBlur((_APERTURE * PIXELS - 1) / 2))
    values = looked.resize((size, size), 0).tobytes()
    low, high = min(values), max(values)
    middle, half = (low + high) / 2, max((high - low) / 2, 1)
    margins = sorted(
        (middle - value if dark != is_inverted else value - middle) / half
        for value, dark in zip(values, symbol.modules, strict=True)
    )
    wrong = sum(margin <= 0 for margin in margins)
    damaged = wrong / len(margins) * _SPREAD
    return Measures(
        contrast=contrast,
        is_inverted=is_inverted,
        modulation=margins[wrong + (len(margins) - wrong) // _LOW] if wrong < len(margins) else 0.0,
        wrong=wrong,
        unused_correction=max(0.0, 1 - damaged / _REPAIRED[symbol.level]),
    )


def _contrast_of(scene: Scene) -> tuple[float, bool]:
    """Return the least difference of reflectance between ink and ground, and whether light is dark."""
    ground = [luminance(color) for color in _ground(scene)]
    ink = [luminance(color) for fill in scene.ink for color in colors_of(fill)]
    is_inverted = sum(ink) / len(ink) > sum(ground) / len(ground)
    difference = min(ink) - max(ground) if is_inverted else min(ground) - max(ink)
    return max(0.0, difference), is_inverted


def _ground(scene: Scene) -> Iterator[str]:
    """Yield the colours of light modules, of a picture the darkest and the lightest."""
    covers = [item.backdrop for item in scene.items if isinstance(item, Cover)]
    for color in colors_of(scene.ground if scene.ground is not None else PAPER):
        yield from (shades(covers[0], color) if covers else (color,))
