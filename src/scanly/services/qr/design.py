"""How a code looks: the whole shape of a design, and which parts of it work.

A design that asks for something which is not available is refused with what is. ``OPTIONS`` lists only what works.
"""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from scanly.services.qr.rendering.scene import Look
from scanly.services.qr.words import Words

MODULE_SHAPES: dict[str, Words] = {
    "square": {"en": "Squares", "hi": "चौकोर"},
    "rounded": {"en": "Rounded", "hi": "गोल किनारे"},
    "dots": {"en": "Dots", "hi": "बिंदु"},
}
EYE_FRAMES: dict[str, Words] = {"square": {"en": "Square", "hi": "चौकोर"}}
EYE_BALLS: dict[str, Words] = {"square": {"en": "Square", "hi": "चौकोर"}}
OUTLINES: dict[str, Words] = {"square": {"en": "Square", "hi": "चौकोर"}}
FRAMES: dict[str, Words] = {}

QUIET_ZONE_DEFAULT = 4
"""Modules, ISO/IEC 18004 §6.3.8."""
QUIET_ZONE_MOST = 10

_COLOR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


def _unavailable(what: str, instead: str) -> PydanticCustomError:
    words = {"what": what, "instead": instead}
    return PydanticCustomError("not_available", "{what} not available here. {instead}", words)


def _one_of(known: dict[str, Words], what: str) -> AfterValidator:
    def check(name: str) -> str:
        if name not in known:
            shown = name[:40] if name.isprintable() else "?"
            raise _unavailable(f"The {what} “{shown}” is", f"Available: {', '.join(known)}.")
        return name

    return AfterValidator(check)


def _color(text: str) -> str:
    if not _COLOR.fullmatch(text):
        raise PydanticCustomError("color_invalid", "A colour looks like #112233.")
    digits = text[1:].lower()
    return "#" + ("".join(digit * 2 for digit in digits) if len(digits) == 3 else digits)


Color = Annotated[str, AfterValidator(_color)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Fill(_Part):
    """One colour. Gradients have their place in the design and are refused until they work."""

    color: Color
    gradient: dict[str, Any] | None = Field(None, exclude=True)

    @model_validator(mode="before")
    @classmethod
    def _gradient_needs_no_color(cls, value: Any) -> Any:  # noqa: ANN401 - whatever was sent
        if isinstance(value, dict) and "gradient" in value and "color" not in value:
            return {**value, "color": "#000000"}
        return value

    @field_validator("gradient")
    @classmethod
    def _no_gradient(cls, value: dict[str, Any] | None) -> None:
        if value is not None:
            raise _unavailable("Gradients are", 'Use one colour: {"color": "#112233"}.')


BLACK = Fill(color="#000000", gradient=None)
WHITE = Fill(color="#ffffff", gradient=None)


class Modules(_Part):
    """The small squares that hold the data."""

    shape: Annotated[str, _one_of(MODULE_SHAPES, "shape")] = "square"
    fill: Fill = BLACK


class EyeFrame(_Part):
    """The ring of the three large corners; without a fill it has the modules' one."""

    shape: Annotated[str, _one_of(EYE_FRAMES, "eye frame")] = "square"
    fill: Fill | None = None


class EyeBall(_Part):
    """The middle of the three large corners; without a fill it has the modules' one."""

    shape: Annotated[str, _one_of(EYE_BALLS, "eye ball")] = "square"
    fill: Fill | None = None


class Eyes(_Part):
    frame: EyeFrame = EyeFrame()
    ball: EyeBall = EyeBall()


class Background(_Part):
    """What is behind the modules and in the quiet zone; ``null`` as fill is transparent."""

    fill: Fill | None = WHITE


class Design(_Part):
    """A complete look. Every part may be left out and then has its default."""

    modules: Modules = Modules()
    eyes: Eyes = Eyes()
    background: Background = Background()
    logo: dict[str, Any] | None = None
    frame: dict[str, Any] | None = None
    outline: Annotated[str, _one_of(OUTLINES, "outline")] = "square"
    error_correction: Literal["auto", "L", "M", "Q", "H"] = "auto"
    quiet_zone: int = Field(QUIET_ZONE_DEFAULT, ge=0, le=QUIET_ZONE_MOST)

    def look(self) -> Look:
        """Return the design as the renderer takes it."""
        modules = self.modules.fill.color
        return Look(
            shape=self.modules.shape,
            modules=modules,
            eye_frames=self.eyes.frame.fill.color if self.eyes.frame.fill else modules,
            eye_balls=self.eyes.ball.fill.color if self.eyes.ball.fill else modules,
            background=self.background.fill.color if self.background.fill else None,
            quiet_zone=self.quiet_zone,
            error_correction=self.error_correction,
        )

    @field_validator("logo")
    @classmethod
    def _no_logo(cls, value: dict[str, Any] | None) -> None:
        if value is not None:
            raise _unavailable("Logos are", "Leave the logo out.")

    @field_validator("frame")
    @classmethod
    def _no_frame(cls, value: dict[str, Any] | None) -> None:
        if value is not None:
            raise _unavailable("Frames are", "Leave the frame out.")


class Option(BaseModel):
    """A choice with its words."""

    name: str
    title: Words


class QuietZoneRange(BaseModel):
    """Bounds of the empty edge, in modules."""

    least: int
    most: int
    default: int


class DesignOptions(BaseModel):
    """What a design can choose from."""

    modules: list[Option]
    eye_frames: list[Option]
    eye_balls: list[Option]
    outlines: list[Option]
    frames: list[Option]
    fills: list[str]
    error_corrections: list[str]
    quiet_zone: QuietZoneRange
    default: Design


def _options(known: dict[str, Words]) -> list[Option]:
    return [Option(name=name, title=title) for name, title in known.items()]


OPTIONS = DesignOptions(
    modules=_options(MODULE_SHAPES),
    eye_frames=_options(EYE_FRAMES),
    eye_balls=_options(EYE_BALLS),
    outlines=_options(OUTLINES),
    frames=_options(FRAMES),
    fills=["color"],
    error_corrections=["auto", "L", "M", "Q", "H"],
    quiet_zone=QuietZoneRange(least=0, most=QUIET_ZONE_MOST, default=QUIET_ZONE_DEFAULT),
    default=Design(),
)
