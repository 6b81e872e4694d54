"""The whole shape of a design. What asks for something that cannot be drawn is refused with what can."""

import re
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_serializer, model_validator
from pydantic_core import PydanticCustomError

from scanly.contracts.media import FileId
from scanly.kernel.http import Label
from scanly.services.qr.design.words import EYE_BALLS, EYE_FRAMES, FRAMES, MODULE_SHAPES, OUTLINES
from scanly.services.qr.rendering import paint
from scanly.services.qr.rendering.backdrop import Backdrop
from scanly.services.qr.rendering.frames import ON_NOTHING
from scanly.services.qr.rendering.frames import Frame as DrawnFrame
from scanly.services.qr.rendering.logo import Logo as DrawnLogo
from scanly.services.qr.rendering.pictures import LogoFile
from scanly.services.qr.rendering.scene import Look
from scanly.services.qr.rendering.typefaces import uncovered
from scanly.services.qr.words import Words

QUIET_ZONE_DEFAULT = 4
"""Modules, ISO/IEC 18004 §6.3.8."""
QUIET_ZONE_MOST = 10
FAINTEST, STRONGEST, STRENGTH_DEFAULT = 0.05, 1.0, 0.2
"""How much is seen of a picture behind the code. A fifth leaves dark dots enough contrast on black places, too."""
LOGO_SMALLEST, LOGO_LARGEST = 0.08, 0.34
"""The longer side of a logo in shares of the symbol's; the renderer makes it smaller where it could not be read."""
TEXT_LONGEST = 40
STOPS_MOST = 6

_COLOR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


def _one_of(known: dict[str, Words], what: str) -> AfterValidator:
    def check(name: str) -> str:
        if name not in known:
            shown = name[:40] if name.isprintable() else "?"
            words = {"what": f"The {what} “{shown}” is", "instead": f"Available: {', '.join(known)}."}
            raise PydanticCustomError("not_available", "{what} not available here. {instead}", words)
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


class Stop(_Part):
    """A colour of a gradient; ``at`` is 0 at its beginning and 1 at its end."""

    at: float = Field(ge=0, le=1)
    color: Color


class Gradient(_Part):
    """A change of colour: linear at an angle in degrees, clockwise from left to right, or radial from the middle."""

    kind: Literal["linear", "radial"]
    angle: float = Field(0, ge=0, le=360)
    stops: list[Stop] = Field(min_length=2, max_length=STOPS_MOST)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if any(after.at < before.at for before, after in pairwise(self.stops)):
            raise PydanticCustomError("stops_unordered", "The stops of a gradient come in the order of “at”, 0 to 1.")
        return self


class Fill(_Part):
    """One colour, or a gradient."""

    color: Color | None = None
    gradient: Gradient | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.color is None) == (self.gradient is None):
            example = (
                'Send either {"color": "#112233"} or {"gradient": {"kind": "linear", "stops": […]}}, '
                "and null for the other one when you change a code."
            )
            raise PydanticCustomError("fill_invalid", "{example}", {"example": example})
        return self

    @model_serializer
    def _without_empty(self) -> dict[str, Any]:
        return {"color": self.color} if self.gradient is None else {"gradient": self.gradient.model_dump()}

    def drawn(self) -> paint.Fill:
        """Return it as the renderer takes it."""
        if self.gradient is None:
            return self.color or "#000000"
        stops = tuple(paint.Stop(stop.at, stop.color) for stop in self.gradient.stops)
        return paint.Gradient(self.gradient.kind, stops, self.gradient.angle)


BLACK = Fill(color="#000000")
WHITE = Fill(color="#ffffff")


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


class BackgroundPicture(_Part):
    """A picture behind the code, cut to a square; the rest of ``strength`` to 1 is the background's fill."""

    file_id: FileId = Field(strict=False)
    strength: float = Field(STRENGTH_DEFAULT, ge=FAINTEST, le=STRONGEST)


class Background(_Part):
    """What is behind the modules and in the quiet zone; ``null`` as fill is transparent, under a picture white."""

    fill: Fill | None = WHITE
    picture: BackgroundPicture | None = None


class Logo(_Part):
    """A picture in the middle. ``size`` is its longer side in shares of the symbol's; less where that is too much."""

    file_id: FileId = Field(strict=False)
    size: float = Field(0.2, ge=LOGO_SMALLEST, le=LOGO_LARGEST)
    clear: bool = Field(default=True, description="Take away the dots behind it")


def _drawable(text: str) -> str:
    if missing := uncovered(text):
        words = (
            f"These characters cannot be drawn: {' '.join(missing[:10])}. Leave them out or write it in another way."
        )
        raise PydanticCustomError("not_drawable", "{words}", {"words": words})
    return text


class Frame(_Part):
    """What stands around the code and says what it is for."""

    kind: Annotated[str, _one_of(FRAMES, "frame")] = "banner_bottom"
    text: Annotated[Label, StringConstraints(min_length=1, max_length=TEXT_LONGEST), AfterValidator(_drawable)] = (
        "Scan me"
    )
    fill: Fill = BLACK
    text_fill: Fill | None = Field(None, description="Left out: white on a plate, else the frame's own")

    def drawn(self) -> DrawnFrame:
        """Return it as the renderer takes it."""
        fill = self.fill.drawn()
        usual = WHITE.drawn() if self.kind not in ON_NOTHING else fill
        return DrawnFrame(self.kind, self.text, fill, self.text_fill.drawn() if self.text_fill else usual)


class Design(_Part):
    """A complete look. Every part may be left out and then has its default."""

    modules: Modules = Modules()
    eyes: Eyes = Eyes()
    background: Background = Background()
    logo: Logo | None = None
    frame: Frame | None = None
    outline: Annotated[str, _one_of(OUTLINES, "outline")] = "square"
    error_correction: Literal["auto", "L", "M", "Q", "H"] = "auto"
    quiet_zone: int = Field(QUIET_ZONE_DEFAULT, ge=0, le=QUIET_ZONE_MOST)

    @property
    def file_ids(self) -> tuple[UUID, ...]:
        """The files that its pictures are in."""
        return tuple(part.file_id for part in (self.logo, self.background.picture) if part)

    def with_files(self, there: AbstractSet[UUID]) -> Self:
        """Return the design without the pictures whose files are not ``there``."""
        logo, picture = self.logo, self.background.picture
        if logo is not None and logo.file_id not in there:
            logo = None
        if picture is not None and picture.file_id not in there:
            picture = None
        background = self.background.model_copy(update={"picture": picture})
        return self.model_copy(update={"logo": logo, "background": background})

    def look(self, logo: LogoFile | None = None, backdrop: LogoFile | None = None) -> Look:
        """Return the design as the renderer takes it, with what the files of its logo and its background hold."""
        modules, picture = self.modules.fill.drawn(), self.background.picture
        return Look(
            shape=self.modules.shape,
            modules=modules,
            eye_frame=self.eyes.frame.shape,
            eye_frames=self.eyes.frame.fill.drawn() if self.eyes.frame.fill else modules,
            eye_ball=self.eyes.ball.shape,
            eye_balls=self.eyes.ball.fill.drawn() if self.eyes.ball.fill else modules,
            background=self.background.fill.drawn() if self.background.fill else None,
            backdrop=Backdrop(backdrop, picture.strength) if backdrop and picture else None,
            outline=self.outline,
            quiet_zone=self.quiet_zone,
            error_correction=self.error_correction,
            logo=DrawnLogo(logo, self.logo.size, self.logo.clear) if logo and self.logo else None,
            frame=self.frame.drawn() if self.frame else None,
        )
