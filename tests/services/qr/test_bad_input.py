"""What nobody should send, and what happens then: a clear answer, nothing half-made."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from scanly.kernel.errors import Unavailable
from tests.services.qr.factories import URL, Bench, pointers


@pytest.fixture(autouse=True)
async def _nothing_is_made(qr: Bench) -> AsyncIterator[None]:
    yield
    assert qr.routing.kept == {}
    assert await qr.events() == []


async def test_not_json(owner: httpx.AsyncClient) -> None:
    for body in (b"", b"{", b"\xff\xfe", b'{"content": '):
        answer = await owner.post("/qr-codes", content=body, headers={"content-type": "application/json"})
        assert answer.status_code in {400, 422}, body
        assert answer.headers["content-type"] == "application/problem+json"
    assert (await owner.post("/qr-codes", content=b"a=b")).status_code == 422


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"/content"}),
        ([], {""}),
        ({"content": URL, "colour": 1, "nmae": "x"}, {"/colour", "/nmae"}),
        ({"content": URL, "name": 5}, {"/name"}),
        ({"content": URL, "name": "x" * 201}, {"/name"}),
        ({"content": URL, "name": "a\x00b"}, {"/name"}),
        ({"content": URL, "name": "two\nlines"}, {"/name"}),
        ({"content": URL, "name": "\ud800"}, {"/name"}),
        ({"content": URL, "kind": "static"}, {"/kind"}),
        ({"content": URL, "name": "invoice\u202egpj"}, {"/name"}),
        ({"content": URL, "slug": 5}, {"/slug"}),
        ({"content": URL, "slug": "a\ud800b"}, {"/slug"}),
        ({"content": URL, "slug": "a" * 5_000}, {"/slug"}),
        ({"content": URL, "domain": "\ud800"}, {"/domain"}),
        ({"content": URL, "design": {"modules": {"shape": "\ud800"}}}, {"/design/modules/shape"}),
        ({"content": URL, "tags": "a"}, {"/tags"}),
        ({"content": URL, "tags": ["a", 5, ""]}, {"/tags/1", "/tags/2"}),
        ({"content": URL, "tags": [str(number) for number in range(21)]}, {"/tags"}),
        ({"content": URL, "folder_id": "folder_1"}, {"/folder_id"}),
        ({"content": URL, "external_id": ""}, {"/external_id"}),
        ({"content": URL, "design": "red"}, {"/design"}),
        (
            {"content": URL, "design": {"quiet_zone": 99, "modules": {"shape": "?"}}},
            {"/design/quiet_zone", "/design/modules/shape"},
        ),
        ({"content": {"type": "url", "url": "https://example.com/" + "a" * 5000}}, {"/content/url"}),
        ({"content": {"type": "url", "url": "javascript:alert(1)"}}, {"/content/url"}),
        ({"content": {"type": "url", "url": "data:text/html,x"}}, {"/content/url"}),
        ({"content": {"type": "wifi", "ssid": "a\x07", "password": "short"}}, {"/content/ssid", "/content/password"}),
        ({"content": {"type": "text", "text": "a" * 3000}}, {"/content"}),
        ({"content": {"type": "menu"}, "name": 5}, {"/content", "/name"}),
    ],
)
async def test_every_fault_has_its_place(owner: httpx.AsyncClient, body: Any, expected: set[str]) -> None:
    answer = await owner.post("/qr-codes", content=json.dumps(body), headers={"content-type": "application/json"})
    assert (answer.status_code, pointers(answer)) == (422, expected), answer.text
    assert all(fault["detail"].endswith((".", "!", "?")) for fault in answer.json()["errors"])


@pytest.mark.parametrize("path", ["/qr-codes/qr_1", "/qr-codes/nothing", f"/qr-codes/link_{'0' * 26}"])
async def test_an_id_that_is_none(owner: httpx.AsyncClient, path: str) -> None:
    assert (await owner.get(path)).status_code in {404, 422}


async def test_a_code_that_never_was(owner: httpx.AsyncClient) -> None:
    answer = await owner.get(f"/qr-codes/qr_{'0' * 26}")
    assert (answer.status_code, answer.json()["code"]) == (404, "code_not_found")


async def test_routing_is_away(qr: Bench, owner: httpx.AsyncClient) -> None:
    qr.routing.away = Unavailable("Try again.", retry_after=2)
    answer = await owner.post("/qr-codes", json={"content": URL})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
