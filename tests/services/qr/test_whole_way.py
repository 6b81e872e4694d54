"""The whole way of a code: any content in any design that the judge lets pass, in every format and at any size.

Files are shown by a renderer of others, decoded, and read by a reader of others: the fields are those that went in.

``SCANLYTEST_EXAMPLES`` says how many examples each format gets; ``make soak`` takes many more than CI.
"""

import asyncio
import io
import os
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from benchmarks.readable.sample import emblem
from scanly.contracts.qr import ContentInvalid
from scanly.kernel.ids import encode_id, new_id
from scanly.services.qr.content import TYPES, Content, parse_content
from scanly.services.qr.content.file import FileContent
from scanly.services.qr.design import Design
from scanly.services.qr.design.options import OPTIONS
from scanly.services.qr.rendering.output import INKED, RASTERS, Format, Unit, Wanted, image_size
from scanly.services.qr.rendering.page import PLAIN, Ink
from scanly.services.qr.studio import Studio, Subject
from tests.services.qr import contents
from tests.services.qr.factories import AtOnce
from tests.services.qr.media_twin import MediaTwin
from tests.services.qr.test_content_round_trip import CONTENTS, assert_same_fields
from tests.services.qr.test_rendering import decoded, on_paper, rasterised

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("paper")]

_EXAMPLES = int(os.environ.get("SCANLYTEST_EXAMPLES", "25"))
_FORMATS = [option.name for option in OPTIONS.formats]
_PER_INCH = {"px": 96.0, "mm": 25.4, "in": 1.0}
_WEAK = {"weak_for_some", "weak_when_moved", "weak_in_bad_light", "not_from_far", "logo_too_large"}
"""Advice with which a code may be saved, though one picture is not always enough to read it."""
_WORKSPACE = new_id()
_DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 20"><rect width="30" height="20" rx="4" fill="#c0143c"/>'
    b'<circle cx="15" cy="10" r="6" fill="#fff"/></svg>'
)


@cache
def media() -> tuple[MediaTwin, tuple[str, ...]]:
    """Files of a workspace, and those of them that can be logos."""
    twin, png = MediaTwin(), io.BytesIO()
    emblem().save(png, "PNG")
    return twin, (
        twin.add(_WORKSPACE, "logo.png", png.getvalue(), "image/png"),
        twin.add(_WORKSPACE, "logo.svg", _DRAWING, "image/svg+xml"),
    )


def names(options: list[Any]) -> st.SearchStrategy[str]:
    return st.sampled_from([option.name for option in options])


def within(bounds: Any) -> st.SearchStrategy[int]:
    return st.integers(int(bounds.least), int(bounds.most))


colors = st.one_of(
    st.sampled_from(OPTIONS.inks),
    st.sampled_from(OPTIONS.inks),
    st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}"),
)
stops = st.lists(colors, min_size=int(OPTIONS.gradient_stops.least), max_size=int(OPTIONS.gradient_stops.most)).map(
    lambda chosen: [{"at": at / (len(chosen) - 1), "color": color} for at, color in enumerate(chosen)]
)
plain_fills = st.fixed_dictionaries({"color": colors})
gradients = st.fixed_dictionaries(
    {"kind": st.sampled_from(OPTIONS.fills[1:]), "angle": st.integers(0, 360), "stops": stops}
)
fills = st.one_of(plain_fills, plain_fills, st.fixed_dictionaries({"gradient": gradients}))
grounds = st.one_of(
    st.none(), st.sampled_from(OPTIONS.grounds).map(lambda color: {"color": color}), st.just({"color": "#ffffff"})
)
behind = st.fixed_dictionaries(
    {
        "file_id": st.integers(0, 1).map(lambda number: media()[1][number]),
        "strength": st.floats(OPTIONS.background_strength.least, OPTIONS.background_strength.most),
    }
)
texts = st.sampled_from(["Scan me", "स्कैन करें", "امسح الرمز", "Menu & prices", "סרקו", "ஸ்கேன்"])
designs = st.fixed_dictionaries(
    {
        "modules": st.fixed_dictionaries({"shape": names(OPTIONS.modules), "fill": fills}),
        "eyes": st.fixed_dictionaries(
            {
                "frame": st.fixed_dictionaries(
                    {"shape": names(OPTIONS.eye_frames), "fill": st.one_of(st.none(), fills)}
                ),
                "ball": st.fixed_dictionaries({"shape": names(OPTIONS.eye_balls), "fill": st.one_of(st.none(), fills)}),
            }
        ),
        "background": st.fixed_dictionaries({"fill": grounds, "picture": st.one_of(st.none(), behind)}),
        "outline": names(OPTIONS.outlines),
        "error_correction": st.sampled_from(OPTIONS.error_corrections),
        "quiet_zone": within(OPTIONS.quiet_zone),
        "frame": st.one_of(
            st.none(),
            st.fixed_dictionaries({"kind": names(OPTIONS.frames), "text": texts, "fill": fills}),
        ),
        "logo": st.one_of(
            st.none(),
            st.fixed_dictionaries(
                {
                    "file_id": st.integers(0, 1).map(lambda number: media()[1][number]),
                    "size": st.floats(OPTIONS.logo_size.least, OPTIONS.logo_size.most),
                    "clear": st.booleans(),
                }
            ),
        ),
    }
)


def file_content(data: st.DataObject) -> Content:
    """A file with the address that media gave it."""
    content = FileContent(file_id=data.draw(st.uuids(version=4)))
    name = data.draw(st.sampled_from(["menu.pdf", "Speisekarte%20Mai.pdf", "%E0%A4%9A%E0%A4%BE%E0%A4%AF.png"]))
    (file_id,) = content.file_ids()
    return content.located({file_id: f"https://go.example/f/{encode_id('file', file_id)}/{name}"})


def assert_read(content: Content, text: str) -> None:
    assert text == content.payload()
    if isinstance(content, FileContent):
        found = re.fullmatch(r"https://go\.example/f/(file_[0-9a-z]{26})/[^/]+", text)
        assert found
        assert found[1] == encode_id("file", content.file_id)
    else:
        assert_same_fields(content, text)


def drawn(subject: Subject, form: Format, size: tuple[float, Unit, int], ink: Ink) -> bytes:
    studio = Studio(AtOnce(), media()[0])
    return asyncio.run(studio.draw(subject, Wanted(form, image_size(*size), ink)))


def is_let_pass(subject: Subject) -> bool:
    """Whether such a code is accepted, and the judge does not say that phones are slow to read it."""
    try:
        verdict = asyncio.run(Studio(AtOnce(), media()[0]).judge(subject))
    except ContentInvalid:
        return False
    return verdict.is_readable and not _WEAK & {advice.code for advice in verdict.advice}


def modules_of(subject: Subject) -> int:
    """How many modules wide the picture is, frame and all."""
    svg = drawn(subject, "svg", (512, "px", 300), Ink())
    return int(re.findall(rb'viewBox="0 0 (\d+) ', svg)[0])


def shown(file: bytes, form: str, pixels: int, inches: float) -> Image.Image:
    """The file as a program of others shows it, so many pixels wide."""
    if form in RASTERS:
        return Image.open(io.BytesIO(file))
    if form == "svg":
        return rasterised(file, pixels)
    with TemporaryDirectory() as folder:
        source, page = Path(folder) / f"code.{form}", Path(folder) / "page.png"
        source.write_bytes(file)
        dpi = f"{pixels / inches:.3f}"
        if form == "pdf":
            command = ["pdftoppm", "-r", dpi, "-png", "-singlefile", str(source), str(page.with_suffix(""))]
        else:
            command = ["gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-dGraphicsAlphaBits=4", "-dEPSCrop", f"-r{dpi}"]
            command += ["-sDEVICE=png16m", f"-sOutputFile={page}", str(source)]
        subprocess.run(command, check=True, capture_output=True)
        return Image.open(io.BytesIO(page.read_bytes()))


def looked_at(sheet: Image.Image) -> bytes | None:
    """What a phone reads within its first pictures, between which the hand moves a little."""
    for angle, scale in ((0, 1.0), (6, 0.8), (-9, 0.65)):
        side = round(sheet.width * scale), round(sheet.height * scale)
        turned = sheet.rotate(angle, Image.Resampling.BICUBIC, fillcolor="white").resize(side, Image.Resampling.BICUBIC)
        if (found := decoded(turned)) is not None:
            return found
    return None


def read_back(subject: Subject, content: Content, form: Format, width: int, unit: Unit, dpi: int, ink: Ink) -> None:
    """Draw a code ``width`` pixels wide, or as wide as the unit has room for, and read it as others do."""
    least, most = next((each.least, each.most) for each in OPTIONS.sizes if each.unit == unit)
    per_inch = _PER_INCH[unit]
    size = float(width) if unit == "px" else width / dpi * per_inch
    size = min(max(size, least), most)
    if form in RASTERS and unit != "px" and size / per_inch * dpi < width * 0.99:
        size, unit = float(width), "px"  # the largest page has too few dots at this resolution
    file = drawn(subject, form, (size, unit, dpi), ink if form in INKED else PLAIN)
    found = looked_at(on_paper(shown(file, form, width, size / per_inch)))
    assert found is not None, "nothing is read"
    assert_read(content, found.decode())


def choices() -> Iterator[dict[str, Any]]:
    """Each choice that the studio offers, by itself."""
    for shape in OPTIONS.modules:
        yield {"modules": {"shape": shape.name}}
    for part, offered in (("frame", OPTIONS.eye_frames), ("ball", OPTIONS.eye_balls)):
        for shape in offered:
            yield {"eyes": {part: {"shape": shape.name}}}
    yield from ({"outline": outline.name} for outline in OPTIONS.outlines)
    yield from ({"frame": {"kind": frame.name, "text": "स्कैन Menu"}} for frame in OPTIONS.frames)
    yield from ({"error_correction": level} for level in OPTIONS.error_corrections)
    yield from ({"logo": {"file_id": file_id}} for file_id in media()[1])
    yield from ({"background": {"picture": {"file_id": file_id}}} for file_id in media()[1])
    ends = [{"at": 0, "color": "#0b3d91"}, {"at": 1, "color": "#7a0019"}]
    for kind in OPTIONS.fills[1:]:
        yield {"modules": {"fill": {"gradient": {"kind": kind, "stops": ends}}}}
    for color in OPTIONS.inks:
        yield {"modules": {"fill": {"color": color}}}
    for color in OPTIONS.grounds:
        yield {"background": {"fill": {"color": color}}}


@pytest.mark.parametrize("form", _FORMATS)
def test_every_choice_by_itself_is_read_in_every_format(form: Format) -> None:
    kinds = cycle(contents.CONTENTS)
    for number, design in enumerate(choices()):
        content = parse_content(next(kinds))
        if isinstance(content, FileContent):
            content = content.located({content.file_id: "https://go.example/f/menu.pdf"})
        subject = Subject(content.payload(), Design.model_validate(design), type(content), _WORKSPACE)
        width = modules_of(subject) * 6
        file = drawn(subject, form, (float(width), "px", 300), Ink())
        assert looked_at(on_paper(shown(file, form, width, width / 96))) == content.payload().encode(), (number, design)


@pytest.mark.parametrize("form", _FORMATS)
@settings(
    max_examples=_EXAMPLES,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink an example would take minutes of drawing
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_whatever_may_be_saved_is_read_as_it_was_written(form: Format, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(list(TYPES)))
    content = file_content(data) if name == "file" else contents.parsed(type=name, **data.draw(CONTENTS[name]))
    design = Design.model_validate(data.draw(designs))
    subject = Subject(content.payload(), design, type(content), _WORKSPACE)
    assume(is_let_pass(subject))
    width = modules_of(subject) * data.draw(st.integers(4, 9)) + data.draw(st.integers(0, 3))
    ink = Ink(data.draw(st.sampled_from(["rgb", "cmyk"])), data.draw(st.sampled_from([None, "PANTONE 185 C"])))
    unit = data.draw(st.sampled_from(get_args(Unit)))
    read_back(subject, content, form, width, unit, data.draw(within(OPTIONS.dpi)), ink)
