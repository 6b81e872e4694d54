"""The judge: what it lets pass, what it refuses, and what it says."""

import pytest

from scanly.services.qr.design import Design
from scanly.services.qr.judging import judge, repair
from scanly.services.qr.rendering.modules import SHAPES
from scanly.services.qr.rendering.scene import Look

ADDRESS = "HTTPS://GO.EXAMPLE/AB23CDE"


def one_color(color: str, background: str | None = "#ffffff") -> Look:
    return Look(modules=color, eye_frames=color, eye_balls=color, background=background)


def codes(look: Look, payload: str = ADDRESS) -> set[str]:
    return {advice.code for advice in judge(payload, look).advice}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("color", ["#000000", "#0b6b70", "#7a0019", "#1a237e"])
def test_dark_on_white_is_perfect(shape: str, color: str) -> None:
    verdict = judge(ADDRESS, Look(shape=shape, modules=color, eye_frames=color, eye_balls=color))
    assert (verdict.grade, verdict.advice) == ("A", ())
    assert verdict.is_readable


@pytest.mark.parametrize(
    "look",
    [
        one_color("#ffffff"),
        one_color("#f4f4f4"),
        one_color("#000000", "#000000"),
        one_color("#ffffff", None),
        one_color("#ffff00"),
        Look(eye_frames="#f0f0f0"),
        Look(modules="#fafafa"),
        Look(background="#222222"),
    ],
)
def test_what_no_phone_reads_is_refused_with_a_way_out(look: Look) -> None:
    verdict = judge(ADDRESS, look)
    assert (verdict.grade, verdict.is_readable) == ("F", False)
    assert verdict.score < 40
    assert verdict.advice[0].severity == "error"
    assert "low_contrast" in {advice.code for advice in verdict.advice}
    assert "not_from_far" not in {advice.code for advice in verdict.advice}


def test_inverted_always_warns_and_is_never_the_best() -> None:
    for color, background in (("#ffffff", "#000000"), ("#ffe9c9", "#0b2f4a"), ("#ffffff", "#7a0019")):
        verdict = judge(ADDRESS, one_color(color, background))
        assert verdict.is_readable
        assert verdict.grade != "A"
        assert {advice.code: advice.severity for advice in verdict.advice}["inverted"] == "warning"
        assert verdict.measures["inverted"] is True


def test_paler_is_never_better() -> None:
    scores = [judge(ADDRESS, one_color(f"#{level:02x}{level:02x}{level:02x}")).score for level in range(0, 256, 15)]
    luck = 4  # one view missed by one of three readers
    assert all(score >= max(scores[place:]) - luck for place, score in enumerate(scores))
    assert (scores[0], scores[-1]) == (100, 0)


def test_advice_for_each_weakness() -> None:
    assert codes(Look(quiet_zone=1)) == {"quiet_zone_narrow"}
    assert codes(Look(quiet_zone=3)) == {"quiet_zone_narrow"}
    assert codes(Look(background=None)) == {"transparent"}
    assert "not_from_far" in codes(Look(), "x" * 2500)
    assert {"low_contrast", "weak_in_bad_light"} <= codes(one_color("#d8d8d8"))


def test_a_narrow_edge_costs_points_below_two_modules() -> None:
    scores = [judge(ADDRESS, Look(quiet_zone=width)).score for width in range(5)]
    assert scores == [90, 95, 100, 100, 100]


def test_measures_are_those_of_the_symbol() -> None:
    measures = judge(ADDRESS, Look(error_correction="Q", quiet_zone=6)).measures
    assert (measures["modules"], measures["version"]) == (25, 2)
    assert (measures["error_correction"], measures["quiet_zone"], measures["contrast"]) == ("Q", 6, 1.0)
    assert (measures["least_size_mm"], measures["least_distance_cm"]) == (10, 10)
    assert measures["unused_error_correction"] == 1.0
    views = {"clean", "small", "blurred", "noisy", "tilted", "turned", "dim", "packed", "glare", "shade"}
    assert set(measures["views"]) == views  # type: ignore[arg-type]


def test_a_repair_ends_with_the_best_it_found_when_its_time_is_over() -> None:
    faint = {"modules": {"fill": {"color": "#d8d8e8"}}, "quiet_zone": 0, "error_correction": "L"}
    whole, hurried = repair(ADDRESS, faint, Look()), repair(ADDRESS, faint, Look(), seconds=0)

    assert whole.verdict.is_sound
    assert not hurried.changes
    assert hurried.design == Design.model_validate(faint).model_dump(mode="json")
    assert not hurried.verdict.is_sound
