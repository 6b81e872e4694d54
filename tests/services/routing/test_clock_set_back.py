"""The machine's clock is set back by an hour, and forth again, while people scan."""

import asyncio
from datetime import timedelta

import pytest

from scanly.kernel.clock import ManualClock
from tests.support.product import InProcess

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
)


@pytest.mark.slow
async def test_every_scan_counts_once_in_the_hour_that_the_clock_said(product: InProcess, clock: ManualClock) -> None:
    owner = await product.sign_up()
    link = (await owner.post("/api/v1/links", json={"destination": "example.com"})).json()
    steps = (timedelta(), -timedelta(hours=1), timedelta(hours=1), timedelta(minutes=5))
    moments = []
    for number, step in enumerate(steps):
        clock.advance(step)
        moments.append(clock.now())
        for visitor in range(5):
            agent = PHONE.replace("SM-A155F", f"SM-{number}{visitor}")
            answer = await owner.get(f"/{link['slug']}", headers={"user-agent": agent})
            assert answer.status_code == 302
    async with asyncio.timeout(30):
        while (await owner.get("/api/v1/analytics/summary")).json()["hits"] < 20:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)
    hits = (await owner.get("/api/v1/analytics/hits", params={"limit": 100})).json()["data"]
    assert len({hit["id"] for hit in hits}) == len(hits) == 20
    series = await owner.get("/api/v1/analytics/series", params={"interval": "hour"})
    hours = {point["start"][:13]: point["hits"] for point in series.json()["data"] if point["hits"]}
    expected: dict[str, int] = {}
    for moment in moments:
        hour = moment.isoformat()[:13]
        expected[hour] = expected.get(hour, 0) + 5
    assert hours == expected
