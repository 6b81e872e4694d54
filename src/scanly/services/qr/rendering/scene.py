"""The scene: what a picture shows, in modules, before any format. Writers draw it and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from scanly.services.qr.rendering.backdrop import Backdrop, Cover
from scanly.services.qr.rendering.emblems import EMBLEMS
from scanly.services.qr.rendering.eyes import ALIGNMENT, ALIGNMENT_BALL, ALIGNMENT_RING, BALLS, EYE, FRAMES, alignments
from scanly.services.qr.rendering.frames import FRAME_KINDS, Frame, Framing
from scanly.services.qr.rendering.geometry import Placed, rounded
from scanly.services.qr.rendering.logo import Logo, Picture, cleared, room_for
from scanly.services.qr.rendering.modules import GAPPED, SHAPES
from scanly.services.qr.rendering.outlines import disc_rows, disc_side
from scanly.services.qr.rendering.paint import Fill, Paint, spread
from scanly.services.qr.rendering.symbol import ErrorCorrection, Symbol

PAPER: Final = "#ffffff"
_EYE_LIGHT: Final = bytes(EYE)


@dataclass(frozen=True, slots=True)
class Look:
    """A design as plain data; ``quiet_zone`` in modules; no ``background`` is transparent."""

    shape: str = "square"
    modules: Fill = "#000000"
    eye_frame: str = "square"
    eye_frames: Fill = "#000000"
    eye_ball: str = "square"
    eye_balls: Fill = "#000000"
    background: Fill | None = PAPER
    backdrop: Backdrop | None = None
    outline: str = "square"
    quiet_zone: int = 4
    error_correction: ErrorCorrection = "auto"
    logo: Logo | None = None
    frame: Frame | None = None
    emblem: str | None = None

    @property
    def needs_ground(self) -> bool:
        """Whether something lies beneath the code that must not be seen through it."""
        return self.backdrop is not None or (self.frame is not None and self.frame.is_plate)

    @property
    def level(self) -> ErrorCorrection:
        """The error correction to encode with: what lies on the symbol needs the highest."""
        return "H" if self.error_correction == "auto" and self.logo is not None else self.error_correction


@dataclass(frozen=True, slots=True)
class Layer:
    """Glyphs of one paint.

    ``under`` is the one colour that lies beneath all of them: None for the picture's background, empty for several.
    """

    paint: Paint
    placed: tuple[Placed, ...]
    under: str | None = None


Item: TypeAlias = Layer | Picture | Cover


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture of ``width`` by ``height`` modules, all around the symbol in it; no ``background`` is transparent.

    ``symbol`` is where the symbol lies without its quiet zone: left, top, side.
    """

    width: int
    height: int
    background: Paint | None
    items: tuple[Item, ...]
    symbol: tuple[int, int, int]
    title: str = ""
    address: str = ""
    """Where the code leads to or by; empty when that is nobody's business."""
    ink: tuple[Fill, ...] = ()
    """What dark modules are painted with."""
    ground: Fill | None = None
    """What light modules are painted with; None for what lies beneath the picture."""


def compose(symbol: Symbol, look: Look, title: str = "", address: str = "") -> Scene:
    """Return the scene of ``symbol`` in the look of ``look``."""
    is_round = look.outline == "circle"
    inner = disc_side(symbol.size, look.quiet_zone) if is_round else symbol.size + 2 * look.quiet_zone
    frame = _framing(look.frame, inner) if look.frame else None
    left, top = (frame.left, frame.top) if frame else (0, 0)
    width, height = (frame.width, frame.height) if frame else (inner, inner)
    margin = (inner - symbol.size) // 2
    x, y, size = left + margin, top + margin, symbol.size
    items: list[Item] = []
    fill = PAPER if look.background is None and look.needs_ground else look.background
    under = fill if isinstance(fill, str) else None
    background = None
    if fill is not None:
        ground = spread(fill, left, top, inner, inner)
        is_whole = frame is None and not is_round
        radius = inner / 2 if is_round else 0.0 if is_whole else 1.0
        plate = Placed(rounded(inner, inner, (radius,) * 4), left, top)
        if is_whole:
            background = ground
        else:
            items.append(Layer(ground, (plate,), look.frame.ground if look.frame else None))
        if look.backdrop is not None:
            items.append(Cover(look.backdrop, plate))
    items[:0] = [Layer(paint, placed, beneath) for paint, placed, beneath in (frame.behind if frame else ())]
    inked = (left, top, inner) if is_round else (x, y, size)
    items += _merged(
        [
            Layer(_over(look.modules, inked), tuple(_modules(symbol, look, x, y, margin)), under),
            Layer(_over(look.eye_frames, inked), tuple(_eyes(look.eye_frame, symbol, x, y)), under),
            Layer(_over(look.eye_balls, inked), tuple(_balls(look.eye_ball, symbol, x, y)), under),
        ]
    )
    if look.logo is not None:
        items.append(look.logo.picture(room_for(look.logo, symbol), x, y, size))
    if look.emblem is not None:
        items += [Layer(paint, placed, "") for paint, placed in EMBLEMS[look.emblem](x, y, size)]
    items += [Layer(paint, placed, beneath) for paint, placed, beneath in (frame.before if frame else ())]
    return Scene(
        width=width,
        height=height,
        background=background,
        items=tuple(items),
        symbol=(x, y, size),
        title=title,
        address=address,
        ink=(look.modules, look.eye_frames, look.eye_balls),
        ground=fill,
    )


@lru_cache(maxsize=64)
def _framing(frame: Frame, inner: int) -> Framing:
    """Return what is around a code: the same glyphs each time, of which writers keep what they made."""
    return FRAME_KINDS[frame.kind](frame, inner)


def _over(fill: Fill, square: tuple[int, int, int]) -> Paint:
    left, top, side = square
    return spread(fill, left, top, side, side)


def _merged(layers: list[Layer]) -> Iterator[Layer]:
    """Join neighbouring layers of one paint: what touches must not show a seam."""
    last: Layer | None = None
    for layer in layers:
        if last is not None and last.paint == layer.paint:
            last = Layer(last.paint, last.placed + layer.placed, last.under)
            continue
        if last is not None:
            yield last
        last = layer
    if last is not None:
        yield last


def _rows(symbol: Symbol, look: Look) -> list[bytes]:
    """Return the rows without the finder patterns and without what a logo covers, a light row on either side."""
    size = symbol.size
    rows = [symbol.row(y) for y in range(-1, size + 1)]
    for y in range(1, EYE + 1):
        rows[y] = _EYE_LIGHT + rows[y][EYE:-EYE] + _EYE_LIGHT
    for y in range(size - EYE + 1, size + 1):
        rows[y] = _EYE_LIGHT + rows[y][EYE:]
    for x, y in _whole_alignments(symbol, look):
        _clear(rows, x, y, x + ALIGNMENT, y + ALIGNMENT)
    if look.logo is not None and look.logo.clear:
        _clear(rows, *cleared(room_for(look.logo, symbol), size))
    return rows


def _clear(rows: list[bytes], left: int, top: int, right: int, bottom: int) -> None:
    for y in range(top + 1, bottom + 1):
        rows[y] = rows[y][:left] + bytes(right - left) + rows[y][right:]


def _whole_alignments(symbol: Symbol, look: Look) -> Iterator[tuple[int, int]]:
    """Yield the alignment patterns that are drawn whole, as far as no logo is in their way."""
    if look.shape not in GAPPED:
        return
    left, top, right, bottom = 0, 0, 0, 0
    if look.logo is not None and look.logo.clear:
        left, top, right, bottom = cleared(room_for(look.logo, symbol), symbol.size)
    for x, y in alignments(symbol.version):
        if x + ALIGNMENT <= left or x >= right or y + ALIGNMENT <= top or y >= bottom:
            yield x, y


def _modules(symbol: Symbol, look: Look, x: int, y: int, margin: int) -> Iterator[Placed]:
    draw = SHAPES[look.shape]
    for glyph, across, down in draw(_rows(symbol, look), 0):
        yield Placed(glyph, across + x, down + y)
    for across, down in _whole_alignments(symbol, look):
        yield Placed(ALIGNMENT_RING, x + across, y + down)
        yield Placed(ALIGNMENT_BALL, x + across + 2, y + down + 2)
    if look.outline == "circle":
        for glyph, across, down in draw(disc_rows(symbol, look.quiet_zone, margin), 0):
            yield Placed(glyph, across + x - margin, down + y - margin)


def _corners(size: int) -> tuple[tuple[int, int], ...]:
    return (0, 0), (size - EYE, 0), (0, size - EYE)


def _eyes(name: str, symbol: Symbol, x: int, y: int) -> Iterator[Placed]:
    for (across, down), glyph in zip(_corners(symbol.size), FRAMES[name], strict=True):
        yield Placed(glyph, x + across, y + down)


def _balls(name: str, symbol: Symbol, x: int, y: int) -> Iterator[Placed]:
    for (across, down), glyph in zip(_corners(symbol.size), BALLS[name], strict=True):
        yield Placed(glyph, x + across + 2, y + down + 2)
