"""Every method of every interface, through the object itself and over HTTP: the same promises, the same errors."""

import hashlib
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from PIL import Image

from scanly.contracts.analytics import Analytics, Totals
from scanly.contracts.auth import Auth, Role
from scanly.contracts.media import FileNotFound, Media
from scanly.contracts.qr import CodeKind, Qr
from scanly.contracts.routing import (
    SCAN_TOPIC,
    Claim,
    DestinationRefused,
    DomainUnknown,
    Link,
    LinkStatus,
    Routing,
    Scan,
    SlugInvalid,
    SlugReserved,
    SlugTaken,
    TypedLink,
    encode_scan,
)
from scanly.kernel.db import open_scope
from scanly.kernel.errors import NotFound
from scanly.kernel.ids import decode_id, new_id
from scanly.kernel.rpc import interface_methods
from scanly.kernel.web_address import web_address
from tests.contracts.conftest import Reach, interfaces
from tests.services.media.factories import add, picture
from tests.support.product import PASSWORD, InProcess

pytestmark = pytest.mark.slow

MENU = "https://example.org/menu"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
COVERED = {
    (Auth, "identify_cookie"),
    (Auth, "identify_session"),
    (Auth, "jwks"),
    (Auth, "membership"),
    (Auth, "workspace"),
    (Media, "files"),
    (Media, "read"),
    (Qr, "codes"),
    (Routing, "claim"),
    (Routing, "change_destination"),
    (Routing, "set_paused"),
    (Routing, "remove"),
    (Routing, "restore"),
    (Routing, "transfer"),
    (Routing, "links"),
    (Routing, "find"),
    (Analytics, "totals"),
}


def test_every_method_has_its_test_below() -> None:
    """Add the new method's test to this module, then its name to the list."""
    assert {(interface, name) for interface in interfaces() for name in interface_methods(interface)} == COVERED


async def workspace_of(person: httpx.AsyncClient) -> UUID:
    (workspace,) = (await person.get("/api/v1/workspaces")).json()["data"]
    return decode_id("ws", workspace["id"])


@pytest.fixture
async def workspace_id(product: InProcess) -> UUID:
    return await workspace_of(await product.sign_up())


async def claim(routing: Routing, workspace_id: UUID, **fields: Any) -> Link:
    defaults = {"link_id": new_id(), "code_id": new_id(), "destination": MENU}
    (link,) = await routing.claim(workspace_id=workspace_id, claims=[Claim(**{**defaults, **fields})])
    return link


async def test_auth_knows_a_browser_by_its_cookie(reach: Reach, product: InProcess) -> None:
    client = await product.client()
    body = {"email": "sunita@example.org", "password": PASSWORD, "workspace_name": "Sharma Sweets"}
    answer = await client.post("/api/v1/auth/sign-up", json=body, headers={"Scanly-Request": "1"})
    identity = await reach(Auth).identify_cookie(token=client.cookies["scanly_session"])
    assert identity is not None
    assert identity.user_id == decode_id("user", answer.json()["user"]["id"])
    assert (identity.email_confirmed, identity.is_operator) == (False, False)
    (membership,) = identity.memberships
    assert (membership.name, membership.role) == ("Sharma Sweets", Role.OWNER)
    assert await reach(Auth).identify_session(session_id=identity.session_id) == identity


async def test_auth_knows_nobody_behind_what_it_did_not_give(reach: Reach) -> None:
    assert await reach(Auth).identify_cookie(token="") is None
    assert await reach(Auth).identify_cookie(token="unknown\x00☃") is None
    assert await reach(Auth).identify_session(session_id=new_id()) is None


async def test_auth_shows_its_public_keys(reach: Reach, product: InProcess) -> None:
    await product.sign_up()
    (key,) = (await reach(Auth).jwks())["keys"]
    assert (key["kty"], key["crv"]) == ("OKP", "Ed25519")
    assert "d" not in key


async def test_auth_describes_a_workspace(reach: Reach, product: InProcess) -> None:
    workspace_id = await workspace_of(await product.sign_up(workspace_name="मिठाई", time_zone="Asia/Kolkata"))
    workspace = await reach(Auth).workspace(workspace_id=workspace_id)
    assert (workspace.id, workspace.name, workspace.time_zone) == (workspace_id, "मिठाई", "Asia/Kolkata")
    assert datetime.now(UTC) - workspace.created_at < timedelta(minutes=5)
    with pytest.raises(NotFound):
        await reach(Auth).workspace(workspace_id=new_id())


async def test_auth_tells_what_a_person_may_do_in_a_workspace(reach: Reach, product: InProcess) -> None:
    owner, stranger = await product.sign_up(), await product.sign_up()
    workspace_id = await workspace_of(owner)
    users = [decode_id("user", (await client.get("/api/v1/me")).json()["user"]["id"]) for client in (owner, stranger)]
    membership = await reach(Auth).membership(user_id=users[0], workspace_id=workspace_id)
    assert membership is not None
    assert (membership.workspace_id, membership.role) == (workspace_id, Role.OWNER)
    assert await reach(Auth).membership(user_id=users[1], workspace_id=workspace_id) is None
    assert await reach(Auth).membership(user_id=users[0], workspace_id=new_id()) is None


async def test_qr_names_the_codes_of_a_workspace(reach: Reach, product: InProcess) -> None:
    owner, stranger = await product.sign_up(), await product.sign_up()
    body = {"name": "Menu", "kind": "dynamic", "content": {"type": "url", "url": MENU}}
    code = (await owner.post("/api/v1/qr-codes", json=body)).json()
    code_id, link_id = decode_id("qr", code["id"]), decode_id("link", code["link"]["id"])
    (found,) = await reach(Qr).codes(workspace_id=await workspace_of(owner), code_ids=[code_id, new_id()])
    assert (found.id, found.name, found.kind, found.link_id) == (code_id, "Menu", CodeKind.DYNAMIC, link_id)
    assert await reach(Qr).codes(workspace_id=await workspace_of(stranger), code_ids=[code_id]) == []
    assert await reach(Qr).codes(workspace_id=await workspace_of(owner), code_ids=[]) == []


async def test_media_knows_and_reads_the_files_of_a_workspace(reach: Reach, product: InProcess) -> None:
    owner, stranger = await product.sign_up(), await product.sign_up()
    file = await add(owner, picture(size=(400, 200)), "Logo.png")
    file_id, workspace_id = decode_id("file", file["id"]), await workspace_of(owner)
    (found,) = await reach(Media).files(workspace_id=workspace_id, file_ids=[file_id, new_id()])
    assert (found.id, found.name, found.media_type, found.url) == (file_id, "Logo.png", "image/png", file["url"])
    assert (found.size, found.width, found.height, found.pages) == (file["size"], 400, 200, None)
    whole = await reach(Media).read(workspace_id=workspace_id, file_id=file_id)
    assert hashlib.sha256(whole.data).hexdigest() == found.content_hash
    small = await reach(Media).read(workspace_id=workspace_id, file_id=file_id, width=100)
    assert Image.open(io.BytesIO(small.data)).size == (160, 80)
    theirs = await workspace_of(stranger)
    assert await reach(Media).files(workspace_id=theirs, file_ids=[file_id]) == []
    with pytest.raises(FileNotFound):
        await reach(Media).read(workspace_id=theirs, file_id=file_id)


async def test_routing_claims_an_address_once(reach: Reach, workspace_id: UUID) -> None:
    link_id, code_id = new_id(), new_id()
    link = await claim(reach(Routing), workspace_id, link_id=link_id, code_id=code_id, slug="Menu")
    assert (link.id, link.workspace_id, link.code_id) == (link_id, workspace_id, code_id)
    assert (link.slug, link.destination, link.status, link.status_code) == ("Menu", MENU, LinkStatus.ACTIVE, 302)
    assert link.short_url == "http://localhost:8000/Menu"
    assert link.created_at.tzinfo is not None
    again = await claim(reach(Routing), workspace_id, link_id=link_id, code_id=code_id, slug="Menu")
    assert again == link


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"slug": "taken"}, SlugTaken),
        ({"slug": "TAKEN"}, SlugTaken),
        ({"slug": "app"}, SlugReserved),
        ({"slug": "Admin"}, SlugReserved),
        ({"slug": "a b"}, SlugInvalid),
        ({"slug": "a\x00"}, SlugInvalid),
        ({"destination": "javascript:alert(1)"}, DestinationRefused),
        ({"destination": "data:text/html,x"}, DestinationRefused),
        ({"destination": ""}, DestinationRefused),
        ({"domain": "elsewhere.example"}, DomainUnknown),
    ],
)
async def test_routing_refuses_with_the_same_words(
    reach: Reach, workspace_id: UUID, fields: dict[str, str], error: type[Exception]
) -> None:
    await claim(reach(Routing), workspace_id, slug="taken")
    with pytest.raises(error) as raised:
        await claim(reach(Routing), workspace_id, **fields)
    assert type(raised.value) is error
    assert str(raised.value)


async def test_routing_keeps_what_a_link_leads_to_by_type(reach: Reach, workspace_id: UUID) -> None:
    routing = reach(Routing)
    how = TypedLink(rel="https://ref.gs1.org/voc/instructions", href="https://example.com/how", title="Instructions")
    hindi = how.model_copy(update={"hreflang": "hi", "type": "text/html"})
    link = await claim(routing, workspace_id, typed_links=[how, hindi], elements="/01/09506000134352")
    assert (link.typed_links, link.elements) == ((how, hindi), "/01/09506000134352")
    changed = await routing.change_destination(
        workspace_id=workspace_id, link_id=link.id, destination=MENU, typed_links=[], if_version=link.version
    )
    assert (changed.typed_links, changed.version) == ((), link.version + 1)
    assert (await claim(routing, workspace_id)).typed_links is None


async def test_routing_points_a_link_elsewhere(reach: Reach, workspace_id: UUID) -> None:
    routing = reach(Routing)
    link = await claim(routing, workspace_id)
    elsewhere = "https://example.org/शाम?x=1#y"
    changed = await routing.change_destination(workspace_id=workspace_id, link_id=link.id, destination=elsewhere)
    assert changed.destination == web_address(elsewhere)
    assert changed.version > link.version
    with pytest.raises(DestinationRefused):
        await routing.change_destination(workspace_id=workspace_id, link_id=link.id, destination="javascript:alert(1)")
    for workspace, link_id in ((workspace_id, new_id()), (new_id(), link.id)):
        with pytest.raises(NotFound):
            await routing.change_destination(workspace_id=workspace, link_id=link_id, destination=MENU)


async def test_routing_pauses_and_resumes(reach: Reach, workspace_id: UUID) -> None:
    routing = reach(Routing)
    link = await claim(routing, workspace_id)
    for paused, status in [(True, "paused"), (True, "paused"), (False, "active"), (False, "active")]:
        changed = await routing.set_paused(workspace_id=workspace_id, link_id=link.id, paused=paused)
        assert changed.status == status
    with pytest.raises(NotFound):
        await routing.set_paused(workspace_id=new_id(), link_id=link.id, paused=True)


async def test_routing_removes_and_restores(reach: Reach, workspace_id: UUID) -> None:
    routing = reach(Routing)
    links = [await claim(routing, workspace_id) for _ in range(2)]
    ids = [link.id for link in links]

    async def statuses() -> list[LinkStatus]:
        return [link.status for link in await routing.links(workspace_id=workspace_id, link_ids=ids)]

    await routing.remove(workspace_id=new_id(), link_ids=ids)
    assert await statuses() == [LinkStatus.ACTIVE] * 2
    await routing.remove(workspace_id=workspace_id, link_ids=[*ids, new_id()])
    assert await statuses() == [LinkStatus.ENDED] * 2
    await routing.restore(workspace_id=workspace_id, link_ids=ids)
    assert await statuses() == [LinkStatus.ACTIVE] * 2


async def test_routing_gives_links_to_another_workspace(reach: Reach, workspace_id: UUID) -> None:
    routing = reach(Routing)
    link, kept = await claim(routing, workspace_id), await claim(routing, workspace_id)
    other = new_id()
    for _ in range(2):
        await routing.transfer(workspace_id=workspace_id, to_workspace_id=other, link_ids=[link.id, new_id()])
    await routing.transfer(workspace_id=new_id(), to_workspace_id=other, link_ids=[kept.id])
    assert [found.id for found in await routing.links(workspace_id=workspace_id, link_ids=[link.id, kept.id])] == [
        kept.id
    ]
    (moved,) = await routing.links(workspace_id=other, link_ids=[link.id, kept.id])
    assert (moved.id, moved.short_url, moved.destination) == (link.id, link.short_url, link.destination)
    assert moved.version == link.version + 1


async def test_routing_shows_the_links_of_a_workspace(reach: Reach, workspace_id: UUID) -> None:
    routing = reach(Routing)
    links = [await claim(routing, workspace_id) for _ in range(3)]
    wanted = [links[0].id, links[2].id, new_id()]
    found = await routing.links(workspace_id=workspace_id, link_ids=wanted)
    assert sorted(found, key=lambda link: link.id) == [links[0], links[2]]
    assert await routing.links(workspace_id=new_id(), link_ids=wanted) == []
    assert await routing.links(workspace_id=workspace_id, link_ids=[]) == []


async def test_routing_finds_links_by_a_part_of_them(reach: Reach, workspace_id: UUID) -> None:
    routing = reach(Routing)
    menu = await claim(routing, workspace_id, slug="Speisekarte", destination="https://example.org/A_100%25")
    other = await claim(routing, workspace_id, slug="other", destination="https://example.org/b")
    for text, expected in [
        ("SPEISE", {menu.id}),
        ("_100%", {menu.id}),
        ("example.org", {menu.id, other.id}),
        ("nichts", set()),
    ]:
        assert set(await routing.find(workspace_id=workspace_id, text=text, limit=10)) == expected
    assert len(await routing.find(workspace_id=workspace_id, text="example", limit=1)) == 1
    assert await routing.find(workspace_id=new_id(), text="example", limit=10) == []


async def test_analytics_totals_the_hits_of_links(reach: Reach, product: InProcess, workspace_id: UUID) -> None:
    link_id, other = new_id(), new_id()
    now = datetime.now(UTC)
    scans = [
        Scan(
            id=new_id(),
            workspace_id=workspace_id,
            link_id=link_id,
            source="scan",
            outcome="redirect",
            user_agent=agent,
            visitor=new_id().bytes,
            day=now.date().isoformat(),
        )
        for agent in (IPHONE, GOOGLEBOT)
    ]
    await product.product.streams.append(SCAN_TOPIC, [(str(scan.link_id), encode_scan(scan)) for scan in scans])
    await product.product.services["analytics"].ingestion.drain()
    span = {"start": now - timedelta(hours=1), "end": now + timedelta(hours=1)}
    analytics = reach(Analytics)
    totals = await analytics.totals(workspace_id=workspace_id, link_ids=[link_id, other], **span)
    assert {found.link_id: found for found in totals} == {
        link_id: Totals(link_id=link_id, hits=1, visitors=1, excluded=1),
        other: Totals(link_id=other, hits=0, visitors=0, excluded=0),
    }
    (theirs,) = await analytics.totals(workspace_id=new_id(), link_ids=[link_id], **span)
    assert (theirs.hits, theirs.visitors, theirs.excluded) == (0, 0, 0)


@pytest.mark.parametrize("interface", interfaces())
async def test_no_interface_answers_inside_a_transaction(reach: Reach, interface: type[Any]) -> None:
    client = reach(interface)
    for name in interface_methods(interface):
        async with open_scope("somebody"):
            with pytest.raises(RuntimeError, match="inside an open transaction of somebody"):
                await getattr(client, name)()
