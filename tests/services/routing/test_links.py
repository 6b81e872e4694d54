import asyncio
import json
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from scanly.contracts.auth import WorkspaceUpdated
from scanly.contracts.qr import CodeCreated, CodeKind
from scanly.contracts.routing import Claim, Link, LinkStatus, Routing, SlugTaken
from scanly.kernel.clock import ManualClock
from scanly.kernel.errors import NotFound
from scanly.kernel.events import append
from scanly.kernel.http import encode_cursor
from scanly.kernel.http.door import RESERVED_WORDS
from scanly.kernel.ids import decode_id, new_id
from scanly.services.routing.service import RoutingService
from tests.support.product import InProcess

pytestmark = pytest.mark.slow

JSON = {"content-type": "application/json"}
MENU = "https://menu.sharmasweets.example/november"


async def make(client: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    answer = await client.post("/api/v1/links", json={"destination": MENU, **body})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def workspace(client: httpx.AsyncClient) -> UUID:
    answer = await client.get("/api/v1/workspaces")
    return decode_id("ws", answer.json()["data"][0]["id"])


def routing(product: InProcess) -> RoutingService:
    service: RoutingService = product.product.services["routing"]
    return service


def fault_codes(answer: httpx.Response) -> set[str]:
    return {answer.json()["code"], *(fault["code"] for fault in answer.json().get("errors", []))}


async def test_a_link_redirects(product: InProcess) -> None:
    owner = await product.sign_up()
    link = await make(owner, slug="Diwali-Menu")
    assert link["short_url"] == "http://localhost:8000/Diwali-Menu"
    assert link["status"] == "active"
    visitor = await product.client()
    for path in ("/Diwali-Menu", "/diwali-menu", "/DIWALI-MENU"):
        answer = await visitor.get(path)
        assert answer.status_code == 302
        assert answer.headers["location"] == MENU
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.content == b""


async def test_a_random_slug(product: InProcess) -> None:
    owner = await product.sign_up()
    link = await make(owner)
    assert len(link["slug"]) == 7
    assert (await owner.get(f"/{link['slug'].upper()}")).status_code == 302


async def test_international_names(product: InProcess) -> None:
    owner = await product.sign_up()
    link = await make(owner, slug="मेन्यू", destination="https://दुकान.example/मेन्यू")
    assert link["destination"].startswith("https://xn--")
    answer = await owner.get("/मेन्यू")
    assert answer.headers["location"].startswith("https://xn--")


BAD = [
    ({"destination": "javascript:alert(1)"}, "url_scheme"),
    ({"destination": "data:text/html,x"}, "url_scheme"),
    ({"destination": "https://example.com/" + "a" * 5_000}, "url_too_long"),
    ({"destination": "http://localhost:8000/self", "slug": "self"}, "url_circle"),
    ({"destination": MENU, "slug": "a b"}, "slug_invalid"),
    ({"destination": MENU, "slug": "a\u0000b"}, "slug_invalid"),
    ({"destination": MENU, "domain": "other.example"}, "domain_unknown"),
    ({"destination": MENU, "status_code": 200}, "not_a_redirect"),
    ({"destination": MENU, "starts_at": "2026-01-02T00:00:00Z", "expires_at": "2026-01-01T00:00:00Z"}, "before_start"),
    ({"destination": MENU, "starts_at": "2026-01-02T00:00:00"}, "timezone_aware"),
    ({"destination": MENU, "starts_at": "0001-01-01T00:00:00+14:00"}, "value_error"),
    ({"destination": MENU, "expires_at": "0001-01-01T00:00:00Z"}, "value_error"),
    ({"destination": MENU, "expires_at": "9999-12-31T23:59:59Z"}, "value_error"),
    ({"destination": f"{MENU}/\ud800"}, "url_invalid"),
    ({"destination": MENU, "domain": "\ud800"}, "string_unicode"),
    ({"destination": MENU, "domain": "a" * 254}, "string_too_long"),
    ({"destination": MENU, "colour": "red"}, "unknown_field"),
    ({}, "required"),
    ({"destination": 7}, "string_type"),
]


async def test_bad_links(product: InProcess) -> None:
    owner = await product.sign_up()
    for body, code in BAD:
        answer = await owner.post("/api/v1/links", content=json.dumps(body), headers=JSON)
        assert answer.status_code == 422, answer.text
        assert code in fault_codes(answer), answer.text


async def test_a_link_and_a_code_refuse_an_address_with_the_same_words(product: InProcess) -> None:
    owner = await product.sign_up()
    for address in (
        "javascript:x",
        "hello",
        "https://a b.example",
        "https://me:pw@x.example",
        "https://x.example/\u202e",
    ):
        link = await owner.post("/api/v1/links", json={"destination": address})
        code = await owner.post("/api/v1/qr-codes", json={"content": {"type": "url", "url": address}})
        (of_link,), (of_code,) = link.json()["errors"], code.json()["errors"]
        assert (of_link["code"], of_link["detail"]) == (of_code["code"], of_code["detail"])
        assert (of_link["pointer"], of_code["pointer"]) == ("/destination", "/content/url")


@pytest.mark.parametrize(
    "position", [("0001-01-01T00:00:00+14:00", "0" * 32), (5, 5), ("2026-01-01T00:00:00Z", 5), (None, None)]
)
async def test_a_strange_cursor_is_refused(product: InProcess, position: tuple[object, object]) -> None:
    owner = await product.sign_up()
    answer = await owner.get("/api/v1/links", params={"cursor": encode_cursor(*position)})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "?cursor")


async def test_reserved_words_are_refused(product: InProcess) -> None:
    owner = await product.sign_up()
    for word in sorted(RESERVED_WORDS - {""}):
        wide = "".join(chr(ord(letter) + 0xFEE0) if letter.isalpha() else letter for letter in word)
        for slug in (word, f"{word.upper()}/menu", wide):
            answer = await owner.post("/api/v1/links", json={"destination": MENU, "slug": slug})
            assert answer.json()["code"] == "slug_reserved", slug


async def test_nobody_takes_the_address_of_a_product(product: InProcess) -> None:
    stranger = await product.sign_up()
    for slug in ("tea/01/09506000134352", "tea/01/9506000134352/10/Abc", "tea/\uff10\uff11/09506000134352", "t/8004/a"):
        answer = await stranger.post("/api/v1/links", json={"destination": MENU, "slug": slug})
        assert answer.json().get("code") == "slug_reserved", slug
    for slug in ("tables/01", "tables/01/menu", "01/09506000134352"):
        answer = await stranger.post("/api/v1/links", json={"destination": MENU, "slug": slug})
        assert answer.status_code == 201, slug


@pytest.mark.parametrize(("slug", "status"), [("shop/01", 422), ("shop/01/tea", 422), ("shop/tea", 201)])
async def test_a_product_has_an_address_that_can_be_resolved(product: InProcess, slug: str, status: int) -> None:
    owner = await product.sign_up()
    content = {"type": "gs1_digital_link", "gtin": "9506000134352", "product_page": "tea.example"}
    answer = await owner.post("/api/v1/qr-codes", json={"kind": "dynamic", "content": content, "slug": slug})
    assert answer.status_code == status
    if status == 201:
        visit = await owner.get(answer.json()["payload"])
        assert (visit.status_code, visit.headers["location"]) == (302, "https://tea.example")


async def test_a_slug_belongs_to_the_first(product: InProcess) -> None:
    owner, other = await product.sign_up(), await product.sign_up()
    link = await make(owner, slug="menu")
    for client in (owner, other):
        answer = await client.post("/api/v1/links", json={"destination": MENU, "slug": "MENU"})
        assert (answer.status_code, answer.json()["code"]) == (409, "slug_taken")
    assert (await owner.delete(f"/api/v1/links/{link['id']}")).status_code == 204
    answer = await other.post("/api/v1/links", json={"destination": MENU, "slug": "menu"})
    assert answer.json()["code"] == "slug_taken", "also when it was given up"


async def test_change_pause_and_end(product: InProcess) -> None:
    owner, visitor = await product.sign_up(name="Sharma Sweets"), await product.client()
    link = await make(owner, slug="menu")
    address = f"/api/v1/links/{link['id']}"
    await visitor.get("/menu")

    async def patch(**changes: Any) -> dict[str, Any]:
        answer = await owner.patch(address, json=changes)
        assert answer.status_code == 200, answer.text
        changed: dict[str, Any] = answer.json()
        return changed

    assert (await patch(destination="example.com/new"))["destination"] == "https://example.com/new"
    await eventually(visitor, 302, "https://example.com/new")
    assert (await patch(paused=True))["status"] == "paused"
    await eventually(visitor, 200)
    assert (await patch(paused=False))["status"] == "active"
    await eventually(visitor, 302)
    assert (await patch(status_code=307, expires_at="2020-01-01T00:00:00Z"))["status"] == "ended"
    await eventually(visitor, 410)
    assert (await patch(expires_at=None))["expires_at"] is None
    await eventually(visitor, 307)
    assert (await owner.delete(address)).status_code == 204
    await eventually(visitor, 410)
    assert (await owner.get(address)).json()["status"] == "ended"
    assert (await owner.post(f"{address}/restore")).json()["status"] == "active"
    await eventually(visitor, 307)


async def eventually(visitor: httpx.AsyncClient, status: int, location: str | None = None) -> None:
    until = time.monotonic() + 5
    while True:
        answer = await visitor.get("/menu")
        if answer.status_code == status and location in (None, answer.headers.get("location")):
            return
        assert time.monotonic() < until, f"{answer.status_code} {answer.headers.get('location')}"
        await asyncio.sleep(0.02)


async def test_versions(product: InProcess) -> None:
    owner = await product.sign_up()
    link = await make(owner)
    address = f"/api/v1/links/{link['id']}"
    seen = (await owner.get(address)).headers["etag"]
    changed = await owner.patch(address, json={"destination": "example.com"}, headers={"If-Match": seen})
    assert changed.json()["version"] == 2
    stale = await owner.patch(address, json={"destination": "example.org"}, headers={"If-Match": seen})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    same = await owner.patch(address, json={"destination": "https://example.com", "paused": False})
    assert same.json()["version"] == 2, "nothing changed"
    null = await owner.patch(address, json={"destination": None, "paused": None})
    assert {fault["pointer"] for fault in null.json()["errors"]} == {"/destination", "/paused"}


async def test_list(product: InProcess, clock: ManualClock) -> None:
    owner = await product.sign_up()
    for number in range(5):
        clock.advance(timedelta(seconds=1))
        await make(owner, slug=f"menu-{number}", destination=f"https://example.com/100%25_{number}")
    first = (await owner.get("/api/v1/links", params={"limit": 2})).json()
    assert [link["slug"] for link in first["data"]] == ["menu-4", "menu-3"]
    second = (await owner.get("/api/v1/links", params={"limit": 3, "cursor": first["next_cursor"]})).json()
    assert [link["slug"] for link in second["data"]] == ["menu-2", "menu-1", "menu-0"]
    assert (second["has_more"], second["next_cursor"]) == (False, None)
    for q, found in (("MENU-3", 1), ("100%25_2", 1), ("menu_3", 0), ("%", 5), ("nothing", 0)):
        data = (await owner.get("/api/v1/links", params={"q": q})).json()["data"]
        assert len(data) == found, q
    bad = await owner.get("/api/v1/links", params={"cursor": "W10"})
    assert bad.status_code == 422


async def test_another_workspace_sees_nothing(product: InProcess) -> None:
    owner, other = await product.sign_up(), await product.sign_up()
    address = f"/api/v1/links/{(await make(owner, slug='menu'))['id']}"
    for answer in (
        await other.get(address),
        await other.patch(address, json={"paused": True}),
        await other.delete(address),
        await other.post(f"{address}/restore"),
    ):
        assert answer.status_code == 404
    assert (await other.get("/api/v1/links")).json()["data"] == []
    assert (await owner.get("/menu")).status_code == 302


async def test_the_same_request_twice_makes_one_link(product: InProcess) -> None:
    owner = await product.sign_up()
    headers = {"Idempotency-Key": "once"}
    answers = [await owner.post("/api/v1/links", json={"destination": MENU}, headers=headers) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len((await owner.get("/api/v1/links")).json()["data"]) == 1
    other = await owner.post("/api/v1/links", json={"destination": "example.com"}, headers=headers)
    assert other.status_code == 422


async def _claim(service: Routing, workspace_id: UUID, **fields: Any) -> Link:
    (link,) = await service.claim(workspace_id=workspace_id, claims=[Claim(**fields)])
    return link


async def test_claims_are_idempotent_and_confirmed_by_their_code(product: InProcess) -> None:
    client = await product.sign_up()
    workspace_id, link_id, code_id = await workspace(client), new_id(), new_id()
    service = product.product.client(Routing)
    links = [await _claim(service, workspace_id, link_id=link_id, code_id=code_id, destination=MENU) for _ in range(2)]
    assert links[0] == links[1]
    lost = await _claim(service, workspace_id, link_id=new_id(), code_id=new_id(), destination=MENU, slug="never-saved")
    with pytest.raises(SlugTaken):
        await _claim(service, workspace_id, link_id=new_id(), code_id=new_id(), destination=MENU, slug="Never-Saved")
    event = CodeCreated(workspace_id=workspace_id, code_id=code_id, link_id=link_id, kind=CodeKind.DYNAMIC, name="Menu")
    async with product.product.database.for_service("qr").begin(workspace_id) as session:
        await append(session, event)
    await product.product.events.drain()
    assert (await client.get("/never-saved")).status_code == 302
    assert await routing(product).reap_claims() == 0, "an hour has not passed"
    async with product.product.database.connect() as connection:
        await connection.execute(text("update routing.addresses set claimed_at = claimed_at - interval '61 minutes'"))
    assert await routing(product).reap_claims() == 1
    left = await service.links(workspace_id=workspace_id, link_ids=[link_id, lost.id])
    assert [link.id for link in left] == [link_id]
    assert (await client.get(f"/{links[0].slug}")).status_code == 302
    again = await _claim(
        service, workspace_id, link_id=new_id(), code_id=new_id(), destination=MENU, slug="never-saved"
    )
    assert again.slug == "never-saved"


async def test_what_other_services_may_ask(product: InProcess) -> None:
    client = await product.sign_up()
    workspace_id, link_id = await workspace(client), new_id()
    service = product.product.client(Routing)
    made = await _claim(service, workspace_id, link_id=link_id, code_id=new_id(), destination=MENU, slug="menu-1")
    assert made.print_url == "HTTP://LOCALHOST:8000/MENU-1"
    changed = await service.change_destination(workspace_id=workspace_id, link_id=link_id, destination="example.com")
    assert (changed.destination, changed.version) == ("https://example.com", 2)
    paused = [await service.set_paused(workspace_id=workspace_id, link_id=link_id, paused=True) for _ in range(2)]
    assert [link.version for link in paused] == [3, 3]
    assert paused[0].status is LinkStatus.PAUSED
    assert await service.find(workspace_id=workspace_id, text="MENU", limit=10) == [link_id]
    assert await service.find(workspace_id=workspace_id, text="example.com", limit=10) == [link_id]
    for _ in range(2):
        await service.remove(workspace_id=workspace_id, link_ids=[link_id, new_id()])
    [ended] = await service.links(workspace_id=workspace_id, link_ids=[link_id, new_id()])
    assert (ended.status, ended.version) == (LinkStatus.ENDED, 4)
    await service.restore(workspace_id=workspace_id, link_ids=[link_id])
    [restored] = await service.links(workspace_id=workspace_id, link_ids=[link_id])
    assert restored.status is LinkStatus.PAUSED
    with pytest.raises(NotFound):
        await service.set_paused(workspace_id=workspace_id, link_id=new_id(), paused=True)
    assert await service.links(workspace_id=new_id(), link_ids=[link_id]) == []


async def test_row_level_security_holds_without_a_filter(product: InProcess) -> None:
    owner, other = await product.sign_up(), await product.sign_up()
    await make(owner)
    db = product.product.database.for_service("routing")
    for table in ("links", "addresses", "workspaces"):
        async with db.begin(await workspace(other)) as session:
            rows = (await session.execute(text(f"select * from routing.{table}"))).all()
        mine = [row for row in rows if await workspace(owner) in row]
        assert mine == [], table


async def test_purged_links_stay_ended(product: InProcess, clock: ManualClock) -> None:
    owner = await product.sign_up()
    link = await make(owner, slug="menu")
    await owner.delete(f"/api/v1/links/{link['id']}")
    assert await routing(product).purge() == 0
    clock.advance(timedelta(days=30, seconds=1))
    assert await routing(product).purge() == 1
    routing(product).runtime.links.evict("/menu")
    assert (await owner.get("/menu")).status_code == 410
    taken = await owner.post("/api/v1/links", json={"destination": MENU, "slug": "menu"})
    assert taken.status_code in {401, 409}


async def test_pages_name_the_shop(product: InProcess) -> None:
    owner = await product.sign_up(workspace_name="Sharma Sweets")
    link = await make(owner, slug="menu")
    await product.product.events.drain()
    await owner.patch(f"/api/v1/links/{link['id']}", json={"paused": True})
    await routing(product).runtime.links.check()
    assert "Sharma Sweets has paused it" in (await owner.get("/menu")).text
    event = WorkspaceUpdated(workspace_id=await workspace(owner), name="Sharma & Sons", time_zone="Asia/Kolkata")
    async with product.product.database.for_service("auth").begin(event.workspace_id) as session:
        await append(session, event)
    await product.product.events.drain()
    await routing(product).runtime.links.check()
    assert "Sharma &amp; Sons has paused it" in (await owner.get("/menu")).text


async def test_a_full_disk_is_told_and_takes_nobody_out_of_a_load_balancer(product: InProcess) -> None:
    owner = await product.sign_up()
    routing(product).runtime.spool.fault = "no space is left on the disk"
    answer = await owner.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert "no space is left" in answer.json()["checks"]["routing"]["detail"]
    await make(owner, slug="menu")
    await owner.get("/menu")
    assert (await owner.get("/readyz")).json()["status"] == "ready"


async def test_shipping_that_is_held_up_takes_nobody_out_of_a_load_balancer(product: InProcess) -> None:
    runtime = routing(product).runtime
    assert runtime.check() is None
    runtime.shipper.fault = "The spool cannot be read or written."
    assert runtime.check() == "The spool cannot be read or written."
