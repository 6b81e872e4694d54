"""Writes hits, set by set: raw rows, then what they change in the roll-ups, in one transaction with the position.

``COPY`` is refused by PostgreSQL for tables with row-level security, so rows are copied into a temporary table and
inserted from there; a scan id that is already stored falls out at that step and changes nothing. Roll-ups are written
in key order, after the row of the workspace's feed was locked, so that consumers of several partitions cannot deadlock.
"""

# ruff: noqa: S608 - every statement is put together from constants of this module

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.contracts.analytics import Reason
from scanly.services.analytics.domain.hit import COLUMNS, UTM, Hit
from scanly.services.analytics.models import NOBODY

QUARTER: Final = 15
DAY: Final = 1440

DIMENSIONS: Final = ("country", "region", "city", "device", "os", "browser", "language", "referrer", *UTM)
SEPARATOR: Final = "\x1f"
"""Joins country, region and city in a roll-up's value, since names of cities repeat."""


async def lock_position(session: AsyncSession, topic: str, partition: int) -> int:
    """Return the offset up to which a partition is counted (-1 at the beginning) and hold it until the end."""
    key = {"topic": topic, "partition": partition}
    await session.execute(_FIRST_POSITION, key)
    offset: int = (await session.execute(_LOCK_POSITION, key)).scalar_one()
    return offset


async def move_position(session: AsyncSession, topic: str, partition: int, offset: int) -> None:
    """Say that a partition is counted up to ``offset``."""
    await session.execute(_MOVE_POSITION, {"topic": topic, "partition": partition, "offset": offset})


async def positions(session: AsyncSession, topic: str) -> dict[int, int]:
    """Return the offset of every partition that was counted before."""
    rows = await session.execute(_POSITIONS, {"topic": topic})
    return {row.partition: row.offset for row in rows}


async def make_days(session: AsyncSession, days: Iterable[date]) -> None:
    """Make the partitions of ``days`` where they are missing."""
    for day in sorted(days):
        await session.execute(_MAKE_DAY, {"day": day})


async def drop_days(session: AsyncSession, before: date) -> int:
    """Drop the partitions of days before ``before``; return how many."""
    dropped: int = (await session.execute(_DROP_DAYS, {"before": before})).scalar_one()
    return dropped


async def write(session: AsyncSession, hits: Sequence[Hit], window: timedelta) -> dict[str, int]:
    """Store ``hits`` (each id once) that are not stored yet and count them; return how many were new, by verdict.

    A person's hit is a repetition when an earlier one by the same visitor on the same link lies less than ``window``
    before it; what is already stored is judged again by the same rule, so the order of arrival changes nothing.
    """
    await session.execute(_BATCH)
    raw = await (await session.connection()).get_raw_connection()
    driver: Any = raw.driver_connection
    numbers = await _draw_numbers(session, Counter(hit.workspace_id for hit in hits))
    rows = [hit.row(_next(numbers, hit.workspace_id)) for hit in sorted(hits, key=lambda hit: hit.id)]
    await driver.copy_records_to_table("analytics_batch", records=rows, columns=COLUMNS)
    await session.execute(_STORE)
    span = {"first": min(hit.day for hit in hits), "last": max(hit.day for hit in hits)}
    if window:
        await session.execute(_REPEATED, {"window": window, **span})
    for statement in (_TOTALS, _FIGURES, _PEOPLE, _CODES, _PLACE):
        await session.execute(statement)
    new = await session.execute(_NEW_BY_VERDICT)
    return {row.verdict: row.hits for row in new}


async def _draw_numbers(session: AsyncSession, counts: Mapping[UUID, int]) -> dict[UUID, int]:
    """Reserve ingestion numbers per workspace and lock its feed; return the number before the first of each."""
    workspaces = sorted(counts)
    rows = await session.execute(
        _DRAW_NUMBERS, {"workspaces": workspaces, "counts": [counts[workspace] for workspace in workspaces]}
    )
    return {row.workspace_id: row.last_number - counts[row.workspace_id] for row in rows}


def _next(numbers: dict[UUID, int], workspace_id: UUID) -> int:
    numbers[workspace_id] += 1
    return numbers[workspace_id]


_FIRST_POSITION = text(
    'insert into analytics.positions (topic, partition, "offset") values (:topic, :partition, -1) '
    "on conflict do nothing"
)
_LOCK_POSITION = text(
    'select "offset" from analytics.positions where topic = :topic and partition = :partition for update'
)
_MOVE_POSITION = text(
    'update analytics.positions set "offset" = :offset where topic = :topic and partition = :partition'
)
_POSITIONS = text('select partition, "offset" as offset from analytics.positions where topic = :topic')
_MAKE_DAY = text("select analytics.make_day(:day)")
_DROP_DAYS = text("select analytics.drop_days(:before)")
_DRAW_NUMBERS = text(
    "insert into analytics.feeds as f (workspace_id, last_number) "
    "select * from unnest(cast(:workspaces as uuid[]), cast(:counts as bigint[])) order by 1 "
    "on conflict (workspace_id) do update set last_number = f.last_number + excluded.last_number "
    "returning workspace_id, last_number"
)

_names = ", ".join(f'"{name}"' for name in COLUMNS)
_others = ", ".join(f'r."{name}"' for name in COLUMNS if name not in ("verdict", "reason", "evidence"))
_other_names = ", ".join(f'"{name}"' for name in COLUMNS if name not in ("verdict", "reason", "evidence"))
_scopes = (
    f"(values ('{NOBODY}'::uuid, '{NOBODY}'::uuid), (b.link_id, coalesce(b.code_id, '{NOBODY}'::uuid)))"
    " as s (link_id, code_id)"
)
_quarter = "date_bin('15 minutes', b.at, timestamptz '2000-01-01 00:00+00')"
_place = "concat_ws(E'\\x1f', coalesce(b.country, ''), {})"
_city = "coalesce(b.region, ''), b.city"
_values = ", ".join(
    f"('{name}', {value})"
    for name, value in (
        *((name, f"b.{name}") for name in DIMENSIONS if name not in ("region", "city")),
        ("link", "b.link_id::text"),
        ("qr_code", "b.code_id::text"),
        ("region", f"case when b.region is not null then {_place.format('b.region')} end"),
        ("city", f"case when b.city is not null then {_place.format(_city)} end"),
    )
)

_BATCH = text(
    "create temporary table if not exists analytics_batch "
    "(like analytics.hits, delta smallint not null default 1) on commit delete rows"
)
_STORE = text(
    f"with stored as (insert into analytics.hits ({_names}) select {_names} from analytics_batch "
    "on conflict (day, id) do nothing returning id) "
    "delete from analytics_batch b where not exists (select from stored s where s.id = b.id)"
)
# `later` looks from every new hit at what is stored after it, `again` from every new hit at what is stored before it.
# A stored hit that turns out to be a repetition takes back what it had counted (delta -1) and counts as one (delta 1).
_REPEATED = text(
    f"with later as ("
    "  select h.day, h.id from analytics_batch b join analytics.hits h on h.visitor = b.visitor "
    "  and h.at >= b.at and h.at < b.at + cast(:window as interval) and h.id > b.id "
    "  and h.workspace_id = b.workspace_id and h.link_id = b.link_id and h.verdict = 'human' "
    "  and h.day between cast(:first as date) and cast(:last as date) + 1 where b.verdict = 'human'"
    "), again as ("
    "  select b.day, b.id from analytics_batch b where b.verdict = 'human' and exists ("
    "    select from analytics.hits h where h.visitor = b.visitor "
    "    and h.at <= b.at and h.at > b.at - cast(:window as interval) and h.id < b.id "
    "    and h.workspace_id = b.workspace_id and h.link_id = b.link_id and h.verdict in ('human', 'duplicate') "
    "    and h.day between cast(:first as date) - 1 and cast(:last as date))"
    "), repeated as ("
    f"  update analytics.hits h set verdict = 'duplicate', reason = '{Reason.REPEATED}' "
    "  from (select * from later union select * from again) r where h.day = r.day and h.id = r.id "
    "  and h.day between cast(:first as date) - 1 and cast(:last as date) + 1 returning h.*"
    "), marked as ("
    f"  update analytics_batch b set verdict = 'duplicate', reason = '{Reason.REPEATED}' "
    "  from repeated r where b.id = r.id returning b.id"
    f") insert into analytics_batch ({_other_names}, verdict, reason, evidence, delta) "
    f"select {_others}, d.verdict, d.reason, '', d.delta from repeated r "
    f"cross join (values ('human', '', -1), ('duplicate', '{Reason.REPEATED}', 1)) as d (verdict, reason, delta) "
    "where r.id not in (select id from marked)"
)
_TOTALS = text(
    "insert into analytics.totals as t (workspace_id, link_id, bucket, code_id, source, verdict, reason, hits) "
    f"select b.workspace_id, s.link_id, {_quarter}, s.code_id, b.source, b.verdict, b.reason, sum(b.delta) "
    f"from analytics_batch b cross join lateral {_scopes} "
    "group by 1, 2, 3, 4, 5, 6, 7 having sum(b.delta) <> 0 order by 1, 2, 3, 4, 5, 6, 7 "
    "on conflict (workspace_id, link_id, bucket, code_id, source, verdict, reason) "
    "do update set hits = t.hits + excluded.hits"
)
# First what the batch says about each link and quarter hour, which is little; then the four sums of that.
_FIGURES = text(
    "with said as ("
    f"  select b.workspace_id, b.link_id, coalesce(b.code_id, '{NOBODY}'::uuid) as code_id, b.source, v.dimension, "
    f"  v.value, {_quarter} as quarter, date_trunc('day', b.at, 'UTC') as day, sum(b.delta) as hits "
    f"  from analytics_batch b cross join lateral (values {_values}) as v (dimension, value) "
    "  where b.verdict = 'human' and v.value is not null group by 1, 2, 3, 4, 5, 6, 7, 8"
    ") insert into analytics.figures as f "
    "(workspace_id, link_id, dimension, grain, bucket, code_id, source, value, hits) "
    f"select workspace_id, coalesce(link_id, '{NOBODY}'::uuid), dimension, "
    f"case grouping(quarter) when 0 then {QUARTER} else {DAY} end, coalesce(quarter, day), "
    f"coalesce(code_id, '{NOBODY}'::uuid), source, value, sum(hits) from said "
    "group by workspace_id, dimension, source, value, "
    "grouping sets ((link_id, code_id, quarter), (link_id, code_id, day), (quarter), (day)) "
    "having sum(hits) <> 0 order by 1, 2, 3, 4, 5, 6, 7, 8 "
    "on conflict (workspace_id, link_id, dimension, grain, bucket, code_id, source, value) "
    "do update set hits = f.hits + excluded.hits"
)
# Whoever repeats is a person too; which of two hits is the repetition must not matter for the people of a code.
_PEOPLE = text(
    "with first_seen as (insert into analytics.visitors (day, workspace_id, link_id, code_id, source, visitor) "
    "select distinct b.local_day, b.workspace_id, s.link_id, s.code_id, s.source, b.visitor from analytics_batch b "
    f"cross join lateral (values ('{NOBODY}'::uuid, '{NOBODY}'::uuid, ''), "
    f"('{NOBODY}'::uuid, '{NOBODY}'::uuid, b.source), (b.link_id, '{NOBODY}'::uuid, ''), "
    "(b.link_id, b.code_id, '')) as s (link_id, code_id, source) "
    "where b.verdict in ('human', 'duplicate') and b.visitor is not null and s.code_id is not null "
    "order by 1, 2, 3, 4, 5, 6 on conflict do nothing returning day, workspace_id, link_id, code_id, source) "
    "insert into analytics.people as p (workspace_id, link_id, code_id, source, day, people) "
    "select workspace_id, link_id, code_id, source, day, count(*) from first_seen "
    "group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5 "
    "on conflict (workspace_id, link_id, code_id, source, day) do update set people = p.people + excluded.people"
)
_CODES = text(
    "insert into analytics.codes (workspace_id, code_id, link_id) "
    "select distinct workspace_id, code_id, link_id from analytics_batch where code_id is not null order by 1, 2, 3 "
    "on conflict do nothing"
)
_PLACE = text(
    "update analytics.feeds f set place_known = b.place_known "
    "from (select distinct on (workspace_id) workspace_id, place_known from analytics_batch "
    "order by workspace_id, id desc) b where b.workspace_id = f.workspace_id and f.place_known <> b.place_known"
)
_NEW_BY_VERDICT = text(
    "select b.verdict, sum(b.delta)::bigint as hits from analytics_batch b group by 1 having sum(b.delta) <> 0"
)
