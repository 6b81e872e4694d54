"""Logos: whose they are, how they are drawn, and what becomes of a code whose logo is gone."""

import io
from typing import Any
from uuid import UUID

import httpx
import pytest
import zxingcpp
from PIL import Image, ImageDraw

from scanly.kernel.ids import decode_id
from tests.services.qr.factories import URL, Bench, make_code, pointers

_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><path fill="#c0143c" d="M0 0h20v10H0z"/></svg>'
_SVG_IN_MM = _SVG.replace(b"viewBox", b'width="40mm" height="20mm" viewBox')


def picture() -> bytes:
    image = Image.new("RGBA", (120, 120), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((4, 4, 115, 115), fill=(192, 20, 60, 255))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def mine(client: httpx.AsyncClient) -> UUID:
    return decode_id("ws", client.headers["x-test-workspace"])


def with_logo(file_id: str, **logo: Any) -> dict[str, Any]:
    return {"logo": {"file_id": file_id, **logo}}


@pytest.mark.parametrize(
    ("data", "media_type"), [(picture(), "image/png"), (_SVG, "image/svg+xml"), (_SVG_IN_MM, "image/svg+xml")]
)
async def test_a_logo_lies_in_the_middle_of_every_file(
    qr: Bench, owner: httpx.AsyncClient, data: bytes, media_type: str
) -> None:
    file_id = qr.media.add(mine(owner), "logo", data, media_type)
    code = await make_code(owner, content=URL, design=with_logo(file_id, size=0.22))
    assert code["scannability"]["grade"] == "A"
    address = f"/qr-codes/{code['id']}/image"
    for form in ("png", "jpg", "webp"):
        image = Image.open(io.BytesIO((await owner.get(f"{address}.{form}?size=600")).content)).convert("RGB")
        red, green, blue = image.getpixel((300, 300))  # type: ignore[misc]
        assert red > 160, form
        assert max(green, blue) < 90, form
        assert zxingcpp.read_barcodes(image)[0].text == code["payload"]
    assert f"data:{media_type};base64," in (await owner.get(f"{address}.svg")).text
    for form in ("pdf", "eps"):
        assert (await owner.get(f"{address}.{form}?size=40&unit=mm")).status_code == 200


async def test_another_content_of_the_file_is_another_picture(qr: Bench, owner: httpx.AsyncClient) -> None:
    file_id = qr.media.add(mine(owner), "logo", picture(), "image/png")
    code = await make_code(owner, content=URL, design=with_logo(file_id))
    before = (await owner.get(f"/qr-codes/{code['id']}/image.png")).headers["etag"]
    kept = next(iter(qr.media.kept))
    workspace, file, data = qr.media.kept[kept]
    qr.media.kept[kept] = (workspace, file.model_copy(update={"content_hash": "other"}), data)
    assert (await owner.get(f"/qr-codes/{code['id']}/image.png")).headers["etag"] != before


async def test_what_is_no_logo_is_refused_at_its_place(qr: Bench, owner: httpx.AsyncClient) -> None:
    paper = qr.media.add(mine(owner))
    strange = "file_" + "0" * 26
    for design in (with_logo(paper), with_logo(strange)):
        answer = await owner.post("/qr-codes", json={"content": URL, "design": design})
        assert answer.status_code == 422
        assert pointers(answer) == {"/design/logo/file_id"}
    async with qr.visitor() as visitor:
        answer = await visitor.post("/qr-codes/preview", json={"payload": "x", "design": with_logo(paper)})
        assert pointers(answer) == {"/design/logo/file_id"}
        assert "Sign in" in answer.json()["detail"]


@pytest.mark.parametrize("part", ["logo", "background/picture"])
async def test_the_same_is_said_of_a_file_wherever_a_sketch_is_sent(
    qr: Bench, owner: httpx.AsyncClient, part: str
) -> None:
    drawing = _SVG.replace(b"<path", b"<text>Chai</text><path")
    wrong = {
        "file_" + "0" * 26: "file_not_found",
        qr.media.add(mine(owner)): "no_picture",
        qr.media.add(mine(owner), "chai.svg", drawing, "image/svg+xml"): "letters_in_drawing",
    }
    for file_id, code in wrong.items():
        shown = {"file_id": file_id}
        design = {"logo": shown} if part == "logo" else {"background": {"picture": shown}}
        preview = await owner.post("/qr-codes/preview", json={"content": URL, "design": design})
        if code == "file_not_found":  # shown as it would be printed
            assert (preview.status_code, preview.headers["scanly-left-out"]) == (200, f"/design/{part}/file_id")
            plain = await owner.post("/qr-codes/preview", json={"content": URL})
            assert preview.content == plain.content
            assert "scanly-left-out" not in plain.headers
        else:
            assert (preview.status_code, pointers(preview)) == (422, {f"/design/{part}/file_id"})
        for path in ("/qr-codes/check", "/qr-codes/repair", "/qr-codes"):
            answer = await owner.post(path, json={"content": URL, "design": design})
            assert answer.status_code == 422, path
            found = [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]
            assert found == [(f"/design/{part}/file_id", code)]


async def test_a_code_works_on_when_its_logo_is_gone(qr: Bench, owner: httpx.AsyncClient) -> None:
    file_id = qr.media.add(mine(owner), "logo", picture(), "image/png")
    code = await make_code(owner, content=URL, design=with_logo(file_id))
    qr.media.kept.clear()
    answer = await owner.get(f"/qr-codes/{code['id']}/image.png?size=600")
    assert answer.status_code == 200
    assert zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.content)))[0].text == code["payload"]


async def test_a_logo_is_never_larger_than_can_be_read(qr: Bench, owner: httpx.AsyncClient) -> None:
    file_id = qr.media.add(mine(owner), "logo", picture(), "image/png")
    sketch = {
        "payload": "HTTPS://GO.EXAMPLE/AB23CDE",
        "design": {**with_logo(file_id, size=0.34), "error_correction": "L"},
    }
    answer = (await owner.post("/qr-codes/check", json=sketch)).json()
    assert answer["grade"] != "F"
    assert "logo_made_smaller" in {advice["code"] for advice in answer["advice"]}


async def test_a_repair_keeps_the_logo(qr: Bench, owner: httpx.AsyncClient) -> None:
    file_id = qr.media.add(mine(owner), "logo", picture(), "image/png")
    design = {**with_logo(file_id), "modules": {"fill": {"color": "#ffd0d0"}}}
    answer = await owner.post("/qr-codes/repair", json={"payload": "HTTPS://GO.EXAMPLE/AB23CDE", "design": design})
    assert answer.status_code == 200, answer.text
    repaired = answer.json()
    assert repaired["design"]["logo"]["file_id"] == file_id
    assert [change["code"] for change in repaired["changes"]] == ["darker_dots"]
    assert repaired["scannability"]["grade"] == "A"


async def test_at_ones_own_risk_everything_is_saved(owner: httpx.AsyncClient) -> None:
    pale = {"modules": {"fill": {"color": "#fff0f0"}}}
    body = {"content": URL, "design": pale}
    assert (await owner.post("/qr-codes", json=body)).status_code == 422
    made = await owner.post("/qr-codes", json={**body, "allow_unreadable": True})
    assert made.status_code == 201, made.text
    assert made.json()["scannability"]["grade"] == "F"
