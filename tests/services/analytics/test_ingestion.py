"""Each scan counts once, whatever the order and however often it is delivered."""

import asyncio
import itertools
import random
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.contracts.routing import SCAN_TOPIC, Scan, encode_scan
from scanly.kernel.errors import Unavailable
from scanly.kernel.ids import new_id
from scanly.kernel.telemetry import REGISTRY
from scanly.services.analytics import ingestion
from scanly.services.analytics.domain.hit import NOBODY, Hit
from scanly.services.analytics.ingestion import StalePosition
from scanly.services.analytics.repository import figures
from tests.services.analytics.factories import (
    ANDROID,
    CODE,
    GOOGLEBOT,
    LINK,
    NOW,
    OTHER_LINK,
    OTHER_WORKSPACE,
    WHATSAPP,
    WORKSPACE,
    Bench,
    batch,
    make_scan,
    running_analytics,
)

SECOND = timedelta(seconds=1)


def mixed_scans(number: int = 60) -> list[Scan]:
    """Scans of few visitors within minutes, many of them repetitions, with programs in between."""
    choice = random.Random(7)
    return [
        make_scan(
            NOW - choice.random() * timedelta(minutes=4),
            visitor=choice.choice("abcde"),
            user_agent=choice.choice([ANDROID, ANDROID, ANDROID, GOOGLEBOT, WHATSAPP]),
            link_id=choice.choice([LINK, OTHER_LINK]),
            code_id=choice.choice([CODE, None]),
            city=choice.choice(["Jaipur", "Delhi", ""]),
        )
        for _ in range(number)
    ]


@pytest.mark.slow
async def test_a_scan_becomes_a_hit_and_counts(analytics: Bench) -> None:
    await analytics.ship(make_scan(user_agent=ANDROID))
    [hit] = await analytics.sql("select verdict, device, os, browser, brand, city, language from analytics.hits")
    assert hit == ("human", "phone", "Android", "Chrome", "Samsung", "Jaipur", "hi")
    rows = await analytics.sql("select link_id, sum(hits) from analytics.totals group by 1 order by 1")
    assert [int(hits) for _, hits in rows] == [1, 1]
    said: Counter[str] = Counter()
    for _, _, dimension, _, _, _, _, _, hits in await analytics.figures():
        said[dimension] += hits
    assert set(said) == {"country", "region", "city", "device", "os", "browser", "language", "link", "qr_code"}
    assert {int(hits) for hits in said.values()} == {4}  # workspace and link, quarter hours and days


async def test_no_column_holds_an_address_or_a_user_agent(analytics: Bench) -> None:
    columns = {
        name
        for (name,) in await analytics.sql(
            "select column_name from information_schema.columns where table_schema = 'analytics'"
        )
    }
    assert not columns & {"ip", "address", "user_agent", "remote_addr"}


async def test_the_same_records_twice_count_once(analytics: Bench) -> None:
    scans = mixed_scans()
    await analytics.ship(*scans)
    before = await analytics.snapshot()
    await analytics.ship(*scans)  # shipped again: other offsets, same ids
    assert await analytics.snapshot() == before


@pytest.mark.slow
async def test_the_order_of_arrival_changes_nothing(analytics: Bench) -> None:
    scans = mixed_scans()
    snapshots = []
    for seed in range(4):
        shuffled = random.Random(seed).sample(scans, len(scans))
        for start in range(0, len(shuffled), 1 if seed == 3 else 17):
            await analytics.ship(*shuffled[start : start + (1 if seed == 3 else 17)])
        snapshots.append(await analytics.snapshot())
        for table in ("hits", "totals", "figures", "figure_maps", "people"):
            await analytics.sql(f"truncate analytics.{table}")
    for other in snapshots[1:]:
        assert [row for row in other["totals"] if row[-1]] == [row for row in snapshots[0]["totals"] if row[-1]]
        assert [row for row in other["figures"] if row[-1]] == [row for row in snapshots[0]["figures"] if row[-1]]
        assert other["hits"] == snapshots[0]["hits"]
        assert other["people"] == snapshots[0]["people"]


@pytest.mark.parametrize("longest", [0, 300])
async def test_figures_are_the_same_however_long_a_map_may_become(
    analytics: Bench, monkeypatch: pytest.MonkeyPatch, longest: int
) -> None:
    scans = [
        msgspec.structs.replace(scan, city=f"City {number % 40}", utm={"utm_term": f"word {number % 30}"})
        for number, scan in enumerate(mixed_scans(120))
    ]
    shuffled = random.Random(3).sample(scans, len(scans))  # so that stored hits are taken back
    kept = []
    for length in (1_000_000, longest):
        monkeypatch.setattr(figures, "_LONGEST", length)
        for start in range(0, len(shuffled), 30):
            await analytics.ship(*shuffled[start : start + 30])
        kept.append([row for row in await analytics.figures() if row[-1]])
        rows = await analytics.sql("select 1 from analytics.figures limit 1")
        assert bool(rows) == (length == longest)
        for table in ("hits", "totals", "figures", "figure_maps", "people"):
            await analytics.sql(f"truncate analytics.{table}")
    assert kept[0] == kept[1] != []


async def test_rollups_agree_with_single_hits(analytics: Bench) -> None:
    scans = mixed_scans(200)
    for start in range(0, 200, 30):
        await analytics.ship(*scans[start : start + 30])
    raw = await analytics.sql(
        "select source, verdict, reason, count(*) from analytics.hits group by 1, 2, 3 order by 1, 2, 3"
    )
    for condition in ("link_id = :nobody", "link_id <> :nobody"):
        rolled = await analytics.sql(
            "select source, verdict, reason, sum(hits)::bigint from analytics.totals "
            f"where {condition} group by 1, 2, 3 having sum(hits) > 0 order by 1, 2, 3",
            nobody="00000000-0000-0000-0000-000000000000",
        )
        assert rolled == raw
    [(people,)] = await analytics.sql(
        "select people from analytics.people where link_id = '00000000-0000-0000-0000-000000000000' and source = ''"
    )
    assert people == len({scan.visitor for scan in scans if scan.user_agent == ANDROID})


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
async def test_a_repetition_is_the_later_one_by_the_time_of_the_hit(analytics: Bench, order: tuple[int, ...]) -> None:
    scans = [make_scan(NOW + n * 8 * SECOND, visitor="same") for n in range(3)]
    for n in order:
        await analytics.ship(scans[n])
    verdicts = [verdict for (verdict,) in await analytics.sql("select verdict from analytics.hits order by id")]
    assert verdicts == ["human", "duplicate", "duplicate"]
    [(human,)] = await analytics.sql(
        "select sum(hits) from analytics.totals where verdict = 'human' and link_id = :link", link=LINK
    )
    assert human == 1


@pytest.mark.parametrize(
    ("second", "verdict"),
    [
        ({"at": NOW + 9 * SECOND}, "duplicate"),
        ({"at": NOW + 10 * SECOND}, "human"),
        ({"at": NOW + SECOND, "link_id": OTHER_LINK}, "human"),
        ({"at": NOW + SECOND, "visitor": "somebody else"[:16]}, "human"),
        ({"at": NOW + SECOND, "method": "HEAD"}, "head"),
    ],
)
async def test_what_makes_a_repetition(analytics: Bench, second: dict[str, Any], verdict: str) -> None:
    await analytics.ship(make_scan(NOW, visitor="same"), make_scan(**{"visitor": "same", **second}))
    rows = await analytics.sql("select verdict from analytics.hits order by id")
    assert [row[0] for row in rows] == ["human", verdict]


async def test_without_an_address_nobody_repeats_and_nobody_is_a_person(analytics: Bench) -> None:
    await analytics.ship(*(msgspec.structs.replace(make_scan(NOW + n * SECOND), visitor=b"") for n in range(2)))
    assert await analytics.sql("select verdict from analytics.hits") == [("human",), ("human",)]
    assert await analytics.sql("select * from analytics.people") == []


async def test_a_consumer_that_lost_its_turn_writes_nothing(analytics: Bench) -> None:
    consumer = analytics.service.ingestion
    await consumer.count(batch([make_scan(), make_scan()]))
    before = await analytics.snapshot()
    with pytest.raises(StalePosition):
        await consumer.count(batch([make_scan()]))
    assert await analytics.snapshot() == before


async def test_two_consumers_share_the_log(analytics_dsn: str, analytics: Bench) -> None:
    async with running_analytics(analytics_dsn) as second:
        for n in range(6):
            await (analytics, second)[n % 2].ship(make_scan(), make_scan(link_id=OTHER_LINK))
    assert await analytics.sql("select count(*) from analytics.hits") == [(12,)]
    numbers = [n for (n,) in await analytics.sql("select number from analytics.hits order by number")]
    assert numbers == list(range(1, 13))


async def test_late_scans_land_in_the_quarter_hour_in_which_they_happened(analytics: Bench) -> None:
    late = NOW - timedelta(days=3, minutes=7)
    await analytics.ship(make_scan(), make_scan(late))
    buckets = await analytics.sql("select distinct bucket from analytics.totals order by 1")
    assert [bucket for (bucket,) in buckets] == [late.replace(minute=15), NOW]


async def test_a_record_that_is_no_scan_goes_whole_to_the_dead_letters(analytics: Bench) -> None:
    await analytics.streams.append(SCAN_TOPIC, [(str(LINK), b"\xffno scan\x00")])
    await analytics.ship(make_scan())
    [(topic, payload, reason)] = await analytics.sql("select topic, payload, reason from scanly.dead_letters")
    assert (topic, payload["record"]) == (SCAN_TOPIC, "\\xffno scan\\x00")
    assert "DecodeError" in reason
    assert await analytics.sql("select count(*) from analytics.hits") == [(1,)]


@pytest.mark.parametrize(
    "bad",
    [
        {"id": "00000000-0000-4000-8000-000000000000"},
        {"at": NOW + timedelta(days=2)},
        {"at": NOW - timedelta(days=500)},
    ],
)
async def test_a_scan_without_a_believable_time_is_not_counted(analytics: Bench, bad: dict[str, Any]) -> None:
    scan = make_scan(bad["at"]) if "at" in bad else make_scan(id=UUID(bad["id"]))
    await analytics.ship(scan, make_scan())
    assert await analytics.sql("select count(*) from analytics.hits") == [(1,)]
    assert await analytics.sql("select count(*) from scanly.dead_letters") == [(1,)]


async def test_a_scan_whose_visitor_is_no_hash_is_not_counted(analytics: Bench) -> None:
    await analytics.ship(msgspec.structs.replace(make_scan(), visitor=b"short"), make_scan())
    assert await analytics.sql("select count(*) from analytics.hits") == [(1,)]
    [(reason,)] = await analytics.sql("select reason from scanly.dead_letters")
    assert "5 bytes rather than 16" in reason


async def test_a_record_that_the_database_refuses_does_not_stop_the_others(
    analytics: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison = make_scan(slug="poison")
    real = ingestion.repository.write

    async def write(session: AsyncSession, hits: Sequence[Hit], window: timedelta) -> dict[str, int]:
        if any(hit.target.slug == "poison" for hit in hits):
            await session.execute(text("select 1 / 0"))
        return await real(session, hits, window)

    monkeypatch.setattr(ingestion.repository, "write", write)
    others = [make_scan(link_id=new_id()) for _ in range(20)]  # in all partitions, of which one batch is made
    await analytics.ship(make_scan(), *others[:10], make_scan(), poison, make_scan(), *others[10:], make_scan())
    assert await analytics.sql("select count(*) from analytics.hits") == [(24,)]
    assert await analytics.sql("select sum(hits) from analytics.totals where link_id <> :w", w=NOBODY) == [(24,)]
    [(payload, reason)] = await analytics.sql("select payload, reason from scanly.dead_letters")
    assert str(poison.id) in payload["record"]
    assert "division by zero" in reason


async def test_after_trouble_batches_are_smaller_and_grow_again(
    analytics_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    real = ingestion.Ingestion.count

    async def count(self: ingestion.Ingestion, stretches: Sequence[ingestion.Stretch]) -> None:
        sizes.append(sum(len(stretch.records) for stretch in stretches))
        if len(sizes) <= 2:
            raise Unavailable("The database is slow.", retry_after=1)
        await real(self, stretches)

    monkeypatch.setattr(ingestion.Ingestion, "count", count)
    monkeypatch.setattr(ingestion, "_POLL", 0.01)
    async with running_analytics(analytics_dsn, ingest_batch=8) as analytics:
        await analytics.streams.append(SCAN_TOPIC, [(str(LINK), encode_scan(make_scan())) for _ in range(20)])
        running = asyncio.create_task(analytics.service.ingestion.run())
        async with asyncio.timeout(10):
            while await analytics.sql("select count(*) from analytics.hits") != [(20,)]:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert sizes == [8, 4, 2, 4, 8, 6]


async def test_control_characters_and_unicode_pass(analytics: Bench) -> None:
    await analytics.ship(make_scan(city="جयपुर\x00", user_agent=ANDROID + "\x00", utm={"utm_source": "प्रिंट"}))
    assert await analytics.sql("select city, utm_source from analytics.hits") == [("جयपुर", "प्रिंट")]


async def test_retention_drops_days_and_keeps_totals(analytics: Bench) -> None:
    old = NOW - timedelta(days=399)
    await analytics.ship(make_scan(old), make_scan())
    analytics.clock.advance(timedelta(days=5))
    await analytics.service.ingestion.forget()
    await analytics.service.ingestion.prepare_days()
    assert await analytics.sql("select count(*) from analytics.hits") == [(1,)]
    assert await analytics.sql("select sum(hits) from analytics.totals where link_id = :l", l=LINK) == [(2,)]
    assert await analytics.sql("select to_regclass('analytics.hits_20261130') is not null") == [(True,)]


async def test_row_level_security_hides_other_workspaces(analytics: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    for longest in (0, 1_000):  # rows, then a map each
        monkeypatch.setattr(figures, "_LONGEST", longest)
        await analytics.ship(make_scan(), make_scan(workspace_id=OTHER_WORKSPACE, link_id=OTHER_LINK))
    for workspace in (WORKSPACE, OTHER_WORKSPACE):
        await analytics.service.learn_zone(new_id(), workspace, "Asia/Kolkata", NOW)
    db = analytics.database.for_service("analytics")
    for table in ("hits", "totals", "figures", "figure_maps", "people", "codes", "feeds", "workspaces"):
        async with db.begin(WORKSPACE) as session:
            seen = await session.execute(text(f"select distinct workspace_id from analytics.{table}"))
            assert seen.scalars().all() == [WORKSPACE], table
    foreign = text("insert into analytics.codes values (:w, :w, :w)").bindparams(w=OTHER_WORKSPACE)
    with pytest.raises(DBAPIError, match="row-level security"):
        async with db.begin(WORKSPACE) as session:
            await session.execute(foreign)


async def test_a_partition_cannot_be_read_past_the_parent(analytics: Bench) -> None:
    await analytics.ship(make_scan())
    with pytest.raises(DBAPIError, match="permission denied"):
        async with analytics.database.for_service("analytics").begin(WORKSPACE) as session:
            await session.execute(text("select * from analytics.hits_20261122"))


async def test_positions_belong_to_the_system_role(analytics: Bench) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with analytics.database.for_service("analytics").begin(WORKSPACE) as session:
            await session.execute(text("select * from analytics.positions"))


async def test_it_is_known_up_to_when_everything_is_counted(analytics: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_arguments: object) -> None:
        raise Unavailable("The database is away.", retry_after=1)

    def caught_up() -> float:
        return REGISTRY.get_sample_value("scanly_ingestion_caught_up_timestamp_seconds") or 0.0

    began = time.time()
    await analytics.ship(make_scan())
    first = caught_up()
    assert began <= first <= time.time()
    await analytics.streams.append(SCAN_TOPIC, [(str(LINK), encode_scan(make_scan()))])
    with monkeypatch.context() as patched:
        patched.setattr(ingestion.Ingestion, "count", away)
        with pytest.raises(Unavailable):
            await analytics.service.ingestion.drain()
    assert caught_up() == first
    await analytics.service.ingestion.drain()
    assert caught_up() > first
