"""Addresses of GS1 Digital Link below a short address."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scanly.services.routing.links import compile_link, unpack
from tests.services.routing.visitors import DESTINATION, Stand, facts

NOW = datetime(2026, 11, 9, 12, tzinfo=UTC)
VOC = "https://ref.gs1.org/voc/"
PRODUCT = "/Honey/01/09506000134352/10/ABC"
LINKS = json.dumps([
    {"rel": f"{VOC}instructions", "href": "https://example.com/how", "title": "Instructions"},
    {"rel": f"{VOC}recipeInfo", "href": "https://example.com/r?a=1&b=é", "title": "Recipes"},
])  # fmt: skip


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    stand = Stand(tmp_path, NOW)
    stand.shelf.put(facts("Honey", typed_links=LINKS))
    stand.shelf.put(facts("menu"))
    yield stand
    stand.spool.close()


@pytest.mark.parametrize("path", ["/honey", "/Honey/01/09506000134352", PRODUCT, f"{PRODUCT}/21/A+", f"{PRODUCT}/"])
@pytest.mark.parametrize(
    ("query", "location"),
    [
        (b"", DESTINATION),
        (b"17=261231", DESTINATION),
        (b"linkType=gs1:instructions", "https://example.com/how"),
        (b"17=261231&linkType=gs1%3Ainstructions", "https://example.com/how"),
        (b"linkType=https://ref.gs1.org/voc/instructions", "https://example.com/how"),
        (b"linkType=https://gs1.org/voc/instructions", "https://example.com/how"),
        (b"linkType=gs1:recipeInfo", "https://example.com/r?a=1&b=%C3%A9"),
        (b"linkType=gs1:pip", DESTINATION),
        (b"linkType=gs1:defaultLink", DESTINATION),
        (b"linkType=gs1:epcis", DESTINATION),
        (b"linkType=%ff%00", DESTINATION),
    ],
)
async def test_the_type_that_is_asked_for_decides(stand: Stand, path: str, query: bytes, location: str) -> None:
    answer = await stand.get(path, query=query, headers={"Accept": "text/html"})
    assert (answer.status, answer.headers["location"]) == (302, location)
    (hit,) = stand.hits()
    assert (hit.outcome, hit.target.slug, hit.query) == ("redirect", "Honey", query)


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        (b"linkType=all", "text/html"),
        (b"linkType=linkset", "*/*"),
        (b"", "application/linkset+json"),
        (b"17=261231", "application/json;q=0.5, Application/Linkset+JSON"),
    ],
)
async def test_all_links_are_a_link_set(stand: Stand, query: bytes, accept: str) -> None:
    answer = await stand.get(PRODUCT, query=query, headers={"Accept": accept})
    assert (answer.status, answer.headers["content-type"]) == (200, "application/linkset+json")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert 'rel="http://www.w3.org/ns/json-ld#context"' in answer.headers["link"]
    page = [{"href": DESTINATION, "title": "Sharma Sweets"}]
    assert json.loads(answer.body) == {
        "linkset": [
            {
                "anchor": f"https://go.example{PRODUCT}",
                f"{VOC}defaultLink": page,
                f"{VOC}pip": page,
                f"{VOC}instructions": [{"href": "https://example.com/how", "title": "Instructions"}],
                f"{VOC}recipeInfo": [{"href": "https://example.com/r?a=1&b=%C3%A9", "title": "Recipes"}],
            }
        ]
    }
    head = await stand.get(PRODUCT, method="HEAD", query=query, headers={"Accept": accept})
    assert (head.body, head.headers["content-length"]) == (b"", answer.headers["content-length"])
    assert len(stand.hits()) == 2


async def test_a_type_that_is_asked_for_is_more_than_what_is_accepted(stand: Stand) -> None:
    headers = {"Accept": "application/linkset+json"}
    answer = await stand.get(PRODUCT, query=b"linkType=gs1:instructions", headers=headers)
    assert (answer.status, answer.headers["location"]) == (302, "https://example.com/how")


async def test_ordinary_links_know_nothing_of_it(stand: Stand) -> None:
    assert (await stand.get("/menu/01/09506000134352")).status == 404
    asked = {"query": b"linkType=all", "headers": {"Accept": "application/linkset+json"}}
    assert (await stand.get("/menu", **asked)).status == 302  # type: ignore[arg-type]
    stand.shelf.put(facts("menu/01/party", destination="https://example.com/party"))
    answer = await stand.get("/Menu/01/Party")
    assert (answer.status, answer.headers["location"]) == (302, "https://example.com/party")


async def test_the_express_lane_leaves_resolvers_to_asgi(stand: Stand) -> None:
    await stand.get("/honey")
    await stand.get("/menu")
    assert stand.redirect.answer(b"/honey", b"GET", [], "49.36.1.1") is None
    assert stand.redirect.answer(b"/menu", b"GET", [], "49.36.1.1") is not None


async def test_a_paused_or_ended_product_says_so(stand: Stand) -> None:
    stand.shelf.put(facts("tea", typed_links="[]", is_paused=True))
    stand.shelf.put(facts("rice", typed_links="[]", expires_at=NOW - timedelta(days=1)))
    assert (await stand.get("/tea/01/09506000134352", query=b"linkType=all")).status == 200
    assert (await stand.get("/rice/01/09506000134352", query=b"linkType=all")).status == 410
    assert [hit.outcome for hit in stand.hits()] == ["paused", "ended"]


async def test_the_page_about_it(stand: Stand) -> None:
    answer = await stand.get("/honey+", query=b"linkType=all")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_typed_links_survive_packing() -> None:
    link = compile_link(facts("honey", typed_links=LINKS))
    again = unpack(link.packed)
    assert (again.is_resolver, again.is_plain, again.row.typed_links) == (True, False, LINKS)
