"""Signs that a standard puts into the middle of a symbol."""

from collections.abc import Callable, Mapping
from typing import Final

from scanly.services.qr.rendering.geometry import Placed, box, cut

_SIDE: Final = 7 / 46
"""Of the Swiss cross to that of the symbol (Swiss Implementation Guidelines QR-bill: 7 mm in 46 mm)."""


def _swiss_cross(x: float, y: float, size: int) -> tuple[tuple[str, tuple[Placed, ...]], ...]:
    """Return the cross on its black field with a white edge: proportions of the flag, arms 6 of 32, 20 of 32 long."""
    side = size * _SIDE
    edge = side / 14
    left, top = x + (size - side) / 2, y + (size - side) / 2
    field = side - 2 * edge
    unit = field / 32
    low, near, far, high = 6 * unit, 13 * unit, 19 * unit, 26 * unit
    cross = cut(
        field,
        (
            *((near, low), (far, low), (far, near), (high, near), (high, far), (far, far)),
            *((far, high), (near, high), (near, far), (low, far), (low, near), (near, near)),
        ),
    )
    return (
        ("#ffffff", (Placed(box(side, side), left, top),)),
        ("#000000", (Placed(box(field, field), left + edge, top + edge),)),
        ("#ffffff", (Placed(cross, left + edge, top + edge),)),
    )


EMBLEMS: Mapping[str, Callable[[float, float, int], tuple[tuple[str, tuple[Placed, ...]], ...]]] = {
    "swiss_cross": _swiss_cross,
}
