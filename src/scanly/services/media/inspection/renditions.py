"""Makes smaller pictures, and pictures in other formats, of those that are kept; in the processes of ``kernel.cpu``."""

import io
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from PIL import Image

_OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "png": {},
    "jpeg": {"quality": 82},
    "webp": {"quality": 80},
    "avif": {"quality": 60, "speed": 8},
}


def render_width(source: bytes, width: int, form: str) -> bytes:
    """Return a kept picture, at most ``width`` pixels wide, as ``form``; smaller ones keep their size."""
    from PIL import Image  # noqa: PLC0415 - wanted only in the processes of the pool

    Image.MAX_IMAGE_PIXELS = None  # what is kept was measured when it came
    with Image.open(io.BytesIO(source)) as opened:
        opened.draft(None, (width, round(opened.height * width / opened.width)))
        # A profile of inks describes nothing any more once they have become red, green and blue.
        icc_profile = None if opened.mode == "CMYK" else opened.info.get("icc_profile")
        image = _plain(opened, on_white=form == "jpeg")
    if image.width > width:
        image = image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS)
    image.info = {}
    file = io.BytesIO()
    image.save(file, form.upper(), icc_profile=icc_profile, **_OPTIONS[form])
    return file.getvalue()


def _plain(image: "Image.Image", *, on_white: bool) -> "Image.Image":
    """Return the picture in a mode that every format can hold."""
    if image.mode.startswith("I"):  # 16 bits a pixel
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if not image.has_transparency_data:
        return image.copy() if image.mode == "L" else image.convert("RGB")
    transparent = image.convert("RGBA")
    if not on_white:
        return transparent
    from PIL import Image  # noqa: PLC0415

    white = Image.new("RGBA", transparent.size, "white")
    return Image.alpha_composite(white, transparent).convert("RGB")
