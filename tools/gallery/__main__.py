"""`python -m tools.gallery [FOLDER]`: contact sheets of shapes, eyes, frames, gradients and logos, with who reads them.

Each code is drawn 200 px wide and read by zxing-cpp, and by zbar where ``zbarimg`` is there: as it is, blurred and
tilted. What one of them does not read has a red edge and is named. 1 when there is such a code.
"""

import io
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from scanly.services.qr.rendering.eyes import BALLS, FRAMES
from scanly.services.qr.rendering.frames import FRAME_KINDS, ON_NOTHING, Frame
from scanly.services.qr.rendering.logo import Logo
from scanly.services.qr.rendering.modules import SHAPES
from scanly.services.qr.rendering.paint import Fill, Gradient, Stop
from scanly.services.qr.rendering.pictures import LogoFile
from scanly.services.qr.rendering.raster import draw, flattened
from scanly.services.qr.rendering.scene import Look, compose
from scanly.services.qr.rendering.symbol import encode

_PAYLOAD = "HTTPS://GO.EXAMPLE/AB23CDE"
_SIDE = 200
_CELL = (224, 320)
_COLUMNS = 8
_FILLS: dict[str, Fill] = {
    "plain": "#12355b",
    "linear": Gradient("linear", (Stop(0, "#0b3d91"), Stop(1, "#7a0019")), 45),
    "radial": Gradient("radial", (Stop(0, "#5b2a86"), Stop(1, "#004d40"))),
}


def looks() -> Iterator[tuple[str, str, Look]]:
    """Yield sheet, name and look of every pair of choices that people see together."""
    logo = Logo(LogoFile("image/png", _logo()), 0.22)
    for shape in SHAPES:
        for frame in FRAMES:
            yield f"shape-{shape}", f"{frame} eyes", Look(shape, eye_frame=frame, eye_ball=_ball_for(frame))
        for name, fill in _FILLS.items():
            look = Look(shape, modules=fill, eye_frames=fill, eye_balls=fill)
            yield f"shape-{shape}", name, look
        yield f"shape-{shape}", "logo", Look(shape, logo=logo)
        yield f"shape-{shape}", "round", Look(shape, outline="circle")
    for frame in FRAMES:
        for ball in BALLS:
            yield "eyes", f"{frame} / {ball}", Look("rounded", eye_frame=frame, eye_ball=ball)
    for kind in FRAME_KINDS:
        for text in ("Scan me", "स्कैन करें और पाएँ", "امسح للقائمة 24", "Scannez ici"):
            frame_look = Frame(kind, text, "#0b3d91", "#0b3d91" if kind in ON_NOTHING else "#ffffff")
            yield "frames", f"{kind}", Look("rounded", eye_frame="rounded", frame=frame_look)
        yield "frames", f"{kind}, round, logo", Look("dots", outline="circle", logo=logo, frame=frame_look)


def main() -> int:
    """Write the sheets and print what is not read."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/gallery")
    folder.mkdir(parents=True, exist_ok=True)
    sheets: dict[str, list[Image.Image]] = {}
    unread = 0
    for sheet, name, look in looks():
        picture = flattened(draw(compose(encode(_PAYLOAD, look.level), look), _SIDE))
        missing = sorted(_missing(picture))
        unread += bool(missing)
        if missing:
            print(f"{sheet}, {name}: not read by {', '.join(missing)}")
        sheets.setdefault(sheet, []).append(_cell(picture, name, is_read=not missing))
    for sheet, cells in sheets.items():
        _sheet(cells).save(folder / f"{sheet}.png")
    total = sum(map(len, sheets.values()))
    print(f"{total} codes on {len(sheets)} sheets in {folder}; {unread} not read by everyone")
    return int(unread > 0)


def _ball_for(frame: str) -> str:
    return frame if frame in BALLS else "rounded"


def _logo() -> bytes:
    image = Image.new("RGBA", (240, 240), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.ellipse((4, 4, 235, 235), fill=(200, 40, 60, 255))
    pen.polygon([(120, 50), (185, 180), (55, 180)], fill=(255, 255, 255, 255))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _missing(picture: Image.Image) -> Iterator[str]:
    readers: dict[str, Callable[[Image.Image], bool]] = {"zxing-cpp": _zxing}
    if shutil.which("zbarimg"):
        readers["zbar"] = _zbar
    page = Image.new("RGB", (picture.width + 40, picture.height + 40), "white")
    page.paste(picture, (20, 20))
    views = {
        "": page,
        ", blurred": page.filter(ImageFilter.GaussianBlur(1.0)),
        ", tilted": page.resize((page.width * 2, page.height * 2)).rotate(9, expand=True, fillcolor="white"),
    }
    for name, reads in readers.items():
        for view, image in views.items():
            if not reads(image):
                yield name + view


def _zxing(image: Image.Image) -> bool:
    return any(found.text == _PAYLOAD for found in zxingcpp.read_barcodes(image.convert("L")))


def _zbar(image: Image.Image) -> bool:
    file = io.BytesIO()
    image.save(file, "PNG")
    command = ["zbarimg", "--quiet", "--raw", "png:-"]
    return subprocess.run(command, input=file.getvalue(), capture_output=True, check=False).stdout.decode().strip() == (
        _PAYLOAD
    )


def _cell(picture: Image.Image, name: str, *, is_read: bool) -> Image.Image:
    cell = Image.new("RGB", _CELL, "white")
    cell.paste(picture, ((_CELL[0] - picture.width) // 2, 8))
    pen = ImageDraw.Draw(cell)
    pen.text((12, _CELL[1] - 22), name, fill="#333333")
    if not is_read:
        pen.rectangle((1, 1, _CELL[0] - 2, _CELL[1] - 2), outline="#cc0000", width=3)
    return cell


def _sheet(cells: list[Image.Image]) -> Image.Image:
    rows = -(-len(cells) // _COLUMNS)
    sheet = Image.new("RGB", (_CELL[0] * min(_COLUMNS, len(cells)), _CELL[1] * rows), "#dddddd")
    for number, cell in enumerate(cells):
        sheet.paste(cell, (number % _COLUMNS * _CELL[0], number // _COLUMNS * _CELL[1]))
    return sheet


if __name__ == "__main__":
    sys.exit(main())
