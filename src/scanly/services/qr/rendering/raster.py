"""Draws a scene as pixels, without a general renderer: glyphs are tiles, made once for each size and then stamped.

Glyphs whose boxes lie on whole modules are snapped to whole pixels, so edges are sharp and all modules look alike. What
has few colours gets a palette with a ramp of coverage for each layer, which is small and quick to write; gradients and
pictures make it true colour.
"""

from functools import lru_cache
from typing import Final

from PIL import Image, ImageChops, ImageDraw

from scanly.services.qr.rendering.backdrop import Cover, opacity
from scanly.services.qr.rendering.geometry import Glyph, Placed, area, flat
from scanly.services.qr.rendering.logo import Picture
from scanly.services.qr.rendering.paint import Paint, Wash, color_at, mixed, rgb
from scanly.services.qr.rendering.pictures import picture_at, square_of
from scanly.services.qr.rendering.scene import PAPER, Layer, Scene

_SHARP_FROM: Final = 4
"""Pixels a module, from which whole pixels are precise enough."""
_SMOOTHING: Final = 8
_MOST_SMOOTHED: Final = 2_400
"""Pixels on a side of what is drawn larger and averaged down."""
_FEW: Final = 64
"""Glyphs up to which each is stamped by itself rather than through a mask of the whole layer."""
_MOST_LAYERS: Final = 24

Box = tuple[int, int, int, int]


def draw(scene: Scene, pixels: int) -> Image.Image:
    """Return the scene ``pixels`` wide: with palette (``P``), or as ``RGB`` or ``RGBA`` when it needs more colours."""
    if pixels >= _SHARP_FROM * scene.width:
        return _Canvas(scene, pixels).image()
    factor = -(-_SMOOTHING * scene.width // pixels)
    large = _Canvas(scene, pixels * factor).image()
    return large.convert("RGBA" if _is_open(scene) else "RGB").reduce(factor)


def height_of(scene: Scene, pixels: int) -> int:
    """Return the height of a picture that is ``pixels`` wide."""
    return max(1, round(scene.height * pixels / scene.width))


def _is_open(scene: Scene) -> bool:
    """Say whether one can see through the picture somewhere."""
    return scene.background is None


class _Canvas:
    def __init__(self, scene: Scene, pixels: int) -> None:
        self._scene = scene
        self._scale = pixels / scene.width
        self.size = (pixels, height_of(scene, pixels))
        scale_y = self.size[1] / scene.height
        self._x_edges = [round(module * self._scale) for module in range(scene.width + 1)]
        self._y_edges = [round(module * scale_y) for module in range(scene.height + 1)]
        self._seen: Image.Image | None = None
        """The alpha of what one can see through, apart from its colours, which spares turning each ink into RGBA."""

    def image(self) -> Image.Image:
        layers = [item for item in self._scene.items if isinstance(item, Layer)]
        paints = [layer.paint for layer in layers]
        plain = isinstance(self._scene.background, str | None) and all(isinstance(paint, str) for paint in paints)
        if (
            plain
            and len(layers) == len(self._scene.items) <= _MOST_LAYERS
            and all(layer.under != "" for layer in layers)
        ):
            return self._with_palette(layers)
        return self._true_color()

    def _with_palette(self, layers: list[Layer]) -> Image.Image:
        """Draw with a palette: 0 is the background, then a ramp of coverage for each layer."""
        image = Image.new("P", self.size, 0)
        is_crisp = all(placed.glyph.is_straight for layer in layers for placed in layer.placed)
        steps = 1 if is_crisp else 255 // max(len(layers), 1)
        pen = ImageDraw.Draw(image)
        for number, layer in enumerate(layers):
            base = number * steps
            soft = [placed for placed in layer.placed if not self._fill(pen, placed, base + steps)]
            if len(soft) > _FEW:
                mask = self._mask(soft)
                image.paste(mask.point(_ramp(base, steps)), (0, 0), mask.point(_seen(steps)))
            else:
                for placed in soft:
                    tile, left, top = self._tile(placed)
                    image.paste(tile.point(_ramp(base, steps)), (left, top), tile.point(_seen(steps)))
        self._set_palette(image, layers, steps)
        return image

    def _set_palette(self, image: Image.Image, layers: list[Layer], steps: int) -> None:
        background = self._scene.background
        ground = rgb(background) if isinstance(background, str) else None
        palette = bytearray((*ground, 255) if ground else (255, 255, 255, 0))
        for layer in layers:
            color = rgb(str(layer.paint))
            under = rgb(layer.under) if layer.under else ground
            for step in range(1, steps + 1):
                palette += bytes((*mixed(under, color, step / steps), 255) if under else (*color, 255 * step // steps))
        if ground and all(palette[3::4]):
            image.putpalette(bytes(value for place, value in enumerate(palette) if place % 4 != 3))
        else:
            image.putpalette(bytes(palette), "RGBA")

    def _true_color(self) -> Image.Image:
        background = self._scene.background
        if background is None:
            image, self._seen = Image.new("RGB", self.size, "white"), Image.new("L", self.size, 0)
        elif isinstance(background, str):
            image = Image.new("RGB", self.size, rgb(background))
        else:
            image = washed(background, self._scale, (0, 0, *self.size)).copy()
        for item in self._scene.items:
            if isinstance(item, Picture):
                self._paste_picture(image, item)
            elif isinstance(item, Cover):
                self._paste_cover(image, item)
            elif item.placed:
                mask = self._mask(list(item.placed))
                if (box := mask.getbbox()) is not None:
                    self._paste(image, item.paint, mask.crop(box), box)
        if self._seen is not None:
            image.putalpha(self._seen)
        return image

    def _paste(self, image: Image.Image, paint: Paint, mask: Image.Image, box: Box) -> None:
        ink = Image.new("RGB", mask.size, rgb(paint)) if isinstance(paint, str) else washed(paint, self._scale, box)
        self._lay(image, ink, mask, box)

    def _lay(self, image: Image.Image, ink: Image.Image, mask: Image.Image, box: Box) -> None:
        """Put colours over what is there, as much as a mask says."""
        beneath = (255, 255) if self._seen is None else self._seen.crop(box).getextrema()
        if self._seen is None or beneath == (255, 255):
            image.paste(ink, box, mask)
        elif beneath == (0, 0):
            image.paste(ink, box)
            self._seen.paste(mask, box)
        else:  # takes four times as long
            lower, upper = image.crop(box), ink.copy()
            lower.putalpha(self._seen.crop(box))
            upper.putalpha(mask)
            lower.alpha_composite(upper)
            image.paste(lower.convert("RGB"), box)
            self._seen.paste(lower.getchannel("A"), box)

    def _paste_picture(self, image: Image.Image, picture: Picture) -> None:
        left, top = round(picture.x * self._scale), round(picture.y * self._scale)
        width, height = (max(1, round(side * self._scale)) for side in (picture.width, picture.height))
        shown = picture_at(picture.file, width, height)
        self._lay(image, shown.convert("RGB"), shown.getchannel("A"), (left, top, left + width, top + height))

    def _paste_cover(self, image: Image.Image, cover: Cover) -> None:
        box = self._box(cover.outline)
        assert box is not None, "the ground lies on whole modules"
        left, top, right, bottom = box
        mask = self._mask([cover.outline])
        shown = square_of(cover.backdrop.file, max(right - left, bottom - top)).resize((right - left, bottom - top))
        seen = ImageChops.multiply(opacity(shown, cover.backdrop.strength), mask.crop(box))
        self._lay(image, shown.convert("RGB"), seen, box)

    def _mask(self, placed: list[Placed]) -> Image.Image:
        """Return how much of each pixel glyphs cover."""
        mask = Image.new("L", self.size, 0)
        pen = ImageDraw.Draw(mask)
        for each in placed:
            if not self._fill(pen, each, 255):
                tile, left, top = self._tile(each)
                mask.paste(255, (left, top), tile)
        return mask

    def _box(self, placed: Placed) -> Box | None:
        """Return the pixels of a glyph's box if it lies on whole modules, of which there are edges."""
        glyph, x, y = placed
        right, bottom = x + glyph.width, y + glyph.height
        if glyph.width and all(value == int(value) for value in (x, y, right, bottom)):
            across, down = self._x_edges, self._y_edges
            return across[int(x)], down[int(y)], across[int(right)], down[int(bottom)]
        return None

    def _fill(self, pen: ImageDraw.ImageDraw, placed: Placed, value: int) -> bool:
        """Fill a rectangle on whole modules; False when it is something else."""
        if not placed.glyph.is_straight or (box := self._box(placed)) is None:
            return False
        left, top, right, bottom = box
        pen.rectangle((left, top, right - 1, bottom - 1), fill=value)
        return True

    def _tile(self, placed: Placed) -> tuple[Image.Image, int, int]:
        """Return the coverage of a glyph, and where it goes."""
        glyph, x, y = placed
        if (box := self._box(placed)) is not None:
            left, top, right, bottom = box
            tile, dx, dy = _snapped(glyph, right - left, bottom - top)
            return tile, left + dx, top + dy
        return _covered(glyph, x * self._scale, y * self._scale, self._scale, self._scale)


@lru_cache(maxsize=4)
def washed(wash: Wash, scale: float, box: Box) -> Image.Image:
    """Return the colours of a gradient in a box of pixels, of which a module has ``scale``. Not to be changed."""
    left, top, right, bottom = box
    size = (right - left, bottom - top)
    if wash.gradient.kind == "radial":
        x, y = wash.middle
        step = 127.5 / (wash.radius * scale)
        matrix = (step, 0.0, 128 - (x * scale - left) * step, 0.0, step, 128 - (y * scale - top) * step)
        shade = Image.radial_gradient("L")
    else:
        (x1, y1), (x2, y2) = wash.ends
        dx, dy = (x2 - x1) * scale, (y2 - y1) * scale
        a, b = dx / (dx * dx + dy * dy) * 254, dy / (dx * dx + dy * dy) * 254
        start = (left - x1 * scale) * a + (top - y1 * scale) * b + 1
        matrix = (0.0, 0.0, 128.0, a, b, start)
        shade = Image.linear_gradient("L")
    places = shade.transform(size, Image.Transform.AFFINE, matrix, Image.Resampling.NEAREST)
    places.putpalette(bytes(channel for value in range(256) for channel in color_at(wash.gradient, value / 255)))
    return places.convert("RGB")


@lru_cache(maxsize=256)
def _ramp(base: int, steps: int) -> list[int]:
    return [base + round(value / 255 * steps) for value in range(256)]


@lru_cache(maxsize=256)
def _seen(steps: int) -> list[int]:
    return [255 if round(value / 255 * steps) else 0 for value in range(256)]


@lru_cache(maxsize=2048)
def _snapped(glyph: Glyph, width: int, height: int) -> tuple[Image.Image, int, int]:
    return _covered(glyph, 0, 0, width / glyph.width, height / glyph.height)


@lru_cache(maxsize=512)
def _covered(glyph: Glyph, x: float, y: float, scale_x: float, scale_y: float) -> tuple[Image.Image, int, int]:
    """Return how much of each pixel a glyph at a point covers, and the pixel at top left of that."""
    longest = max(glyph.width * scale_x, glyph.height * scale_y)
    pieces = max(8, min(64, round(longest**0.5 * 1.5)))
    outlines = [
        [(x + across * scale_x, y + down * scale_y) for across, down in flat(contour, pieces)]
        for contour in glyph.contours
    ]
    all_x = [point[0] for outline in outlines for point in outline]
    all_y = [point[1] for outline in outlines for point in outline]
    left, top = int(min(all_x) // 1), int(min(all_y) // 1)
    width, height = int(-(-max(all_x) // 1)) - left, int(-(-max(all_y) // 1)) - top
    factor = max(2, min(_SMOOTHING, _MOST_SMOOTHED // max(width, height, 1)))
    large = Image.new("L", (max(width, 1) * factor, max(height, 1) * factor), 0)
    pen = ImageDraw.Draw(large)
    for outline in sorted(outlines, key=lambda outline: -abs(area(outline))):
        points = [((across - left) * factor - 0.5, (down - top) * factor - 0.5) for across, down in outline]
        pen.polygon(points, fill=255 if area(outline) > 0 else 0)
    return large.reduce(factor), left, top


def flattened(image: Image.Image, paper: str = PAPER) -> Image.Image:
    """Return a picture in RGB, on paper where one can see through it."""
    if image.mode == "P":
        image = image.convert("RGBA" if image.palette and image.palette.mode == "RGBA" else "RGB")
    if image.mode == "RGB":
        return image
    page = Image.new("RGB", image.size, rgb(paper))
    page.paste(image, (0, 0), image)
    return page
