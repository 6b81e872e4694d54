"""Addresses of GS1 Digital Link below a short address."""

import html
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
ELEMENTS = "/01/09506000134352"


def typed(name: str, page: str, hreflang: str | None = None, kind: str | None = None) -> dict[str, str]:
    link = {"rel": f"{VOC}{name}", "href": f"https://example.com/{page}", "title": page}
    return link | ({"hreflang": hreflang} if hreflang else {}) | ({"type": kind} if kind else {})


MANY = json.dumps([
    typed("pip", "page-hi", "hi"), typed("pip", "page-en", "en-IN"),
    typed("safetyInfo", "safety-fr", "fr"), typed("safetyInfo", "safety-en", "en"),
    typed("masterData", "data-html", None, "text/html"), typed("masterData", "data-json", None, "application/json"),
    typed("masterData", "data-json-fr", "fr", "application/json"),
])  # fmt: skip


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    stand = Stand(tmp_path, NOW)
    stand.shelf.put(facts("Honey", typed_links=LINKS, elements=ELEMENTS))
    stand.shelf.put(facts("tea", typed_links=MANY, elements=f"{ELEMENTS}/10/ABC"))
    stand.shelf.put(facts("menu"))
    yield stand
    stand.spool.close()


@pytest.mark.parametrize("path", ["/honey", "/Honey/01/09506000134352", PRODUCT, f"{PRODUCT}/21/A+", f"{PRODUCT}/"])
@pytest.mark.parametrize(
    ("query", "location"),
    [
        (b"", DESTINATION),
        (b"17=261231", f"{DESTINATION}?17=261231"),
        (b"utm_source=pack&lot=%C3%A9&\xe9", f"{DESTINATION}?utm_source=pack&lot=%C3%A9&%E9"),
        (b"linkType=gs1:instructions", "https://example.com/how"),
        (b"17=261231&linkType=gs1%3Ainstructions&a=1", "https://example.com/how?17=261231&a=1"),
        (b"linkType=https://ref.gs1.org/voc/instructions", "https://example.com/how"),
        (b"linkType=https://gs1.org/voc/instructions", "https://example.com/how"),
        (b"linkType=gs1:recipeInfo", "https://example.com/r?a=1&b=%C3%A9"),
        (b"linkType=gs1:recipeInfo&c=2", "https://example.com/r?a=1&b=%C3%A9&c=2"),
        (b"linkType=gs1:pip", DESTINATION),
        (b"linkType=gs1:defaultLink", DESTINATION),
        (b"linkType=", DESTINATION),
    ],
)
async def test_the_type_that_is_asked_for_decides(stand: Stand, path: str, query: bytes, location: str) -> None:
    answer = await stand.get(path, query=query, headers={"Accept": "text/html"})
    assert (answer.status, answer.headers["location"]) == (302, location)
    anchor = "https://go.example/Honey/01/09506000134352"
    assert answer.headers["link"] == f'<{anchor}?linkType=linkset>; rel="linkset"; type="application/linkset+json"'
    assert answer.headers["access-control-allow-origin"] == "*"
    (hit,) = stand.hits()
    assert (hit.outcome, hit.target.slug, hit.query) == ("redirect", "Honey", query)


async def test_who_takes_no_link_set_gets_none(stand: Stand) -> None:
    answer = await stand.get(PRODUCT, headers={"Accept": "application/linkset+json;q=0, */*"})
    assert answer.status == 302


async def test_a_page_stays_small_whatever_is_asked_for(stand: Stand) -> None:
    answer = await stand.get(PRODUCT, query=b"linkType=" + b"%3C" * 20_000)
    assert (answer.status, len(answer.body) < 5_000) == (404, True)


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
                "anchor": "https://go.example/Honey/01/09506000134352",
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
    stand.shelf.put(facts("salt", typed_links="[]", is_paused=True))
    stand.shelf.put(facts("rice", typed_links="[]", expires_at=NOW - timedelta(days=1)))
    assert (await stand.get("/salt/01/09506000134352", query=b"linkType=all")).status == 200
    assert (await stand.get("/rice/01/09506000134352", query=b"linkType=all")).status == 410
    assert [hit.outcome for hit in stand.hits()] == ["paused", "ended"]


async def test_the_page_about_it(stand: Stand) -> None:
    answer = await stand.get("/honey+", query=b"linkType=all")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_typed_links_survive_packing() -> None:
    link = compile_link(facts("honey", typed_links=LINKS, elements=ELEMENTS))
    again = unpack(link.packed)
    assert (again.is_resolver, again.is_plain, again.row.typed_links) == (True, False, LINKS)
    assert again.row.elements == ELEMENTS


@pytest.mark.parametrize("name", [b"gs1:epcis", b"recall", b"https://schema.org/image", b"%ff%00", b"gs1:"])
async def test_a_type_that_is_not_there_is_not_found(stand: Stand, name: bytes) -> None:
    answer = await stand.get(PRODUCT, query=b"linkType=" + name, headers={"Accept-Language": "hi"})
    assert (answer.status, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert f'href="{DESTINATION}"' in answer.text
    assert "ऐसा कोई पेज नहीं है" in answer.text
    other = html.unescape(answer.text.partition('href="?')[2].partition('"')[0])
    again = await stand.get(PRODUCT, query=other.encode(), headers={"Accept-Language": "hi"})
    assert (again.status, "There is no such page" in again.text) == (404, True)
    assert stand.hits() == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/tea/01/09506000134352/10/ABC", 302),
        ("/tea/01/9506000134352/10/ABC", 302),
        ("/tea/01/09506000134352/10/ABC/21/12345", 302),
        ("/tea/01/09506000134352/22/2A/10/ABC/21/S%2F1/", 302),
        ("/tea/01/09506000134369/10/ABC", 404),
        ("/tea/01/09506000134353/10/ABC", 404),
        ("/tea/01/09506000134352/10/abc", 404),
        ("/tea/01/09506000134352/10/ABC%2F21", 404),
        ("/tea/01/09506000134352/21/ABC", 404),
        ("/tea/01/09506000134352", 404),
        ("/tea/414/9521321000018", 404),
        ("/tea/00/106141412345678908", 404),
        ("/tea/01/09506000134352/10/ABC/foo", 400),
        ("/tea/01/09506000134352/10", 400),
        ("/tea/01/0950600013435/21/1/10/ABC", 400),
        ("/tea/01/09506000134352/10/ABC/10/ABC", 400),
        ("/tea/01/09506000134352/17/261231", 400),
        ("/tea/01/0950600013435X/10/ABC", 400),
        ("/tea/01/0950600/10/ABC", 400),
        ("/tea/01/09506000134352/10/with%20space", 400),
        ("/tea/01/09506000134352/10/ABCDEFGHIJKLMNOPQRSTU", 400),
        ("/tea/01//10/ABC", 400),
        ("/tea/01", 404),
    ],
)
async def test_a_code_answers_for_nothing_but_what_is_printed_in_it(stand: Stand, path: str, status: int) -> None:
    answer = await stand.get(path)
    assert answer.status == status
    assert len(stand.hits()) == (status == 302)
    if status != 302:
        assert "Nothing lives at this code" in answer.text
        assert "example.com" not in answer.text


async def test_whatever_stands_in_a_symbol_is_answered(stand: Stand) -> None:
    for slug, elements in (
        ("door", "/414/9521321000018/254/Gate%2F4"),
        ("pallet", "/00/106141412345678908"),
        ("crate", "/8003/04012345111118987"),
        ("drill", "/8004/4012345ABCD-123"),
        ("lot", "/01/09506000134352/10/A%2F1%25"),
    ):
        stand.shelf.put(facts(slug, typed_links="[]", elements=elements))
        assert (await stand.get(f"/{slug}{elements}")).status == 302, elements
        answer = await stand.get(f"/{slug}", query=b"linkType=linkset")
        assert json.loads(answer.body)["linkset"][0]["anchor"] == f"https://go.example/{slug}{elements}"
    assert (await stand.get("/lot/01/09506000134352/10/A/1%25")).status == 400


async def test_links_from_before_elements_were_kept_go_on(stand: Stand) -> None:
    stand.shelf.put(facts("old", typed_links=LINKS))
    assert (await stand.get("/old/01/04006381333931")).status == 302
    answer = await stand.get("/old/01/04006381333931", query=b"linkType=linkset")
    assert json.loads(answer.body)["linkset"][0]["anchor"] == "https://go.example/old/01/04006381333931"


@pytest.mark.parametrize(
    ("query", "headers", "page"),
    [
        # The page that fits everybody, unless a language says better.
        (b"", {}, None),
        (b"", {"Accept-Language": "de"}, None),
        (b"", {"Accept-Language": "*"}, None),
        (b"", {"Accept-Language": "hi-IN,hi;q=0.9,en;q=0.8"}, "page-hi"),
        (b"", {"Accept-Language": "en"}, "page-en"),
        (b"", {"Accept-Language": "en-US,en;q=0.9,hi;q=0.5"}, "page-en"),
        (b"", {"Accept-Language": "en;q=0.3, hi;q=0.8"}, "page-hi"),
        (b"", {"Accept-Language": "hi;q=0"}, None),
        (b"linkType=gs1:pip", {"Accept-Language": "hi"}, "page-hi"),
        (b"linkType=gs1:defaultLink", {"Accept-Language": "hi"}, None),
        (b"linkType=gs1:defaultLinkMulti", {"Accept-Language": "hi"}, "page-hi"),
        # Neither is Vietnamese: the first one of the owner's list.
        (b"linkType=gs1:safetyInfo", {"Accept-Language": "vi"}, "safety-fr"),
        (b"linkType=gs1:safetyInfo", {"Accept-Language": "en-GB"}, "safety-en"),
        (b"linkType=gs1:masterData", {}, "data-html"),
        (b"linkType=gs1:masterData", {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}, "data-html"),
        (b"linkType=gs1:masterData", {"Accept": "application/json"}, "data-json"),
        (b"linkType=gs1:masterData", {"Accept": "application/*"}, "data-json"),
        (b"linkType=gs1:masterData", {"Accept": "application/json", "Accept-Language": "fr"}, "data-json-fr"),
        (b"linkType=gs1:masterData", {"Accept": "text/html", "Accept-Language": "fr"}, "data-html"),
    ],
)
async def test_of_several_links_of_a_type_one_fits_best(
    stand: Stand, query: bytes, headers: dict[str, str], page: str | None
) -> None:
    answer = await stand.get("/tea/01/09506000134352/10/ABC", query=query, headers=headers)
    assert answer.headers["location"] == (f"https://example.com/{page}" if page else DESTINATION)
    assert answer.headers["vary"] == "accept, accept-language"


async def test_a_link_set_tells_languages_and_media_types(stand: Stand) -> None:
    answer = await stand.get("/tea", query=b"linkType=linkset")
    (links,) = json.loads(answer.body)["linkset"]
    assert links[f"{VOC}defaultLink"] == [{"href": DESTINATION, "title": "Sharma Sweets"}]
    hindi = {"href": "https://example.com/page-hi", "title": "page-hi", "hreflang": ["hi"]}
    english = {"href": "https://example.com/page-en", "title": "page-en", "hreflang": ["en-IN"]}
    assert links[f"{VOC}defaultLinkMulti"] == [hindi, english]
    assert links[f"{VOC}pip"] == [*links[f"{VOC}defaultLink"], hindi, english]
    assert [(link.get("type"), link.get("hreflang")) for link in links[f"{VOC}masterData"]] == [
        ("text/html", None),
        ("application/json", None),
        ("application/json", ["fr"]),
    ]


async def test_programs_of_any_site_may_ask(stand: Stand) -> None:
    answer = await stand.get("/tea/01/09506000134352/10/ABC", method="OPTIONS")
    assert (answer.status, answer.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert stand.hits() == []
