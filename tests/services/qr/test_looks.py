"""Kept looks through the API: saved designs, brand kits and their rules, templates, samples of shapes."""

import xml.etree.ElementTree as ET
from typing import Any, get_args
from uuid import UUID

import httpx
import pytest

from scanly.kernel.ids import decode_id
from scanly.services.qr.design import Design
from scanly.services.qr.judging import judge
from scanly.services.qr.looks.rules import contrast
from scanly.services.qr.looks.schemas import Part
from scanly.services.qr.looks.templates import TEMPLATES, in_words
from tests.services.qr.factories import URL, WIFI, Bench, make_code, pointers
from tests.services.qr.test_logos import picture

NIGHT: dict[str, Any] = {"modules": {"shape": "dots", "fill": {"color": "#1f2f6b"}}}
LEAF: dict[str, Any] = {"modules": {"shape": "rounded", "fill": {"color": "#14532d"}}}


def workspace_of(client: httpx.AsyncClient) -> UUID:
    return decode_id("ws", client.headers["x-test-workspace"])


async def save(client: httpx.AsyncClient, path: str = "/qr-designs", **fields: Any) -> dict[str, Any]:
    answer = await client.post(path, json={"name": "Night", "design": NIGHT, **fields})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_saved_design_is_kept_changed_drawn_and_forgotten(owner: httpx.AsyncClient) -> None:
    saved = await save(owner)
    path = f"/qr-designs/{saved['id']}"
    assert saved["design"] == Design.model_validate(NIGHT).model_dump(mode="json")
    assert (await owner.get(path)).json() == saved
    assert (await owner.get("/qr-designs")).json() == {"data": [saved], "next_cursor": None, "has_more": False}

    renamed = await owner.patch(path, json={"name": "Late"}, headers={"if-match": '"1"'})
    assert (renamed.json()["name"], renamed.json()["design"]) == ("Late", saved["design"])
    stale = await owner.patch(path, json={"name": "Later"}, headers={"if-match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    relooked = (await owner.patch(path, json={"design": LEAF})).json()
    assert relooked["design"] == Design.model_validate(LEAF).model_dump(mode="json")

    picture = await owner.get(f"{path}/image.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert b"#14532d" in picture.content
    assert (await owner.delete(path)).status_code == 204
    assert (await owner.get(path)).json()["code"] == "design_not_found"


async def test_bad_looks_are_refused_with_every_fault(owner: httpx.AsyncClient) -> None:
    bad = {"name": " ", "design": {"modules": {"shape": "clouds", "fill": {"color": "blue"}}}, "colour": 1}
    answer = await owner.post("/qr-designs", json=bad)
    assert answer.status_code == 422
    assert {"/name", "/design/modules/shape", "/design/modules/fill/color", "/colour"} <= pointers(answer)
    saved = await save(owner)
    patched = await owner.patch(f"/qr-designs/{saved['id']}", json={"name": None, "colour": 1})
    assert pointers(patched) == {"/name", "/colour"}
    kit = await owner.post("/brand-kits", json={"name": "Us", "locked": ["smell"], "least_contrast": 40})
    assert pointers(kit) == {"/locked/0", "/least_contrast"}


async def test_the_same_key_saves_once(owner: httpx.AsyncClient) -> None:
    headers = {"idempotency-key": "twice"}
    body = {"name": "Night", "design": NIGHT}
    for path in ("/qr-designs", "/brand-kits"):
        first = await owner.post(path, json=body, headers={**headers, "idempotency-key": path})
        again = await owner.post(path, json=body, headers={**headers, "idempotency-key": path})
        assert first.json() == again.json()
        assert len((await owner.get(path)).json()["data"]) == 1


async def test_there_is_one_default_and_new_codes_get_it(owner: httpx.AsyncClient) -> None:
    night = await save(owner, is_default=True)
    assert (await make_code(owner))["design"] == night["design"]
    leaf = await save(owner, name="Leaf", design=LEAF, is_default=True)
    listed = (await owner.get("/qr-designs")).json()["data"]
    assert [(item["name"], item["is_default"]) for item in listed] == [("Leaf", True), ("Night", False)]
    assert (await make_code(owner))["design"] == leaf["design"]
    named = await make_code(owner, design=NIGHT)
    assert named["design"] == night["design"]


async def test_a_default_look_whose_picture_is_gone_stops_nobody(qr: Bench, owner: httpx.AsyncClient) -> None:
    gone = qr.media.add(workspace_of(owner), "logo", picture(), "image/png")
    pictures = {"logo": {"file_id": gone}, "background": {"picture": {"file_id": gone}}}
    await save(owner, design={**LEAF, **pictures}, is_default=True)
    qr.media.kept.clear()
    design = (await make_code(owner))["design"]
    assert (design["logo"], design["background"]["picture"]) == (None, None)
    assert design["modules"]["shape"] == LEAF["modules"]["shape"]


async def test_putting_the_same_code_twice_keeps_the_default_look(owner: httpx.AsyncClient) -> None:
    await save(owner, is_default=True)
    first = await owner.put("/qr-codes/by-external-id/a", json={"content": URL})
    again = await owner.put("/qr-codes/by-external-id/a", json={"content": URL})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


async def test_a_background_can_be_taken_away_and_brought_back(owner: httpx.AsyncClient) -> None:
    code = await make_code(owner)
    path = f"/qr-codes/{code['id']}"
    bare = await owner.patch(path, json={"design": {"background": {"fill": None}}})
    assert bare.json()["design"]["background"] == {"fill": None, "picture": None}
    kept = await owner.patch(path, json={"design": {"quiet_zone": 5}})
    assert kept.json()["design"]["background"] == {"fill": None, "picture": None}
    whole = await owner.patch(path, json={"design": {"background": None}})
    assert whole.json()["design"]["background"] == {"fill": {"color": "#ffffff"}, "picture": None}


async def test_a_brand_kit_binds_editors_and_not_admins(qr: Bench, owner: httpx.AsyncClient) -> None:
    kit = await save(owner, "/brand-kits", colors=["#1F2F6B", "#fff"], locked=["modules"], is_default=True)
    assert kit["colors"] == ["#1f2f6b", "#ffffff"]
    plain = await make_code(owner, design={})
    workspace = workspace_of(owner)
    async with qr.client(workspace, role="editor") as editor:
        fitting = await make_code(editor, design={**NIGHT, "quiet_zone": 6})
        assert (await make_code(editor, content=WIFI))["design"] == kit["design"]
        refused = await editor.post("/qr-codes", json={"content": URL, "design": LEAF})
        assert (refused.status_code, refused.json()["code"]) == (422, "brand_rules")
        assert [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]] == [
            ("/design/modules", "brand_locked")
        ]
        changed = await editor.patch(f"/qr-codes/{fitting['id']}", json={"design": LEAF})
        assert changed.json()["code"] == "brand_rules"
        renamed = await editor.patch(f"/qr-codes/{plain['id']}", json={"name": "Older than the kit"})
        assert renamed.status_code == 200
        own = await editor.post("/brand-kits", json={"name": "Mine"})
        assert (own.status_code, own.json()["code"]) == (403, "forbidden")
        kept = await editor.delete(f"/brand-kits/{kit['id']}")
        assert kept.status_code == 403
    async with qr.client(workspace, role="admin") as admin:
        assert (await make_code(admin, design=LEAF))["design"]["modules"]["shape"] == "rounded"


async def test_a_brand_kit_asks_for_contrast(qr: Bench, owner: httpx.AsyncClient) -> None:
    kit = await save(owner, "/brand-kits", least_contrast=7, is_default=True)
    pale = {"modules": {"fill": {"color": "#6a6a6a"}}, "background": {"fill": None}}
    async with qr.client(workspace_of(owner), role="editor") as editor:
        refused = await editor.post("/qr-codes", json={"content": URL, "design": pale})
        assert [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]] == [
            ("/design/modules", "brand_contrast")
        ]
        assert "5.4 : 1" in refused.json()["detail"]
        await make_code(editor, design=NIGHT)
        lifted = await owner.patch(f"/brand-kits/{kit['id']}", json={"least_contrast": None})
        assert lifted.json()["least_contrast"] is None
        await make_code(editor, design={"modules": {"fill": {"color": "#6a6a6a"}}})
        assert (await owner.delete(f"/brand-kits/{kit['id']}")).status_code == 204


async def test_looks_of_others_are_not_there(qr: Bench, owner: httpx.AsyncClient) -> None:
    design, kit = await save(owner, is_default=True), await save(owner, "/brand-kits", is_default=True)
    async with qr.client() as stranger:
        for path in (f"/qr-designs/{design['id']}", f"/brand-kits/{kit['id']}"):
            assert (await stranger.get(path)).status_code == 404
            assert (await stranger.patch(path, json={"name": "Mine"})).status_code == 404
            assert (await stranger.delete(path)).status_code == 404
        assert (await stranger.get(f"/qr-designs/{design['id']}/image.svg")).status_code == 404
        assert (await stranger.get("/qr-designs")).json()["data"] == []
        assert (await make_code(stranger))["design"] == Design().model_dump(mode="json")
    async with qr.client(workspace_of(owner), role="viewer") as viewer:
        assert (await viewer.get("/qr-designs")).status_code == 200
        assert (await viewer.post("/qr-designs", json={"name": "x", "design": {}})).status_code == 403


async def test_a_workspace_keeps_a_hundred(owner: httpx.AsyncClient) -> None:
    for number in range(100):
        await save(owner, name=f"Look {number}", design={})
    answer = await owner.post("/qr-designs", json={"name": "One more", "design": {}})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_looks")


async def test_anybody_sees_each_shape_and_each_template(qr: Bench) -> None:
    async with qr.visitor() as visitor:
        options = (await visitor.get("/qr-design-options")).json()
        for group in ("modules", "eye_frames", "eye_balls", "outlines", "frames"):
            pictures = set()
            for option in options[group]:
                picture = await visitor.get(f"/qr-design-options/{group}/{option['name']}.svg?locale=hi")
                assert picture.status_code == 200, picture.text
                assert picture.headers["cache-control"] == "public, max-age=86400"
                ET.fromstring(picture.content)
                pictures.add(picture.content)
            assert len(pictures) == len(options[group])
        pictures = set()
        templates = (await visitor.get("/qr-templates")).json()["data"]
        for template in templates:
            for locale in ("en", "hi"):
                picture = await visitor.get(f"/qr-templates/{template['name']}.svg?locale={locale}")
                assert picture.status_code == 200
                pictures.add(picture.content)
            if template["design"]["frame"]:
                assert template["design"]["frame"]["text"] == template["texts"][0]["en"]
        assert len(pictures) == sum(2 if template["design"]["frame"] else 1 for template in templates)
        for path in ("/qr-design-options/modules/clouds.svg", "/qr-templates/clouds.svg"):
            assert (await visitor.get(path)).status_code == 404
        assert (await visitor.get("/qr-designs")).status_code == 401


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_scans_in_both_languages(name: str) -> None:
    template = TEMPLATES[name]
    for locale in ("en", "hi"):
        design = in_words(template, locale)
        assert design.model_dump() == Design.model_validate(design.model_dump(mode="json")).model_dump()
        assert judge("https://example.com/menu", design.look()).grade in {"A", "B"}
    assert {text["hi"] for text in template.texts} != {text["en"] for text in template.texts}


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#ffffff") == 1


def test_every_part_of_a_design_can_be_locked() -> None:
    assert set(get_args(Part)) == set(Design.model_fields)
