"""One quick look at a drawn code: whether a decoder reads it. The judge looks longer, and says what would help."""

from collections.abc import Sequence
from dataclasses import dataclass

from scanly.services.qr.judging.views import reads, seen
from scanly.services.qr.rendering.scene import Look, compose
from scanly.services.qr.rendering.symbol import encode

_PIXELS = 4
"""A module in the quick look."""


@dataclass(frozen=True, slots=True)
class Glance:
    """The symbol that a payload gets, and whether a decoder reads it in its look."""

    version: int
    level: str
    reads: bool


def glance(payload: str, look: Look) -> Glance:
    """Draw a code once, small, and read it; ``PayloadTooLong`` as in ``encode``."""
    symbol = encode(payload, look.level)
    return Glance(symbol.version, symbol.level, reads(seen(compose(symbol, look), _PIXELS).image, payload))


def glances(works: Sequence[tuple[str, Look]]) -> list[Glance]:
    """Return a glance at each of some codes, in one go."""
    return [glance(payload, look) for payload, look in works]
