"""The same promises on a real S3 server, and what is said while it is away."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from scanly.kernel.storage import storage
from tests.services.media.factories import HOST, Bench, add, begin, pdf, picture, put, running_media, send
from tools.services.s3 import S3Server

pytestmark = pytest.mark.slow


@pytest.fixture
async def media(media_dsn: str, tmp_path: Path, s3_url: str) -> AsyncIterator[Bench]:
    """media that keeps its files on an S3 server."""
    async with running_media(media_dsn, storage(s3_url, tmp_path)) as bench:
        yield bench


async def test_a_file_in_parts_is_read_in_ranges(media: Bench, owner: httpx.AsyncClient) -> None:
    content = pdf(padding=6_000_000)  # more than S3 takes in one piece
    upload = await begin(owner, content)
    answer = httpx.Response(500)
    for offset in range(0, len(content), upload["part_size"]):
        answer = await put(owner, upload, content[offset : offset + upload["part_size"]], offset)
    assert answer.status_code == 201, answer.text
    path = answer.json()["url"].removeprefix(HOST)
    async with media.visitor() as visitor:
        assert (await visitor.get(path)).content == content
        part = await visitor.get(path, headers={"range": "bytes=5900000-5900009"})
        assert (part.status_code, part.content) == (206, content[5_900_000:5_900_010])
    assert await media.keys("media-uploads") == set()


async def test_what_is_removed_leaves_nothing(media: Bench, owner: httpx.AsyncClient) -> None:
    file = await add(owner, picture(size=(400, 200)))
    await owner.get(f"/api/v1/files/{file['id']}/content", params={"w": 160, "format": "webp"})
    await owner.put(f"/api/v1/files/{file['id']}/content", files={"file": ("b.png", picture())})
    assert len(await media.keys("media")) == 3
    await owner.delete(f"/api/v1/files/{file['id']}", params={"forever": True})
    media.clock.advance(timedelta(days=2))
    assert await media.service.sweep() == 3
    assert await media.keys() == set()


@pytest.mark.usefixtures("media")
async def test_while_the_store_is_away_nothing_is_half_made(owner: httpx.AsyncClient, s3: S3Server) -> None:
    file = await add(owner, picture())
    s3.stop()
    try:
        for answer in (await owner.get(file["content_url"]), await send(owner, picture())):
            assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
            assert int(answer.headers["retry-after"]) > 0
    finally:
        s3.start()
    assert len((await owner.get("/api/v1/files")).json()["data"]) == 1
    assert (await send(owner, picture())).status_code == 201
