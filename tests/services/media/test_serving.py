"""What visitors get of a file: ranges, lasting copies, safe headers."""

import io

import httpx
import pytest
from PIL import Image

from tests.services.media.factories import HOST, Bench, add, pdf, picture, svg

CONTENT = pdf(padding=400_000)


@pytest.fixture
async def address(owner: httpx.AsyncClient) -> str:
    """Where visitors open a PDF."""
    return str((await add(owner, CONTENT, "Speise karte.pdf"))["url"]).removeprefix(HOST)


async def test_a_pdf_opens_at_once_under_its_name(media: Bench, address: str) -> None:
    async with media.visitor() as visitor:
        answer = await visitor.get(address)
        head = await visitor.head(address)
    assert answer.content == CONTENT
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == (
        "inline; filename=\"Speise karte.pdf\"; filename*=UTF-8''Speise%20karte.pdf"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" not in answer.headers["content-security-policy"], "it would keep the viewer from loading it"
    assert (head.status_code, head.content, head.headers) == (200, b"", answer.headers)


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=300000-", 300_000, len(CONTENT)),
        ("bytes=-5", len(CONTENT) - 5, len(CONTENT)),
        ("bytes=-9999999", 0, len(CONTENT)),
        ("bytes=100-99999999", 100, len(CONTENT)),
        ("Bytes = 7 - 8", 7, 9),
    ],
)
async def test_a_range_of_it(media: Bench, address: str, wanted: str, start: int, end: int) -> None:
    async with media.visitor() as visitor:
        answer = await visitor.get(address, headers={"range": wanted})
    assert answer.status_code == 206
    assert answer.content == CONTENT[start:end]
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(CONTENT)}"
    assert answer.headers["content-length"] == str(end - start)


@pytest.mark.parametrize("wanted", ["bytes=5-4", "bytes=0-1,5-6", "lines=1-2", "bytes=x-", "bytes=-", "nonsense"])
async def test_what_is_no_single_range_gets_everything(media: Bench, address: str, wanted: str) -> None:
    async with media.visitor() as visitor:
        answer = await visitor.get(address, headers={"range": wanted})
    assert (answer.status_code, len(answer.content)) == (200, len(CONTENT))


@pytest.mark.parametrize("wanted", [f"bytes={len(CONTENT)}-", "bytes=99999999-", "bytes=-0"])
async def test_a_range_behind_the_end(media: Bench, address: str, wanted: str) -> None:
    async with media.visitor() as visitor:
        answer = await visitor.get(address, headers={"range": wanted})
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(CONTENT)}")


async def test_a_range_belongs_to_the_content_it_began_with(media: Bench, address: str) -> None:
    async with media.visitor() as visitor:
        etag = (await visitor.head(address)).headers["etag"]
        same = await visitor.get(address, headers={"range": "bytes=5-9", "if-range": etag})
        other = await visitor.get(address, headers={"range": "bytes=5-9", "if-range": '"older"'})
        dated = await visitor.get(address, headers={"range": "bytes=5-9", "if-range": "Mon, 23 Nov 2026 00:00:00 GMT"})
    assert [each.status_code for each in (same, other, dated)] == [206, 200, 200]


async def test_who_has_it_is_told_so(media: Bench, address: str) -> None:
    async with media.visitor() as visitor:
        first = await visitor.get(address)
        etag = first.headers["etag"]
        assert first.headers["cache-control"] == "public, no-cache"
        for known in (etag, f'"x", W/{etag}', "*"):
            again = await visitor.get(address, headers={"if-none-match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
        assert (await visitor.get(address, headers={"if-none-match": '"x"'})).status_code == 200


async def test_the_address_of_a_content_is_kept_for_ever(media: Bench, owner: httpx.AsyncClient) -> None:
    file = await add(owner, picture())
    version = file["content_url"].partition("&v=")[2]
    assert (await owner.get(file["content_url"])).headers["cache-control"] == "private, max-age=31536000, immutable"
    path = file["url"].removeprefix(HOST)
    async with media.visitor() as visitor:
        right = await visitor.get(path, params={"v": version})
        wrong = await visitor.get(path, params={"v": "0" * 16})
        short = await visitor.get(path, params={"v": version[:3]})
    assert right.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert wrong.headers["cache-control"] == short.headers["cache-control"] == "public, no-cache"


async def test_a_drawing_can_do_nothing(media: Bench, owner: httpx.AsyncClient) -> None:
    file = await add(owner, svg(), "logo.svg")
    async with media.visitor() as visitor:
        answer = await visitor.get(file["url"].removeprefix(HOST))
    assert answer.headers["content-type"] == "image/svg+xml"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy


async def test_a_file_is_offered_for_saving(media: Bench, address: str) -> None:
    async with media.visitor() as visitor:
        answer = await visitor.get(address, params={"download": True})
    assert answer.headers["content-disposition"].startswith("attachment; filename=")


@pytest.mark.parametrize("path", ["/f/file_00000000000000000000000000/x", "/f/nothing/x", "/f/qr_x/y", "/f/file_/"])
async def test_nothing_is_there(media: Bench, path: str) -> None:
    async with media.visitor() as visitor:
        answer = await visitor.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "file_not_found")


async def test_pictures_come_in_widths_and_formats(media: Bench, owner: httpx.AsyncClient) -> None:
    path = (await add(owner, picture("JPEG", (2000, 1000)), "photo.jpg"))["url"].removeprefix(HOST)
    async with media.visitor() as visitor:
        for width, form, size in [(640, "avif", (640, 320)), (100, "webp", (160, 80)), (5000, "png", (1920, 960))]:
            answer = await visitor.get(path, params={"w": width, "format": form})
            assert answer.headers["content-type"] == f"image/{form}"
            image = Image.open(io.BytesIO(answer.content))
            assert (image.format, image.size) == (form.upper(), size)
            assert (await visitor.get(path, params={"w": width, "format": form})).content == answer.content
            part = await visitor.get(path, params={"w": width, "format": form}, headers={"range": "bytes=2-9"})
            assert part.content == answer.content[2:10]
        same = await visitor.get(path, params={"w": 320})
        assert Image.open(io.BytesIO(same.content)).format == "JPEG"
        assert len(same.headers["etag"]) > 2
        plain = await visitor.get(path)
        assert len({each.headers["etag"] for each in (answer, same, plain)}) == 3
        assert (await visitor.get(path, params={"w": 0})).status_code == 422
        assert (await visitor.get(path, params={"format": "bmp"})).status_code == 422
    assert len(await media.keys("media")) == 5, "made once and kept"


async def test_a_small_picture_is_not_blown_up(owner: httpx.AsyncClient) -> None:
    file = await add(owner, picture(size=(60, 40)))
    answer = await owner.get(f"/api/v1/files/{file['id']}/content", params={"w": 640, "format": "webp"})
    assert Image.open(io.BytesIO(answer.content)).size == (60, 40)


@pytest.mark.parametrize(
    ("mode", "form"),
    [("P", "PNG"), ("RGBA", "PNG"), ("LA", "PNG"), ("I;16", "PNG"), ("1", "PNG"), ("CMYK", "JPEG"), ("L", "JPEG")],
)
async def test_every_kind_of_pixel_becomes_every_format(owner: httpx.AsyncClient, mode: str, form: str) -> None:
    source = picture(form, (400, 200), "L" if mode == "I;16" else mode)
    if mode == "I;16":
        file = io.BytesIO()
        Image.open(io.BytesIO(source)).convert("I").point(lambda v: v * 257).convert("I;16").save(file, "PNG")
        source = file.getvalue()
    kept = await add(owner, source)
    for wanted in ("png", "jpeg", "webp", "avif"):
        answer = await owner.get(f"/api/v1/files/{kept['id']}/content", params={"w": 160, "format": wanted})
        assert answer.status_code == 200, answer.text
        pixel = Image.open(io.BytesIO(answer.content)).convert("L").getpixel((140, 5))
        assert isinstance(pixel, int)
        assert pixel > 240, "white stays white"


async def test_documents_and_drawings_have_no_widths(owner: httpx.AsyncClient) -> None:
    document, drawing = await add(owner, pdf(), "a.pdf"), await add(owner, svg(), "a.svg")
    path = f"/api/v1/files/{document['id']}/content"
    assert (await owner.get(path, params={"w": 100})).json()["errors"][0]["pointer"] == "?w"
    path = f"/api/v1/files/{drawing['id']}/content"
    assert (await owner.get(path, params={"w": 100})).headers["content-type"] == "image/svg+xml"
    assert (await owner.get(path, params={"format": "png"})).json()["errors"][0]["pointer"] == "?format"
