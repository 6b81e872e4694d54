"""SVG: what runs or loads something is taken out, what is drawn stays."""

import base64
from pathlib import Path
from xml.etree.ElementTree import canonicalize

import pytest

from scanly.services.media.inspection import Inspected, Limits, Refused, inspect
from tests.services.media.factories import picture, svg
from tests.services.media.test_hostile import bomb

RECT = '<rect width="10" height="10" fill="#123"/>'
LIMITS = Limits(50_000_000, 500)
EVIL = "https://evil.example/"


def inspected(tmp_path: Path, content: bytes) -> Inspected:
    source = tmp_path / "source"
    source.write_bytes(content)
    return inspect(source, tmp_path / "safe", LIMITS)


def cleaned(tmp_path: Path, inside: str, attributes: str = 'viewBox="0 0 20 10"') -> str:
    return inspected(tmp_path, svg(inside, attributes)).path.read_text(encoding="utf-8")


def refused(tmp_path: Path, content: bytes) -> str:
    with pytest.raises(Refused) as caught:
        inspected(tmp_path, content)
    assert not (tmp_path / "safe").exists()
    return caught.value.code


@pytest.mark.parametrize(
    "harm",
    [
        "<script>harm()</script>",
        f'<script href="{EVIL}harm.js"/>',
        '<rect onclick="harm()" width="1" height="1"/>',
        '<rect ONLOAD="harm()" width="1" height="1"/>',
        "<foreignObject><img xmlns='http://www.w3.org/1999/xhtml' src='x' onerror='harm()'/></foreignObject>",
        f"<image href='{EVIL}harm.png' width='5' height='5'/>",
        f"<image xlink:href='{EVIL}harm.png' width='5' height='5'/>",
        "<image href='file:///etc/harm' width='5' height='5'/>",
        "<image href='data:image/svg+xml;base64,harm' width='5' height='5'/>",
        "<image href='data:text/html,harm' width='5' height='5'/>",
        f"<use href='{EVIL}harm.svg#a'/>",
        f"<use xlink:href='{EVIL}harm.svg#a'/>",
        "<a href='javascript:harm()'><rect width='1' height='1'/></a>",
        "<a xlink:href='javascript:harm()'><rect width='1' height='1'/></a>",
        "<animate attributeName='href' to='javascript:harm()'/>",
        "<set attributeName='onload' to='harm()'/>",
        "<handler xmlns='http://www.w3.org/2001/xml-events'>harm()</handler>",
        "<iframe xmlns='http://www.w3.org/1999/xhtml' src='javascript:harm()'/>",
        f"<rect fill=\"url({EVIL}harm#x)\" width='1' height='1'/>",
        f"<rect style=\"fill: url('{EVIL}harm#x')\" width='1' height='1'/>",
        f"<rect style=\"fill: u\\72l('{EVIL}harm#x')\" width='1' height='1'/>",
        f"<rect style='background:URL( {EVIL}harm )' width='1' height='1'/>",
        f"<rect style='background:url({EVIL}harm' width='1' height='1'/>",
        f"<rect style='background:ur/**/l({EVIL}harm)' width='1' height='1'/>",
        f"<rect style='list-style:image-set(\"{EVIL}harm.png\" 1x)' width='1' height='1'/>",
        f"<style>@import url({EVIL}harm.css);</style>",
        f"<style>@import '{EVIL}harm.css'; .a {{fill:red}}</style>",
        f"<style>@font-face {{font-family:x; src:url({EVIL}harm.woff)}} .a {{fill:red}}</style>",
        f"<style>.a {{fill: url({EVIL}harm)}}</style>",
        f"<style>.a {{fill: \\75rl({EVIL}harm)}}</style>",
        f"<style><![CDATA[@im/**/port '{EVIL}harm';]]></style>",
        "<style>.a {behavior: url(#harm)}</style>",
        "<style>.a {width: expression(harm())}</style>",
        f"<filter id='f'><feImage href='{EVIL}harm.png'/></filter>",
        f"<!-- {EVIL}harm -->",
        f"<?xml-stylesheet href='{EVIL}harm.css'?>",
        "<metadata>harm</metadata>",
    ],
)
def test_what_runs_or_loads_is_taken_out(tmp_path: Path, harm: str) -> None:
    text = cleaned(tmp_path, harm + RECT)
    assert "harm" not in text.lower().replace("url(#harm)", ""), text
    assert "evil" not in text
    assert 'fill="#123"' in text


@pytest.mark.parametrize(
    "inside",
    [
        "<linearGradient id='g'><stop offset='0' stop-color='red'/></linearGradient><path d='M0 0' fill='url(#g)'/>",
        "<style>.cls-1{fill:#e4002b;stroke:url(#g)}</style><path class='cls-1' d='M0 0'/>",
        "<g transform='translate(1 2)' style='fill:#fff;mix-blend-mode:multiply'><circle r='2'/></g>",
        "<symbol id='s'><rect width='1' height='1'/></symbol><use xlink:href='#s' x='3'/>",
        "<text x='1' y='9' font-family='Noto Sans'>मिठाई</text>",
        f"<image width='5' height='5' href='data:image/png;base64,{base64.b64encode(picture()).decode()}'/>",
        "<clipPath id='c'><rect width='3' height='3'/></clipPath><rect clip-path='url(#c)' width='9' height='9'/>",
        "<filter id='f'><feGaussianBlur stdDeviation='2'/></filter><rect filter='url(#f)' width='9' height='9'/>",
    ],
)
def test_what_is_drawn_stays(tmp_path: Path, inside: str) -> None:
    text = cleaned(tmp_path, inside)
    assert canonicalize(text) == canonicalize(svg(inside).decode())


def test_a_link_becomes_what_it_shows(tmp_path: Path) -> None:
    text = cleaned(
        tmp_path, f"before <a href='{EVIL}' target='x'><text>shown</text></a><script>x</script> behind{RECT}"
    )
    assert "<g><text>shown</text></g>" in text
    assert "behind" in text


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('viewBox="0 0 20 10"', (20, 10)),
        ('width="2in" height="96"', (192, 96)),
        ('width="100%" height="100%" viewBox="0,0 30 , 40"', (30, 40)),
        ('width="10mm" height="1cm" viewBox="0 0 5 5"', (38, 38)),
    ],
)
def test_a_drawing_has_a_size(tmp_path: Path, attributes: str, size: tuple[int, int]) -> None:
    found = inspected(tmp_path, svg(RECT, attributes))
    assert (found.found.width, found.found.height) == size
    assert "viewBox" in found.path.read_text(encoding="utf-8")


def bomb_of_entities() -> bytes:
    rules = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE svg [<!ENTITY e0 "ha">{rules}]>'.encode() + svg("<text>&e9;</text>")


def bomb_of_copies() -> bytes:
    def copies(number: int) -> str:
        return f'<use href="#g{number}"/>' * 10

    groups = "".join(f'<g id="g{number}">{copies(number - 1)}</g>' for number in range(1, 9))
    return svg(f'<g id="g0">{RECT}</g>{groups}')


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (bomb_of_entities(), "svg_entities"),
        (b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + svg("<text>&x;</text>"), "svg_entities"),
        (b'<!DOCTYPE svg [<!ENTITY % x SYSTEM "http://evil.example/x"> %x;]>' + svg(RECT), "svg_entities"),
        (bomb_of_copies(), "svg_too_complex"),
        (svg('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>' + RECT), "svg_too_complex"),
        (svg('<g id="a"><use href="#a"/></g>' + RECT), "svg_too_complex"),
        (svg("<g>" * 250 + RECT + "</g>" * 250), "svg_too_complex"),
        pytest.param(svg("<g/>" * 100_001 + RECT), "svg_too_complex", marks=pytest.mark.slow),
        (svg("<!--" + "x" * 10_000_000 + "-->" + RECT), "svg_too_complex"),
        (svg("<script>only()</script>"), "svg_empty"),
        (svg(RECT, ""), "svg_no_size"),
        (svg(RECT, 'viewBox="0 0 0 0"'), "svg_no_size"),
        (svg(RECT)[:-3], "file_broken"),
        (svg("<text>&unknown;</text>"), "file_broken"),
        (b'<?xml version="1.0"?><!-- <svg --><html xmlns="http://www.w3.org/1999/xhtml"/>', "file_unknown"),
        (b'<svg xmlns="http://example.com/"><rect/></svg>', "file_unknown"),
        (
            svg(f"<image href='data:image/png;base64,{base64.b64encode(bomb(9000, 9000)).decode()}' width='9'/>"),
            "file_too_many_pixels",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_drawn_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    assert refused(tmp_path, content) == code


def test_a_document_type_of_old_programs_does_no_harm(tmp_path: Path) -> None:
    doctype = b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">'
    text = inspected(tmp_path, doctype + svg(RECT)).path.read_text(encoding="utf-8")
    assert "DOCTYPE" not in text
    assert 'fill="#123"' in text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("inside", "box"),
    [
        ('<filter id="f"><feTurbulence baseFrequency="0.5" numOctaves="10000"/></filter>', "0 0 100 100"),
        ('<filter id="f">' + '<feGaussianBlur stdDeviation="50"/>' * 500 + "</filter>", "0 0 100 100"),
        (('<g opacity="0.9">' + RECT * 2 + "</g>") * 2_000, "0 0 10 10"),
        ("", "0 0 1 100000"),
    ],
    ids=["noise", "blur", "groups", "a tower"],
)
def test_a_drawing_that_nobody_could_draw_is_refused_before_others_wait_for_it(
    tmp_path: Path, inside: str, box: str
) -> None:
    content = svg(inside + '<rect width="90" height="90" filter="url(#f)"/>', f'viewBox="{box}"')

    assert refused(tmp_path, content) == "svg_too_complex"
