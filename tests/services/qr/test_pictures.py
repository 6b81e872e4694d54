"""Pictures over HTTP: sizes, caching, preview and check without signing in."""

import io

import httpx
import pytest
import zxingcpp
from PIL import Image

from scanly.kernel.cpu import CpuPool
from scanly.services.qr.content import TYPES
from scanly.services.qr.design import Design, words
from scanly.services.qr.rendering.output import Wanted, image_size
from scanly.services.qr.rendering.symbol import PayloadTooLong
from scanly.services.qr.studio import ContentInvalid, Studio, Subject
from scanly.services.routing.domain import is_slug
from tests.services.qr.factories import PALE, URL, WIFI, Bench, make_code, pointers
from tests.services.qr.media_twin import MediaTwin


def opened(answer: httpx.Response) -> Image.Image:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    return Image.open(io.BytesIO(answer.content))


def text_in(image: Image.Image) -> str:
    (found,) = zxingcpp.read_barcodes(image.convert("RGB"))
    return found.text


async def test_the_file_holds_the_payload(owner: httpx.AsyncClient) -> None:
    code = await make_code(owner, name="Menu <1>")
    png = await owner.get(f"/qr-codes/{code['id']}/image.png")
    svg = await owner.get(f"/qr-codes/{code['id']}/image.svg")

    assert text_in(opened(png)) == code["payload"]
    assert opened(png).size == (512, 512)
    assert svg.headers["content-type"] == "image/svg+xml"
    assert "<title>Menu &lt;1&gt;</title>" in svg.text


@pytest.mark.parametrize(
    ("query", "pixels", "dpi"),
    [
        ("size=1024", 1024, None),
        ("size=64", 64, None),
        ("size=40&unit=mm", 472, 300),
        ("size=25.4&unit=mm&dpi=600", 600, 600),
        ("size=2&unit=in&dpi=150", 300, 150),
    ],
)
async def test_sizes_are_exact(owner: httpx.AsyncClient, query: str, pixels: int, dpi: int | None) -> None:
    code = await make_code(owner, content=WIFI)
    image = opened(await owner.get(f"/qr-codes/{code['id']}/image.png?{query}"))
    assert image.size == (pixels, pixels)
    noted = image.info.get("dpi")
    assert (round(noted[0]) if noted else None) == dpi


async def test_svg_has_a_physical_size(owner: httpx.AsyncClient) -> None:
    code = await make_code(owner, content=WIFI)
    address = f"/qr-codes/{code['id']}/image.svg"
    assert 'width="40mm" height="40mm"' in (await owner.get(f"{address}?size=40&unit=mm")).text
    assert 'width="1.5in"' in (await owner.get(f"{address}?unit=in")).text
    assert 'width="300px" height="300px"' in (await owner.get(f"{address}?size=300")).text


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("size=63", "?size"),
        ("size=4097", "?size"),
        ("size=99.5", "?size"),
        ("size=nan", "?size"),
        ("size=501&unit=mm", "?size"),
        ("size=40&unit=mm&dpi=50", "?dpi"),
        ("size=500&unit=mm&dpi=1200", "?dpi"),
        ("unit=cm", "?unit"),
        ("size=big", "?size"),
    ],
)
async def test_impossible_sizes_say_what_is_possible(owner: httpx.AsyncClient, query: str, pointer: str) -> None:
    code = await make_code(owner, content=WIFI)
    answer = await owner.get(f"/qr-codes/{code['id']}/image.png?{query}")
    assert (answer.status_code, pointers(answer)) == (422, {pointer})


async def test_a_picture_that_is_too_high_says_so(owner: httpx.AsyncClient) -> None:
    code = await make_code(owner, content=WIFI, design={"frame": {"kind": "banner_bottom", "text": "Scan"}})
    answer = await owner.get(f"/qr-codes/{code['id']}/image.png?size=20&unit=in&dpi=300")
    assert (answer.status_code, pointers(answer)) == (422, {"?dpi"})
    assert "6,000 by 7," in answer.json()["detail"]


@pytest.mark.parametrize("name", ["\n", "Schwärze", ""])
async def test_an_ink_has_a_plain_name(owner: httpx.AsyncClient, name: str) -> None:
    code = await make_code(owner, content=WIFI)
    answer = await owner.get(f"/qr-codes/{code['id']}/image.pdf", params={"spot": name})
    assert (answer.status_code, pointers(answer)) == (422, {"?spot"})


async def test_a_picture_is_known_by_its_head(owner: httpx.AsyncClient) -> None:
    code = await make_code(owner, content=WIFI)
    address = f"/qr-codes/{code['id']}/image.png"
    whole, head = await owner.get(address), await owner.head(address)
    assert (head.status_code, head.headers["etag"]) == (200, whole.headers["etag"])
    any_at_all = await owner.get(address, headers={"if-none-match": "*"})
    assert (any_at_all.status_code, any_at_all.content) == (304, b"")


async def test_pictures_are_cached_until_the_code_changes(owner: httpx.AsyncClient) -> None:
    code = await make_code(owner, content=WIFI)
    address = code["images"]["png"].removeprefix("/api/v1")
    first = await owner.get(address)
    again = await owner.get(address, headers={"if-none-match": first.headers["etag"]})
    assert "max-age=86400" in first.headers["cache-control"]
    assert "private" in first.headers["cache-control"]
    assert (again.status_code, again.content) == (304, b"")

    changed = (await owner.patch(f"/qr-codes/{code['id']}", json={"design": {"modules": {"shape": "dots"}}})).json()
    fresh = await owner.get(address, headers={"if-none-match": first.headers["etag"]})
    assert fresh.status_code == 200
    assert "max-age=0" in fresh.headers["cache-control"]
    assert changed["images"]["png"] != code["images"]["png"]


async def test_a_download_has_the_codes_name(owner: httpx.AsyncClient) -> None:
    code = await make_code(owner, content=WIFI, name="चाय/Tea")
    answer = await owner.get(f"/qr-codes/{code['id']}/image.png?download=true")
    assert answer.headers["content-disposition"] == ("attachment; filename*=UTF-8''%E0%A4%9A%E0%A4%BE%E0%A4%AF-Tea.png")


async def test_an_unknown_format_is_refused(owner: httpx.AsyncClient) -> None:
    code = await make_code(owner, content=WIFI)
    assert (await owner.get(f"/qr-codes/{code['id']}/image.gif")).status_code == 422


async def test_anybody_may_preview_and_check(qr: Bench) -> None:
    async with qr.visitor() as visitor:
        picture = await visitor.post("/qr-codes/preview?format=png&size=300", json={"content": URL})
        raw = await visitor.post("/qr-codes/preview?format=png", json={"payload": "HTTPS://GO.EXAMPLE/AB"})
        vector = await visitor.post("/qr-codes/preview", json={"content": WIFI, "design": {"quiet_zone": 0}})
        good = (await visitor.post("/qr-codes/check", json={"content": URL})).json()
        bad = (await visitor.post("/qr-codes/check", json={"content": URL, "design": PALE})).json()

    assert text_in(opened(picture)) == URL["url"]
    assert picture.headers["cache-control"] == "no-store"
    assert text_in(opened(raw)) == "HTTPS://GO.EXAMPLE/AB"
    assert vector.text.startswith("<svg ")
    assert (good["grade"], good["score"], good["advice"]) == ("A", 100, [])
    assert good["measures"]["views"]["tilted"] is True
    assert (bad["grade"], bad["advice"][0]["code"]) == ("F", "unreadable")


@pytest.mark.parametrize(
    "content",
    [
        {**URL, "url": f"https://example.com/{'menu' * 500}"},
        {"type": "gs1_digital_link", "gtin": "9506000134352", "product_page": "https://example.com/"},
    ],
)
async def test_a_sketch_that_will_be_changeable_is_drawn_and_judged_with_its_address(
    owner: httpx.AsyncClient, content: dict[str, str]
) -> None:
    sketch = {"content": content, "kind": "dynamic"}
    picture = await owner.post("/qr-codes/preview?format=png&size=600", json=sketch)
    check = (await owner.post("/qr-codes/check", json=sketch)).json()
    repaired = (await owner.post("/qr-codes/repair", json=sketch)).json()
    code = await make_code(owner, **sketch)
    printed = (await owner.post("/qr-codes/check", json={"payload": code["payload"]})).json()

    assert text_in(opened(picture)) == check["payload"] == repaired["scannability"]["payload"]
    assert "not$yet" in check["payload"].lower()
    assert content.get("url", "!") not in check["payload"]
    of = ("version", "modules", "error_correction", "least_size_mm")
    assert [check["measures"][name] for name in of] == [printed["measures"][name] for name in of]


async def test_a_sample_address_leads_nobody_anywhere(owner: httpx.AsyncClient) -> None:
    check = (await owner.post("/qr-codes/check", json={"content": URL, "kind": "dynamic"})).json()
    assert not is_slug(check["payload"].rpartition("/")[2])


async def test_a_sketch_has_a_kind_that_its_content_can_have(qr: Bench) -> None:
    async with qr.visitor() as visitor:
        fixed = await visitor.post("/qr-codes/preview", json={"content": WIFI, "kind": "dynamic"})
        raw = await visitor.post("/qr-codes/preview", json={"payload": "x", "kind": "dynamic"})
    assert (fixed.status_code, pointers(fixed)) == (422, {"/kind"})
    assert raw.status_code == 422


@pytest.mark.parametrize("path", ["preview", "check"])
async def test_a_sketch_has_one_source(qr: Bench, path: str) -> None:
    async with qr.visitor() as visitor:
        for body in ({}, {"content": URL, "payload": "x"}):
            assert (await visitor.post(f"/qr-codes/{path}", json=body)).status_code == 422
        long = await visitor.post(f"/qr-codes/{path}", json={"payload": "x" * 3000})
        assert (long.status_code, pointers(long)) == (422, {"/payload"})
        assert "47 characters too long" in long.json()["detail"]


async def test_types_and_options_carry_words_and_schemas(qr: Bench) -> None:
    async with qr.visitor() as visitor:
        types = (await visitor.get("/qr-content-types")).json()["data"]
        options = (await visitor.get("/qr-design-options")).json()

    assert [entry["type"] for entry in types] == list(TYPES)
    for entry in types:
        assert entry["title"]["hi"]
        assert entry["help"]["hi"]
        for name, field in entry["schema"]["properties"].items():
            assert name == "type" or (field["x-label"]["en"] and field["x-label"]["hi"]), (entry["type"], name)
    assert types[0]["default_kind"] == "dynamic"
    assert [option["name"] for option in options["modules"]] == list(words.MODULE_SHAPES)
    assert [option["name"] for option in options["frames"]] == list(words.FRAMES)
    assert Design.model_validate(options["default"]) == Design()


async def test_every_option_that_is_offered_works(qr: Bench) -> None:
    async with qr.visitor() as visitor:
        options = (await visitor.get("/qr-design-options")).json()
        for shape in options["modules"]:
            for level in options["error_corrections"]:
                design = {"modules": {"shape": shape["name"]}, "error_correction": level}
                verdict = await visitor.post("/qr-codes/check", json={"content": URL, "design": design})
                assert verdict.json()["grade"] == "A", design


@pytest.mark.slow
async def test_faults_cross_the_border_of_processes() -> None:
    pool = CpuPool(workers=1)
    try:
        studio = Studio(pool, MediaTwin())
        picture = await studio.draw(Subject("x", Design()), Wanted("svg", image_size(None, "px", 300)))
        assert picture.startswith(b"<svg")
        with pytest.raises(ContentInvalid, match="1 character too long"):
            await studio.judge(Subject("x" * 1274, Design(error_correction="H")))
        with pytest.raises(PayloadTooLong) as caught:
            await pool.run(_too_long)
        assert caught.value.excess == 3
    finally:
        await pool.close()


def _too_long() -> None:
    raise PayloadTooLong(3, 10, "L")


async def test_a_picture_for_websites_needs_no_sign_in_and_lasts(qr: Bench, owner: httpx.AsyncClient) -> None:
    code = await make_code(owner)
    answer = await owner.get(f"/qr-codes/{code['id']}/image-address?format=png&size=40&unit=mm")
    url = httpx.URL(answer.json()["url"])
    path = url.raw_path.decode().removeprefix("/api/v1")
    async with qr.visitor() as visitor:
        first = await visitor.get(path)
        again = await visitor.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (first.status_code, first.headers["content-type"], again.status_code) == (200, "image/png", 304)
        assert first.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert first.content == (await visitor.get(path)).content
        assert (await visitor.get(path.replace("key=", "key=0"))).status_code == 404
        assert (await visitor.get(f"/qr-codes/{code['id']}/image.png")).status_code == 401
    await owner.patch(f"/qr-codes/{code['id']}", json={"design": {"modules": {"shape": "dots"}}})
    async with qr.visitor() as visitor:
        assert (await visitor.get(path)).headers["cache-control"] == "public, max-age=300"
