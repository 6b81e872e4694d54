"""A seeded sample of all that the studio offers, and views of a code that the judge does not share."""

import random
from collections.abc import Iterator

from PIL import Image, ImageDraw, ImageFilter

from scanly.services.qr.design.options import OPTIONS
from scanly.services.qr.rendering.eyes import BALLS, FRAMES
from scanly.services.qr.rendering.frames import FRAME_KINDS, ON_NOTHING, Frame
from scanly.services.qr.rendering.logo import Logo
from scanly.services.qr.rendering.modules import SHAPES
from scanly.services.qr.rendering.paint import Fill, Gradient, Stop
from scanly.services.qr.rendering.pictures import LogoFile
from scanly.services.qr.rendering.scene import Look

_TEXTS = ("Scan me", "स्कैन करें", "امسح الرمز", "Menu & prices", "Pay here")


def designs(number: int, seed: int, logo: bytes) -> Iterator[Look]:
    """Yield looks, every choice as likely as the others of its kind, at default sizes."""
    chance = random.Random(seed)

    def fill() -> Fill:
        inks = OPTIONS.inks
        if chance.random() < 0.3:
            first, second = chance.sample(inks, 2)
            kind = chance.choice(("linear", "radial"))
            return Gradient(kind, (Stop(0, first), Stop(1, second)), chance.choice((0, 45, 90, 135)))
        return chance.choice(inks)

    for _ in range(number):
        modules = fill()
        same = chance.random() < 0.5
        ground = chance.choice([*OPTIONS.grounds, None]) if chance.random() < 0.5 else "#ffffff"
        frame = None
        if chance.random() < 0.5:
            kind = chance.choice(list(FRAME_KINDS))
            color = chance.choice(OPTIONS.inks)
            plain = kind in ON_NOTHING
            frame = Frame(kind, chance.choice(_TEXTS), color, color if plain else "#ffffff")
        yield Look(
            shape=chance.choice(list(SHAPES)),
            modules=modules,
            eye_frame=chance.choice(list(FRAMES)),
            eye_frames=modules if same else fill(),
            eye_ball=chance.choice(list(BALLS)),
            eye_balls=modules if same else fill(),
            background=ground,
            outline="circle" if chance.random() < 0.2 else "square",
            logo=Logo(LogoFile("image/png", logo), 0.2) if chance.random() < 0.3 else None,
            frame=frame,
        )


def views(picture: Image.Image, chance: random.Random) -> dict[str, Image.Image]:
    """Return a picture on white paper clean, small, blurred, tilted and dim, each a little different every time."""
    room = picture.width // 8
    page = Image.new("L", (picture.width + 2 * room, picture.height + 2 * room), 255)
    page.paste(picture.convert("L"), (room, room))

    def scaled(width: int) -> Image.Image:
        return page.resize((width, round(page.height * width / page.width)), Image.Resampling.LANCZOS)

    middle = scaled(480)
    angle = chance.uniform(-18, 18)
    turned = middle.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    w, h = turned.size
    inset = w * chance.uniform(0.03, 0.09)
    corners = (-inset, 0.0, 0.0, float(h), float(w), float(h), w + inset, 0.0)
    floor = chance.randrange(20, 70)
    return {
        "clean": middle,
        "small": scaled(250),
        "blurred": scaled(360).filter(ImageFilter.GaussianBlur(chance.uniform(1.2, 1.8))),
        "tilted": turned.transform(turned.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=255),
        "dim": middle.point([floor + value * 3 // 10 for value in range(256)]).filter(ImageFilter.GaussianBlur(1)),
    }


def emblem() -> Image.Image:
    """Return a logo: a ring and a square, with transparency."""
    image = Image.new("RGBA", (256, 256), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.ellipse((8, 8, 247, 247), fill=(200, 40, 60, 255))
    pen.rectangle((88, 88, 167, 167), fill=(255, 255, 255, 255))
    return image
