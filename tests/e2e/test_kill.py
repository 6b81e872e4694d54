"""The process is killed under load, three times: every answered scan is counted, once, and little else is."""

import asyncio
import random
import time
from collections import Counter
from typing import Any

import httpx
import pytest

from tests.support.product import PASSWORD
from tests.support.running import Running

pytestmark = pytest.mark.slow

_ROUNDS = 3
_SCANS = 1_000
_VISITORS = 16
_PHONE = (
    "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
)
_COUNTED_WITHIN = 60.0


class Crowd:
    """Visitors who scan one code; each scan carries its own mark."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.answered: set[str] = set()
        self.cut_off: set[str] = set()

    async def scan(self, product: Running, round_number: int) -> None:
        """Send up to a thousand scans and kill the process somewhere among them."""
        marks = iter([f"{round_number}-{number}" for number in range(_SCANS)])
        kill_after = random.randrange(_SCANS // 4, _SCANS - 100)
        before = len(self.answered)
        async with httpx.AsyncClient(headers={"User-Agent": _PHONE}) as client:
            visitors = [asyncio.create_task(self._visit(client, marks)) for _ in range(_VISITORS)]
            while len(self.answered) - before < kill_after:  # noqa: ASYNC110 - a crash does not announce itself
                await asyncio.sleep(0.001)
            product.kill()
            await asyncio.gather(*visitors)

    async def _visit(self, client: httpx.AsyncClient, marks: Any) -> None:
        for mark in marks:
            try:
                answer = await client.get(self._url, params={"utm_content": mark})
            except httpx.TransportError:
                self.cut_off.add(mark)
                return
            assert answer.status_code == 302
            self.answered.add(mark)


def counted(client: httpx.Client) -> Counter[str]:
    """How often each mark stands among the hits."""
    found: Counter[str] = Counter()
    cursor = None
    while True:
        parameters = {"traffic": "all", "limit": 100, **({"cursor": cursor} if cursor else {})}
        page = client.get("/api/v1/analytics/hits", params=parameters).raise_for_status().json()
        found.update(hit["utm_content"] for hit in page["data"])
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def test_every_answered_scan_is_counted_once(running_product: Running) -> None:
    with httpx.Client(base_url=running_product.url, timeout=30) as client:
        body = {"email": "asha@example.com", "password": PASSWORD}
        welcome = client.post("/api/v1/auth/sign-up", json=body).raise_for_status().json()
        client.headers["Authorization"] = f"Bearer {welcome['access_token']}"
        link = client.post("/api/v1/links", json={"destination": "https://example.com/menu"}).raise_for_status().json()
        crowd = Crowd(f"{running_product.url}/{link['slug']}")
        for number in range(_ROUNDS):
            asyncio.run(crowd.scan(running_product, number))
            running_product.start()
        until = time.monotonic() + _COUNTED_WITHIN
        while not crowd.answered <= (hits := counted(client)).keys() and time.monotonic() < until:
            time.sleep(0.5)
        time.sleep(1.0)  # anything counted twice would come now
        hits = counted(client)
        assert crowd.answered <= hits.keys(), f"{len(crowd.answered - hits.keys())} of {len(crowd.answered)} are lost"
        assert max(hits.values()) == 1, "counted twice"
        assert hits.keys() <= crowd.answered | crowd.cut_off
        summary = client.get("/api/v1/analytics/summary", params={"traffic": "all"}).raise_for_status().json()
        assert summary["hits"] == hits.total(), "the totals tell the same"
