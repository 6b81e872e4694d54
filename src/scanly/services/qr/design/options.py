"""What a design can choose from, with words for people. Only what can be drawn is listed."""

from typing import get_args

from pydantic import BaseModel

from scanly.services.qr.design.model import (
    FAINTEST,
    LOGO_LARGEST,
    LOGO_SMALLEST,
    QUIET_ZONE_DEFAULT,
    QUIET_ZONE_MOST,
    STOPS_MOST,
    STRENGTH_DEFAULT,
    STRONGEST,
    TEXT_LONGEST,
    Design,
)
from scanly.services.qr.design.words import EYE_BALLS, EYE_FRAMES, FORMATS, FRAMES, MODULE_SHAPES, OUTLINES
from scanly.services.qr.rendering.output import INKED, MEDIA_TYPES, RASTERS, Unit, size_range
from scanly.services.qr.words import Words


class Option(BaseModel):
    """A choice with its words."""

    name: str
    title: Words


class Range(BaseModel):
    """Bounds, both included."""

    least: float
    most: float
    default: float


class SizeRange(Range):
    """Widths of a picture in a unit."""

    unit: str


class FormatOption(Option):
    """A file format: what it is for, and what it can be asked for."""

    help: Words
    media_type: str
    is_raster: bool
    has_inks: bool


class DesignOptions(BaseModel):
    """What a design can choose from, and the files that come of it."""

    modules: list[Option]
    eye_frames: list[Option]
    eye_balls: list[Option]
    outlines: list[Option]
    frames: list[Option]
    fills: list[str]
    inks: list[str]
    """Colours for dots, eyes and frames that are dark enough on every ground."""
    grounds: list[str]
    """Colours for the background."""
    gradient_stops: Range
    error_corrections: list[str]
    quiet_zone: Range
    logo_size: Range
    background_strength: Range
    """How much is seen of a picture behind the code."""
    frame_text_length: int
    formats: list[FormatOption]
    sizes: list[SizeRange]
    dpi: Range
    default: Design


def _options(known: dict[str, Words]) -> list[Option]:
    return [Option(name=name, title=title) for name, title in known.items()]


def _formats() -> list[FormatOption]:
    return [
        FormatOption(
            name=name,
            title={"en": name.upper(), "hi": name.upper()},
            help=FORMATS[name],
            media_type=media_type,
            is_raster=name in RASTERS,
            has_inks=name in INKED,
        )
        for name, media_type in MEDIA_TYPES.items()
    ]


def _sizes() -> list[SizeRange]:
    units: tuple[Unit, ...] = get_args(Unit)
    ranges = {unit: size_range(unit) for unit in units}
    return [
        SizeRange(unit=unit, least=least, most=most, default=default) for unit, (least, most, default) in ranges.items()
    ]


OPTIONS = DesignOptions(
    modules=_options(MODULE_SHAPES),
    eye_frames=_options(EYE_FRAMES),
    eye_balls=_options(EYE_BALLS),
    outlines=_options(OUTLINES),
    frames=_options(FRAMES),
    fills=["color", "linear", "radial"],
    inks=[
        *("#000000", "#1f2933", "#0b3d91", "#12355b", "#004d40", "#1b5e20"),
        *("#5b2a86", "#4a148c", "#7a0019", "#8a1c4a", "#6d2e00", "#3e2723"),
    ],
    grounds=["#ffffff", "#fff8e7", "#fdf1f4", "#eef6ff", "#eefaf1", "#f4f0ff"],
    gradient_stops=Range(least=2, most=STOPS_MOST, default=2),
    error_corrections=["auto", "L", "M", "Q", "H"],
    quiet_zone=Range(least=0, most=QUIET_ZONE_MOST, default=QUIET_ZONE_DEFAULT),
    logo_size=Range(least=LOGO_SMALLEST, most=LOGO_LARGEST, default=0.2),
    background_strength=Range(least=FAINTEST, most=STRONGEST, default=STRENGTH_DEFAULT),
    frame_text_length=TEXT_LONGEST,
    formats=_formats(),
    sizes=_sizes(),
    dpi=Range(least=72, most=1200, default=300),
    default=Design(),
)
