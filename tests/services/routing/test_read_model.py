import asyncio
import gc
import tracemalloc
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import pytest

from scanly.kernel.errors import Unavailable
from scanly.services.routing.link_memory import LinkMemory
from scanly.services.routing.links import LinkFacts, compile_link, make_stamp, unpack
from scanly.services.routing.metrics import Tally
from scanly.services.routing.read_model import ReadModel
from tests.services.routing.visitors import Shelf, facts

pytestmark = pytest.mark.slow

KEY = "/menu"
NEW = make_stamp(2, 1)


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
    assert shelf.asked == ["/menu"]


async def test_a_visitor_who_hangs_up_does_not_take_the_answer_along(model: ReadModel, shelf: Shelf) -> None:
    first = asyncio.create_task(model.find(KEY))
    await asyncio.sleep(0)
    first.cancel()
    assert await model.find(KEY) is not None
    assert shelf.asked == ["/menu"]


async def test_what_is_asked_at_the_same_time_is_looked_up_together(tally: Tally) -> None:
    class Slow(Shelf):
        rounds = 0

        async def find(self, keys: Sequence[str]) -> dict[str, LinkFacts]:
            self.rounds += 1
            await asyncio.sleep(0.01)
            return await super().find(keys)

    shelf = Slow()
    for number in range(500):
        shelf.put(facts(f"menu{number}"))
    model = ReadModel(shelf, tally, max_bytes=1 << 20, unknown_seconds=30, stale_seconds=3600)
    found = await asyncio.gather(*(model.find(f"/menu{number}") for number in range(500)))
    assert [link and link.key for link in found] == [f"/menu{number}" for number in range(500)]
    assert len(shelf.asked) == 500
    assert shelf.rounds == 4, "two at once, then two with all the others"


async def test_a_link_that_cannot_be_compiled_takes_no_other_along(model: ReadModel, shelf: Shelf) -> None:
    shelf.put(facts("odd", destination="https://\u3002.example/"))
    assert await asyncio.gather(*map(model.find, ("/a", "/b", "/odd", KEY))) == [
        None,
        None,
        None,
        await model.find(KEY),
    ]


async def test_unknown_addresses_are_remembered_and_bounded(model: ReadModel, shelf: Shelf) -> None:
    for _ in range(3):
        assert await model.find("/none") is None
    assert shelf.asked == ["/none"]
    for number in range(10_050):
        await model.find(f"/none{number}")
    assert len(model._unknown) == 10_000
    await model.find("/none")
    assert shelf.asked[-1] == "/none", "the oldest was forgotten"


async def test_a_new_address_evicts_what_was_unknown(model: ReadModel, shelf: Shelf) -> None:
    assert await model.find("/new") is None
    shelf.put(facts("new"))
    model.evict("/new")
    assert await model.find("/new") is not None


async def test_a_change_is_seen_after_its_notification(model: ReadModel, shelf: Shelf) -> None:
    await model.find(KEY)
    shelf.put(facts("menu", destination="https://example.com/new", stamp=NEW))
    model.evict(KEY)
    assert await destination(model) == "https://example.com/new"


@pytest.mark.parametrize("slug", ["menu", "new"])
async def test_a_change_is_seen_by_the_poll_when_its_notification_is_lost(
    model: ReadModel, shelf: Shelf, slug: str
) -> None:
    await model.find(f"/{slug}")
    shelf.put(facts(slug, destination="https://example.com/new", stamp=NEW))
    shelf.changes = {f"/{slug}": NEW}
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
        async def find(self, keys: Sequence[str]) -> dict[str, LinkFacts]:
            rows = await super().find(keys)
            await asyncio.sleep(0.02)
            return rows

    shelf = Slow()
    model = ReadModel(shelf, tally, max_bytes=1 << 20, unknown_seconds=30, stale_seconds=3600)
    shelf.put(facts("menu"))
    flight = asyncio.create_task(destination(model))
    await asyncio.sleep(0.01)
    shelf.put(facts("menu", destination="https://example.com/new", stamp=NEW))
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
    asked = len(shelf.asked)
    assert await destination(model) is not None
    assert len(shelf.asked) == asked, "nobody waits for a database that is known to be away"
    shelf.is_away = False
    shelf.put(facts("menu", destination="https://example.com/new"))
    await model.check()
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
    shelf.put(facts("menu", destination="https://example.com/new", stamp=NEW))
    shelf.changes = {KEY: NEW}
    model.check_now()
    await asyncio.sleep(0.01)
    assert await destination(model) == "https://example.com/new"
    watch.cancel()


async def test_very_many_changes_forget_everything(
    model: ReadModel, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanly.services.routing.read_model._MANY_CHANGES", 2)
    await model.find(KEY)
    shelf.put(facts("menu", destination="https://example.com/new", stamp=NEW))
    shelf.changes = {"/a": NEW, "/b": NEW, KEY: NEW}
    await model.check()
    assert await destination(model) == "https://example.com/new"


def test_memory_is_bounded_and_keeps_what_is_used() -> None:
    link = compile_link(facts("menu"))
    memory = LinkMemory(100 * link.cost)
    for number in range(1_000):
        memory.put(f"/{number}", link)
        assert memory.get("/0") is not None, "asked for again and again"
        assert len(memory) <= 101
    assert memory.dropped > 0
    assert memory.get("/999") is link
    assert memory.get("/500") is None


def test_a_taken_link_gives_its_room_back() -> None:
    link = compile_link(facts("menu"))
    memory = LinkMemory(100 * link.cost)
    for _ in range(1_000):
        memory.put(KEY, link)
        assert memory.pop(KEY) is link
    assert len(memory) == 0
    assert memory.dropped == 0


@pytest.mark.parametrize("number_of_links", [1_000, 20_000])
@pytest.mark.parametrize("length", [10, 200, 2_000])
def test_what_a_link_costs_is_told_truly(number_of_links: int, length: int) -> None:
    tracemalloc.start()
    memory = LinkMemory(1 << 40)
    before = tracemalloc.get_traced_memory()[0]
    for number in range(number_of_links):
        destination = f"https://example.com/{number:0{length}}"
        row = facts(f"menu{number}", destination=destination, link_id=UUID(int=number), shop=f"Shop {number}")
        memory.put(f"/menu{number}", compile_link(row))
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert 0.75 < memory.size / used < 1.25, f"{used / number_of_links:.0f} bytes a link"


def test_the_collector_passes_links_by() -> None:
    link = compile_link(facts("menu"))
    assert not gc.is_tracked(link)
    assert not gc.is_tracked(link.target)


def test_a_packed_link_says_what_it_was_made_from() -> None:
    moment = datetime(2026, 11, 9, 12, 30, tzinfo=UTC)
    for row in (
        facts("menu"),
        facts("menü/🍛", destination="https://example.com/\u092e\u0947\u0928\u0942", code_id=None, shop=""),
        facts("menu", is_removed=True, is_paused=True, starts_at=moment, expires_at=moment, status_code=308),
    ):
        assert unpack(compile_link(row).packed).row == row


def test_links_are_listed_with_those_that_were_used_last_first() -> None:
    links = [compile_link(facts(f"menu{number}")) for number in range(8)]
    memory = LinkMemory(10 * links[0].cost)
    for link in links:
        memory.put(link.key, link)
    memory.get("/menu1")
    assert memory.newest(3) == [links[1], links[7], links[6]]
    assert len(memory.newest(100)) == 8
    assert memory.size == 8 * links[0].cost
