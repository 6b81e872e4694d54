"""Files at the API: taken, found, named, replaced, deleted and brought back."""

import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from PIL import Image

from scanly.kernel.ids import decode_id
from tests.services.media.factories import HOST, Bench, add, pdf, picture, send, svg

FILES = "/api/v1/files"


async def test_a_file_is_kept_and_told_what_it_is(owner: httpx.AsyncClient) -> None:
    answer = await send(owner, picture(), "Menü 1.png", alt="The menu")
    assert answer.status_code == 201, answer.text
    file = answer.json()
    assert answer.headers["location"] == f"{FILES}/{file['id']}"
    assert answer.headers["etag"] == '"1"'
    assert (file["name"], file["alt"], file["media_type"]) == ("Menü 1.png", "The menu", "image/png")
    assert (file["width"], file["height"], file["pages"]) == (60, 40, None)
    assert file["url"] == f"{HOST}/f/{file['id']}/Men%C3%BC%201.png"
    assert file["uses"] == []
    assert (await owner.get(f"{FILES}/{file['id']}")).json() == file
    content = await owner.get(file["content_url"])
    assert content.headers["content-type"] == "image/png"
    assert len(content.content) == file["size"]
    assert Image.open(io.BytesIO(content.content)).size == (60, 40)


@pytest.mark.parametrize(
    ("name", "content", "kept", "media_type"),
    [
        ("menu.png", picture("JPEG"), "menu.jpg", "image/jpeg"),
        ("photo.JPEG", picture("JPEG"), "photo.jpeg", "image/jpeg"),
        ("menu", pdf(), "menu.pdf", "application/pdf"),
        ("../../etc/passwd", picture(), "passwd.png", "image/png"),
        ("C:\\Users\\A\\logo.svg", svg(), "logo.svg", "image/svg+xml"),
        ("a\u202egnp.exe", picture(), "agnp.exe.png", "image/png"),
        (".png", picture(), "png.png", "image/png"),
        ("मेन्यू.pdf", pdf(), "मेन्यू.pdf", "application/pdf"),
    ],
)
async def test_a_name_gets_the_ending_of_the_content(
    owner: httpx.AsyncClient, name: str, content: bytes, kept: str, media_type: str
) -> None:
    file = await add(owner, content, name)
    assert (file["name"], file["media_type"]) == (kept, media_type)


async def test_a_pdf_has_pages(owner: httpx.AsyncClient) -> None:
    file = await add(owner, pdf(3), "menu.pdf")
    assert (file["media_type"], file["pages"], file["width"]) == ("application/pdf", 3, None)
    assert (await owner.get(file["content_url"])).content == pdf(3)


async def test_what_is_missing_or_wrong_in_the_form_is_named(owner: httpx.AsyncClient) -> None:
    answer = await owner.post(FILES, data={"name": "x"}, files={"other": ("a.png", picture())})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/file")
    answer = await owner.post(FILES, json={"file": "x"})
    assert answer.status_code == 400
    assert "multipart/form-data" in answer.json()["detail"]
    assert (await send(owner, picture(), name_="x")).status_code == 201
    too_long = await owner.post(FILES, files={"file": ("a.png", picture())}, data={"name": "x" * 201})
    assert too_long.status_code == 422


async def test_the_same_key_keeps_one_file(owner: httpx.AsyncClient) -> None:
    owner.headers["idempotency-key"] = "once"
    content = picture()
    first, second = [await add(owner, content, "a.png") for _ in range(2)]  # each with a boundary of its own
    assert first == second
    assert len((await owner.get(FILES)).json()["data"]) == 1
    other = await send(owner, content, "b.png")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_files_are_found(owner: httpx.AsyncClient) -> None:
    for number in range(3):
        await add(owner, picture(), f"photo {number}.png", alt="Chai" if number == 1 else "")
    await add(owner, pdf(), "menu.pdf")

    async def names(**query: Any) -> list[str]:
        return [file["name"] for file in (await owner.get(FILES, params=query)).json()["data"]]

    assert await names() == ["menu.pdf", "photo 2.png", "photo 1.png", "photo 0.png"]
    assert await names(sort="name") == ["menu.pdf", "photo 0.png", "photo 1.png", "photo 2.png"]
    assert await names(q="CHAI") == ["photo 1.png"]
    assert await names(kind="pdf") == ["menu.pdf"]
    assert await names(kind="picture", sort="created_at", limit=1) == ["photo 0.png"]
    assert await names(q="100%") == []
    for sort in ("-created_at", "name"):
        whole, cursor = [], None
        while True:
            page = (
                await owner.get(FILES, params={"limit": 3, "sort": sort, **({"cursor": cursor} if cursor else {})})
            ).json()
            whole += [file["name"] for file in page["data"]]
            if not page["has_more"]:
                break
            cursor = page["next_cursor"]
        assert whole == await names(sort=sort)
    wrong = await owner.get(FILES, params={"cursor": cursor, "sort": "-name"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "?cursor")


async def test_a_file_is_renamed_and_described(owner: httpx.AsyncClient) -> None:
    file = await add(owner, picture())
    path = f"{FILES}/{file['id']}"
    changed = await owner.patch(path, json={"name": "Counter", "alt": "Our counter"}, headers={"if-match": '"1"'})
    assert (changed.json()["name"], changed.json()["alt"]) == ("Counter.png", "Our counter")
    assert changed.headers["etag"] == '"2"'
    stale = await owner.patch(path, json={"name": "Other"}, headers={"if-match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    assert (await owner.patch(path, json={"alt": None})).json()["alt"] == ""
    assert (await owner.patch(path, json={"name": None})).json()["name"] == "Counter.png"
    assert (await owner.patch(path, json={"size": 5})).status_code == 422
    assert (await owner.get(file["url"].removeprefix(HOST))).status_code == 200, "the old address stays"


async def test_other_content_at_the_same_address(owner: httpx.AsyncClient, media: Bench) -> None:
    file = await add(owner, picture(), "menu.png")
    address = file["url"].removeprefix(HOST)
    before = await owner.get(address)
    answer = await owner.put(f"{FILES}/{file['id']}/content", files={"file": ("x.jpg", picture("JPEG", (30, 30)))})
    assert answer.status_code == 200, answer.text
    replaced = answer.json()
    assert (replaced["id"], replaced["name"], replaced["version"]) == (file["id"], "menu.jpg", 2)
    after = await owner.get(address, headers={"if-none-match": before.headers["etag"]})
    assert (after.status_code, after.headers["content-type"]) == (200, "image/jpeg")
    assert replaced["content_url"] != file["content_url"]

    refused = await owner.put(f"{FILES}/{file['id']}/content", files={"file": ("menu.pdf", pdf())})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "other_kind")

    assert len(await media.keys("media")) == 2
    media.clock.advance(timedelta(days=2))
    assert await media.service.sweep() == 1
    assert (await owner.get(address)).content == after.content


async def test_a_deleted_file_comes_back_for_thirty_days(owner: httpx.AsyncClient, media: Bench) -> None:
    file = await add(owner, picture())
    path, address = f"{FILES}/{file['id']}", file["url"].removeprefix(HOST)
    assert (await owner.delete(path)).status_code == 204
    assert (await owner.get(address)).status_code == 404
    assert (await owner.get(FILES)).json()["data"] == []
    (trashed,) = (await owner.get(FILES, params={"deleted": True})).json()["data"]
    assert trashed["deleted_at"] is not None
    assert (await owner.patch(path, json={"name": "x"})).status_code == 404

    media.clock.advance(timedelta(days=29))
    assert await media.service.purge() == 0
    restored = await owner.post(f"{path}/restore")
    assert (restored.status_code, restored.json()["deleted_at"]) == (200, None)
    assert (await owner.post(f"{path}/restore")).json() == restored.json()
    assert (await owner.get(address)).status_code == 200

    await owner.delete(path)
    media.clock.advance(timedelta(days=31))
    assert (await owner.post(f"{path}/restore")).status_code == 404
    assert await media.service.purge() == 1
    assert (await owner.get(path)).status_code == 404
    assert await media.service.sweep() == 1
    assert await media.keys() == set()


async def test_a_file_can_be_deleted_for_good_at_once(owner: httpx.AsyncClient) -> None:
    file = await add(owner, picture())
    path = f"{FILES}/{file['id']}"
    await owner.delete(path)
    assert (await owner.delete(path, params={"forever": True})).status_code == 204
    assert (await owner.get(path)).status_code == 404
    assert (await owner.delete(path, params={"forever": True})).status_code == 404


async def test_nothing_is_there_for_another_workspace(media: Bench, owner: httpx.AsyncClient) -> None:
    file = await add(owner, picture())
    path = f"{FILES}/{file['id']}"
    async with media.client() as stranger:
        tried = [
            await stranger.get(path),
            await stranger.patch(path, json={"name": "mine"}),
            await stranger.delete(path),
            await stranger.post(f"{path}/restore"),
            await stranger.get(f"{path}/content"),
            await stranger.put(f"{path}/content", files={"file": ("a.png", picture())}),
            await stranger.post(f"{FILES}/uploads", json={"name": "a", "size": 1, "replaces": file["id"]}),
        ]
        assert [(each.status_code, each.json()["code"]) for each in tried] == [(404, "file_not_found")] * len(tried)
        assert (await stranger.get(FILES)).json()["data"] == []
        workspace_id = decode_id("ws", stranger.headers["x-test-workspace"])
    file_id = decode_id("file", file["id"])
    assert await media.service.files(workspace_id=workspace_id, file_ids=[file_id]) == []


async def test_a_viewer_may_look_only(media: Bench, owner: httpx.AsyncClient) -> None:
    file = await add(owner, picture())
    workspace_id = decode_id("ws", owner.headers["x-test-workspace"])
    async with media.client(workspace_id, role="viewer") as viewer:
        path = f"{FILES}/{file['id']}"
        assert (await viewer.get(file["content_url"])).status_code == 200
        assert (await send(viewer, picture())).status_code == 403
        assert (await viewer.patch(path, json={"name": "x"})).status_code == 403
        assert (await viewer.delete(path)).status_code == 403
        assert (await viewer.post(f"{FILES}/uploads", json={"name": "a", "size": 1})).status_code == 403


async def test_other_services_read_files(media: Bench, owner: httpx.AsyncClient) -> None:
    workspace_id = decode_id("ws", owner.headers["x-test-workspace"])
    wide = await add(owner, picture(size=(900, 300)))
    drawing = await add(owner, svg())
    ids: list[UUID] = [decode_id("file", each["id"]) for each in (wide, drawing)]
    found = {file.id: file for file in await media.service.files(workspace_id=workspace_id, file_ids=ids)}
    assert found[ids[0]].url == wide["url"]
    whole = await media.service.read(workspace_id=workspace_id, file_id=ids[0])
    assert (whole.media_type, len(whole.data)) == ("image/png", wide["size"])
    small = await media.service.read(workspace_id=workspace_id, file_id=ids[0], width=300)
    assert Image.open(io.BytesIO(small.data)).size == (320, 107)
    assert small == await media.service.read(workspace_id=workspace_id, file_id=ids[0], width=300)
    assert (await media.service.read(workspace_id=workspace_id, file_id=ids[1], width=5)).media_type == "image/svg+xml"
    travelled = type(whole).model_validate_json(whole.model_dump_json())
    assert travelled == whole, "as it goes from process to process"
