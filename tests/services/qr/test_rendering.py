"""Symbol, scene and the two writers."""

import io
import re
import subprocess
import xml.etree.ElementTree as ET
from itertools import product
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from scanly.services.qr.content import parse_content
from scanly.services.qr.rendering.output import ImageSize, image_size, render
from scanly.services.qr.rendering.raster import draw, write_png
from scanly.services.qr.rendering.scene import SHAPES, Box, Layer, Look, Scene, compose
from scanly.services.qr.rendering.svg import write_svg
from scanly.services.qr.rendering.symbol import PayloadTooLong, encode
from tests.services.qr.contents import CONTENTS

ADDRESS = "HTTPS://GO.EXAMPLE/AB23CDE"
_STEP = re.compile(r"([Mhvaz])([^Mhvaz]*)")


def decoded(image: Image.Image) -> bytes | None:
    if image.mode == "P":
        image = image.convert("RGBA")
    if image.mode == "RGBA":
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image)
        image = paper
    found = zxingcpp.read_barcodes(image, formats=zxingcpp.barcode_formats_from_str("QRCode"))
    return found[0].bytes if found else None


def rasterised(svg: bytes, scale: int) -> Image.Image:
    """A second, independent renderer for the few path commands that our SVG uses; arcs become polygons."""
    root = ET.fromstring(svg)
    size = int(root.attrib["viewBox"].split()[2])
    image = Image.new("RGB", (size * scale, size * scale), "white")
    pen = ImageDraw.Draw(image)
    for path in root.iter("{http://www.w3.org/2000/svg}path"):
        for outline in path.attrib["d"].replace("H0z", f"h-{size}z").split("z")[:-1]:
            x = y = 0.0
            points = []
            for command, numbers in _STEP.findall(outline):
                values = [float(number) for number in re.findall(r"-?(?:\d*\.\d+|\d+)", numbers)]
                if command == "M":
                    x, y = values
                elif command == "h":
                    x += values[0]
                elif command == "v":
                    y += values[0]
                else:
                    x, y = x + values[-2], y + values[-1]
                points.append((x * scale, y * scale))
            pen.polygon([(max(0, a), max(0, b)) for a, b in points], fill=path.attrib["fill"])
    return image


@pytest.mark.parametrize(
    ("payload", "level", "version"),
    [
        ("0" * 41, "L", 1),
        ("0" * 42, "L", 2),
        ("A" * 25, "L", 1),
        ("A" * 26, "L", 2),
        ("a" * 17, "L", 1),
        ("a" * 18, "L", 2),
        ("a" * 14, "M", 1),
        ("a" * 11, "Q", 1),
        ("a" * 7, "H", 1),
        ("a" * 2953, "L", 40),
        ("A" * 4296, "L", 40),
        ("0" * 7089, "L", 40),
    ],
)
def test_symbols_are_as_small_as_the_standard_allows(payload: str, level: str, version: int) -> None:
    # Capacities of ISO/IEC 18004, table 7.
    assert encode(payload, level).version == version  # type: ignore[arg-type]


def test_auto_takes_the_best_correction_that_costs_nothing() -> None:
    for length in range(1, 80):
        payload = "x" * length
        chosen, smallest = encode(payload, "auto"), encode(payload, "L")
        assert chosen.size == smallest.size
        better = [level for level in "MQH" if encode(payload, level).size == smallest.size]  # type: ignore[arg-type]
        assert chosen.level == (better[-1] if better else "L")


def test_upper_case_addresses_make_smaller_symbols() -> None:
    assert encode(ADDRESS.upper(), "Q").size < encode(ADDRESS.lower(), "Q").size


@pytest.mark.parametrize(("length", "level", "excess"), [(2954, "L", 1), (4000, "L", 1047), (1300, "H", 27)])
def test_says_exactly_how_much_too_long(length: int, level: str, excess: int) -> None:
    with pytest.raises(PayloadTooLong) as caught:
        encode("x" * length, level)  # type: ignore[arg-type]
    assert (caught.value.excess, caught.value.fits, caught.value.level) == (excess, length - excess, level)


def test_text_is_utf_8_without_an_eci_header() -> None:
    for text in ("café", "चाय", "日本語", "مرحبا", "Ελλάδα", "😀", "ï¿½", "ã\x81\x82".encode().decode()):
        image = draw(compose(encode(text, "auto"), Look()), 400)
        (found,) = zxingcpp.read_barcodes(image.convert("L"))
        assert found.bytes == text.encode()
        assert found.symbology_identifier == "]Q1"


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("quiet_zone", [0, 4, 10])
def test_every_dark_module_is_drawn_once_and_no_light_one(shape: str, quiet_zone: int) -> None:
    symbol = encode(ADDRESS, "M")
    scene = compose(symbol, Look(shape=shape, quiet_zone=quiet_zone))
    drawn: list[tuple[int, int]] = []
    for layer in scene.layers:
        for box in layer.boxes:
            drawn += product(range(box.x, box.x + box.width), range(box.y, box.y + box.height))
    dark = {
        (quiet_zone + x, quiet_zone + y) for y in range(symbol.size) for x, module in enumerate(symbol.row(y)) if module
    }
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == dark
    assert scene.size == symbol.size + 2 * quiet_zone


def test_parts_have_their_own_colours() -> None:
    look = Look(modules="#111111", eye_frames="#220000", eye_balls="#003300")
    layers = {layer.color: layer.boxes for layer in compose(encode(ADDRESS, "M"), look).layers}
    assert set(layers) == {"#111111", "#220000", "#003300"}
    assert len(layers["#003300"]) == 3
    assert len(compose(encode(ADDRESS, "M"), Look()).layers) == 1


looks = st.builds(
    Look,
    shape=st.sampled_from(list(SHAPES)),
    modules=st.sampled_from(["#000000", "#0b6b70", "#7a0019"]),
    eye_frames=st.sampled_from(["#000000", "#5b2a86"]),
    eye_balls=st.sampled_from(["#000000", "#123456"]),
    background=st.sampled_from(["#ffffff", "#fff4e0", None]),
    quiet_zone=st.integers(2, 10),
    error_correction=st.sampled_from(["auto", "L", "M", "Q", "H"]),
)
payloads = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=90)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(payload=payloads, look=looks, pixels=st.integers(300, 500))
def test_whatever_is_drawn_decodes_to_the_same(payload: str, look: Look, pixels: int) -> None:
    scene = compose(encode(payload, look.error_correction), look)
    image = Image.open(io.BytesIO(write_png(scene, pixels=max(pixels, 4 * scene.size))))
    assert decoded(image) == payload.encode()
    assert decoded(rasterised(write_svg(scene, length="100"), 6)) == payload.encode()


@pytest.mark.parametrize("shape", SHAPES)
def test_a_decoder_that_we_do_not_use_reads_them(shape: str, zbarimg: str, tmp_path: Path) -> None:
    file = tmp_path / "code.png"
    look = Look(shape=shape, modules="#0b6b70", eye_frames="#7a0019")
    file.write_bytes(render(ADDRESS, look, "png", image_size(200, "px", 300)))
    found = subprocess.run([zbarimg, "--quiet", "--raw", str(file)], capture_output=True, check=True, text=True)
    assert found.stdout.strip() == ADDRESS


@pytest.mark.parametrize("background", ["#fff4e0", None])
@pytest.mark.parametrize("shape", SHAPES)
def test_both_writers_show_the_same(shape: str, background: str | None) -> None:
    scene = compose(encode(ADDRESS, "M"), Look(shape=shape, background=background, eye_frames="#7a0019"))
    ours = draw(scene, scene.size * 12).convert("RGBA")
    paper = Image.new("RGB", ours.size, "white")
    paper.paste(ours, mask=ours)
    other = rasterised(write_svg(scene, length="100"), 12)
    for y, x in product(range(scene.size), repeat=2):
        middle = (x * 12 + 6, y * 12 + 6)
        assert paper.getpixel(middle) == other.getpixel(middle), (x, y)


def test_the_same_arguments_make_the_same_bytes() -> None:
    look = Look(shape="dots", eye_frames="#7a0019")
    for form in ("svg", "png"):
        size = ImageSize("40mm", 472, 300)
        assert render(ADDRESS, look, form, size, "x") == render(ADDRESS, look, form, size, "x")  # type: ignore[arg-type]


def test_corners_are_round_where_nothing_touches_them() -> None:
    scene = compose(encode(ADDRESS, "M"), Look(shape="rounded", quiet_zone=0))
    dark = {
        cell
        for layer in scene.layers
        for box in layer.boxes
        for cell in product(range(box.x, box.x + box.width), range(box.y, box.y + box.height))
    }
    eyes = 7
    for box in scene.layers[0].boxes:
        left, right = box.x, box.x + box.width - 1
        corners = box.round or (False,) * 4
        for is_round, x, y in zip(corners, (left, right, right, left), (-1, -1, 1, 1), strict=True):
            if is_round:
                assert (x, box.y + y) not in dark or x < eyes or x >= scene.size - eyes
    assert any(box.round for box in scene.layers[0].boxes)


def test_smoothing_keeps_the_colours_at_both_ends() -> None:
    scene = Scene(2, "#ffffff", (Layer("#0b6b70", (Box(0, 0, 1, 1, (True, True, True, True)),)),))
    image = draw(scene, 40).convert("RGB")
    assert image.getpixel((10, 10)) == (0x0B, 0x6B, 0x70)
    assert image.getpixel((0, 0)) == (255, 255, 255)
    assert image.getpixel((30, 30)) == (255, 255, 255)
    shades = {color for _, color in image.getcolors(10_000) or []}
    assert len(shades) > 4


def test_transparent_files_have_holes() -> None:
    scene = compose(encode(ADDRESS, "M"), Look(shape="rounded", background=None))
    for pixels in (400, 80):
        image = Image.open(io.BytesIO(write_png(scene, pixels=pixels))).convert("RGBA")
        assert image.getpixel((0, 0))[3] == 0  # type: ignore[index]
        assert image.size == (pixels, pixels)
        assert decoded(image) == ADDRESS.encode()
    assert b'd="M0 0h' not in write_svg(scene, length="1")


def test_svg_is_well_formed_and_says_what_it_is() -> None:
    svg = render("x", Look(), "svg", image_size(None, "mm", 300), 'Tea\ufffe & "Cake" <b>')
    root = ET.fromstring(svg)
    assert root[0].text == 'Tea & "Cake" <b>'
    assert root.attrib["width"] == "40mm"
    assert b"<script" not in svg
    assert len(svg) < 4000


@pytest.mark.parametrize("fields", CONTENTS, ids=lambda fields: str(fields["type"]))
@pytest.mark.parametrize("shape", SHAPES)
def test_every_content_survives_the_symbol(fields: dict[str, str], shape: str) -> None:
    payload = parse_content(fields).payload()
    scene = compose(encode(payload, "auto"), Look(shape=shape))
    image = Image.open(io.BytesIO(write_png(scene, pixels=6 * scene.size)))
    assert decoded(image) == payload.encode()
