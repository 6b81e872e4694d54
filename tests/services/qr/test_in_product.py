"""qr with the real routing, behind the real door, drawing in processes of its own."""

import asyncio
import io

import httpx
import pytest
import zxingcpp
from PIL import Image

from tests.services.qr.factories import PALE, URL, pointers
from tests.support.product import InProcess

pytestmark = pytest.mark.slow


async def redirect_of(product: InProcess, address: str) -> httpx.Response:
    visitor = await product.client()
    return await visitor.get(address, headers={"user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)"})


async def test_from_an_address_to_a_printed_code_that_leads_there(product: InProcess) -> None:
    owner = await product.sign_up()
    made = await owner.post("/api/v1/qr-codes", json={"name": "Menu", "content": URL})
    assert made.status_code == 201, made.text
    code = made.json()

    file = await owner.get(code["images"]["png"])
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(file.content)).convert("RGB"))
    assert found.text == code["payload"] == code["payload"].upper()
    answer = await redirect_of(product, found.text.replace("HTTP://LOCALHOST:8000", ""))
    assert (answer.status_code, answer.headers["location"]) == (302, URL["url"])


async def test_an_edit_of_either_side_is_one_truth(product: InProcess) -> None:
    owner = await product.sign_up()
    code = (await owner.post("/api/v1/qr-codes", json={"content": URL, "slug": "tea"})).json()
    address, link = f"/api/v1/qr-codes/{code['id']}", f"/api/v1/links/{code['link']['id']}"

    changed = await owner.patch(address, json={"content": {"url": "example.com/two"}})
    assert changed.json()["payload"] == code["payload"]
    assert (await owner.get(link)).json()["destination"] == "https://example.com/two"
    assert (await owner.patch(link, json={"destination": "https://example.com/three"})).status_code == 200
    seen = (await owner.get(address)).json()
    assert seen["content"]["url"] == seen["link"]["destination"] == "https://example.com/three"
    assert seen["version"] > changed.json()["version"]
    found = (await owner.get("/api/v1/qr-codes", params={"q": "EXAMPLE.com/thr"})).json()["data"]
    assert [each["id"] for each in found] == [code["id"]]
    assert (await owner.get("/api/v1/qr-codes", params={"q": "example.com/two"})).json()["data"] == []


async def test_pause_delete_and_undo_reach_the_visitor(product: InProcess) -> None:
    owner = await product.sign_up()
    code = (await owner.post("/api/v1/qr-codes", json={"content": URL, "slug": "door"})).json()
    address = f"/api/v1/qr-codes/{code['id']}"

    async def visitors_get(status: int) -> None:
        for _ in range(100):
            answer = await redirect_of(product, "/door")
            if answer.status_code == status:
                return
            await asyncio.sleep(0.02)
        assert answer.status_code == status

    await visitors_get(302)
    assert (await owner.post(f"{address}/pause")).json()["status"] == "paused"
    paused = (await owner.get("/api/v1/qr-codes", params={"status": "paused"})).json()["data"]
    assert [each["id"] for each in paused] == [code["id"]]
    await visitors_get(200)
    assert (await owner.post(f"{address}/resume")).json()["status"] == "active"
    await visitors_get(302)
    assert (await owner.delete(address)).status_code == 204
    await visitors_get(410)
    assert (await owner.post(f"{address}/restore")).json()["status"] == "active"
    await visitors_get(302)
    assert (await owner.post(f"{address}/archive")).json()["status"] == "archived"
    await visitors_get(302)


@pytest.mark.parametrize(
    ("slug", "status", "code"),
    [
        ("API", 422, "slug_reserved"),
        ("app", 422, "slug_reserved"),
        ("taken", 409, "slug_taken"),
        ("Ta ken?", 422, "slug_invalid"),
    ],
)
async def test_slugs_that_cannot_be(product: InProcess, slug: str, status: int, code: str) -> None:
    owner, other = await product.sign_up(), await product.sign_up()
    assert (await other.post("/api/v1/qr-codes", json={"content": URL, "slug": "taken"})).status_code == 201
    answer = await owner.post("/api/v1/qr-codes", json={"content": URL, "slug": slug})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert pointers(answer) == {"/slug"}
    assert (await owner.get("/api/v1/qr-codes")).json()["data"] == []


async def test_a_refused_design_leaves_the_address_free(product: InProcess) -> None:
    owner = await product.sign_up()
    body = {"content": URL, "slug": "counter"}
    refused = await owner.post("/api/v1/qr-codes", json={**body, "design": PALE})
    assert (refused.status_code, refused.json()["code"]) == (422, "unreadable_design")
    assert (await owner.post("/api/v1/qr-codes", json=body)).status_code == 201


async def test_a_loop_to_the_code_itself_is_refused(product: InProcess) -> None:
    owner = await product.sign_up()
    content = {"type": "url", "url": "http://localhost:8000/loop"}
    answer = await owner.post("/api/v1/qr-codes", json={"content": content, "slug": "loop"})
    assert (answer.status_code, answer.json()["code"]) == (422, "destination_refused")
    assert pointers(answer) == {"/content/url"}


async def test_nobody_needs_to_sign_in_to_try(product: InProcess) -> None:
    visitor = await product.client()
    picture = await visitor.post("/api/v1/qr-codes/preview?format=png", json={"content": URL})
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert (await visitor.post("/api/v1/qr-codes/check", json={"content": URL})).json()["grade"] == "A"
    assert (await visitor.get("/api/v1/qr-content-types")).status_code == 200
    assert (await visitor.get("/api/v1/qr-design-options")).status_code == 200
    assert (await visitor.get("/api/v1/qr-codes")).status_code == 401
