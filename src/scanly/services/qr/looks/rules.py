"""What a brand kit demands of a code's design: locked parts, and contrast with the background."""

from collections.abc import Iterator, Sequence
from typing import Any

from scanly.kernel.errors import FieldFault
from scanly.services.qr.design import Design
from scanly.services.qr.rendering.paint import luminance

BRAND_ROLES = frozenset({"owner", "admin"})
"""Who makes brand kits, and may break their rules."""

_WHITE = "#ffffff"


def brand_faults(
    design: Design, kit: Design, locked: Sequence[str], least_contrast: float | None
) -> Iterator[FieldFault]:
    """Yield what of ``design`` breaks the rules of a brand kit whose look is ``kit``."""
    for part in locked:
        if getattr(design, part) != getattr(kit, part):
            words = part.replace("_", " ")
            yield FieldFault(
                f"/design/{part}",
                "brand_locked",
                f"Your brand kit keeps the {words} as it is. Leave it as in the kit, or ask an admin of the workspace.",
            )
    if least_contrast is None:
        return
    dumped = design.model_dump(mode="json")
    behind = list(_colors(dumped["background"])) or [_WHITE]  # without a background it lies on paper
    for part in ("modules", "eyes"):
        found = min(
            (contrast(color, back) for color in _colors(dumped[part]) for back in behind), default=least_contrast
        )
        if found < least_contrast:
            yield FieldFault(
                f"/design/{part}",
                "brand_contrast",
                f"The contrast is {found:.1f} : 1, and your brand kit asks for {least_contrast:g} : 1. "
                "Use a darker colour on a lighter background.",
            )


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _colors(part: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Yield every colour in a part of a design, also those of gradients."""
    if isinstance(part, dict):
        for name, item in part.items():
            if name == "color" and isinstance(item, str):
                yield item
            else:
                yield from _colors(item)
    elif isinstance(part, list):
        for item in part:
            yield from _colors(item)
