import asyncio
import tracemalloc
from uuid import UUID

import pytest

from scanly.kernel.errors import Unavailable
from scanly.services.routing.metrics import Tally
from scanly.services.routing.read_model import CompiledLink, LinkMemory, ReadModel
from tests.services.routing.visitors import Shelf, facts

KEY = "/menu"


@pytest.fixture
def shelf() -> Shelf:
    shelf = Shelf()
    shelf.put(facts("menu"))
    return shelf


@pytest.fixture
def tally() -> Tally:
    return Tally()


@pytest.fixture
def model(shelf: Shelf, tally: Tally) -> ReadModel:
    return ReadModel(shelf, tally, max_bytes=1 << 20, unknown_seconds=30, stale_seconds=3600)


async def destination(model: ReadModel) -> str | None:
    link = await model.find(KEY)
    return link and link.row.destination


async def test_many_visitors_one_question(model: ReadModel, shelf: Shelf) -> None:
    found = await asyncio.gather(*(model.find(KEY) for _ in range(50)))
    assert len(set(found)) == 1
    assert shelf.asked == ["menu"]


async def test_a_visitor_who_hangs_up_does_not_take_the_answer_along(model: ReadModel, shelf: Shelf) -> None:
    first = asyncio.create_task(model.find(KEY))
    await asyncio.sleep(0)
    first.cancel()
    assert await model.find(KEY) is not None
    assert shelf.asked == ["menu"]


async def test_unknown_addresses_are_remembered_and_bounded(model: ReadModel, shelf: Shelf) -> None:
    for _ in range(3):
        assert await model.find("/none") is None
    assert shelf.asked == ["none"]
    for number in range(10_050):
        await model.find(f"/none{number}")
    assert len(model._unknown) == 10_000
    await model.find("/none")
    assert shelf.asked[-1] == "none", "the oldest was forgotten"


async def test_a_new_address_evicts_what_was_unknown(model: ReadModel, shelf: Shelf) -> None:
    assert await model.find("/new") is None
    shelf.put(facts("new"))
    model.evict("/new")
    assert await model.find("/new") is not None


async def test_a_change_is_seen_after_its_notification(model: ReadModel, shelf: Shelf) -> None:
    await model.find(KEY)
    shelf.put(facts("menu", destination="https://example.com/new", stamp="2"))
    model.evict(KEY)
    assert await destination(model) == "https://example.com/new"


@pytest.mark.parametrize("slug", ["menu", "new"])
async def test_a_change_is_seen_by_the_poll_when_its_notification_is_lost(
    model: ReadModel, shelf: Shelf, slug: str
) -> None:
    await model.find(f"/{slug}")
    shelf.put(facts(slug, destination="https://example.com/new", stamp="2"))
    shelf.changes = [("", slug, "2")]
    await model.check()
    link = await model.find(f"/{slug}")
    assert link is not None
    assert link.row.destination == "https://example.com/new"
    asked = len(shelf.asked)
    await model.check()
    await model.find(f"/{slug}")
    assert len(shelf.asked) == asked, "what is known already is kept"


async def test_a_change_during_a_look_up_is_not_overlooked(tally: Tally) -> None:
    class Slow(Shelf):
        async def find(self, domain: str, slug_key: str) -> None:
            row = await super().find(domain, slug_key)
            await asyncio.sleep(0.02)
            return row

    shelf = Slow()
    model = ReadModel(shelf, tally, max_bytes=1 << 20, unknown_seconds=30, stale_seconds=3600)
    shelf.put(facts("menu"))
    flight = asyncio.create_task(destination(model))
    await asyncio.sleep(0.01)
    shelf.put(facts("menu", destination="https://example.com/new", stamp="2"))
    model.evict(KEY)
    assert await flight == "https://example.com/new"
    assert await destination(model) == "https://example.com/new"


async def test_known_links_go_on_while_the_database_is_away(model: ReadModel, shelf: Shelf, tally: Tally) -> None:
    await model.find(KEY)
    shelf.is_away = True
    assert await model.find(KEY) is not None
    model.evict(KEY)
    assert await destination(model) is not None, "as it was before it changed"
    assert tally.link_lookups["stale"] == 1
    with pytest.raises(Unavailable):
        await model.find("/other")
    assert tally.link_lookups["failed"] == 1
    shelf.is_away = False
    shelf.put(facts("menu", destination="https://example.com/new"))
    assert await destination(model) == "https://example.com/new"


async def test_stale_answers_end(shelf: Shelf, tally: Tally) -> None:
    model = ReadModel(shelf, tally, max_bytes=1 << 20, unknown_seconds=30, stale_seconds=0.05)
    await model.find(KEY)
    shelf.is_away = True
    await asyncio.sleep(0.1)
    watch = asyncio.create_task(model.watch())
    await asyncio.sleep(0.01)
    with pytest.raises(Unavailable):
        await model.find(KEY)
    watch.cancel()


async def test_the_poll_goes_on_after_failures_and_can_be_woken(model: ReadModel, shelf: Shelf) -> None:
    await model.find(KEY)
    shelf.is_away = True
    watch = asyncio.create_task(model.watch())
    await asyncio.sleep(0.01)
    shelf.is_away = False
    shelf.put(facts("menu", destination="https://example.com/new", stamp="2"))
    shelf.changes = [("", "menu", "2")]
    model.check_now()
    await asyncio.sleep(0.01)
    assert await destination(model) == "https://example.com/new"
    watch.cancel()


async def test_very_many_changes_forget_everything(
    model: ReadModel, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanly.services.routing.read_model._MANY_CHANGES", 2)
    await model.find(KEY)
    shelf.put(facts("menu", destination="https://example.com/new", stamp="2"))
    shelf.changes = [("", "a", "1"), ("", "b", "1"), ("", "menu", "2")]
    await model.check()
    assert await destination(model) == "https://example.com/new"


def test_memory_is_bounded_and_keeps_what_is_used() -> None:
    link = CompiledLink(facts("menu"))
    memory = LinkMemory(100 * link.cost)
    for number in range(1_000):
        memory.put(f"/{number}", link)
        assert memory.get("/0") is not None, "asked for again and again"
        assert len(memory) <= 101
    assert memory.dropped > 0
    assert memory.get("/999") is link
    assert memory.get("/500") is None


def test_a_taken_link_gives_its_room_back() -> None:
    link = CompiledLink(facts("menu"))
    memory = LinkMemory(100 * link.cost)
    for _ in range(1_000):
        memory.put(KEY, link)
        assert memory.pop(KEY) is link
    assert len(memory) == 0
    assert memory.dropped == 0


def test_what_a_link_costs_is_told_truly() -> None:
    tracemalloc.start()
    memory = LinkMemory(1 << 30)
    before = tracemalloc.get_traced_memory()[0]
    for number in range(2_000):
        slug = f"menu{number}"
        row = facts(
            slug, destination=f"https://example.com/{number:050}", link_id=UUID(int=number), shop=f"Shop {number}"
        )
        memory.put(f"/{slug}", CompiledLink(row))
    used = (tracemalloc.get_traced_memory()[0] - before) / 2_000
    tracemalloc.stop()
    told = CompiledLink(row).cost
    assert used <= told <= 1.5 * used, f"{used:.0f} bytes"
