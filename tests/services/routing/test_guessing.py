"""Somebody sends addresses that do not exist, as fast as they can."""

import asyncio
import tracemalloc
from collections.abc import Sequence

import pytest

from scanly.kernel.errors import Unavailable
from scanly.services.routing.links import LinkFacts
from scanly.services.routing.metrics import Tally
from scanly.services.routing.read_model import ReadModel
from tests.services.routing.visitors import Shelf, facts

pytestmark = pytest.mark.slow


class Desk(Shelf):
    """A database that takes its time and notes how much it was asked at once."""

    running = most = largest = rounds = 0

    async def find(self, keys: Sequence[str]) -> dict[str, LinkFacts]:
        self.rounds += 1
        self.running += 1
        self.most, self.largest = max(self.most, self.running), max(self.largest, len(keys))
        await asyncio.sleep(0.002)
        self.running -= 1
        return {key: self.links[key] for key in keys if key in self.links}


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    for number in range(200):
        desk.put(facts(f"menu{number}"))
    return desk


@pytest.fixture
def tally() -> Tally:
    return Tally()


@pytest.fixture
def model(desk: Desk, tally: Tally) -> ReadModel:
    return ReadModel(desk, tally, max_bytes=1 << 20, unknown_seconds=30, stale_seconds=3600)


async def guess(model: ReadModel, numbers: range, at_once: int = 500) -> None:
    for start in range(numbers.start, numbers.stop, at_once):
        found = await asyncio.gather(*(model.find(f"/guess{n}") for n in range(start, start + at_once)))
        assert set(found) == {None}


async def test_memory_and_the_load_on_the_database_stay_bounded(model: ReadModel, desk: Desk) -> None:
    for number in range(200):
        await model.find(f"/menu{number}")
    await guess(model, range(20_000))
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    desk.rounds = 0
    await guess(model, range(20_000, 60_000))
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 3_000_000, "another 40,000 take no more room than the first 10,000"
    assert (desk.most, desk.largest) == (2, 256)
    assert desk.rounds < 600, "many are asked with one question"
    assert len(model.memory) == 200
    assert list(model._lookups) == []


async def test_known_links_answer_at_once_and_new_ones_soon(model: ReadModel, tally: Tally) -> None:
    await model.find("/menu0")
    guesses = [asyncio.create_task(model.find(f"/guess{number}")) for number in range(3_000)]
    await asyncio.sleep(0)
    known = model.find("/menu0")
    with pytest.raises(StopIteration):
        known.send(None)  # type: ignore[attr-defined]
    async with asyncio.timeout(5):
        assert await model.find("/menu1") is not None
    await asyncio.gather(*guesses)
    assert tally.link_lookups["refused"] == 0


async def test_beyond_the_line_guesses_are_turned_away_and_known_links_go_on(model: ReadModel, tally: Tally) -> None:
    await model.find("/menu0")
    await model.find("/menu1")
    model.evict("/menu1")
    guesses = [asyncio.create_task(model.find(f"/guess{number}")) for number in range(20_000)]
    await asyncio.sleep(0)
    assert await model.find("/menu0") is not None
    changed = await model.find("/menu1")
    assert changed is not None, "as it was before it changed, rather than not at all"
    assert tally.link_lookups["stale"] == 1
    with pytest.raises(Unavailable) as refused:
        await model.find("/menu2")
    assert refused.value.retry_after == 1
    found = await asyncio.gather(*guesses, return_exceptions=True)
    assert tally.link_lookups["refused"] == sum(isinstance(answer, Unavailable) for answer in found) + 1
    assert tally.link_lookups["refused"] > 10_000
    assert await model.find("/menu2") is not None
