"""media behind the real door, inspecting in processes of its own."""

import asyncio

import httpx
import pytest

from tests.services.media.factories import add, begin, pdf, picture, put, send
from tests.support.product import ADDRESS, InProcess

pytestmark = pytest.mark.slow

BROWSER = {"accept": "text/html,application/xhtml+xml"}


async def test_from_a_phone_to_a_visitor(product: InProcess) -> None:
    owner, visitor = await product.sign_up(), await product.client()
    content = pdf(2, padding=3_000_000)
    upload = await begin(owner, content)
    offset, answer = 0, httpx.Response(500)
    while offset < len(content):
        part = content[offset : offset + upload["part_size"]]
        answer = await put(visitor, upload, part, offset)
        assert answer.is_success, answer.text
        offset += len(part)
    file = answer.json()
    assert (answer.status_code, file["pages"]) == (201, 2)
    seen = await visitor.get(file["url"].removeprefix(ADDRESS), headers={"range": "bytes=0-4"})
    assert (seen.status_code, seen.content) == (206, b"%PDF-")
    assert seen.headers["content-security-policy"] == "frame-ancestors 'self'"
    assert seen.headers["cache-control"] == "public, no-cache"
    assert "x-request-id" in seen.headers
    assert "ratelimit-limit" not in seen.headers


async def test_a_code_that_opens_a_file(product: InProcess) -> None:
    owner, visitor = await product.sign_up(), await product.client()
    menu, lunch = await add(owner, pdf(1), "Menu.pdf"), await add(owner, pdf(2), "Lunch.pdf")
    content = {"type": "file", "file_id": menu["id"]}
    made = await owner.post("/api/v1/qr-codes", json={"content": content, "slug": "tea"})
    assert made.status_code == 201, made.text
    code = made.json()
    phone = {"user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)"}
    scanned = await visitor.get("/tea", headers=phone)
    assert (scanned.status_code, scanned.headers["location"]) == (302, menu["url"])
    opened = await visitor.get(scanned.headers["location"].removeprefix(ADDRESS))
    assert (opened.content, opened.headers["content-type"]) == (pdf(1), "application/pdf")

    path = f"/api/v1/files/{menu['id']}"
    async with asyncio.timeout(20):
        while not (uses := (await owner.get(path)).json()["uses"]):  # noqa: ASYNC110 - delivery has no event
            await asyncio.sleep(0.05)
    assert uses == [{"kind": "qr_code", "id": code["id"], "name": "Menu.pdf"}]
    refused = await owner.delete(path)
    assert (refused.status_code, refused.json()["uses"]) == (409, uses)

    changed = await owner.patch(f"/api/v1/qr-codes/{code['id']}", json={"content": {"file_id": lunch["id"]}})
    assert changed.json()["payload"] == code["payload"]
    async with asyncio.timeout(20):
        while (await owner.delete(path)).status_code != 204:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_a_file_that_a_kept_look_shows(product: InProcess) -> None:
    owner = await product.sign_up()
    logo = await add(owner, picture())
    design = {"logo": {"file_id": logo["id"]}}
    made = await owner.post("/api/v1/brand-kits", json={"name": "Us", "design": design})
    assert made.status_code == 201, made.text
    kit, path = made.json(), f"/api/v1/files/{logo['id']}"
    async with asyncio.timeout(20):
        while not (uses := (await owner.get(path)).json()["uses"]):  # noqa: ASYNC110 - delivery has no event
            await asyncio.sleep(0.05)
    assert uses == [{"kind": "brand_kit", "id": kit["id"], "name": "Us"}]
    assert (await owner.delete(path)).json()["uses"] == uses
    assert (await owner.delete(f"/api/v1/brand-kits/{kit['id']}")).status_code == 204
    async with asyncio.timeout(20):
        while (await owner.delete(path)).status_code != 204:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    again = await owner.post("/api/v1/qr-designs", json={"name": "Night", "design": design})
    assert again.json()["errors"][0]["pointer"] == "/design/logo/file_id"


async def test_a_file_that_is_gone_shows_a_page_to_people(product: InProcess) -> None:
    owner, visitor = await product.sign_up(), await product.client()
    file = await add(owner, picture())
    path = file["url"].removeprefix(ADDRESS)
    await owner.delete(f"/api/v1/files/{file['id']}")
    person, program = await visitor.get(path, headers=BROWSER), await visitor.get(path)
    assert (person.status_code, program.status_code) == (404, 404)
    assert person.headers["content-type"].startswith("text/html")
    assert program.json()["code"] == "file_not_found"
    assert (await visitor.post(path)).status_code == 405


async def test_the_door_lets_in_what_a_file_needs_and_no_more(product: InProcess) -> None:
    owner, visitor = await product.sign_up(), await product.client()
    large = picture(size=(1200, 1200)) + b"\0" * 2_000_000
    assert (await send(owner, large)).status_code == 201
    assert (await send(owner, b"\0" * 9_000_000)).status_code == 413
    assert (await owner.post("/api/v1/qr-codes", content=b"{" * 2_000_000)).status_code in (413, 415)
    upload = await begin(owner, large)
    assert (await put(visitor, upload, large[:1_048_577], 0)).status_code == 413
    as_json = await visitor.put(upload["url"], json={})
    assert (as_json.status_code, as_json.json()["code"]) == (415, "unsupported_media_type")
    bytes_elsewhere = {"content-type": "application/octet-stream"}
    assert (await owner.post("/api/v1/qr-codes", content=b"x", headers=bytes_elsewhere)).status_code == 415


async def test_an_upload_needs_its_signature_and_nothing_else(product: InProcess) -> None:
    owner, stranger = await product.sign_up(), await product.sign_up()
    content = pdf()
    upload = await begin(owner, content)
    forged = {"url": upload["url"].replace("signature=", "signature=0")}
    for client in (owner, stranger):
        assert (await put(client, forged, content, 0)).status_code == 401
        assert (await put(client, {"url": upload["url"].partition("?")[0]}, content, 0)).status_code == 401
        assert (await client.head(forged["url"])).status_code == 401
    nobody = await product.client()
    assert (await nobody.head(upload["url"])).headers["upload-offset"] == "0"
    assert (await put(nobody, upload, content, 0)).status_code == 201
