"""The scene: what a picture shows, in modules, before any format. Writers draw it and nothing else."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from scanly.services.qr.rendering.symbol import ErrorCorrection, Symbol

EYE = 7
"""Modules on a side of a finder pattern, ISO/IEC 18004 §6.3.3."""

_DARK_RUN = re.compile(rb"\x01+")
_EYE_LIGHT = bytes(EYE)


@dataclass(frozen=True, slots=True)
class Look:
    """A design as plain data: colours as ``#rrggbb``, ``quiet_zone`` in modules; no ``background`` is transparent."""

    shape: str = "square"
    modules: str = "#000000"
    eye_frames: str = "#000000"
    eye_balls: str = "#000000"
    background: str | None = "#ffffff"
    quiet_zone: int = 4
    error_correction: ErrorCorrection = "auto"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in modules; ``round`` says which corners have a radius of half a module, clockwise from top left."""

    x: int
    y: int
    width: int
    height: int = 1
    round: tuple[bool, bool, bool, bool] | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """Boxes of one colour (``#rrggbb``). Boxes of a scene never overlap."""

    color: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """A square of ``size`` modules with the quiet zone in it; no ``background`` is transparent."""

    size: int
    background: str | None
    layers: tuple[Layer, ...]
    title: str = ""

    @property
    def is_crisp(self) -> bool:
        """Whether all edges are straight."""
        return all(box.round is None for layer in self.layers for box in layer.boxes)


def compose(symbol: Symbol, look: Look, title: str = "") -> Scene:
    """Return the scene of ``symbol`` in the look of ``look``."""
    margin = look.quiet_zone
    corners = [(margin + x, margin + y) for x, y in _eye_corners(symbol.size)]
    layers: dict[str, list[Box]] = {}
    for color, boxes in (
        (look.modules, SHAPES[look.shape](_without_eyes(symbol), margin)),
        (look.eye_frames, _square_frames(corners)),
        (look.eye_balls, (Box(x + 2, y + 2, 3, 3) for x, y in corners)),
    ):
        layers.setdefault(color, []).extend(boxes)
    return Scene(
        size=symbol.size + 2 * margin,
        background=look.background,
        layers=tuple(Layer(color, tuple(boxes)) for color, boxes in layers.items()),
        title=title,
    )


def _eye_corners(size: int) -> tuple[tuple[int, int], ...]:
    return (0, 0), (size - EYE, 0), (0, size - EYE)


def _without_eyes(symbol: Symbol) -> list[bytes]:
    """Return the rows with the finder patterns taken out, and a light row on either side."""
    size = symbol.size
    rows = [symbol.row(y) for y in range(-1, size + 1)]
    for y in range(1, EYE + 1):
        rows[y] = _EYE_LIGHT + rows[y][EYE:-EYE] + _EYE_LIGHT
    for y in range(size - EYE + 1, size + 1):
        rows[y] = _EYE_LIGHT + rows[y][EYE:]
    return rows


def _square_frames(corners: Iterable[tuple[int, int]]) -> Iterator[Box]:
    for x, y in corners:
        yield Box(x, y, EYE)
        yield Box(x, y + 1, 1, EYE - 2)
        yield Box(x + EYE - 1, y + 1, 1, EYE - 2)
        yield Box(x, y + EYE - 1, EYE)


def _squares(rows: list[bytes], margin: int) -> Iterator[Box]:
    """Draw runs of dark modules in a row as one box."""
    for y, row in enumerate(rows[1:-1], margin):
        for run in _DARK_RUN.finditer(row):
            start, end = run.span()
            yield Box(start + margin, y, end - start)


def _rounded(rows: list[bytes], margin: int) -> Iterator[Box]:
    """Connected modules; a corner is round where no dark module touches either of its sides."""
    for y in range(1, len(rows) - 1):
        above, below = rows[y - 1], rows[y + 1]
        for run in _DARK_RUN.finditer(rows[y]):
            start, end = run.span()
            last = end - 1
            corners = (not above[start], not above[last], not below[last], not below[start])
            yield Box(start + margin, y - 1 + margin, end - start, 1, corners if any(corners) else None)


def _dots(rows: list[bytes], margin: int) -> Iterator[Box]:
    """Each module is a disc that touches its neighbours."""
    everywhere = (True, True, True, True)
    for y, row in enumerate(rows[1:-1], margin):
        for x, dark in enumerate(row, margin):
            if dark:
                yield Box(x, y, 1, 1, everywhere)


SHAPES: Mapping[str, Callable[[list[bytes], int], Iterator[Box]]] = {
    "square": _squares,
    "rounded": _rounded,
    "dots": _dots,
}
"""How the modules between the eyes are drawn, for each shape that ``design.MODULE_SHAPES`` offers."""
