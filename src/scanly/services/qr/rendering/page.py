"""Writes a scene as PDF 1.6 or as EPS (PostScript 3): one page of exactly the size of the picture.

Both languages draw alike, so the drawing is written once, in the short operators of PDF, which a prolog defines for
PostScript. Colours are sRGB's numbers as device RGB, or CMYK in which black is only black; a spot colour and
overprinted black are there for print shops. No dates and no chance: the same scene is the same file.
"""

import base64
import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from PIL import Image

from scanly.services.qr.rendering.backdrop import Cover, opacity
from scanly.services.qr.rendering.geometry import Glyph, Placed
from scanly.services.qr.rendering.logo import Picture
from scanly.services.qr.rendering.operands import components, fine, n, shading, values
from scanly.services.qr.rendering.paint import Paint, Stop, Wash, cmyk, colors_of, rgb, spread
from scanly.services.qr.rendering.paths import Matrix
from scanly.services.qr.rendering.pictures import LogoFile, opened, square_of
from scanly.services.qr.rendering.ramps import Ramp
from scanly.services.qr.rendering.raster import washed
from scanly.services.qr.rendering.scene import PAPER, Scene
from scanly.services.qr.rendering.vectors import Drawing, Shape, vectors_of

_BLACK: Final = "#000000"
_LINE: Final = 2
_LONGEST: Final = 2_000
"""Pixels of a picture's longer side."""
_BEHIND: Final = 1_024
"""Pixels of the side of a picture behind the code."""


@dataclass(frozen=True, slots=True)
class Ink:
    """How colours are written. ``spot`` names a printing ink for the modules; overprint is for pure black."""

    color: Literal["rgb", "cmyk"] = "rgb"
    spot: str | None = None
    overprint: bool = False


PLAIN: Final = Ink()


def write_pdf(scene: Scene, *, points: float, ink: Ink) -> bytes:
    """Return the scene ``points`` wide (1/72 inch) as PDF."""
    height = points * scene.height / scene.width
    scale = points / scene.width
    page = _Page(scene, ink)
    drawing = "\n".join([f"q {n(scale)} 0 0 {n(-scale)} 0 {n(height)} cm", *page.operators(), "Q"]).encode()
    box = f"[0 0 {n(points)} {n(height)}]"
    info = [f"/Title {_pdf_text(scene.title)}" if scene.title else "", "/Creator (Scanly)", "/Producer (Scanly)"]
    if scene.address:
        info.append(f"/Subject {_pdf_text(scene.address)}")
    resources = page.resources(first_object=6)
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /PrintScaling /None /DisplayDocTitle true >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox {box} /TrimBox {box} /Contents 4 0 R "
        f"/Resources {resources} >>".encode(),
        _stream(drawing),
        f"<< {' '.join(filter(None, info))} >>".encode(),
        *page.objects(first=6),
    ]
    return _file(objects)


def write_eps(scene: Scene, *, points: float, ink: Ink) -> bytes:
    """Return the scene ``points`` wide (1/72 inch) as EPS."""
    height = points * scene.height / scene.width
    scale = points / scene.width
    page = _Page(scene, ink, is_postscript=True)
    head = [
        "%!PS-Adobe-3.0 EPSF-3.0",
        f"%%BoundingBox: 0 0 {-int(-points // 1)} {-int(-height // 1)}",
        f"%%HiResBoundingBox: 0 0 {n(points)} {n(height)}",
        "%%Creator: Scanly",
        f"%%Title: {_dsc(scene.title)}",
        *([f"%%Subject: {_dsc(scene.address)}"] if scene.address else []),
        "%%LanguageLevel: 3",
        "%%Pages: 1",
        "%%EndComments",
        "gsave",
        "/m {moveto} bind def /l {lineto} bind def /c {curveto} bind def /h {closepath} bind def /f {fill} bind def",
        "/f* {eofill} bind def /S {stroke} bind def /RG {setrgbcolor} bind def /K {setcmykcolor} bind def",
        "/w {setlinewidth} bind def /J {setlinecap} bind def /j {setlinejoin} bind def /M {setmiterlimit} bind def",
        "/q {gsave} bind def /Q {grestore} bind def /rg {setrgbcolor} bind def /k {setcmykcolor} bind def",
        f"0 {n(height)} translate {n(scale)} {n(-scale)} scale",
    ]
    return "\n".join([*head, *page.operators(), "grestore", "%%EOF", ""]).encode("latin-1")


class _Page:
    """What is drawn, in modules."""

    def __init__(self, scene: Scene, ink: Ink, *, is_postscript: bool = False) -> None:
        self._scene = scene
        self._ink = ink
        self._is_postscript = is_postscript
        self._is_cmyk = ink.color == "cmyk"
        self._shade = "shfill" if is_postscript else "sh"
        self._shadings: dict[str, int] = {}
        self._pictures: list[Image.Image] = []
        self._opacities: dict[tuple[float, float], int] = {}
        self._main = scene.ink[0] if scene.ink and isinstance(scene.ink[0], str) else None
        self._done: list[str] | None = None

    def operators(self) -> list[str]:
        """Return the drawing, line by line."""
        if self._done is None:
            self._done = list(self._draw())
        return self._done

    def _draw(self) -> Iterator[str]:
        scene = self._scene
        if scene.background is not None:
            corners = f"0 0 m {scene.width} 0 l {scene.width} {scene.height} l 0 {scene.height} l h"
            yield from self._fill(scene.background, [corners])
        for item in scene.items:
            if isinstance(item, Picture):
                yield from self._picture(item)
            elif isinstance(item, Cover):
                yield from self._cover(item)
            elif item.placed:
                yield from self._fill(item.paint, _outlines(item.placed))

    def _fill(self, paint: Paint, outlines: list[str]) -> Iterator[str]:
        if isinstance(paint, Wash):
            yield "q"
            yield from outlines
            yield "clip newpath" if self._is_postscript else "W n"
            yield f"{self._wash(paint)} {self._shade}"
            yield "Q"
            return
        yield from self._color(paint)
        yield from outlines
        yield "f"

    def _color(self, color: str) -> Iterator[str]:
        over = self._ink.overprint and self._is_cmyk and color == _BLACK
        if self._ink.overprint:
            state = "true" if over else "false"
            yield f"{state} setoverprint" if self._is_postscript else ("/Over gs" if over else "/Knock gs")
        if self._ink.spot and color == self._main:
            yield f"{self._separation()} setcolorspace 1 setcolor" if self._is_postscript else "/Spot cs 1 scn"
        elif self._is_cmyk:
            yield f"{self._components(color)} k"
        else:
            yield f"{self._components(color)} rg"

    def _wash(self, wash: Wash) -> str:
        """Return the shading of a gradient over a rectangle."""
        if wash.gradient.kind == "radial":
            x, y = wash.middle
            return self._shading("radial", (x, y, 0, x, y, wash.radius), wash.gradient.stops)
        return self._shading("linear", [value for end in wash.ends for value in end], wash.gradient.stops)

    def _shading(self, kind: str, coords: Iterable[float], stops: Iterable[Stop]) -> str:
        """Return the name of a shading in PDF, in PostScript all of it."""
        written = shading(kind, coords, stops, is_cmyk=self._is_cmyk)
        if self._is_postscript:
            return written
        return f"/Sh{self._shadings.setdefault(written, len(self._shadings))}"

    def _components(self, color: str) -> str:
        return components(color, is_cmyk=self._is_cmyk)

    def _separation(self) -> str:
        """Return the colour space of a named ink, with what stands in for it where that ink is not."""
        name = _name(self._ink.spot or "", is_postscript=self._is_postscript)
        tint = cmyk(self._main or _BLACK)
        if self._is_postscript:
            parts = " ".join(f"dup {n(value)} mul exch" for value in tint)
            return f"[/Separation {name} /DeviceCMYK {{{parts} pop}}]"
        return (
            f"[/Separation {name} /DeviceCMYK << /FunctionType 2 /Domain [0 1] /N 1 "
            f"/C0 [0 0 0 0] /C1 [{values(tint)}] >>]"
        )

    def _picture(self, picture: Picture) -> Iterator[str]:
        drawing = vectors_of(picture.file)
        if drawing is not None and (drawing.is_opaque or not self._is_postscript):
            yield from self._drawing(drawing, picture)
            return
        place = f"{n(picture.width)} 0 0 {n(-picture.height)} {n(picture.x)} {n(picture.y + picture.height)}"
        image = _fitting(picture.file)
        if not self._is_postscript:
            self._pictures.append(image)
            yield f"q {place} cm /Im{len(self._pictures) - 1} Do Q"
            return
        # PostScript has no transparency: the picture lies on what the light modules are.
        ground = self._scene.ground
        page = Image.new("RGB", image.size, rgb(colors_of(ground)[0] if ground is not None else PAPER))
        page.paste(image, (0, 0), image)
        yield f"q [{place}] concat"
        yield from self._pixels(page)
        yield "Q"

    def _drawing(self, drawing: Drawing, picture: Picture) -> Iterator[str]:
        left, top, width, height = drawing.box
        scale_x, scale_y = picture.width / width, picture.height / height
        yield "q"
        yield self._placed((scale_x, 0, 0, scale_y, picture.x - left * scale_x, picture.y - top * scale_y))
        corners = ((left, top), (left + width, top), (left + width, top + height), (left, top + height))
        yield " ".join(f"{fine(corner)} {'l' if place else 'm'}" for place, corner in enumerate(corners))
        yield "h clip newpath" if self._is_postscript else "h W n"
        if self._ink.overprint:
            yield "false setoverprint" if self._is_postscript else "/Knock gs"
        for shape in drawing.shapes:
            yield from self._shape(shape)
        yield "Q"

    def _shape(self, shape: Shape) -> Iterator[str]:
        path = " ".join(f"{fine(map(float, points))} {name}".lstrip() for name, *points in shape.segments)
        paint, stroke, odd = shape.fill, shape.stroke, "eo" if shape.is_even_odd else ""
        fill, line = ("k", "K") if self._is_cmyk else ("rg", "RG")
        yield "q"
        yield self._placed(shape.matrix)
        opacities = shape.opacity if paint else 1.0, stroke.opacity if stroke else 1.0
        if opacities != (1, 1):
            yield self._fade(*opacities)
        if isinstance(paint, Ramp):
            clip = f"{odd}clip newpath" if self._is_postscript else f"W{'*' if odd else ''} n"
            yield f"q {path} {clip} {self._placed(paint.matrix)}"
            yield f"{self._shading(paint.kind, paint.coords, paint.stops)} {self._shade} Q"
        elif paint is not None:
            yield f"{self._components(paint)} {fill} {path} {'f*' if odd else 'f'}"
        if stroke is not None:
            pen = f"{fine([stroke.width])} w {stroke.cap} J {stroke.join} j {n(stroke.miter)} M"
            yield f"{self._components(stroke.color)} {line} {pen} {path} S"
        yield "Q"

    def _fade(self, fill: float, stroke: float = 1.0) -> str:
        """Return the operator after which one can see through what is painted."""
        return f"/Fade{self._opacities.setdefault((fill, stroke), len(self._opacities))} gs"

    def _placed(self, matrix: Matrix) -> str:
        """Return the operator that takes coordinates to those around them."""
        return f"[{fine(matrix)}] concat" if self._is_postscript else f"{fine(matrix)} cm"

    def _cover(self, cover: Cover) -> Iterator[str]:
        _, x, y = cover.outline
        side, pixels = cover.side, min(_BEHIND, *opened(cover.backdrop.file).size)
        image = square_of(cover.backdrop.file, pixels)
        place = f"{n(side)} 0 0 {n(-side)} {n(x)} {n(y + side)}"
        yield "q"
        yield from _outlines((cover.outline,))
        if not self._is_postscript:
            self._pictures.append(image)
            yield f"W n {self._fade(cover.backdrop.strength)} {place} cm /Im{len(self._pictures) - 1} Do Q"
            return
        ground = spread(self._scene.ground or PAPER, x, y, side, side)
        if isinstance(ground, Wash):
            scale = pixels / side
            left, top = round(x * scale), round(y * scale)
            page = washed(ground, scale, (left, top, left + pixels, top + pixels))
        else:
            page = Image.new("RGB", image.size, rgb(ground))
        page.paste(image, (0, 0), opacity(image, cover.backdrop.strength))
        yield f"clip newpath [{place}] concat"
        yield from self._pixels(page)
        yield "Q"

    def _pixels(self, page: Image.Image) -> Iterator[str]:
        """Yield a picture for PostScript, in a square of 1 by 1."""
        space, mode = ("/DeviceCMYK", "CMYK") if self._is_cmyk else ("/DeviceRGB", "RGB")
        channels = len(mode)
        data = base64.a85encode(zlib.compress(page.convert(mode).tobytes(), 9), wrapcol=120).decode()
        yield f"{space} setcolorspace"
        yield (
            f"<< /ImageType 1 /Width {page.width} /Height {page.height} /BitsPerComponent 8 "
            f"/Decode [{' '.join(['0 1'] * channels)}] /ImageMatrix [{page.width} 0 0 {-page.height} 0 {page.height}] "
            "/DataSource currentfile /ASCII85Decode filter /FlateDecode filter >> image"
        )
        yield f"{data}~>"

    def resources(self, *, first_object: int) -> str:
        """Return the dictionary of what the drawing names."""
        self.operators()
        parts = []
        if self._shadings:
            shadings = " ".join(f"/Sh{number} {written}" for written, number in self._shadings.items())
            parts.append(f"/Shading << {shadings} >>")
        if self._pictures:
            images = (f"/Im{number} {first_object + 2 * number} 0 R" for number in range(len(self._pictures)))
            parts.append(f"/XObject << {' '.join(images)} >>")
        if self._ink.spot:
            parts.append(f"/ColorSpace << /Spot {self._separation()} >>")
        states = [
            f"/Fade{number} << /ca {n(fill)} /CA {n(stroke)} >>" for (fill, stroke), number in self._opacities.items()
        ]
        if self._ink.overprint:
            states.append("/Over << /OP true /op true /OPM 1 >> /Knock << /OP false /op false >>")
        if states:
            parts.append(f"/ExtGState << {' '.join(states)} >>")
        return f"<< {' '.join(parts)} >>"

    def objects(self, *, first: int) -> list[bytes]:
        """Return the pictures, each followed by its transparency."""
        objects = []
        for number, image in enumerate(self._pictures):
            mode, space = ("CMYK", "/DeviceCMYK") if self._is_cmyk else ("RGB", "/DeviceRGB")
            head = f"/Type /XObject /Subtype /Image /Width {image.width} /Height {image.height} /BitsPerComponent 8"
            mask = f"/SMask {first + 2 * number + 1} 0 R"
            data = image.convert("RGB").convert(mode).tobytes()
            objects.append(_stream(data, f"{head} /ColorSpace {space} {mask}"))
            objects.append(_stream(image.getchannel("A").tobytes(), f"{head} /ColorSpace /DeviceGray"))
        return objects


def _fitting(file: LogoFile) -> Image.Image:
    image = opened(file)
    if max(image.size) > _LONGEST:
        image = image.copy()
        image.thumbnail((_LONGEST, _LONGEST))
    return image


def _outlines(placed: Iterable[Placed]) -> list[str]:
    return [_outline(glyph, x, y) for glyph, x, y in placed]


def _outline(glyph: Glyph, x: float, y: float) -> str:
    parts = []
    for (start_x, start_y), steps in glyph.contours:
        parts.append(f"{n(start_x + x)} {n(start_y + y)} m")
        for step in steps:
            numbers = " ".join([n(value + (y if place % 2 else x)) for place, value in enumerate(step)])
            parts.append(f"{numbers} {'l' if len(step) == _LINE else 'c'}")
        parts.append("h")
    return " ".join(parts)


def _file(objects: list[bytes]) -> bytes:
    """Return a PDF file of objects 1, 2, 3 …; the first is the catalogue, the fifth the information."""
    parts = [b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n"]
    offsets = []
    length = len(parts[0])
    for number, content in enumerate(objects, 1):
        offsets.append(length)
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, content))
        length += len(parts[-1])
    mark = hashlib.md5(b"".join(parts), usedforsecurity=False).hexdigest()
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    count = len(objects) + 1
    parts.append(
        f"xref\n0 {count}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {count} /Root 1 0 R /Info 5 0 R /ID [<{mark}> <{mark}>] >>\n"
        f"startxref\n{length}\n%%EOF\n".encode()
    )
    return b"".join(parts)


def _stream(data: bytes, head: str = "") -> bytes:
    packed = zlib.compress(data, 9)
    return b"<< %s /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (head.encode(), len(packed), packed)


def _pdf_text(text: str) -> str:
    marked = b"\xfe\xff" + text.encode("utf-16-be", "replace")
    return f"<{marked.hex()}>"


def _dsc(text: str) -> str:
    """Return a comment's text: one line of ASCII."""
    return "".join(char if " " <= char <= "~" else "?" for char in text)[:200]


def _name(text: str, *, is_postscript: bool) -> str:
    """Return a name object; what is not a plain letter is escaped."""
    if is_postscript:
        return "(" + "".join(f"\\{byte:03o}" for byte in text.encode()) + ") cvn"
    return "/" + "".join(chr(byte) if chr(byte).isalnum() and byte < 128 else f"#{byte:02x}" for byte in text.encode())
