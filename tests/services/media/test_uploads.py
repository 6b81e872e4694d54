"""Uploads in parts: signed, gone on with where they broke off, and ended cleanly."""

import asyncio
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from scanly.kernel.storage import storage
from scanly.services.media.domain import PART_SIZE
from scanly.services.media.settings import MediaSettings
from tests.services.media.factories import Bench, add, begin, pdf, picture, put, refusal, running_media, send, svg

UPLOADS = "/api/v1/files/uploads"


async def test_parts_become_a_file(media: Bench, owner: httpx.AsyncClient) -> None:
    content = pdf(2, padding=2 * PART_SIZE)
    upload = await begin(owner, content, "Menu.pdf", alt="")
    assert (upload["offset"], upload["size"], upload["part_size"]) == (0, len(content), PART_SIZE)
    async with media.visitor() as phone:
        first = await put(phone, upload, content[:PART_SIZE], 0)
        assert (first.status_code, first.json()) == (200, {"offset": PART_SIZE})
        head = await phone.head(upload["url"])
        assert (head.headers["upload-offset"], head.headers["upload-length"]) == (str(PART_SIZE), str(len(content)))
        await put(phone, upload, content[PART_SIZE : 2 * PART_SIZE], PART_SIZE)
        last = await put(phone, upload, content[2 * PART_SIZE :], 2 * PART_SIZE)
        assert last.status_code == 201
        file = last.json()
        assert (file["name"], file["pages"], file["size"]) == ("Menu.pdf", 2, len(content))
        again = await put(phone, upload, content[2 * PART_SIZE :], 2 * PART_SIZE)
        assert (again.status_code, again.json()) == (201, file), "the answer got lost"
    assert (await owner.get(file["content_url"])).content == content
    assert await media.keys("media-uploads") == set()


async def test_a_part_that_came_already_tells_where_to_go_on(media: Bench, owner: httpx.AsyncClient) -> None:
    content = pdf(padding=2 * PART_SIZE)
    upload = await begin(owner, content)
    async with media.visitor() as phone:
        await put(phone, upload, content[:1000], 0)
        for offset in (0, 999, 1001):
            answer = await put(phone, upload, content[:1000], offset)
            problem = answer.json()
            assert (answer.status_code, problem["code"], problem["offset"]) == (409, "upload_offset", 1000)


async def test_the_same_part_twice_at_once_counts_once(media: Bench, owner: httpx.AsyncClient) -> None:
    content = pdf(padding=PART_SIZE)
    upload = await begin(owner, content)
    async with media.visitor() as phone:
        answers = await asyncio.gather(*(put(phone, upload, content[:PART_SIZE], 0) for _ in range(4)))
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
        assert len(await media.keys("media-uploads")) == 1
        rest = await asyncio.gather(*(put(phone, upload, content[PART_SIZE:], PART_SIZE) for _ in range(4)))
    made = [answer for answer in rest if answer.status_code == 201]
    assert {answer.json()["id"] for answer in made} == {made[0].json()["id"]}
    assert {answer.status_code for answer in rest} <= {201, 409}
    assert len((await owner.get("/api/v1/files")).json()["data"]) == 1


async def test_an_upload_goes_on_after_the_process_ended(media_dsn: str, tmp_path: Path) -> None:
    content = pdf(padding=PART_SIZE)
    async with running_media(media_dsn, storage(None, tmp_path)) as before, before.client() as owner:
        upload = await begin(owner, content)
        await put(owner, upload, content[:PART_SIZE], 0)
    async with running_media(media_dsn, storage(None, tmp_path)) as after, after.visitor() as phone:
        offset = int((await phone.head(upload["url"])).headers["upload-offset"])
        answer = await put(phone, upload, content[offset:], offset)
        assert (answer.status_code, answer.json()["size"]) == (201, len(content))


async def test_it_ends_although_the_process_died_before_the_file_was_made(
    media: Bench, owner: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = pdf()
    upload = await begin(owner, content)
    with monkeypatch.context() as dying:
        dying.setattr(media.service, "_finish", lambda _row: asyncio.sleep(0, 0))
        await put(owner, upload, content, 0)
    assert (await owner.head(upload["url"])).headers["upload-offset"] == str(len(content))
    answer = await put(owner, upload, b"", len(content))
    assert answer.status_code == 201


async def test_a_refused_file_ends_its_upload(media: Bench, owner: httpx.AsyncClient) -> None:
    content = b"%PDF-1.7 but no more of it"
    upload = await begin(owner, content)
    assert refusal(await put(owner, upload, content, 0)) == "file_broken"
    assert (await owner.head(upload["url"])).status_code == 410
    assert await media.keys() == set()


async def test_an_upload_is_cancelled(media: Bench, owner: httpx.AsyncClient) -> None:
    content = pdf(padding=PART_SIZE)
    upload = await begin(owner, content)
    await put(owner, upload, content[:1000], 0)
    assert (await owner.delete(upload["url"])).status_code == 204
    assert (await owner.delete(upload["url"])).status_code == 204
    ended = await put(owner, upload, content[1000:2000], 1000)
    assert (ended.status_code, ended.json()["code"]) == (410, "upload_ended")
    assert await media.keys() == set()


async def test_an_upload_lasts_a_day(media: Bench, owner: httpx.AsyncClient) -> None:
    content = pdf()
    upload = await begin(owner, content)
    await put(owner, upload, content[:100], 0)
    media.clock.advance(timedelta(hours=25))
    assert (await put(owner, upload, content[100:], 100)).status_code == 410
    await media.service.purge()
    media.clock.advance(timedelta(days=1))
    assert await media.service.sweep() == 1
    assert await media.keys() == set()


async def test_a_signature_is_for_one_upload_of_one_workspace(media: Bench, owner: httpx.AsyncClient) -> None:
    content = pdf()
    first, second = await begin(owner, content), await begin(owner, content)
    path, query = first["url"].split("?")
    later = query.replace("expires=", "expires=9")
    stranger = query.replace("for=ws_0", "for=ws_1")
    for url in (f"{second['url'].split('?')[0]}?{query}", f"{path}?{later}", f"{path}?{stranger}", path):
        assert (await put(owner, {"url": url}, content, 0)).status_code == 401
    assert (await media.visitor().head(first["url"])).status_code == 204


@pytest.mark.parametrize(
    ("part", "offset", "status", "code"),
    [
        (b"x" * 101, 0, 422, "invalid"),
        (b"", 0, 422, "invalid"),
        (b"x" * (PART_SIZE + 1), 0, 413, "too_large"),
    ],
)
async def test_parts_that_do_not_fit(
    owner: httpx.AsyncClient, part: bytes, offset: int, status: int, code: str
) -> None:
    size = 100 if status == 422 else 2 * PART_SIZE
    upload = (await owner.post(UPLOADS, json={"name": "a.pdf", "size": size})).json()
    answer = await put(owner, upload, part, offset)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"name": "", "size": 1}, "/name"), ({"name": "a", "size": 0}, "/size"), ({"name": "a"}, "/size")],
)
async def test_what_is_wrong_with_a_beginning(owner: httpx.AsyncClient, body: dict[str, object], pointer: str) -> None:
    answer = await owner.post(UPLOADS, json=body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_the_same_key_begins_one_upload(owner: httpx.AsyncClient) -> None:
    owner.headers["idempotency-key"] = "once"
    assert await begin(owner, b"12") == await begin(owner, b"12")


async def test_other_content_in_parts(media: Bench, owner: httpx.AsyncClient) -> None:
    file = await add(owner, pdf(1), "menu.pdf")
    content = pdf(4)
    upload = await begin(owner, content, "other.pdf", replaces=file["id"])
    answer = await put(owner, upload, content, 0)
    assert answer.status_code == 201
    replaced = answer.json()
    assert (replaced["id"], replaced["name"], replaced["pages"]) == (file["id"], "menu.pdf", 4)
    drawing = svg()
    wrong = await begin(owner, drawing, "logo.svg", replaces=file["id"])
    assert refusal(await put(owner, wrong, drawing, 0)) == "other_kind"
    gone = await begin(owner, content, replaces=file["id"])
    await owner.delete(f"/api/v1/files/{file['id']}")
    assert (await put(owner, gone, content, 0)).status_code == 404
    assert len(await media.keys("media-uploads")) <= 1


async def test_sizes_and_the_quota(media_dsn: str, tmp_path: Path) -> None:
    settings = MediaSettings(file_mb=1, file_quota_mb=2)
    large = pdf(padding=900_000)
    async with running_media(media_dsn, storage(None, tmp_path), settings) as media, media.client() as owner:
        too_large = await owner.post(UPLOADS, json={"name": "a.pdf", "size": 1_000_001})
        assert (too_large.status_code, too_large.json()["code"]) == (413, "file_too_large")
        assert (await send(owner, pdf(padding=1_000_001))).json()["code"] == "file_too_large"
        files = [await add(owner, large, "a.pdf") for _ in range(2)]
        room = (await owner.get("/api/v1/files/room")).json()
        assert room == {"used": 2 * len(large), "deleted": 0, "quota": 2_000_000, "largest_file": 1_000_000}
        full = await send(owner, large)
        assert (full.status_code, full.json()["code"]) == (413, "quota_exceeded")
        assert "room for 2 MB" in full.json()["detail"]
        assert (await owner.post(UPLOADS, json={"name": "a.pdf", "size": len(large)})).json()[
            "code"
        ] == "quota_exceeded"
        same = await owner.put(f"/api/v1/files/{files[0]['id']}/content", files={"file": ("a.pdf", large)})
        assert same.status_code == 200, "replacing takes no more room"

        for file in files:
            await owner.delete(f"/api/v1/files/{file['id']}")
        again = [await add(owner, large, "a.pdf") for _ in range(2)]
        assert (await owner.post(f"/api/v1/files/{files[0]['id']}/restore")).json()["code"] == "quota_exceeded"
        await owner.delete(f"/api/v1/files/{again[0]['id']}")
        full = await send(owner, large)
        assert full.json()["code"] == "quota_exceeded", "deleting is no way to fill a disk"
        assert "for good" in full.json()["detail"]
        await owner.delete(f"/api/v1/files/{again[0]['id']}", params={"forever": True})
        assert (await send(owner, picture())).status_code == 201
        async with media.client() as stranger:
            assert (await stranger.get("/api/v1/files/room")).json()["used"] == 0


async def test_two_uploads_at_once_do_not_share_the_last_room(media_dsn: str, tmp_path: Path) -> None:
    settings = MediaSettings(file_quota_mb=1)
    large = pdf(padding=600_000)
    async with running_media(media_dsn, storage(None, tmp_path), settings) as media, media.client() as owner:
        answers = await asyncio.gather(*(send(owner, large, "a.pdf") for _ in range(3)))
        assert sorted(answer.status_code for answer in answers) == [201, 413, 413]
