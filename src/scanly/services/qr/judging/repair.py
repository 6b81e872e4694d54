"""Changes the least of a design that makes it pass: one small step after the other, each the one that helps most."""

import colorsys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from time import process_time
from typing import Any, Final

from scanly.services.qr.design.model import FAINTEST, LOGO_SMALLEST, QUIET_ZONE_DEFAULT, Design
from scanly.services.qr.judging.verdict import Verdict, judge
from scanly.services.qr.rendering.paint import rgb
from scanly.services.qr.rendering.scene import Look

_MOST_STEPS: Final = 12
_SECONDS: Final = 3.0
"""Of computing, after which the best that was found is the answer: a full symbol takes a second for one verdict."""
_GOOD_CONTRAST: Final = 0.62
_DARKER: Final = 0.72
_SMALLER: Final = 0.85
_FAINTER: Final = 0.6

Parts = dict[str, Any]
"""A design as JSON."""


@dataclass(frozen=True, slots=True)
class Change:
    """What was changed: a stable ``code``, where, from what to what, and words for people."""

    code: str
    pointer: str
    before: Any
    after: Any
    detail: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """A design that passes, or the best that could be made of it, with its verdict."""

    design: Parts
    changes: tuple[Change, ...]
    verdict: Verdict


def repair(payload: str, design: Parts, usual: Look, seconds: float = _SECONDS) -> Repaired:
    """Return what passes and how it differs; ``PayloadTooLong`` as in ``encode``.

    ``usual`` is the look of the plain design for the same content: with the logo's picture, if there is one, and with
    what a standard demands. No further change is tried after ``seconds`` of computing.
    """
    end = process_time() + seconds

    def dress(parts: Parts) -> Look:
        return worn(Design.model_validate(parts), usual)

    current = Design.model_validate(design).model_dump(mode="json")
    verdict = judge(payload, dress(current))
    changes: list[Change] = []
    while not verdict.is_sound and len(changes) < _MOST_STEPS and process_time() < end:
        best: tuple[Verdict, Parts, Change] | None = None
        for change, changed in _steps(current, verdict):
            tried = judge(payload, dress(changed))
            if best is None or _rank(tried) > _rank(best[0]):
                best = (tried, changed, change)
            if tried.is_sound or process_time() >= end:
                break
        if best is None or _rank(best[0]) <= _rank(verdict):
            break
        verdict, current, change = best
        changes.append(change)
    return Repaired(current, tuple(_joined(changes)), verdict)


def worn(design: Design, usual: Look) -> Look:
    """Return the look of a design with the picture of the logo and the demands of ``usual``."""
    level = design.error_correction if usual.error_correction == "auto" else usual.error_correction
    logo, backdrop = usual.logo, usual.backdrop
    look = design.look(logo.file if logo else None, backdrop.file if backdrop else None)
    return replace(look, error_correction=level, emblem=usual.emblem)


def _rank(verdict: Verdict) -> tuple[bool, int, float, int]:
    warnings = sum(advice.severity != "hint" for advice in verdict.advice)
    return verdict.is_sound, verdict.score, float(str(verdict.measures["contrast"])), -warnings


def _joined(changes: list[Change]) -> Iterator[Change]:
    """Make one change of several of the same thing."""
    by_place: dict[str, Change] = {}
    for change in changes:
        first = by_place.get(change.pointer)
        before = change.before if first is None else first.before
        by_place[change.pointer] = Change(change.code, change.pointer, before, change.after, change.detail)
    yield from by_place.values()


def _steps(design: Parts, verdict: Verdict) -> Iterator[tuple[Change, Parts]]:
    """Yield small changes, those that are seen least first."""
    if (picture := design["background"]["picture"]) is not None:
        yield from _fainter(design, picture["strength"])
    if design["quiet_zone"] < QUIET_ZONE_DEFAULT:
        yield _set(design, "wider_edge", "/quiet_zone", QUIET_ZONE_DEFAULT, "A wider empty edge.")
    if design["error_correction"] in {"L", "M"}:
        yield _set(design, "more_correction", "/error_correction", "auto", "As much error correction as fits.")
    if design["logo"] is not None:
        yield from _lighter_logo(design, design["logo"])
    if verdict.measures["inverted"]:
        yield _turned_round(design)
    elif float(str(verdict.measures["contrast"])) < _GOOD_CONTRAST:
        yield from _clearer(design)
    yield from _plainer(design)


def _fainter(design: Parts, strength: float) -> Iterator[tuple[Change, Parts]]:
    """Yield fainter pictures behind the code down to the faintest: the first that passes costs nothing else."""
    while strength > FAINTEST:
        strength = max(FAINTEST, round(strength * _FAINTER, 3))
        words = "A fainter picture behind the code."
        yield _set(design, "picture_fainter", "/background/picture/strength", strength, words)


def _lighter_logo(design: Parts, logo: Parts) -> Iterator[tuple[Change, Parts]]:
    if not logo["clear"]:
        yield _set(design, "logo_cleared", "/logo/clear", value=True, words="The dots behind the logo taken away.")
    if (size := round(logo["size"] * _SMALLER, 3)) >= LOGO_SMALLEST:
        yield _set(design, "logo_smaller", "/logo/size", size, "A smaller logo.")


def _plainer(design: Parts) -> Iterator[tuple[Change, Parts]]:
    eyes, shape = design["eyes"], design["modules"]["shape"]
    if eyes["ball"]["shape"] not in {"square", "rounded"}:
        yield _set(design, "squarer_balls", "/eyes/ball/shape", "rounded", "Squarer middles of the corners.")
    if eyes["frame"]["shape"] not in {"square", "rounded"}:
        yield _set(design, "squarer_corners", "/eyes/frame/shape", "rounded", "Squarer corners.")
    if shape != "square":
        yield _set(
            design, "fuller_dots", "/modules/shape", "square" if shape == "rounded" else "rounded", "Fuller dots."
        )
    if design["outline"] != "square":
        yield _set(design, "square_outline", "/outline", "square", "A square code.")


def _clearer(design: Parts) -> Iterator[tuple[Change, Parts]]:
    for code, pointer, words in (
        ("darker_dots", "/modules/fill", "Darker dots."),
        ("darker_corners", "/eyes/frame/fill", "Darker corners."),
        ("darker_balls", "/eyes/ball/fill", "Darker middles of the corners."),
    ):
        if (fill := _at(design, pointer)) is not None:
            yield _set(design, code, pointer, _recolored(fill, _darker), words)
    if (ground := design["background"]["fill"]) is not None and ground != {"color": "#ffffff"}:
        yield _set(design, "lighter_ground", "/background/fill", _recolored(ground, _lighter), "A lighter background.")


def _turned_round(design: Parts) -> tuple[Change, Parts]:
    """Swap light and dark."""
    ground, ink = design["background"]["fill"], design["modules"]["fill"]
    change, changed = _set(
        design, "turned_round", "/modules/fill", ground or {"color": "#000000"}, "Dark dots on a light background."
    )
    _put(changed, "/background/fill", ink)
    _put(changed, "/eyes/frame/fill", None)
    _put(changed, "/eyes/ball/fill", None)
    return change, changed


def _set(design: Parts, code: str, pointer: str, value: Any, words: str) -> tuple[Change, Parts]:  # noqa: ANN401 - JSON
    changed = Design.model_validate(design).model_dump(mode="json")
    _put(changed, pointer, value)
    return Change(code, pointer, _at(design, pointer), value, words), changed


def _at(design: Parts, pointer: str) -> Any:  # noqa: ANN401 - JSON
    value: Any = design
    for name in pointer.split("/")[1:]:
        value = value[name]
    return value


def _put(design: Parts, pointer: str, value: Any) -> None:  # noqa: ANN401 - JSON
    *path, last = pointer.split("/")[1:]
    for name in path:
        design = design[name]
    design[last] = value


def _recolored(fill: Parts, recolor: Callable[[str], str]) -> Parts:
    if "color" in fill:
        return {"color": recolor(fill["color"])}
    gradient = fill["gradient"]
    stops = [{**stop, "color": recolor(stop["color"])} for stop in gradient["stops"]]
    return {"gradient": {**gradient, "stops": stops}}


def _darker(color: str) -> str:
    return _shaded(color, lambda light: light * _DARKER)


def _lighter(color: str) -> str:
    return _shaded(color, lambda light: 1 - (1 - light) * _DARKER)


def _shaded(color: str, shade: Callable[[float], float]) -> str:
    """Return a colour of the same hue with another lightness."""
    hue, light, saturation = colorsys.rgb_to_hls(*(value / 255 for value in rgb(color)))
    channels = colorsys.hls_to_rgb(hue, shade(light), saturation)
    return "#" + "".join(f"{round(value * 255):02x}" for value in channels)
