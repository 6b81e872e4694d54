"""Designs: what is accepted, what is refused and why."""

from typing import Any

import pytest
from pydantic import ValidationError

from scanly.kernel.http.problems import invalid
from scanly.services.qr.design import Design, words
from scanly.services.qr.rendering.eyes import BALLS as EYE_BALLS
from scanly.services.qr.rendering.eyes import FRAMES as EYE_FRAMES
from scanly.services.qr.rendering.frames import FRAME_KINDS, Frame
from scanly.services.qr.rendering.modules import SHAPES
from scanly.services.qr.rendering.output import MEDIA_TYPES
from scanly.services.qr.rendering.paint import Gradient, Stop
from scanly.services.qr.rendering.scene import Look


def faults(design: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(ValidationError) as caught:
        Design.model_validate(design)
    return {fault.pointer: fault.code for fault in invalid(caught.value.errors()).errors}


def test_nothing_is_the_plain_look() -> None:
    assert Design.model_validate({}).look() == Look()


def test_everything_offered_can_be_drawn_and_nothing_else() -> None:
    for offered, drawn in (
        (words.MODULE_SHAPES, SHAPES),
        (words.EYE_FRAMES, EYE_FRAMES),
        (words.EYE_BALLS, EYE_BALLS),
        (words.FRAMES, FRAME_KINDS),
        (words.FORMATS, MEDIA_TYPES),
    ):
        assert set(offered) == set(drawn)
        assert all({*title} == {"en", "hi"} for title in offered.values())


def test_eyes_take_the_modules_colour_unless_they_have_one() -> None:
    look = Design.model_validate(
        {"modules": {"fill": {"color": "#ABC"}}, "eyes": {"ball": {"fill": {"color": "#112233"}}}}
    )
    assert (look.look().modules, look.look().eye_frames, look.look().eye_balls) == ("#aabbcc", "#aabbcc", "#112233")


def test_a_design_survives_being_stored() -> None:
    design = Design.model_validate({"background": {"fill": None}, "quiet_zone": 0, "error_correction": "H"})
    assert Design.model_validate(design.model_dump(mode="json")) == design
    assert design.look().background is None


_STOPS = [{"at": 0, "color": "#000000"}, {"at": 1, "color": "#123"}]
_GRADIENT = {"gradient": {"kind": "linear", "angle": 45, "stops": _STOPS}}


def test_a_whole_design_becomes_a_look_and_back() -> None:
    sent = {
        "modules": {"shape": "star", "fill": _GRADIENT},
        "eyes": {"frame": {"shape": "circle"}, "ball": {"shape": "leaf"}},
        "frame": {"kind": "caption", "text": "स्कैन करें", "fill": {"color": "#0b3d91"}},
        "outline": "circle",
    }
    design = Design.model_validate(sent)
    look = design.look()
    assert look.modules == Gradient("linear", (Stop(0, "#000000"), Stop(1, "#112233")), 45)
    assert (look.eye_frames, look.eye_frame, look.eye_ball, look.outline) == (look.modules, "circle", "leaf", "circle")
    assert look.frame == Frame("caption", "स्कैन करें", "#0b3d91", "#0b3d91")
    stored = design.model_dump(mode="json")
    assert stored["modules"]["fill"] == {
        "gradient": {**_GRADIENT["gradient"], "stops": [*_STOPS[:1], {"at": 1, "color": "#112233"}]}
    }
    assert Design.model_validate(stored) == design


@pytest.mark.parametrize(
    ("design", "pointer", "code"),
    [
        ({"modules": {"shape": "hearts"}}, "/modules/shape", "not_available"),
        ({"eyes": {"frame": {"shape": "hexagon"}}}, "/eyes/frame/shape", "not_available"),
        ({"frame": {"kind": "cloud"}}, "/frame/kind", "not_available"),
        ({"frame": {"text": "Scan 𓀀"}}, "/frame/text", "not_drawable"),
        ({"frame": {"text": ""}}, "/frame/text", "too_short"),
        ({"frame": {"text": "x" * 41}}, "/frame/text", "too_long"),
        ({"outline": "heart"}, "/outline", "not_available"),
        ({"modules": {"fill": {"color": "#fff", **_GRADIENT}}}, "/modules/fill", "fill_invalid"),
        ({"modules": {"fill": {}}}, "/modules/fill", "fill_invalid"),
        (
            {"modules": {"fill": {"gradient": {"kind": "linear", "stops": _STOPS[::-1]}}}},
            "/modules/fill/gradient",
            "stops_unordered",
        ),
        (
            {"modules": {"fill": {"gradient": {"kind": "linear", "stops": _STOPS[:1]}}}},
            "/modules/fill/gradient/stops",
            "too_short",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused_at_the_place(design: dict[str, Any], pointer: str, code: str) -> None:
    assert faults(design) == {pointer: code}


@pytest.mark.parametrize(
    ("design", "pointer"),
    [
        ({"colour": "#000"}, "/colour"),
        ({"modules": {"fill": {"color": "red"}}}, "/modules/fill/color"),
        ({"modules": {"fill": {"color": "#12345"}}}, "/modules/fill/color"),
        ({"modules": {"fill": {"color": "#000000; x"}}}, "/modules/fill/color"),
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
    design = {"modules": {"shape": "hearts", "fill": {"color": "red"}}, "quiet_zone": 99, "outline": "x"}
    assert set(faults(design)) == {"/modules/shape", "/modules/fill/color", "/quiet_zone", "/outline"}
