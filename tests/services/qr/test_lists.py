"""Lists, counts and searches of codes."""

from datetime import timedelta

import httpx
import pytest

from scanly.contracts.routing import LinkStatus, LinkUpdated
from scanly.kernel.events import Envelope
from scanly.kernel.http import encode_cursor
from scanly.kernel.ids import decode_id, new_id
from tests.services.qr.factories import URL, WIFI, Bench, make_code, pointers


async def names(client: httpx.AsyncClient, **query: object) -> list[str]:
    answer = await client.get("/qr-codes", params=query)
    assert answer.status_code == 200, answer.text
    return [code["name"] for code in answer.json()["data"]]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("-created_at", ["delta", "Charlie", "bravo", "Alpha"]),
        ("created_at", ["Alpha", "bravo", "Charlie", "delta"]),
        ("-updated_at", ["Alpha", "delta", "Charlie", "bravo"]),
        ("name", ["Alpha", "bravo", "Charlie", "delta"]),
        ("-name", ["delta", "Charlie", "bravo", "Alpha"]),
    ],
)
async def test_pages_in_every_order(qr: Bench, owner: httpx.AsyncClient, sort: str, expected: list[str]) -> None:
    made = []
    for name in ("Alpha", "bravo", "Charlie", "delta"):
        made.append(await make_code(owner, name=name, content=WIFI))
        qr.clock.advance(timedelta(microseconds=1))
    await owner.patch(f"/qr-codes/{made[0]['id']}", json={"tags": ["first"]})

    found, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        page = (
            await owner.get("/qr-codes", params={"sort": sort, "limit": 3, **({"cursor": cursor} if cursor else {})})
        ).json()
        found += [code["name"] for code in page["data"]]
        cursor, pages = page["next_cursor"], pages + 1
        assert page["has_more"] == (cursor is not None)
    assert (found, pages) == (expected, 2)


async def test_codes_of_the_same_moment_are_all_listed_once(owner: httpx.AsyncClient) -> None:
    for number in range(5):
        await make_code(owner, name=f"same {number % 2}", content=WIFI)
    for sort in ("-created_at", "name"):
        first = (await owner.get("/qr-codes", params={"limit": 2, "sort": sort})).json()
        second = (
            await owner.get("/qr-codes", params={"limit": 3, "sort": sort, "cursor": first["next_cursor"]})
        ).json()
        assert len({code["id"] for code in first["data"] + second["data"]}) == 5
        assert second["has_more"] is False


SOME_ID = "01a205c4-2a21-703f-b058-9184d4e51eb1"


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "W10",
        "WyJuYW1lIiwgIkEiLCAiYiJd",
        "eyJhIjoxfQ",
        encode_cursor("-created_at", "0001-01-01T00:00:00+14:00", SOME_ID),
        encode_cursor("-created_at", "2026-01-01T00:00:00Z", 5),
        encode_cursor("-created_at", "2026-01-01T00:00:00Z", [1]),
        encode_cursor("-created_at", 5, SOME_ID),
    ],
)
async def test_a_strange_cursor_is_refused(owner: httpx.AsyncClient, cursor: str) -> None:
    answer = await owner.get("/qr-codes", params={"cursor": cursor})
    assert (answer.status_code, pointers(answer)) == (422, {"?cursor"})


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"sort": "size"}, {"status": "dead"}, {"kind": "x"}])
async def test_a_wrong_query_is_refused(owner: httpx.AsyncClient, query: dict[str, str]) -> None:
    answer = await owner.get("/qr-codes", params=query)
    assert answer.status_code == 422
    assert {pointer.partition(".")[0] for pointer in pointers(answer)} == {f"?{next(iter(query))}"}


async def test_search_finds_name_tag_address_and_place_in_any_case(owner: httpx.AsyncClient) -> None:
    await make_code(owner, name="Café Straße", slug="table-1", tags=["Counter"])
    await make_code(
        owner, name="Box", content={"type": "url", "url": "https://deliveries.example/today"}, external_id="ERP-9"
    )
    await make_code(owner, name="चाय की दुकान", content=WIFI)

    assert await names(owner, q="CAFE\u0301 STRASSE") == ["Café Straße"]
    assert await names(owner, q="counter") == ["Café Straße"]
    assert await names(owner, q="TABLE-1") == ["Café Straße"]
    assert await names(owner, q="Deliveries.") == ["Box"]
    assert await names(owner, q="erp-9") == ["Box"]
    assert await names(owner, q="दुकान") == ["चाय की दुकान"]
    assert await names(owner, q="chai corner") == ["चाय की दुकान"]
    assert await names(owner, q="masala-chai-8") == []
    assert await names(owner, q="100%") == []
    assert await names(owner, q="_") == []


async def test_filters(owner: httpx.AsyncClient) -> None:
    paused = await make_code(owner, name="paused", tags=["Window"])
    archived = await make_code(owner, name="archived")
    await make_code(owner, name="wifi", content=WIFI)
    await owner.post(f"/qr-codes/{paused['id']}/pause")
    await owner.post(f"/qr-codes/{archived['id']}/archive")

    assert await names(owner) == ["wifi", "paused"]
    assert await names(owner, status="paused") == ["paused"]
    assert await names(owner, status=["archived", "active"]) == ["wifi", "archived"]
    assert await names(owner, kind="fixed") == ["wifi"]
    assert await names(owner, content_type="url") == ["paused"]
    assert await names(owner, tag="window") == ["paused"]
    assert await names(owner, tag="wind") == []
    assert (await owner.get("/qr-codes/count")).json() == {"total": 2, "groups": {}}
    by_status = {"group_by": "status", "status": ["active", "paused", "ended", "archived"]}
    assert (await owner.get("/qr-codes/count", params=by_status)).json()["groups"] == {
        "active": 1,
        "archived": 1,
        "paused": 1,
    }
    assert (await owner.get("/qr-codes/count", params={"group_by": "content_type"})).json()["groups"] == {
        "url": 1,
        "wifi": 1,
    }


async def test_the_filter_follows_the_links_events(qr: Bench, owner: httpx.AsyncClient) -> None:
    code = await make_code(owner, name="menu")
    link = next(iter(qr.routing.kept.values()))
    event = LinkUpdated(
        workspace_id=link.workspace_id,
        link_id=link.id,
        code_id=decode_id("qr", code["id"]),
        destination=link.destination,
        status=LinkStatus.ENDED,
    )
    envelope = Envelope[LinkUpdated](
        id=new_id(), source="/routing", type="link.updated.v1", time=qr.clock.now(), workspace=link.workspace_id,
        key=event.key(), data=event,
    )  # fmt: skip
    for _ in range(2):
        await qr.service.note_link(envelope)
    assert await names(owner, status="ended") == ["menu"]
    assert await names(owner, status="active") == []


async def test_a_list_asks_routing_once(qr: Bench, owner: httpx.AsyncClient) -> None:
    for _ in range(4):
        await make_code(owner, content=URL)
    assert len(await names(owner)) == 4
    assert qr.routing.asked == [4]
