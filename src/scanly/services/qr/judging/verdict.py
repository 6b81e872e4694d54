"""A grade with reasons: what the views and the figures of a drawn code mean for the person who made it."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from scanly.services.qr.judging.measures import Measures, measure
from scanly.services.qr.judging.views import Readers, read_by, seen, views
from scanly.services.qr.rendering.logo import Logo, largest
from scanly.services.qr.rendering.scene import Look, compose
from scanly.services.qr.rendering.symbol import Symbol, encode

Grade = Literal["A", "B", "C", "D", "F"]

_GRADES: Final[tuple[tuple[int, Grade], ...]] = ((90, "A"), (75, "B"), (60, "C"), (40, "D"), (0, "F"))
_CLEAN_POINTS: Final = 28
_ALL: Final = frozenset(Readers._fields)
_READERS: Final[Mapping[str, frozenset[str]]] = {
    "glare": _ALL - {"plain"},
    "shade": _ALL - {"plain"},
    "blurred": frozenset({"local"}),
}
"""Who can be expected to read a view where not all can: in uneven light and blur no one threshold fits the picture, and
blurred zbar misses half of all designs."""
_SLOW: Final = 2
"""Views that not all expected readers read, before it is a weakness of the design."""
_LOW_CONTRAST: Final = 0.55
"""Symbol contrast of grade B in ISO/IEC 15415."""
_LEAST_CONTRAST: Final = 0.2
"""Below this ISO/IEC 15415 grades a symbol as failed, whatever one decoder makes of it."""
_LOW_MODULATION: Final = 0.35
_LOW_CORRECTION: Final = 0.37
"""Unused error correction of grade C in ISO/IEC 15415."""
_UNREADABLE_SCORE: Final = 20
_QUIET_ZONE: Final = 4
_LEAST_MODULE: Final = 0.4
"""Millimetres of a module that an office printer and a cheap phone are sure of."""
_DISTANCE: Final = 10
"""A symbol is read from so many times its size."""
_NEARLY: Final = 0.99


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to improve: a stable ``code`` for programs, English words for people, and how much it matters."""

    code: str
    detail: str
    severity: Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge found. ``score`` is 0 to 100; grade F means that phones cannot be expected to read the code."""

    grade: Grade
    score: int
    advice: tuple[Advice, ...]
    measures: Mapping[str, float | int | str | bool | dict[str, bool]]

    @property
    def is_readable(self) -> bool:
        """Whether such a code may be saved."""
        return self.grade != "F"

    @property
    def is_sound(self) -> bool:
        """Whether there is nothing to warn of."""
        return not any(advice.severity != "hint" for advice in self.advice)


@dataclass(frozen=True, slots=True)
class _Case:
    """All that is known of a design."""

    look: Look
    symbol: Symbol
    figures: Measures
    read: Mapping[str, Readers]
    size_mm: float | None

    def reads(self, *names: str) -> bool:
        """Whether one reader at least reads all these views."""
        return all(any(self.read[name]) for name in names if name in self.read)


def judge(payload: str, look: Look, size_mm: float | None = None) -> Verdict:
    """Return how well a code with this payload and look can be read. ``PayloadTooLong`` as in ``encode``.

    ``size_mm`` is the side of the printed symbol, if that is known.
    """
    symbol = encode(payload, look.level)
    scene = compose(symbol, look)
    sight = seen(scene)
    read = {name: read_by(view, payload) for name, view in views(sight, size_mm).items()}
    case = _Case(look, symbol, measure(symbol, scene, sight), read, size_mm)
    score = _score(case)
    grade = next(grade for least, grade in _GRADES if score >= least)
    return Verdict(grade, score, tuple(_advice(case, readable=grade != "F")), _told(case))


def _told(case: _Case) -> dict[str, float | int | str | bool | dict[str, bool]]:
    figures, symbol = case.figures, case.symbol
    least = math.ceil(symbol.size * _LEAST_MODULE)
    told: dict[str, float | int | str | bool | dict[str, bool]] = {
        "version": symbol.version,
        "modules": symbol.size,
        "error_correction": symbol.level,
        "quiet_zone": case.look.quiet_zone,
        "contrast": round(figures.contrast, 3),
        "modulation": round(figures.modulation, 3),
        "unused_error_correction": round(figures.unused_correction, 3),
        "inverted": figures.is_inverted,
        "least_size_mm": least,
        "least_distance_cm": least * _DISTANCE // 10,
        "views": {name: any(by) for name, by in case.read.items()},
    }
    if case.size_mm is not None:
        told["distance_cm"] = math.floor(case.size_mm * _DISTANCE / 10)
    return told


def _score(case: _Case) -> int:
    if not case.reads("clean"):
        return 0
    read = _expected(case)
    others = [part for name, part in read.items() if name != "clean"]
    points = _CLEAN_POINTS * read["clean"] + (100 - _CLEAN_POINTS) * sum(others) / len(others)
    points -= 20 if case.figures.is_inverted else 0
    points -= max(0.0, _LOW_CONTRAST - case.figures.contrast) * 60
    points -= max(0.0, _LOW_CORRECTION - case.figures.unused_correction) * 40
    points -= 5 * max(0, 2 - case.look.quiet_zone)
    score = max(0, round(points))
    return score if case.figures.contrast >= _LEAST_CONTRAST else min(score, _UNREADABLE_SCORE)


def _advice(case: _Case, *, readable: bool) -> Iterator[Advice]:
    if not readable:
        yield Advice("unreadable", _unreadable(case), "error")
    yield from _drawn(case)
    if case.look.logo is not None:
        yield from _logo_advice(case, case.look.logo)
    if readable:
        yield from _seen(case)


def _drawn(case: _Case) -> Iterator[Advice]:
    """Yield what can be told by the drawing alone."""
    look, figures = case.look, case.figures
    if figures.is_inverted:
        yield Advice("inverted", "Not every app reads light on dark. Use dark colours on a light one.", "warning")
    if figures.contrast < _LOW_CONTRAST and look.backdrop is not None:
        words = "The picture behind the dots is too strong for them. Make it fainter, or use darker dots."
        yield Advice("picture_too_strong", words, "warning")
    elif figures.contrast < _LOW_CONTRAST:
        yield Advice("low_contrast", "The colours are too alike. Use darker dots or a lighter background.", "warning")
    if look.quiet_zone < _QUIET_ZONE:
        words = f"The empty edge is {look.quiet_zone} dots wide, not {_QUIET_ZONE}. Keep the paper around it empty."
        yield Advice("quiet_zone_narrow", words, "warning" if look.quiet_zone < _QUIET_ZONE / 2 else "hint")
    if look.background is None and not look.needs_ground:
        yield Advice("transparent", "It has no background. Put it on something light and even.", "hint")


def _seen(case: _Case) -> Iterator[Advice]:
    """Yield what the readers missed."""
    if not case.reads("printed"):
        words = "It is too small for what is in it. Print it larger, or put less into it."
        yield Advice("printed_too_small", words, "warning")
    if not case.reads("small"):
        yield Advice("not_from_far", "It is read from near only. Print it larger, or put less into it.", "warning")
    if not case.reads("dim", "glare", "shade"):
        yield Advice("weak_in_bad_light", "It is hard to read in bad light. Use darker dots.", "warning")
    if not case.reads("blurred", "tilted", "turned", "noisy", "packed"):
        yield Advice("weak_when_moved", f"It is hard to read from an angle or out of focus. {_fuller(case)}", "warning")
    elif sum(part < 1 for part in _expected(case).values()) > _SLOW or case.figures.modulation < _LOW_MODULATION / 2:
        yield Advice("weak_for_some", f"Some phones are slow to read it. {_fuller(case)}", "warning")


def _expected(case: _Case) -> dict[str, float]:
    """Return for each view the share of the readers that read it, among those that can be expected to."""
    shares: dict[str, float] = {}
    for name, by in case.read.items():
        readers = _READERS.get(name, _ALL)
        shares[name] = sum(getattr(by, reader) for reader in readers) / len(readers)
    return shares


def _logo_advice(case: _Case, logo: Logo) -> Iterator[Advice]:
    if case.figures.unused_correction < _LOW_CORRECTION:
        yield Advice("logo_too_large", "The logo covers too much. Make it smaller.", "warning")
    if logo.size > largest(case.symbol, logo.aspect) / _NEARLY:
        words = "The logo is drawn smaller than you chose, as large as the code can bear."
        yield Advice("logo_made_smaller", words, "hint")


def _unreadable(case: _Case) -> str:
    if case.figures.contrast < _LOW_CONTRAST and case.look.backdrop is not None:
        return "A phone could not read this. Make the picture behind the dots fainter."
    if case.figures.contrast < _LOW_CONTRAST:
        return "A phone could not read this. Use dark colours on a light one."
    if case.look.logo is not None and case.figures.unused_correction < _LOW_CORRECTION:
        return "A phone could not read this. Make the logo smaller."
    return f"A phone could not read this. {_fuller(case)}"


def _fuller(case: _Case) -> str:
    """Return what makes the drawing clearer, the most likely first."""
    if case.look.logo is not None and case.figures.unused_correction < 2 * _LOW_CORRECTION:
        return "Make the logo smaller."
    if case.look.eye_frame not in {"square", "rounded"} or case.look.eye_ball not in {"square", "rounded", "circle"}:
        return "Choose squarer corners, or fuller dots."
    if case.figures.modulation < _LOW_MODULATION or case.look.shape != "square":
        return "Choose fuller dots, such as squares, or a higher error correction."
    return "Put less into it, or print it larger."
