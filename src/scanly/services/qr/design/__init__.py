"""How a code looks: the shape of a design, what it can choose from, and what the renderer makes of it."""

from scanly.services.qr.design.model import Color, Design
from scanly.services.qr.design.options import OPTIONS, DesignOptions, Option

__all__ = ["OPTIONS", "Color", "Design", "DesignOptions", "Option"]
