"""Files that are not what they seem, or want to do harm: refused with a reason, or made safe."""

import gzip
import io
import struct
import zlib

import httpx
import pytest
from PIL import Image, ImageCms

from tests.services.media.factories import Bench, add, moving, pdf, picture, refusal, send, svg

HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\0" * 100
VIDEO = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + b"\0" * 100


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kB that is ``width`` by ``height`` black pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(b"\0" * (width + 1)) for _ in range(height)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"hello", "file_unknown"),
        (b"<html><svg></svg></html>", "file_unknown"),
        (b"MZ\x90\x00" + b"\0" * 100, "file_unknown"),
        (gzip.compress(svg()), "file_unknown"),
        (HEIC, "file_heic"),
        (VIDEO, "file_video"),
        (b"PK\x03\x04" + b"\0" * 100, "file_office"),
        (b"BM" + b"\0" * 100, "file_unknown"),
        (b"\x89PNG\r\n\x1a\n", "file_broken"),
        (b"GIF89a", "file_broken"),
        (picture("PNG", (300, 300))[:-300], "file_broken"),
        (picture("JPEG", (300, 300))[:-300], "file_broken"),
        (picture("WEBP", (300, 300))[:-100], "file_broken"),
        (picture("AVIF", (300, 300))[:-100], "file_broken"),
        (picture("GIF", (300, 300))[:100], "file_broken"),
        (moving("GIF"), "file_animated"),
        (moving("PNG"), "file_animated"),
        (moving("WEBP"), "file_animated"),
        (moving("AVIF"), "file_animated"),
        (pdf(3, padding=5000)[:-200], "file_broken"),
        (b"%PDF-1.7\n" + b"x" * 500 + b"\n%%EOF\n", "file_broken"),
        (pdf(password="secret"), "file_locked"),
        (pdf(501), "file_too_many_pages"),
        (b"x" + pdf(), "file_unknown"),
    ],
)
async def test_what_cannot_be_used_is_refused_with_a_reason(
    media: Bench, owner: httpx.AsyncClient, content: bytes, code: str
) -> None:
    assert refusal(await send(owner, content, "menu.png")) == code
    assert await media.keys() == set()


@pytest.mark.slow
async def test_a_bomb_is_refused_before_it_is_decoded(owner: httpx.AsyncClient) -> None:
    small = bomb(10_000, 10_000)
    assert len(small) < 120_000
    answer = await send(owner, small)
    assert refusal(answer) == "file_too_many_pixels"
    assert "10,000 by 10,000 pixels" in answer.json()["detail"]
    assert "50 million" in answer.json()["detail"]


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "AVIF"])
async def test_where_a_photo_was_taken_stays_with_its_owner(owner: httpx.AsyncClient, form: str) -> None:
    exif = Image.Exif()
    exif[0x0110] = "SECRET-CAMERA"
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825)[2] = (26.0, 54.0, 45.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    original = picture(form, (80, 40), exif=exif, icc_profile=profile)
    assert b"SECRET" in original
    file = await add(owner, original)
    assert (file["width"], file["height"]) == (40, 80)
    kept = (await owner.get(file["content_url"])).content
    assert b"SECRET" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert image.format == form
        assert not dict(image.getexif())
        assert image.info["icc_profile"] == profile
        upright = image.convert("RGB")
    red, blue = upright.getpixel((35, 5)), upright.getpixel((5, 75))
    assert isinstance(red, tuple)
    assert isinstance(blue, tuple)
    assert red[0] > 200, "the corner that was left and above is now right and above"
    assert red[2] < 60
    assert blue[0] < 60
    assert blue[2] > 200


async def test_nothing_hides_behind_or_in_a_picture(owner: httpx.AsyncClient) -> None:
    script = b"<script>alert(document.cookie)</script>"
    for content in (
        picture() + script,
        picture("JPEG", comment=script),
        picture("GIF", comment=script),
        picture("JPEG", xmp=b"<x:xmpmeta>" + script + b"</x:xmpmeta>"),
    ):
        assert script in content
        file = await add(owner, content)
        assert script not in (await owner.get(file["content_url"])).content


async def test_a_picture_looks_as_before(owner: httpx.AsyncClient) -> None:
    gradient = Image.linear_gradient("L").resize((200, 100)).convert("RGB")
    for form, options, tolerance in (
        ("PNG", {}, 0),
        ("JPEG", {"quality": 85}, 4),
        ("WEBP", {"lossless": True}, 0),
        ("WEBP", {"quality": 80}, 6),
    ):
        file = io.BytesIO()
        gradient.save(file, form, **options)
        kept = await add(owner, file.getvalue())
        answer = Image.open(io.BytesIO((await owner.get(kept["content_url"])).content)).convert("RGB")
        before = Image.open(file).convert("RGB").tobytes()
        assert max(abs(a - b) for a, b in zip(before, answer.tobytes(), strict=True)) <= tolerance
        assert kept["size"] < 1.5 * len(file.getvalue())


async def test_a_transparent_picture_stays_so(owner: httpx.AsyncClient) -> None:
    image = Image.new("P", (20, 20))
    image.putpalette([255, 0, 0] * 256)
    for form in ("PNG", "GIF"):
        file = io.BytesIO()
        image.save(file, form, transparency=0)
        kept = await add(owner, file.getvalue())
        answer = Image.open(io.BytesIO((await owner.get(kept["content_url"])).content)).convert("RGBA")
        assert answer.getpixel((5, 5)) == (255, 0, 0, 0)
