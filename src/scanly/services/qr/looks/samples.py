"""A small code in each shape that a design can choose, so that people choose by sight."""

from typing import Any, Literal

from scanly.kernel.errors import NotFound
from scanly.services.qr.design import OPTIONS, Design, Option

Group = Literal["modules", "eye_frames", "eye_balls", "outlines", "frames"]

SAMPLE_TEXT = "SCANLY"
"""What the samples hold: the smallest symbol, so that shapes are large."""

_INK = {"color": "#12211f"}
_WORDS = {"en": "Scan me", "hi": "स्कैन करें"}


def sample(group: Group, name: str, locale: Literal["en", "hi"]) -> Design:
    """Return a plain design with the one shape in it; ``NotFound`` for one that is not offered."""
    offered: list[Option] = getattr(OPTIONS, group)
    if name not in {option.name for option in offered}:
        raise NotFound("There is no such shape. GET /api/v1/qr-design-options lists all of them.")
    parts: dict[Group, dict[str, Any]] = {
        "modules": {"modules": {"shape": name, "fill": _INK}},
        "eye_frames": {"eyes": {"frame": {"shape": name}}},
        "eye_balls": {"eyes": {"ball": {"shape": name}}},
        "outlines": {"outline": name},
        "frames": {"frame": {"kind": name, "text": _WORDS[locale], "fill": _INK}},
    }
    edge = 1 if group in {"modules", "eye_frames", "eye_balls"} else 4
    return Design.model_validate({"modules": {"fill": _INK}, "quiet_zone": edge, **parts[group]})
