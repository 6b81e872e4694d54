from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.support.product import InProcess

MENU = "https://menu.sharmasweets.example/november"


async def make(client: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    answer = await client.post("/api/v1/links", json={"destination": MENU, **body})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_link_redirects(product: InProcess) -> None:
    owner = await product.sign_up()
    link = await make(owner, slug="Diwali-Menu")
    assert link["short_url"] == "http://localhost:8000/Diwali-Menu"
    visitor = await product.client()
    for path in ("/Diwali-Menu", "/diwali-menu", "/DIWALI-MENU"):
        answer = await visitor.get(path)
        assert answer.status_code == 302
        assert answer.headers["location"] == MENU
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.content == b""
