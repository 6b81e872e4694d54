"""Drawing many codes in one task of the process pool."""

from collections.abc import Sequence

from scanly.services.qr.rendering.output import Format, ImageSize, render
from scanly.services.qr.rendering.scene import Look

Work = tuple[str, Look, str]
"""Payload, look and title of a code."""


def draw_all(works: Sequence[Work], form: Format, size: ImageSize) -> list[bytes]:
    """Return a file for each code."""
    return [render(payload, look, form, size, title) for payload, look, title in works]
