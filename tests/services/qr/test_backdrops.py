"""Pictures behind a code: how they are drawn, judged and repaired, and whose they are."""

import io
from typing import Any

import httpx
import pytest
import zxingcpp
from PIL import Image

from scanly.kernel.ids import decode_id
from scanly.services.qr.design import Design
from scanly.services.qr.rendering.backdrop import Backdrop, shades
from scanly.services.qr.rendering.pictures import LogoFile
from tests.services.qr.factories import URL, Bench, make_code, pointers
from tests.services.qr.test_logos import mine

_DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><path fill="#0000ff" d="M0 0h20v20H0z"/>'
    b'<path fill="#ff0000" d="M20 0h20v20H20z"/></svg>'
)


def photo(color: str = "#000000", size: tuple[int, int] = (400, 300)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, color).save(file, "PNG")
    return file.getvalue()


def behind(file_id: str, **picture: Any) -> dict[str, Any]:
    return {"background": {"picture": {"file_id": file_id, **picture}}}


async def test_a_picture_is_behind_the_code_in_every_file(qr: Bench, owner: httpx.AsyncClient) -> None:
    file_id = qr.media.add(mine(owner), "photo.svg", _DRAWING, "image/svg+xml")
    code = await make_code(owner, content=URL, design=behind(file_id))
    assert code["design"]["background"]["picture"] == {"file_id": file_id, "strength": 0.2}
    assert code["scannability"]["grade"] == "A"
    address = f"/qr-codes/{code['id']}/image"
    for form in ("png", "jpg", "webp"):
        image = Image.open(io.BytesIO((await owner.get(f"{address}.{form}?size=600")).content)).convert("RGB")
        left, right = image.getpixel((10, 300)), image.getpixel((590, 300))
        assert [abs(value - wanted) < 4 for value, wanted in zip(left, (204, 204, 255), strict=True)] == [True] * 3  # type: ignore[arg-type]
        assert [abs(value - wanted) < 4 for value, wanted in zip(right, (255, 204, 204), strict=True)] == [True] * 3  # type: ignore[arg-type]
        assert zxingcpp.read_barcodes(image)[0].text == code["payload"]
    assert 'opacity=".2" preserveAspectRatio="xMidYMid slice"' in (await owner.get(f"{address}.svg")).text
    for form in ("pdf", "eps"):
        assert (await owner.get(f"{address}.{form}?size=40&unit=mm")).status_code == 200


async def test_the_usual_strength_passes_whatever_the_picture_is(qr: Bench, owner: httpx.AsyncClient) -> None:
    for color in ("#000000", "#ffffff", "#7a0019", "#00ff00"):
        file_id = qr.media.add(mine(owner), "photo.png", photo(color), "image/png")
        answer = await owner.post("/qr-codes/check", json={"content": URL, "design": behind(file_id)})
        assert (answer.json()["grade"], answer.json()["advice"]) == ("A", []), color


async def test_a_strong_picture_is_refused_and_repaired_by_fading_it(qr: Bench, owner: httpx.AsyncClient) -> None:
    file_id = qr.media.add(mine(owner), "photo.png", photo("#202020"), "image/png")
    design = {"modules": {"shape": "dots"}, **behind(file_id, strength=1)}
    refused = await owner.post("/qr-codes", json={"content": URL, "design": design})
    assert refused.status_code == 422
    assert {fault["code"] for fault in refused.json()["errors"]} == {"unreadable", "picture_too_strong"}
    repaired = (await owner.post("/qr-codes/repair", json={"content": URL, "design": design})).json()
    assert [change["code"] for change in repaired["changes"]] == ["picture_fainter"]
    assert 0.05 < repaired["design"]["background"]["picture"]["strength"] < 0.5
    assert repaired["scannability"]["grade"] == "A"
    assert (await owner.post("/qr-codes", json={"content": URL, "design": repaired["design"]})).status_code == 201


async def test_the_file_counts_as_used_and_its_content_as_part_of_the_picture(
    qr: Bench, owner: httpx.AsyncClient
) -> None:
    file_id = qr.media.add(mine(owner), "photo.png", photo("#335577"), "image/png")
    code = await make_code(owner, content=URL, design=behind(file_id))
    ((topic, event),) = [entry for entry in await qr.events() if entry[0] == "qr.created"]
    assert (topic, event["file_ids"]) == ("qr.created", [str(decode_id("file", file_id))])
    before = (await owner.get(f"/qr-codes/{code['id']}/image.png")).headers["etag"]
    kept = next(iter(qr.media.kept))
    workspace, file, data = qr.media.kept[kept]
    qr.media.kept[kept] = (workspace, file.model_copy(update={"content_hash": "other"}), data)
    assert (await owner.get(f"/qr-codes/{code['id']}/image.png")).headers["etag"] != before
    qr.media.kept.clear()
    gone = await owner.get(f"/qr-codes/{code['id']}/image.png?size=600")
    assert zxingcpp.read_barcodes(Image.open(io.BytesIO(gone.content)))[0].text == code["payload"]


async def test_looks_are_kept_with_their_picture(qr: Bench, owner: httpx.AsyncClient) -> None:
    file_id = qr.media.add(mine(owner), "photo.png", photo(), "image/png")
    design = behind(file_id, strength=0.1)
    saved = await owner.post("/qr-designs", json={"name": "Photo", "design": design})
    assert saved.json()["design"]["background"]["picture"] == design["background"]["picture"]
    kit = await owner.post("/brand-kits", json={"name": "Ours", "design": design, "locked": ["background"]})
    assert kit.json()["design"]["background"]["picture"] == design["background"]["picture"]


async def test_letters_that_every_machine_would_draw_otherwise(qr: Bench, owner: httpx.AsyncClient) -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text y="8">S</text></svg>'
    file_id = qr.media.add(mine(owner), "sign.svg", drawing, "image/svg+xml")
    for design in (behind(file_id), {"logo": {"file_id": file_id}}):
        answer = await owner.post("/qr-codes", json={"content": URL, "design": design})
        assert answer.json()["errors"][0]["code"] == "letters_in_drawing"
        assert "paths" in answer.json()["detail"]


async def test_what_is_no_picture_of_ones_own_is_refused_at_its_place(qr: Bench, owner: httpx.AsyncClient) -> None:
    for file_id in (qr.media.add(mine(owner)), "file_" + "0" * 26):
        answer = await owner.post("/qr-codes", json={"content": URL, "design": behind(file_id)})
        assert pointers(answer) == {"/design/background/picture/file_id"}
    async with qr.visitor() as visitor:
        answer = await visitor.post("/qr-codes/preview", json={"payload": "x", "design": behind("file_" + "0" * 26)})
        assert "Sign in" in answer.json()["detail"]
    answer = await owner.post(
        "/qr-codes/check", json={"payload": "x", "design": behind("file_" + "0" * 26, strength=0)}
    )
    assert pointers(answer) == {"/design/background/picture/strength"}


def test_a_transparent_background_under_a_picture_is_white() -> None:
    design = Design.model_validate({"background": {"fill": None, "picture": {"file_id": "file_" + "0" * 26}}})
    look = design.look(None, LogoFile("image/png", photo()))
    assert look.background is None
    assert look.needs_ground


@pytest.mark.parametrize(("strength", "darkest"), [(1, "#000000"), (0.2, "#cccccc"), (0.5, "#7f7f7f")])
def test_the_judge_knows_the_darkest_place(strength: float, darkest: str) -> None:
    half = Image.new("RGB", (200, 100), "white")
    half.paste("black", (100, 0, 200, 100))
    file = io.BytesIO()
    half.save(file, "PNG")
    assert shades(Backdrop(LogoFile("image/png", file.getvalue()), strength), "#ffffff") == (darkest, "#ffffff")
