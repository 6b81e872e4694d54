"""What looks odd and is fine."""

import httpx
import pytest

from tests.services.qr.factories import WIFI, make_code


@pytest.mark.parametrize(
    "name",
    [
        "مقهى الياسمين",
        "שלום",
        "चाय की दुकान",
        "क्‍ष",
        "日本語",
        "👩‍👩‍👧 family",
        "'; drop table qr.codes; --",
        "<script>",
    ],
)
async def test_names_in_any_script(owner: httpx.AsyncClient, name: str) -> None:
    code = await make_code(owner, name=name, content=WIFI)
    assert code["name"] == name
    assert (await owner.get("/qr-codes", params={"q": name[:4]})).json()["data"][0]["id"] == code["id"]
    assert (await owner.get(f"/qr-codes/{code['id']}/image.svg")).status_code == 200


async def test_a_name_is_trimmed_and_composed(owner: httpx.AsyncClient) -> None:
    assert (await make_code(owner, name="  Cafe\u0301 ", content=WIFI))["name"] == "Café"
    assert (await make_code(owner, name="   ", content=WIFI))["name"] == "Chai Corner"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/x", "http://[::1]/", "http://10.0.0.1", "http://localhost", "http://router.lan"]
)
async def test_private_places_are_allowed(owner: httpx.AsyncClient, url: str) -> None:
    code = await make_code(owner, content={"type": "url", "url": url})
    assert code["link"]["destination"] == url


async def test_a_text_that_just_fits(owner: httpx.AsyncClient) -> None:
    code = await make_code(owner, content={"type": "text", "text": "x" * 2953})
    assert [advice["code"] for advice in code["scannability"]["advice"]] == ["not_from_far", "weak_for_some"]
