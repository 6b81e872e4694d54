"""The life of codes through the API."""

import asyncio
import json
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from scanly.kernel.errors import Unavailable
from scanly.kernel.ids import decode_id, new_id
from tests.services.qr.factories import PALE, URL, WIFI, Bench, make_code, pointers


async def test_a_dynamic_code_has_a_link_and_a_short_payload(qr: Bench, owner: httpx.AsyncClient) -> None:
    answer = await owner.post("/qr-codes", json={"name": "Menu", "content": {"type": "url", "url": "example.com/menu"}})

    code = answer.json()
    assert answer.status_code == 201
    assert code["kind"] == "dynamic"
    assert code["status"] == "active"
    assert code["content"] == {"type": "url", "url": "https://example.com/menu"}
    assert code["link"]["destination"] == "https://example.com/menu"
    assert code["payload"] == code["link"]["short_url"].upper()
    assert code["scannability"]["grade"] == "A"
    assert answer.headers["etag"] == f'"{code["version"]}"'
    assert answer.headers["location"] == f"/api/v1/qr-codes/{code['id']}"
    assert (await owner.get(f"/qr-codes/{code['id']}")).json() == code
    link_id = decode_id("link", code["link"]["id"])
    assert qr.routing.kept[link_id].code_id == decode_id("qr", code["id"])
    assert [(topic, data["link_id"]) for topic, data in await qr.events()] == [("qr.created", str(link_id))]


async def test_a_fixed_code_carries_its_payload(qr: Bench, owner: httpx.AsyncClient) -> None:
    code = await make_code(owner, content=WIFI)

    assert code["kind"] == "fixed"
    assert code["name"] == "Chai Corner"
    assert code["link"] is None
    assert code["payload"] == "WIFI:T:WPA;S:Chai Corner;P:masala-chai-8;;"
    assert qr.routing.claims == 0
    assert (await owner.post(f"/qr-codes/{code['id']}/pause")).json()["code"] == "code_is_fixed"


async def test_kanji_mode_is_judged_by_its_text(owner: httpx.AsyncClient) -> None:
    code = await make_code(owner, content={"type": "text", "text": "東京タワー 〒105-0011 東京都港区芝公園4-2-8"})
    assert code["scannability"]["grade"] == "A"


async def test_the_kind_must_fit_the_content(owner: httpx.AsyncClient) -> None:
    answer = await owner.post("/qr-codes", json={"kind": "dynamic", "content": WIFI})
    assert (answer.status_code, pointers(answer)) == (422, {"/kind"})
    fixed = await make_code(owner, kind="fixed")
    assert fixed["payload"] == URL["url"]
    with_slug = await owner.post("/qr-codes", json={"kind": "fixed", "content": URL, "slug": "menu"})
    assert (with_slug.status_code, pointers(with_slug)) == (422, {"/slug"})


async def test_an_unreadable_design_is_refused_before_an_address_is_taken(qr: Bench, owner: httpx.AsyncClient) -> None:
    answer = await owner.post("/qr-codes", json={"content": URL, "design": PALE})

    assert answer.status_code == 422
    assert answer.json()["code"] == "unreadable_design"
    assert {fault["code"] for fault in answer.json()["errors"]} >= {"unreadable", "low_contrast"}
    assert qr.routing.claims == 0
    assert await qr.events() == []


async def test_faults_of_the_address_pass_through(qr: Bench, owner: httpx.AsyncClient) -> None:
    await make_code(owner, slug="menu")
    taken = await owner.post("/qr-codes", json={"content": URL, "slug": "MENU"})
    assert (taken.status_code, taken.json()["code"]) == (409, "slug_taken")
    reserved = await owner.post("/qr-codes", json={"content": URL, "slug": "api"})
    assert (reserved.status_code, reserved.json()["code"]) == (422, "slug_reserved")
    assert len(await qr.events()) == 1


async def test_the_same_key_makes_one_code(qr: Bench, owner: httpx.AsyncClient) -> None:
    headers = {"idempotency-key": "first"}
    one = await owner.post("/qr-codes", json={"content": URL}, headers=headers)
    two = await owner.post("/qr-codes", json={"content": URL}, headers=headers)
    other = await owner.post("/qr-codes", json={"content": WIFI}, headers=headers)

    assert one.json() == two.json()
    assert two.status_code == 201
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(qr.routing.kept) == 1
    assert len(await qr.events()) == 1


async def test_a_request_that_broke_off_is_repeated_with_the_same_address(qr: Bench, owner: httpx.AsyncClient) -> None:
    headers = {"idempotency-key": "again"}
    body = {"content": URL, "slug": "tea"}
    qr.routing.fails_after_claim = Unavailable("Try again.", retry_after=2)
    assert (await owner.post("/qr-codes", json=body, headers=headers)).status_code == 503
    qr.routing.fails_after_claim = None
    again = await owner.post("/qr-codes", json=body, headers=headers)
    assert (again.status_code, again.json()["link"]["slug"]) == (201, "tea")
    assert len(qr.routing.kept) == 1


async def test_where_a_dynamic_code_leads_is_changed_without_changing_the_symbol(
    qr: Bench, owner: httpx.AsyncClient
) -> None:
    code = await make_code(owner, name="Menu")
    answer = await owner.patch(
        f"/qr-codes/{code['id']}",
        json={"content": {"url": "example.com/evening"}},
        headers={"if-match": f'"{code["version"]}"'},
    )

    changed = answer.json()
    assert changed["link"]["destination"] == "https://example.com/evening"
    assert changed["content"]["url"] == "https://example.com/evening"
    assert changed["payload"] == code["payload"]
    assert changed["name"] == "Menu"
    assert changed["version"] > code["version"]
    assert [topic for topic, _ in await qr.events()] == ["qr.created", "qr.updated"]


async def test_two_people_at_once(owner: httpx.AsyncClient) -> None:
    code = await make_code(owner)
    address, seen = f"/qr-codes/{code['id']}", {"if-match": f'"{code["version"]}"'}
    first = await owner.patch(address, json={"name": "Lunch"}, headers=seen)
    second = await owner.patch(address, json={"name": "Dinner"}, headers=seen)
    blind = await owner.patch(address, json={"tags": ["counter"]})

    assert first.status_code == 200
    assert (second.status_code, second.json()["code"]) == (409, "stale_version")
    assert (await owner.delete(address, headers=seen)).status_code == 409
    assert (blind.json()["name"], blind.json()["tags"]) == ("Lunch", ["counter"])


async def test_a_change_to_what_is_already_so_changes_nothing(qr: Bench, owner: httpx.AsyncClient) -> None:
    code = await make_code(owner, name="Menu", tags=["a"])
    same = {"name": "Menu", "tags": ["a"], "content": URL, "design": {"quiet_zone": 4}}
    assert (await owner.patch(f"/qr-codes/{code['id']}", json=same)).json() == code
    assert [topic for topic, _ in await qr.events()] == ["qr.created"]


async def test_an_edit_of_the_link_elsewhere_shows_and_makes_the_version_stale(
    qr: Bench, owner: httpx.AsyncClient
) -> None:
    code = await make_code(owner)
    link = next(iter(qr.routing.kept.values()))
    await qr.routing.change_destination(
        workspace_id=link.workspace_id, link_id=link.id, destination="https://example.com/elsewhere"
    )
    stale = await owner.patch(
        f"/qr-codes/{code['id']}", json={"name": "x"}, headers={"if-match": f'"{code["version"]}"'}
    )
    assert stale.status_code == 409
    assert (await owner.get(f"/qr-codes/{code['id']}")).json()["content"]["url"] == "https://example.com/elsewhere"


async def test_a_patch_merges_and_null_takes_back(owner: httpx.AsyncClient) -> None:
    code = await make_code(
        owner, content=WIFI, name="Guests", design={"modules": {"shape": "dots"}}, tags=["a", "A", "b"]
    )
    assert code["tags"] == ["a", "b"]
    address = f"/qr-codes/{code['id']}"
    colored = await owner.patch(address, json={"design": {"modules": {"fill": {"color": "#0B6B70"}}}})
    assert colored.json()["design"]["modules"] == {"shape": "dots", "fill": {"color": "#0b6b70"}}
    hidden = await owner.patch(address, json={"content": {"hidden": True}})
    assert hidden.json()["payload"] == "WIFI:T:WPA;S:Chai Corner;P:masala-chai-8;H:true;;"
    other = await owner.patch(
        address, json={"content": {"type": "text", "text": "Closed"}, "design": None, "name": None}
    )
    assert (other.json()["payload"], other.json()["name"]) == ("Closed", "Closed")
    assert other.json()["design"]["modules"]["shape"] == "square"


async def test_what_a_patch_cannot_do(owner: httpx.AsyncClient) -> None:
    code = await make_code(owner)
    address = f"/qr-codes/{code['id']}"
    kind = await owner.patch(address, json={"kind": "fixed", "slug": "x"})
    assert (kind.status_code, pointers(kind)) == (422, {"/kind", "/slug"})
    wrong = await owner.patch(address, json={"colour": 1, "content": {"url": "javascript:alert(1)"}})
    assert (wrong.status_code, pointers(wrong)) == (422, {"/colour", "/content/url"})
    fixed_only = await owner.patch(address, json={"content": WIFI})
    assert (fixed_only.status_code, pointers(fixed_only)) == (422, {"/content/type"})
    assert (await owner.patch(address, json={"content": None})).status_code == 422
    pale = await owner.patch(address, json={"design": PALE})
    assert pale.json()["code"] == "unreadable_design"
    assert (await owner.get(address)).json() == code


async def test_pause_archive_delete_and_undo(qr: Bench, owner: httpx.AsyncClient) -> None:
    code = await make_code(owner)
    address = f"/qr-codes/{code['id']}"
    assert (await owner.post(f"{address}/pause")).json()["status"] == "paused"
    assert (await owner.post(f"{address}/resume")).json()["status"] == "active"
    archived = (await owner.post(f"{address}/archive")).json()
    assert archived["status"] == "archived"
    assert (await owner.post(f"{address}/archive")).json() == archived
    assert (await owner.post(f"{address}/restore")).json()["status"] == "active"

    assert (await owner.delete(address)).status_code == 204
    assert (await owner.get(address)).status_code == 404
    assert (await owner.get("/qr-codes")).json()["data"] == []
    assert len(qr.routing.removed) == 1
    assert (await owner.post(f"{address}/restore")).json()["id"] == code["id"]
    assert qr.routing.removed == set()
    topics = [topic for topic, _ in await qr.events()]
    assert topics == ["qr.created", "qr.updated", "qr.updated", "qr.deleted", "qr.updated"]


async def test_a_deleted_code_is_gone_after_thirty_days(qr: Bench, owner: httpx.AsyncClient) -> None:
    code = await make_code(owner)
    await owner.delete(f"/qr-codes/{code['id']}")
    qr.clock.advance(timedelta(days=29))
    assert await qr.service.purge() == 0
    qr.clock.advance(timedelta(days=2))
    assert (await owner.post(f"/qr-codes/{code['id']}/restore")).status_code == 404
    assert await qr.service.purge() == 1


async def test_a_copy_has_an_address_of_its_own(owner: httpx.AsyncClient) -> None:
    code = await make_code(owner, name="Menu", tags=["counter"], design={"modules": {"shape": "rounded"}})
    copy = await owner.post(f"/qr-codes/{code['id']}/duplicate")
    named = await owner.post(f"/qr-codes/{code['id']}/duplicate", json={"name": "Door", "slug": "door"})

    assert copy.status_code == 201
    assert copy.json()["name"] == "Menu (copy)"
    assert (copy.json()["design"], copy.json()["tags"]) == (code["design"], code["tags"])
    assert copy.json()["link"]["destination"] == code["link"]["destination"]
    assert copy.json()["link"]["slug"] != code["link"]["slug"]
    assert (named.json()["name"], named.json()["link"]["slug"]) == ("Door", "door")


async def test_what_was_saved_though_phones_fail_can_be_copied(owner: httpx.AsyncClient) -> None:
    code = await make_code(owner, design=PALE, allow_unreadable=True)
    copy = await owner.post(f"/qr-codes/{code['id']}/duplicate")
    assert (copy.status_code, copy.json()["design"]) == (201, code["design"])


async def test_an_external_id_makes_once_and_then_changes(qr: Bench, owner: httpx.AsyncClient) -> None:
    address = "/qr-codes/by-external-id/table-7"
    made = await owner.put(address, json={"content": URL, "slug": "table7"})
    changed = await owner.put(address, json={"content": {**URL, "url": "https://example.com/new"}, "name": "Table 7"})

    assert (made.status_code, changed.status_code) == (201, 200)
    assert changed.json()["id"] == made.json()["id"]
    assert (changed.json()["name"], changed.json()["external_id"]) == ("Table 7", "table-7")
    assert changed.json()["content"]["url"] == "https://example.com/new"
    assert len(qr.routing.kept) == 1
    other = await owner.put(address, json={"content": URL, "slug": "other", "kind": "dynamic"})
    assert (other.status_code, pointers(other)) == (422, {"/slug"})
    assert pointers(await owner.put(address, json={"content": URL, "external_id": "8"})) == {"/external_id"}


@pytest.mark.parametrize("spelled", ["floor%2F2", "caf%C3%A9", "cafe%CC%81", "%20door%20"])
async def test_an_external_id_is_the_same_in_address_and_body(owner: httpx.AsyncClient, spelled: str) -> None:
    made = await owner.put(f"/qr-codes/by-external-id/{spelled}", json={"content": WIFI})
    again = await owner.put(
        f"/qr-codes/by-external-id/{spelled}", json={"content": WIFI, "external_id": made.json()["external_id"]}
    )
    taken = await owner.post("/qr-codes", json={"content": WIFI, "external_id": made.json()["external_id"]})
    assert (made.status_code, again.status_code, taken.status_code) == (201, 200, 409)


@pytest.mark.parametrize("spelled", ["%20", "a%00b", "%E2%80%AE", "x" * 201])
async def test_an_external_id_in_an_address_is_judged_like_any_other(owner: httpx.AsyncClient, spelled: str) -> None:
    answer = await owner.put(f"/qr-codes/by-external-id/{spelled}", json={"content": WIFI})
    assert (answer.status_code, pointers(answer)) == (422, {"path:external_id"})


async def test_a_code_that_cannot_be_made_takes_no_address(qr: Bench, owner: httpx.AsyncClient) -> None:
    await make_code(owner, external_id="7")
    key = {"idempotency-key": "print-run"}
    refused = await owner.post("/qr-codes", json={"content": URL, "external_id": "7", "slug": "menu"}, headers=key)
    assert (refused.status_code, refused.json()["code"]) == (409, "external_id_taken")
    assert len(qr.routing.kept) == 1
    mended = {"content": {"type": "url", "url": "https://example.com/right"}, "external_id": "8", "slug": "menu"}
    made = await owner.post("/qr-codes", json=mended, headers=key)
    assert made.status_code == 201, made.text
    assert made.json()["link"]["destination"] == "https://example.com/right"


async def test_a_key_leads_to_no_address_of_another_request(qr: Bench, owner: httpx.AsyncClient) -> None:
    key = {"idempotency-key": "print-run"}
    qr.routing.fails_after_claim = Unavailable("Try again.", retry_after=2)
    wrong = {"content": {"type": "url", "url": "https://example.com/wrong"}}
    assert (await owner.post("/qr-codes", json=wrong, headers=key)).status_code == 503
    qr.routing.fails_after_claim = None
    made = await owner.post("/qr-codes", json={"content": URL}, headers=key)
    assert made.json()["link"]["destination"] == made.json()["content"]["url"] == URL["url"]
    assert (await owner.post("/qr-codes", json=wrong, headers=key)).json()["code"] == "idempotency_key_reused"


async def test_a_key_that_was_forgotten_makes_no_second_code(qr: Bench, owner: httpx.AsyncClient) -> None:
    key = {"idempotency-key": "print-run"}
    first = await owner.post("/qr-codes", json={"content": URL}, headers=key)
    async with qr.database.connect() as connection:
        await connection.execute(text("delete from scanly.idempotency"))
        await connection.commit()
    again = await owner.post("/qr-codes", json={"content": URL}, headers=key)
    assert (first.status_code, again.status_code) == (201, 409)
    assert again.json()["code"] == "idempotency_key_old"


@pytest.mark.parametrize(
    "kept",
    [
        {**WIFI, "security": "wpa", "hidden": False, "ssid": "a\u202eb"},
        {"type": "upi", "vpa": "ravi@okbank", "name": "Ravi", "amount": "99999999999.00"},
    ],
)
async def test_a_rule_that_came_later_takes_no_code_away(
    qr: Bench, owner: httpx.AsyncClient, kept: dict[str, object]
) -> None:
    code = await make_code(owner, content=WIFI)
    async with qr.database.connect() as connection:
        await connection.execute(text("update qr.codes set content = :kept"), {"kept": json.dumps(kept)})
        await connection.commit()
    seen = await owner.get(f"/qr-codes/{code['id']}")
    assert (seen.status_code, seen.json()["content"]) == (200, kept)
    assert (await owner.get("/qr-codes")).json()["data"] == [seen.json()]


async def test_of_two_who_saw_the_same_version_one_wins(owner: httpx.AsyncClient) -> None:
    code = await make_code(owner)
    address, seen = f"/qr-codes/{code['id']}", {"if-match": f'"{code["version"]}"'}

    async def lead_to(place: str) -> httpx.Response:
        return await owner.patch(address, json={"content": {"url": place}}, headers=seen)

    places = [f"https://example.com/{number}" for number in range(4)]
    answers = await asyncio.gather(*map(lead_to, places))
    (winner,) = [place for place, answer in zip(places, answers, strict=True) if answer.status_code == 200]
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert (await owner.get(address)).json()["content"]["url"] == winner


async def test_changes_of_different_parts_both_stay(qr: Bench, owner: httpx.AsyncClient) -> None:
    code = await make_code(owner)
    address = f"/qr-codes/{code['id']}"
    seen = {"if-match": f'"{code["version"]}"'}
    qr.routing.before_change = owner.patch(address, json={"name": "Renamed meanwhile"})
    moved = await owner.patch(address, json={"content": {"url": "https://example.com/new"}}, headers=seen)
    assert moved.status_code == 200, moved.text
    now = (await owner.get(address)).json()
    assert (now["name"], now["content"]["url"]) == ("Renamed meanwhile", "https://example.com/new")


async def test_other_workspaces_do_not_exist(qr: Bench, owner: httpx.AsyncClient) -> None:
    code = await make_code(owner)
    async with qr.client() as stranger:
        for method, path in (
            ("GET", ""),
            ("PATCH", ""),
            ("DELETE", ""),
            *(("POST", f"/{verb}") for verb in ("archive", "restore", "pause", "resume", "duplicate")),
            ("GET", "/image.svg"),
        ):
            body = {"name": "x"} if method == "PATCH" else None
            answer = await stranger.request(method, f"/qr-codes/{code['id']}{path}", json=body)
            assert answer.status_code == 404, (method, path)
        assert (await stranger.get("/qr-codes")).json()["data"] == []
        # the same external id is free in another workspace
        assert (await stranger.put("/qr-codes/by-external-id/1", json={"content": URL})).status_code == 201
    workspace = decode_id("ws", owner.headers["x-test-workspace"])
    found = await qr.service.codes(workspace_id=workspace, code_ids=[decode_id("qr", code["id"]), new_id()])
    assert [summary.name for summary in found] == [code["name"]]
    assert await qr.service.codes(workspace_id=UUID(int=1), code_ids=[found[0].id]) == []


async def test_a_viewer_looks_and_does_not_touch(qr: Bench, owner: httpx.AsyncClient) -> None:
    code = await make_code(owner)
    workspace = decode_id("ws", owner.headers["x-test-workspace"])
    async with qr.client(workspace, role="viewer") as viewer, qr.visitor() as visitor:
        assert (await viewer.get(f"/qr-codes/{code['id']}")).status_code == 200
        assert (await viewer.post("/qr-codes", json={"content": URL})).status_code == 403
        assert (await viewer.delete(f"/qr-codes/{code['id']}")).status_code == 403
        assert (await visitor.get(f"/qr-codes/{code['id']}")).status_code == 401
        assert (await visitor.get("/qr-codes")).status_code == 401


@pytest.mark.slow
async def test_of_many_edits_at_once_one_is_whole_in_the_end(owner: httpx.AsyncClient) -> None:
    code = await make_code(owner, content=URL)
    address = f"/qr-codes/{code['id']}"
    changes = [{"name": f"n{n}", "content": {"url": f"https://example.com/n{n}"}} for n in range(12)]
    answers = await asyncio.gather(*(owner.patch(address, json=change) for change in changes))

    assert {answer.status_code for answer in answers} <= {200, 409}
    now = (await owner.get(address)).json()
    assert now["content"]["url"] == f"https://example.com/{now['name']}"
    winner = next(a for a, change in zip(answers, changes, strict=True) if change["name"] == now["name"])
    assert winner.status_code == 200


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff\u200d", "\u0301\u0301", "\u00ad \u2060"])
async def test_a_name_can_be_seen(owner: httpx.AsyncClient, unseen: str) -> None:
    frame = {"kind": "banner_bottom", "text": unseen}
    body = {"name": unseen, "tags": [unseen], "content": URL, "design": {"frame": frame}}
    answer = await owner.post("/qr-codes", json=body)
    assert (answer.status_code, pointers(answer)) == (422, {"/name", "/tags/0", "/design/frame/text"})
