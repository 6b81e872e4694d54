"""Symbol, scene and the two writers."""

import io
import re
import subprocess
import xml.etree.ElementTree as ET
from functools import reduce
from itertools import product
from pathlib import Path

import pytest
import resvg_py
import zxingcpp
from PIL import Image, ImageChops

from scanly.kernel.errors import Invalid
from scanly.services.qr.content import parse_content
from scanly.services.qr.rendering.backdrop import Backdrop
from scanly.services.qr.rendering.eyes import BALLS as EYE_BALLS
from scanly.services.qr.rendering.eyes import FRAMES as EYE_FRAMES
from scanly.services.qr.rendering.frames import FRAME_KINDS, Frame
from scanly.services.qr.rendering.modules import SHAPES
from scanly.services.qr.rendering.output import MEDIA_TYPES, ImageSize, Unit, Wanted, image_size, render, write
from scanly.services.qr.rendering.page import PLAIN, Ink, write_eps, write_pdf
from scanly.services.qr.rendering.paint import Gradient, Stop
from scanly.services.qr.rendering.pictures import LogoFile
from scanly.services.qr.rendering.raster import draw, flattened
from scanly.services.qr.rendering.scene import Layer, Look, Scene, compose
from scanly.services.qr.rendering.svg import write_svg
from scanly.services.qr.rendering.symbol import PayloadTooLong, encode
from tests.services.qr.contents import CONTENTS

ADDRESS = "HTTPS://GO.EXAMPLE/AB23CDE"


def as_png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def decoded(image: Image.Image) -> bytes | None:
    if image.mode == "P":
        image = image.convert("RGBA")
    if image.mode == "RGBA":
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image)
        image = paper
    found = zxingcpp.read_barcodes(image, formats=zxingcpp.barcode_formats_from_str("QRCode"))
    return found[0].bytes if found else None


def on_paper(picture: Image.Image) -> Image.Image:
    """The picture as it lies on a white sheet; without an edge of its own it needs that."""
    image, room = picture.convert("RGBA"), picture.width // 6
    sheet = Image.new("RGB", (image.width + 2 * room, image.height + 2 * room), "white")
    sheet.paste(image, (room, room), image)
    return sheet


def rasterised(svg: bytes, width: int) -> Image.Image:
    """A second, independent renderer: resvg, on white paper."""
    png = resvg_py.svg_to_bytes(
        svg_string=svg.decode(), skip_system_fonts=True, width=width, dpi=96, background="#ffffff"
    )
    return Image.open(io.BytesIO(bytes(png))).convert("RGB")


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


def test_text_is_read_without_an_eci_header() -> None:
    for text in ("café", "चाय", "日本語", "مرحبا", "Ελλάδα", "😀", "ï¿½", "ã\x81\x82".encode().decode()):
        image = draw(compose(encode(text, "auto"), Look()), 400)
        (found,) = zxingcpp.read_barcodes(image.convert("L"))
        assert found.text == text
        assert found.symbology_identifier == "]Q1"


def painted(scene: Scene) -> list[str]:
    return [str(item.paint) for item in scene.items if isinstance(item, Layer)]


def test_parts_have_their_own_colours() -> None:
    look = Look(modules="#111111", eye_frames="#220000", eye_balls="#003300")
    assert painted(compose(encode(ADDRESS, "M"), look)) == ["#111111", "#220000", "#003300"]
    assert painted(compose(encode(ADDRESS, "M"), Look())) == ["#000000"]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("quiet_zone", [0, 4, 10])
def test_the_middle_of_every_module_has_its_colour(shape: str, quiet_zone: int) -> None:
    symbol = encode(ADDRESS, "M")
    scene = compose(symbol, Look(shape=shape, quiet_zone=quiet_zone))
    picture = flattened(draw(scene, scene.width * 8)).convert("L")
    left, top, size = scene.symbol
    assert (left, top, size, scene.width) == (quiet_zone, quiet_zone, 25, 25 + 2 * quiet_zone)
    for y, x in product(range(size), repeat=2):
        shade = picture.getpixel(((left + x) * 8 + 4, (top + y) * 8 + 4))
        assert (shade < 128) == bool(symbol.row(y)[x]), (x, y)  # type: ignore[operator]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_decoder_that_we_do_not_use_reads_them(shape: str, zbarimg: str, tmp_path: Path) -> None:
    file = tmp_path / "code.png"
    look = Look(shape=shape, modules="#0b6b70", eye_frames="#7a0019")
    file.write_bytes(render(ADDRESS, look, Wanted("png", image_size(200, "px", 300))))
    found = subprocess.run([zbarimg, "--quiet", "--raw", str(file)], capture_output=True, check=True, text=True)
    assert found.stdout.strip() == ADDRESS


_GRADIENT = Gradient("linear", (Stop(0, "#102a60"), Stop(1, "#7a1030")), 45)
_RADIAL = Gradient("radial", (Stop(0, "#004d40"), Stop(0.6, "#12355b"), Stop(1, "#5b2a86")))
_LIGHT = Gradient("linear", (Stop(0, "#ffffff"), Stop(1, "#fdf1f4")), 90)
_BEHIND = Backdrop(LogoFile("image/png", as_png(Image.linear_gradient("L").resize((300, 200)))), 0.3)
_PLATE = Frame("banner_bottom", "स्कैन करें", "#0b3d91", "#ffffff")
LOOKS = {
    **{shape: Look(shape=shape, eye_frames="#7a0019") for shape in SHAPES},
    **{f"frame {name}": Look(eye_frame=name, eye_frames="#7a0019") for name in EYE_FRAMES},
    **{f"ball {name}": Look(eye_ball=name) for name in EYE_BALLS},
    **{f"around {kind}": Look(frame=Frame(kind, "امسح Menu 24", "#5b2a86", "#ffffff")) for kind in FRAME_KINDS},
    "tinted": Look(background="#fff4e0"),
    "open": Look(background=None),
    "linear": Look(modules=_GRADIENT, eye_frames=_GRADIENT, eye_balls=_GRADIENT),
    "radial": Look(modules=_RADIAL, background=_LIGHT),
    "round": Look(outline="circle", shape="dots", background="#eef6ff"),
    "round and framed": Look(outline="circle", frame=_PLATE, modules=_RADIAL),
    "cross": Look(emblem="swiss_cross"),
    "over a picture": Look(backdrop=_BEHIND),
    "over a picture, framed": Look(backdrop=_BEHIND, background="#fff4e0", frame=_PLATE),
    "over a picture, round": Look(backdrop=_BEHIND, outline="circle", background=_LIGHT),
}


def unlike(one: Image.Image, other: Image.Image) -> float:
    """The share of pixels that differ by more than a quarter of the range in some colour."""
    assert abs(one.width - other.width) <= 1
    assert abs(one.height - other.height) <= 1
    size = (min(one.width, other.width), min(one.height, other.height))
    difference = ImageChops.difference(one.crop((0, 0, *size)), other.crop((0, 0, *size)))
    worst = reduce(ImageChops.lighter, difference.split()).point([255 * (value > 64) for value in range(256)])
    return worst.histogram()[255] / (size[0] * size[1])


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_vectors_and_rasters_show_the_same(look: Look) -> None:
    scene = compose(encode(ADDRESS, "M"), look)
    width = scene.width * 12
    svg = write_svg(scene, width=f"{scene.width}px", height=f"{scene.height}px")
    assert unlike(flattened(draw(scene, width)), rasterised(svg, width)) < 0.008


@pytest.mark.slow
@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.usefixtures("paper")
def test_paper_shows_the_same(look: Look, tmp_path: Path) -> None:
    scene = compose(encode(ADDRESS, "M"), look)
    ours = flattened(draw(scene, scene.width * 8))
    points = scene.width * 8 * 72 / 288
    for form, ink in product(("pdf", "eps"), (PLAIN, Ink("cmyk"))):
        shown = printed(scene, form, points, ink, tmp_path)
        assert unlike(ours, shown) < 0.03, (form, ink)
        assert decoded(on_paper(shown)) == ADDRESS.encode()


def printed(scene: Scene, form: str, points: float, ink: Ink, folder: Path) -> Image.Image:
    """The page at 288 dots per inch, by poppler or Ghostscript."""
    file, out = folder / f"code.{form}", folder / "page.png"
    file.write_bytes(
        write_pdf(scene, points=points, ink=ink) if form == "pdf" else write_eps(scene, points=points, ink=ink)
    )
    if form == "pdf":
        command = ["pdftoppm", "-r", "288", "-png", "-singlefile", str(file), str(out.with_suffix(""))]
    else:
        smooth = ["-dTextAlphaBits=4", "-dGraphicsAlphaBits=4", "-dEPSCrop"]
        command = ["gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", *smooth, "-r288", "-sDEVICE=png16m"]
        command += [f"-sOutputFile={out}", str(file)]
    subprocess.run(command, check=True, capture_output=True)
    return Image.open(out).convert("RGB")


@pytest.mark.usefixtures("paper")
@pytest.mark.parametrize(("size", "unit", "points"), [(40, "mm", 113.3858), (100, "mm", 283.4646), (1.5, "in", 108.0)])
def test_paper_has_the_exact_size(size: float, unit: Unit, points: float, tmp_path: Path) -> None:
    file = tmp_path / "code.pdf"
    file.write_bytes(
        render(ADDRESS, Look(), Wanted("pdf", image_size(size, unit, 300)), "Menü", "https://go.example/ab23cde")
    )
    told = subprocess.run(["pdfinfo", str(file)], check=True, capture_output=True, text=True).stdout
    width, height = (float(number) for number in re.findall(r"Page size: +([\d.]+) x ([\d.]+) pts", told)[0])
    assert (width, height) == (pytest.approx(points, abs=0.01), pytest.approx(points, abs=0.01))
    assert re.search(r"Title: +Menü\n", told)
    assert re.search(r"Subject: +https://go.example/ab23cde\n", told)
    eps = render(ADDRESS, Look(), Wanted("eps", image_size(size, unit, 300))).decode("latin-1")
    assert f"%%HiResBoundingBox: 0 0 {points:g} {points:g}" in eps or f"{points:.4f}".rstrip("0").rstrip(".") in eps


def test_rasters_have_the_exact_size_and_say_their_resolution() -> None:
    for form in ("png", "jpg"):
        image = Image.open(io.BytesIO(render(ADDRESS, Look(), Wanted(form, image_size(40, "mm", 300)))))  # type: ignore[arg-type]
        assert image.size == (472, 472)
        assert [round(dots) for dots in image.info["dpi"]] == [300, 300]


@pytest.mark.parametrize("look", [Look(), Look(modules=_GRADIENT, background=None)], ids=["few", "many"])
def test_rasters_say_title_and_address(look: Look) -> None:
    told = {}
    for form in ("png", "jpg", "webp"):
        size = image_size(300, "px", 300)
        file = render(ADDRESS, look, Wanted(form, size), "Menü <&>", "https://go.example/ab23cde")  # type: ignore[arg-type]
        image = Image.open(io.BytesIO(file))
        image.load()
        told[form] = image.info
    assert told["png"]["Title"] == "Menü <&>"
    assert told["png"]["Description"] == "https://go.example/ab23cde"
    for form in ("jpg", "webp"):
        words = [each.text for each in ET.fromstring(told[form]["xmp"]).findall(".//{*}li")]
        assert words == ["Menü <&>", "https://go.example/ab23cde"]


def test_only_formats_with_inks_take_them() -> None:
    with pytest.raises(Invalid, match="PDF or EPS"):
        Wanted("png", image_size(None, "px", 300), Ink("cmyk"))


def test_print_shops_get_named_inks_and_black_over_colours() -> None:
    scene = compose(encode(ADDRESS, "M"), Look())
    for file in (
        write_pdf(scene, points=100, ink=Ink("cmyk", "PANTONE 185 C", overprint=True)),
        write_eps(scene, points=100, ink=Ink("cmyk", "PANTONE 185 C", overprint=True)),
    ):
        assert b"/Separation" in file
        assert b"/OPM 1" in file or b"setoverprint" in file
        assert b"rg\n" not in file.split(b"%%EndComments")[-1] or b"/rg" in file


def test_the_same_arguments_make_the_same_bytes() -> None:
    look = Look(shape="dots", eye_frames="#7a0019")
    for form in MEDIA_TYPES:
        size = image_size(40, "mm", 300)
        assert render(ADDRESS, look, Wanted(form, size), "x") == render(ADDRESS, look, Wanted(form, size), "x")


def test_edges_are_smooth_and_the_colours_at_both_ends_are_kept() -> None:
    scene = compose(
        encode(ADDRESS, "M"), Look(shape="dots", modules="#0b6b70", eye_frames="#0b6b70", eye_balls="#0b6b70")
    )
    shades = {color for _, color in draw(scene, scene.width * 20).convert("RGB").getcolors(10_000) or []}
    assert {(0x0B, 0x6B, 0x70), (255, 255, 255)} <= shades
    assert len(shades) > 4


def test_transparent_files_have_holes() -> None:
    scene = compose(encode(ADDRESS, "M"), Look(shape="rounded", background=None))
    for pixels in (400, 80):
        image = Image.open(io.BytesIO(write(scene, Wanted("png", ImageSize(pixels, "px", pixels, None))))).convert(
            "RGBA"
        )
        assert image.getpixel((0, 0))[3] == 0  # type: ignore[index]
        assert image.size == (pixels, pixels)
        assert decoded(image) == ADDRESS.encode()
    assert b'd="M0 0h' not in write_svg(scene, width="1px", height="1px")


def test_svg_is_well_formed_and_says_what_it_is() -> None:
    svg = render("x", Look(), Wanted("svg", image_size(None, "mm", 300)), 'Tea\ufffe & "Cake" <b>')
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
    image = flattened(draw(scene, 6 * scene.width))
    assert decoded(image) == payload.encode()
