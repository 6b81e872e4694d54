"""Designs: what is accepted, what is refused and why."""

from typing import Any

import pytest
from pydantic import ValidationError

from scanly.kernel.http.problems import invalid
from scanly.services.qr.design import EYE_BALLS, EYE_FRAMES, MODULE_SHAPES, OUTLINES, Design
from scanly.services.qr.rendering.scene import SHAPES, Look


def faults(design: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(ValidationError) as caught:
        Design.model_validate(design)
    return {fault.pointer: fault.code for fault in invalid(caught.value.errors()).errors}


def test_nothing_is_the_plain_look() -> None:
    assert Design.model_validate({}).look() == Look()


def test_everything_offered_can_be_drawn() -> None:
    assert set(MODULE_SHAPES) == set(SHAPES)
    for words in (*MODULE_SHAPES.values(), *EYE_FRAMES.values(), *EYE_BALLS.values(), *OUTLINES.values()):
        assert {*words} == {"en", "hi"}


def test_eyes_take_the_modules_colour_unless_they_have_one() -> None:
    look = Design.model_validate(
        {"modules": {"fill": {"color": "#ABC"}}, "eyes": {"ball": {"fill": {"color": "#112233"}}}}
    )
    assert (look.look().modules, look.look().eye_frames, look.look().eye_balls) == ("#aabbcc", "#aabbcc", "#112233")


def test_a_design_survives_being_stored() -> None:
    design = Design.model_validate({"background": {"fill": None}, "quiet_zone": 0, "error_correction": "H"})
    assert Design.model_validate(design.model_dump(mode="json")) == design
    assert design.look().background is None


_GRADIENT = {"gradient": {"kind": "linear", "angle": 45, "stops": [{"at": 0, "color": "#000000"}]}}


@pytest.mark.parametrize(
    ("design", "pointer"),
    [
        ({"modules": {"shape": "star"}}, "/modules/shape"),
        ({"modules": {"fill": _GRADIENT}}, "/modules/fill/gradient"),
        ({"background": {"fill": {"color": "#fff", **_GRADIENT}}}, "/background/fill/gradient"),
        ({"eyes": {"frame": {"shape": "circle"}}}, "/eyes/frame/shape"),
        ({"eyes": {"ball": {"shape": "leaf"}}}, "/eyes/ball/shape"),
        ({"logo": {"file_id": "file_1", "size": 0.2, "clear": True}}, "/logo"),
        ({"frame": {"kind": "banner_bottom", "text": "Scan me"}}, "/frame"),
        ({"outline": "circle"}, "/outline"),
    ],
)
def test_what_does_not_work_yet_is_refused_with_what_does(design: dict[str, Any], pointer: str) -> None:
    assert faults(design) == {pointer: "not_available"}


@pytest.mark.parametrize(
    ("design", "pointer"),
    [
        ({"colour": "#000"}, "/colour"),
        ({"modules": {"fill": {"color": "red"}}}, "/modules/fill/color"),
        ({"modules": {"fill": {"color": "#12345"}}}, "/modules/fill/color"),
        ({"modules": {"fill": {"color": "#000000; x"}}}, "/modules/fill/color"),
        ({"modules": {"fill": {}}}, "/modules/fill/color"),
        ({"modules": {"fill": "#000000"}}, "/modules/fill"),
        ({"quiet_zone": -1}, "/quiet_zone"),
        ({"quiet_zone": 11}, "/quiet_zone"),
        ({"quiet_zone": 2.5}, "/quiet_zone"),
        ({"quiet_zone": "4"}, "/quiet_zone"),
        ({"error_correction": "X"}, "/error_correction"),
        ({"eyes": []}, "/eyes"),
    ],
)
def test_a_malformed_design_is_refused_at_the_place(design: dict[str, Any], pointer: str) -> None:
    assert set(faults(design)) == {pointer}


def test_all_faults_of_a_design_come_at_once() -> None:
    design = {"modules": {"shape": "star", "fill": {"color": "red"}}, "quiet_zone": 99, "logo": {}}
    assert set(faults(design)) == {"/modules/shape", "/modules/fill/color", "/quiet_zone", "/logo"}
