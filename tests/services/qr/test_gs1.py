"""A product as a dynamic code: its numbers are printed, what phones open is not."""

import io
from typing import Any

import httpx
import pytest
import zxingcpp
from PIL import Image

from scanly.kernel.ids import decode_id
from tests.services.qr.factories import URL, Bench, make_code, pointers
from tests.support.product import InProcess

HONEY: dict[str, Any] = {
    "type": "gs1_digital_link",
    "gtin": "9506000134352",
    "lot": "Abc-1",
    "expires_on": "2026-12-31",
    "product_page": "example.com/honey",
    "instructions": "example.com/how",
}
VOC = "https://ref.gs1.org/voc/"


async def test_the_numbers_follow_the_address(qr: Bench, owner: httpx.AsyncClient) -> None:
    code = await make_code(owner, kind="dynamic", content=HONEY, slug="honey")
    assert code["payload"] == f"{code['link']['short_url']}/01/09506000134352/10/Abc-1?17=261231"
    assert code["link"]["destination"] == code["content"]["product_page"] == "https://example.com/honey"
    link = qr.routing.kept[decode_id("link", code["link"]["id"])]
    assert link.elements == "/01/09506000134352/10/Abc-1"
    assert link.typed_links is not None
    assert [(typed.rel, typed.href, typed.title) for typed in link.typed_links] == [
        (f"{VOC}instructions", "https://example.com/how", "Instructions")
    ]


async def test_what_phones_open_changes_and_the_symbol_stays(qr: Bench, owner: httpx.AsyncClient) -> None:
    code = await make_code(owner, kind="dynamic", content=HONEY)
    address = f"/qr-codes/{code['id']}"
    changes = {"product_page": "example.com/new", "instructions": None, "recipes": "example.com/cake"}
    changed = (await owner.patch(address, json={"content": changes})).json()
    assert changed["payload"] == code["payload"]
    assert changed["link"]["destination"] == "https://example.com/new"
    link = qr.routing.kept[decode_id("link", code["link"]["id"])]
    assert [typed.rel for typed in link.typed_links or ()] == [f"{VOC}recipeInfo"]
    assert (await owner.get(address)).json()["content"] == changed["content"]


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"gtin": "4006381333931"}, {"/content/gtin"}),
        ({"lot": None, "expires_on": "2027-01-31"}, {"/content/lot", "/content/expires_on"}),
        ({"serial": "1"}, {"/content/serial"}),
        (URL, {"/content/type"}),
    ],
)
async def test_what_is_printed_cannot_change(
    qr: Bench, owner: httpx.AsyncClient, changes: dict[str, Any], at: set[str]
) -> None:
    code = await make_code(owner, kind="dynamic", content=HONEY)
    content = changes if "type" in changes else {**HONEY, **changes}
    emptied = {name: None for name in HONEY if name not in content}
    answer = await owner.patch(f"/qr-codes/{code['id']}", json={"content": {**emptied, **content}})
    assert (answer.status_code, pointers(answer)) == (422, at)
    assert "Make a new code" in answer.json()["detail"]
    assert qr.routing.kept[decode_id("link", code["link"]["id"])].version == 1


async def test_another_code_cannot_become_a_product(owner: httpx.AsyncClient) -> None:
    code = await make_code(owner, content=URL)
    answer = await owner.patch(f"/qr-codes/{code['id']}", json={"content": {**HONEY, "url": None}})
    assert (answer.status_code, pointers(answer)) == (422, {"/content/type"})


async def test_a_link_that_was_led_elsewhere_stays_a_product(qr: Bench, owner: httpx.AsyncClient) -> None:
    code = await make_code(owner, kind="dynamic", content=HONEY)
    link = qr.routing.kept[decode_id("link", code["link"]["id"])]
    await qr.routing.change_destination(
        workspace_id=link.workspace_id,
        link_id=link.id,
        destination="https://example.com/x",
        typed_links=link.typed_links,
    )
    content = (await owner.get(f"/qr-codes/{code['id']}")).json()["content"]
    assert (content["gtin"], content["product_page"]) == ("09506000134352", "https://example.com/x")


async def test_a_dynamic_one_needs_a_page(qr: Bench, owner: httpx.AsyncClient) -> None:
    content = {name: value for name, value in HONEY.items() if name != "product_page"}
    answer = await owner.post("/qr-codes", json={"kind": "dynamic", "content": content})
    assert (answer.status_code, pointers(answer)) == (422, {"/content/product_page"})
    assert qr.routing.claims == 0
    assert (await make_code(owner, content=content))["payload"].startswith("https://id.gs1.org/01/")


async def test_links_in_other_languages(qr: Bench, owner: httpx.AsyncClient) -> None:
    links = "page  HI example.com/hi\n\ngs1:safetyInfo fr-ch Application/PDF https://example.com/f.pdf\r\n"
    links += "page EN-in example.com"
    code = await make_code(owner, kind="dynamic", content=HONEY | {"links": links})
    assert code["content"]["links"] == (
        "page hi https://example.com/hi\nsafety fr-CH application/pdf https://example.com/f.pdf\n"
        "page en-IN https://example.com"
    )
    link = qr.routing.kept[decode_id("link", code["link"]["id"])]
    assert [(typed.rel.removeprefix(VOC), typed.hreflang, typed.type) for typed in link.typed_links or ()] == [
        ("instructions", None, None),
        ("pip", "hi", None),
        ("safetyInfo", "fr-CH", "application/pdf"),
        ("pip", "en-IN", None),
    ]
    changed = await owner.patch(f"/qr-codes/{code['id']}", json={"content": {"links": None}})
    assert "links" not in changed.json()["content"]
    link = qr.routing.kept[decode_id("link", code["link"]["id"])]
    assert len(link.typed_links or ()) == 1


@pytest.mark.parametrize(
    ("links", "words"),
    [
        ("page hi example.com\npage hi example.com/b", "Line 2: there is such a link above"),
        ("page hi example.com\npages hi example.com", "Line 2: begin with what it is, one of page, instructions"),
        ("page example.com", "Line 1: write what it is, its language and its address"),
        ("page", "Line 1: write what it is"),
        ("page hindi example.com", "Line 1: hindi is neither a language"),
        ("page hi en example.com", "Line 1: en is neither a language"),
        ("page hi chemical/x-pdb example.com", "Line 1: chemical/x-pdb is neither"),
        ("page hi javascript:alert(1)", "Line 1: "),
        ("\n".join(f"page hi-{number:03} example.com" for number in range(41)), "These are 41 links. Keep the 40"),
    ],
)
async def test_faults_in_links_name_the_line(owner: httpx.AsyncClient, links: str, words: str) -> None:
    answer = await owner.post("/qr-codes", json={"kind": "dynamic", "content": HONEY | {"links": links}})
    assert (answer.status_code, pointers(answer)) == (422, {"/content/links"})
    (fault,) = answer.json()["errors"]
    assert (fault["code"], fault["detail"].startswith(words)) == ("gs1_links_invalid", True), fault


@pytest.mark.parametrize(
    ("content", "payload"),
    [
        ({"gln": "9521321000018", "gln_extension": "Gate/4"}, "/414/9521321000018/254/Gate%2F4"),
        ({"sscc": "1 0614141 234567890 8"}, "/00/106141412345678908"),
        ({"grai": "04012345111118987"}, "/8003/04012345111118987"),
        ({"giai": "4012345ABCD-123"}, "/8004/4012345ABCD-123"),
    ],
)
async def test_places_parcels_and_assets(owner: httpx.AsyncClient, content: dict[str, str], payload: str) -> None:
    content = {"type": "gs1_digital_link", "product_page": "example.com", **content}
    code = await make_code(owner, kind="dynamic", content=content)
    assert code["payload"] == code["link"]["short_url"] + payload
    assert (await make_code(owner, content=content))["payload"] == f"https://id.gs1.org{payload}"
    other = {name: None for name in content if name not in {"type", "product_page"}} | {"gtin": "9506000134352"}
    answer = await owner.patch(f"/qr-codes/{code['id']}", json={"content": other})
    assert answer.status_code == 422


@pytest.mark.slow
async def test_from_the_printed_symbol_to_each_link(product: InProcess) -> None:
    owner, visitor = await product.sign_up(), await product.client()
    content = HONEY | {"links": "instructions hi example.com/how-hi"}
    made = await owner.post("/api/v1/qr-codes", json={"kind": "dynamic", "content": content, "slug": "honey"})
    assert made.status_code == 201, made.text
    code = made.json()
    file = await owner.get(code["images"]["png"])
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(file.content)).convert("RGB"))
    assert found.text == code["payload"]
    address = found.text.removeprefix("http://localhost:8000")

    async def opened(query: str, language: str = "de") -> str:
        answer = await visitor.get(f"{address}{query}", headers={"accept-language": language})
        assert answer.status_code == 302
        return answer.headers["location"]

    assert await opened("") == "https://example.com/honey?17=261231"
    assert await opened("&linkType=gs1:instructions") == "https://example.com/how?17=261231"
    assert await opened("&linkType=gs1:instructions", "hi") == "https://example.com/how-hi?17=261231"
    assert (await visitor.get(f"{address}&linkType=gs1:epcis")).status_code == 404
    assert (await visitor.get(address.replace("4352", "4369"))).status_code == 404
    assert (await visitor.get(address.replace("Abc-1", "Abc-1%2F21"))).status_code == 404
    assert (await visitor.get(address.replace("?", "/foo?"))).status_code == 400
    assert (await visitor.options(address)).status_code == 204
    everything = (await visitor.get(address, headers={"accept": "application/linkset+json"})).json()["linkset"][0]
    assert everything["anchor"] == f"http://localhost:8000{address.partition('?')[0]}"
    assert everything[f"{VOC}instructions"] == [
        {"href": "https://example.com/how", "title": "Instructions"},
        {"href": "https://example.com/how-hi", "title": "इस्तेमाल का तरीक़ा", "hreflang": ["hi"]},
    ]

    changed = await owner.patch(f"/api/v1/qr-codes/{code['id']}", json={"content": {"instructions": "example.com/v2"}})
    assert changed.json()["payload"] == code["payload"]
    for _ in range(100):
        if await opened("&linkType=gs1:instructions") == "https://example.com/v2?17=261231":
            break
    assert await opened("&linkType=gs1:instructions") == "https://example.com/v2?17=261231"
