"""Drawings as logos: vectors in PDF and EPS where they can be followed, pixels where not, and the same to see."""

from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from scanly.services.qr.rendering.logo import Logo, Picture
from scanly.services.qr.rendering.page import PLAIN, Ink, write_eps, write_pdf
from scanly.services.qr.rendering.pictures import LogoFile
from scanly.services.qr.rendering.raster import draw, flattened
from scanly.services.qr.rendering.scene import Look, Scene, compose
from scanly.services.qr.rendering.symbol import encode
from scanly.services.qr.rendering.vectors import vectors_of
from tests.services.qr.drawings import GRADIENTS, PIXELS, SEE_THROUGH, VECTORS
from tests.services.qr.test_rendering import ADDRESS, printed, unlike


def drawing(inside: str, root: str = 'viewBox="0 0 40 20"') -> LogoFile:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {root}>{inside}</svg>'
    return LogoFile("image/svg+xml", svg.encode())


def scene_of(inside: str, root: str = 'viewBox="0 0 40 20"') -> tuple[Scene, LogoFile]:
    file = drawing(inside, root)
    return compose(encode(ADDRESS, "H"), Look(logo=Logo(file, 0.34))), file


def off(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of colours, of 255: what ``unlike`` does not see of a gradient that is a little wrong."""
    size = (min(one.width, other.width), min(one.height, other.height))
    stat = ImageStat.Stat(ImageChops.difference(one.crop((0, 0, *size)), other.crop((0, 0, *size))))
    return max(stat.mean)


@pytest.mark.slow
@pytest.mark.usefixtures("paper")
@pytest.mark.parametrize("inside", (VECTORS | SEE_THROUGH).values(), ids=VECTORS | SEE_THROUGH)
def test_they_show_what_pixels_show(inside: str, tmp_path: Path) -> None:
    scene, _ = scene_of(inside)
    (logo,) = [item for item in scene.items if isinstance(item, Picture)]
    sides = (logo.x, logo.y, logo.x + logo.width, logo.y + logo.height)
    area = tuple(round(side * 24) for side in sides)
    ours = flattened(draw(scene, scene.width * 24)).crop(area)
    for form, ink in (("pdf", PLAIN), ("eps", PLAIN)):
        shown = printed(scene, form, scene.width * 24 * 72 / 288, ink, tmp_path).crop(area)
        assert unlike(ours, shown) < 0.03, form
        assert off(ours, shown) < 4, form


@pytest.mark.parametrize("inside", VECTORS.values(), ids=VECTORS)
def test_no_pixels_are_in_the_files(inside: str) -> None:
    scene, file = scene_of(inside)
    assert vectors_of(file)
    assert b"/Subtype /Image" not in write_pdf(scene, points=100, ink=PLAIN)
    assert b"/ImageType" not in write_eps(scene, points=100, ink=Ink("cmyk"))


@pytest.mark.parametrize("inside", SEE_THROUGH.values(), ids=SEE_THROUGH)
def test_what_can_be_seen_through_is_vectors_in_pdf_only(inside: str) -> None:
    scene, _ = scene_of(inside)
    pdf = write_pdf(scene, points=100, ink=PLAIN)
    assert b"/Subtype /Image" not in pdf
    assert b"/Fade0 << /ca " in pdf
    assert b"/ImageType" in write_eps(scene, points=100, ink=PLAIN)


def test_copies_that_grow_without_bound_are_not_followed() -> None:
    copies = "".join(f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * 10 + "</g>" for n in range(1, 9))
    for inside in (f'<g id="a0"><rect width="1" height="1"/></g>{copies}', '<g id="a"><use href="#a"/></g>'):
        assert vectors_of(drawing(inside)) is None


@pytest.mark.parametrize(
    "inside",
    [
        f'<path id="p" d="M0 0{"L9 9" * 2_000}z"/>' + '<use href="#p"/>' * 100,
        f'<path d="M0 0{" " * 600_000}z"/>',
        '<linearGradient id="a">'
        + '<stop/><stop stop-color="red"/>' * 2_000
        + "</linearGradient>"
        + '<rect width="9" height="9" fill="url(#a)"/>' * 20,
    ],
    ids=["large copies", "room", "colours again and again"],
)
def test_long_work_is_not_begun(inside: str) -> None:
    assert vectors_of(drawing(inside)) is None


@pytest.mark.timeout(5)
def test_room_between_numbers_is_read_once() -> None:
    assert vectors_of(drawing(f'<path d="M0 0{" " * 200_000}L9 9 9 0z"/>')) is not None
    assert vectors_of(drawing(f'<path d="M0 0{" " * 200_000}x"/>')) is None


@pytest.mark.parametrize(
    "root",
    [
        'viewBox="0 0 40 20" width="40" height="0"',
        'viewBox="0 0 40 20" width="nan" height="5"',
        'viewBox="0 0 1e999 20"',
        'viewBox="1e40 0 40 20"',
        'viewBox="0 0 1e9 1e9"',
        'viewBox="0 0 1e-9 1e-9"',
    ],
)
def test_a_box_that_cannot_be_written_stays_pixels(root: str) -> None:
    assert vectors_of(drawing('<path d="M0 0h9v9z"/>', root)) is None


@pytest.mark.slow
@pytest.mark.usefixtures("paper")
@pytest.mark.parametrize("form", ["pdf", "eps"])
def test_print_shops_get_gradients_of_their_inks(form: str, tmp_path: Path) -> None:
    scene, _ = scene_of(GRADIENTS["slanted"])
    written = write_pdf if form == "pdf" else write_eps
    file = written(scene, points=100, ink=Ink("cmyk"))
    assert b"/ColorSpace /DeviceCMYK" in file
    assert b"/DeviceRGB" not in file
    (logo,) = [item for item in scene.items if isinstance(item, Picture)]
    shown = printed(scene, form, scene.width * 6, Ink("cmyk"), tmp_path)
    x, y = round((logo.x + logo.width * 0.5) * 24), round((logo.y + logo.height * 0.6) * 24)
    red, green, blue = shown.getpixel((x, y))  # type: ignore[misc]
    assert min(red, green) > blue


@pytest.mark.parametrize("inside", PIXELS.values(), ids=PIXELS)
def test_what_cannot_be_followed_stays_pixels(inside: str) -> None:
    scene, file = scene_of(inside)
    assert vectors_of(file) is None
    assert b"/Subtype /Image" in write_pdf(scene, points=100, ink=PLAIN)
    assert b"/ImageType" in write_eps(scene, points=100, ink=PLAIN)


def test_a_drawing_that_is_stretched_stays_pixels() -> None:
    _, file = scene_of('<path d="M0 0h9v9z"/>', 'viewBox="0 0 40 20" width="40" height="40"')
    assert vectors_of(file) is None
    _, file = scene_of('<path d="M0 0h9v9z"/>', 'viewBox="0 0 40 20" width="80px" height="40px"')
    assert vectors_of(file)


def test_print_shops_get_their_colours() -> None:
    scene, _ = scene_of('<path fill="#ff0000" stroke="#000" d="M0 0h9v9z"/>')
    eps = write_eps(scene, points=100, ink=Ink("cmyk", overprint=True)).decode("latin-1")
    assert "0 1 1 0 k 0 0 m" in eps
    assert "0 0 0 1 K" in eps
    assert "false setoverprint" in eps
