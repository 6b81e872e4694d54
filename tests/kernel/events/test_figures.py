"""What operators see of events."""

import asyncio
import time

import pytest

from scanly.kernel.db import Database, ServiceDatabase
from scanly.kernel.telemetry import REGISTRY
from tests.kernel.events.bookkeeping import Books, MakeRunner, sell, subscriber


@pytest.mark.slow
async def test_how_far_a_group_is_behind_is_told_in_events_and_seconds(
    make_runner: MakeRunner, shop: ServiceDatabase, database: Database
) -> None:
    def figure(name: str) -> float | None:
        return REGISTRY.get_sample_value(name, {"group": "figures"})

    runner = make_runner(database, [(subscriber("figures"), Books(database))])
    began = time.monotonic()
    await runner.drain()
    await sell(shop, 1, 2)
    await runner._advance()
    await asyncio.sleep(0.2)
    await runner._measure()
    assert figure("scanly_event_lag_events") == 2
    behind = figure("scanly_event_lag_seconds")
    assert behind is not None
    assert 0.2 <= behind <= time.monotonic() - began
    await runner.drain()
    await runner._measure()
    assert figure("scanly_event_lag_events") == 0
    caught_up = figure("scanly_event_lag_seconds")
    assert caught_up is not None
    assert caught_up < behind
