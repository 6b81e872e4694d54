"""Pictures of pixels: read to the end and written anew, which leaves EXIF, comments and hidden further files behind."""

import io
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, JpegImagePlugin

from scanly.services.media.inspection import Found, Refused

_MEDIA_TYPES = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
}
_KEPT_INFO = frozenset({"icc_profile", "transparency", "dpi"})

Image.MAX_IMAGE_PIXELS = None  # the limit is a setting and is checked before anything is decoded


def clean_picture(source: Path, target: Path, most_pixels: int) -> Found:
    """Write the upright picture without metadata to ``target``; colours keep their profile.

    ``Refused`` when it has too many pixels, which is known before it is decoded, or moves.
    """
    with Image.open(source, formats=list(_MEDIA_TYPES)) as opened:
        form = "JPEG" if opened.format == "MPO" else str(opened.format)  # phones put further views behind the first
        width, height = opened.size
        if width * height > most_pixels:
            words = (
                f"This picture has {width:,} by {height:,} pixels; {most_pixels // 1_000_000} million are possible. "
                "Make it smaller: 4,000 pixels on its longer side are plenty."
            )
            raise Refused("file_too_many_pixels", words)
        if opened.format != "MPO" and getattr(opened, "is_animated", False):
            words = "This picture moves. Only still pictures are possible: save one of its frames, then upload that."
            raise Refused("file_animated", words)
        options = _options(opened, form, source)
        opened.load()
        image = ImageOps.exif_transpose(opened)
        image.info = {key: value for key, value in image.info.items() if key in _KEPT_INFO}
        image.save(target, form, **options)
    return Found(_MEDIA_TYPES[form], *image.size)


def pixels_of(picture: bytes) -> int:
    """Return width times height of a picture without decoding it; ``OSError`` or the like when it is none."""
    with Image.open(io.BytesIO(picture), formats=list(_MEDIA_TYPES)) as image:
        return image.width * image.height


def _options(image: Image.Image, form: str, source: Path) -> dict[str, Any]:
    """Return how ``form`` is written so that it looks as before."""
    options: dict[str, Any] = {"icc_profile": image.info.get("icc_profile")}
    if form == "JPEG":
        assert isinstance(image, JpegImagePlugin.JpegImageFile)
        progressive = bool(image.info.get("progressive"))
        sampling = JpegImagePlugin.get_sampling(image)
        return options | {"qtables": image.quantization, "subsampling": sampling, "progressive": progressive}
    if form == "WEBP":
        return options | ({"lossless": True} if _is_lossless(source.read_bytes()) else {"quality": 90})
    if form == "AVIF":
        return options | {"quality": 80, "speed": 8}
    return options


def _is_lossless(webp: bytes) -> bool:
    """Whether the first picture of a WebP file is in its lossless form (RFC 9649 §2.6)."""
    position = 12
    while position + 8 <= len(webp):
        name = webp[position : position + 4]
        if name in (b"VP8 ", b"VP8L"):
            return name == b"VP8L"
        size = int.from_bytes(webp[position + 4 : position + 8], "little")
        position += 8 + size + size % 2
    return False
