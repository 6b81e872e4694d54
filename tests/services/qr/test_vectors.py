"""Drawings as logos: vectors in PDF and EPS where they can be followed, pixels where not, and the same to see."""

from pathlib import Path

import pytest

from scanly.services.qr.rendering.logo import Logo, Picture
from scanly.services.qr.rendering.page import PLAIN, Ink, write_eps, write_pdf
from scanly.services.qr.rendering.pictures import LogoFile
from scanly.services.qr.rendering.raster import draw, flattened
from scanly.services.qr.rendering.scene import Look, Scene, compose
from scanly.services.qr.rendering.symbol import encode
from scanly.services.qr.rendering.vectors import vectors_of
from tests.services.qr.test_rendering import ADDRESS, printed, unlike

VECTORS = {
    "shapes": '<rect x="2" y="2" width="36" height="16" rx="4" fill="#c0143c"/>'
    '<circle cx="12" cy="10" r="5" fill="gold"/>'
    '<ellipse cx="28" cy="10" rx="7" ry="4" fill="rgb(0,80,160)"/><rect width="4" height="4"/>',
    "even-odd": '<path fill-rule="evenodd" fill="#0b3d91" d="M0 0h40v20H0zM10 5h20v10H10z"/>',
    "nonzero": '<path fill="#0b3d91" d="M0 0h40v20H0zM10 5v10h20V5z"/><polygon points="12,6 20,14 28,6"/>',
    "strokes": '<path d="M4 16L14 4l10 12L36 4" fill="none" stroke="#7a0019" stroke-width="3" stroke-linecap="round" '
    'stroke-linejoin="round"/><line x1="2" y1="18" x2="38" y2="18" stroke="black" stroke-width="2"/>',
    "groups": '<g transform="translate(20 10) rotate(30) scale(1.5,.8)" fill="#004d40"><path d="M-8-5h16v10h-16z"/>'
    '<g style="fill:#fff;stroke:#000" transform="skewX(20)"><polyline points="-4,-2 4,-2 0,3"/></g></g>',
    "curves": '<path fill="#5b2a86" d="M2 10C2 0 18 0 18 10S34 20 38 10Q36 2 30 4T24 8z"/>',
    "arcs": '<path fill="#c0143c" d="M20 2a8 8 0 1 1-.1 0zM4 18a6 3 30 0 0 8-4A10 10 0 013 8z"/>'
    '<path fill="none" stroke="#000" d="M30 4A5 9 45 0 1 38 12"/>',
}
PIXELS = {
    "gradient": '<defs><linearGradient id="a"><stop stop-color="red"/><stop offset="1" stop-color="blue"/>'
    '</linearGradient></defs><rect width="40" height="20" fill="url(#a)"/>',
    "opacity": '<rect width="40" height="20" fill="red" opacity=".5"/>',
    "mask": '<mask id="m"><circle r="9" fill="#fff"/></mask><rect width="40" height="20" mask="url(#m)"/>',
    "style sheet": '<style>rect{fill:red}</style><rect width="40" height="20"/>',
    "dashes": '<path d="M0 10h40" stroke="#000" stroke-dasharray="4 2"/>',
    "see-through": '<rect width="40" height="20" fill="#ff000080"/>',
    "copies": '<path id="p" d="M0 0h9v9z"/><use href="#p" x="9"/>',
    "broken": '<path d="M0 0 L 5"/>',
    "percent": '<rect width="100%" height="20"/>',
}


def scene_of(inside: str, root: str = 'viewBox="0 0 40 20"') -> tuple[Scene, LogoFile]:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {root}>{inside}</svg>'
    file = LogoFile("image/svg+xml", svg.encode())
    return compose(encode(ADDRESS, "H"), Look(logo=Logo(file, 0.34))), file


@pytest.mark.slow
@pytest.mark.usefixtures("paper")
@pytest.mark.parametrize("inside", VECTORS.values(), ids=VECTORS)
def test_they_show_what_pixels_show(inside: str, tmp_path: Path) -> None:
    scene, _ = scene_of(inside)
    (logo,) = [item for item in scene.items if isinstance(item, Picture)]
    sides = (logo.x, logo.y, logo.x + logo.width, logo.y + logo.height)
    area = tuple(round(side * 24) for side in sides)
    ours = flattened(draw(scene, scene.width * 24)).crop(area)
    for form, ink in (("pdf", PLAIN), ("eps", PLAIN)):
        shown = printed(scene, form, scene.width * 24 * 72 / 288, ink, tmp_path)
        assert unlike(ours, shown.crop(area)) < 0.03, form


@pytest.mark.parametrize("inside", VECTORS.values(), ids=VECTORS)
def test_no_pixels_are_in_the_files(inside: str) -> None:
    scene, file = scene_of(inside)
    assert vectors_of(file)
    assert b"/Subtype /Image" not in write_pdf(scene, points=100, ink=PLAIN)
    assert b"/ImageType" not in write_eps(scene, points=100, ink=Ink("cmyk"))


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
