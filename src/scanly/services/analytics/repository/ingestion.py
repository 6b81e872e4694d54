"""Writes hits, set by set: what is stored about their visitors, raw rows, and what they change in the roll-ups.

All in one transaction with the positions. What a batch says is added up in Python first, which costs less than letting
PostgreSQL do it; roll-ups are written in key order. Locks are taken in one order, positions first and then feeds, so
that consumers cannot deadlock. Whoever holds the feed of a workspace is the only one who writes its rows.
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import count, groupby
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

import asyncpg
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.kernel.errors import Unavailable
from scanly.kernel.pace import paced, pausing
from scanly.services.analytics.domain.binary import SIGNATURE, TRAILER
from scanly.services.analytics.domain.hit import COLUMNS, Hit, Target, as_date
from scanly.services.analytics.domain.tally import Tally
from scanly.services.analytics.domain.visits import Visits
from scanly.services.analytics.repository import figures, visits
from scanly.services.analytics.repository.keys import lines, scoped

_STEP: Final = 250
"""Hits handled in one go, about 2 ms."""
_ROWS: Final = 5_000
"""Rows of roll-ups written in one go."""


async def lock_positions(session: AsyncSession, topic: str, partitions: Iterable[int]) -> dict[int, int]:
    """Return the offsets up to which partitions are counted (-1 at the beginning) and hold them until the end."""
    key = {"topic": topic, "partitions": sorted(partitions)}
    await session.execute(_PROBE_INDEXES)
    await session.execute(_FIRST_POSITIONS, key)
    return {row.partition: row.offset for row in await session.execute(_LOCK_POSITIONS, key)}


async def move_positions(session: AsyncSession, topic: str, offsets: Mapping[int, int]) -> None:
    """Say that partitions are counted up to ``offsets``."""
    moved = {"topic": topic, "partitions": list(offsets), "offsets": list(offsets.values())}
    await session.execute(_MOVE_POSITIONS, moved)


async def positions(session: AsyncSession, topic: str) -> dict[int, int]:
    """Return the offset of every partition that was counted before."""
    rows = await session.execute(_POSITIONS, {"topic": topic})
    return {row.partition: row.offset for row in rows}


async def consumers(session: AsyncSession, process: UUID) -> list[UUID]:
    """Note that ``process`` counts; return all who said so within three seconds."""
    await session.execute(_SEEN, {"process": process})
    return list(await session.scalars(_CONSUMERS))


async def remove_consumer(session: AsyncSession, process: UUID) -> None:
    """Forget that ``process`` counts, and those who were silent for a minute."""
    await session.execute(_REMOVE_CONSUMER, {"process": process})


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
    fresh = sorted(hits, key=attrgetter("id"))
    firsts = await _draw_numbers(session, fresh)
    judged = [hit.judged for hit in fresh]
    try:
        async with session.begin_nested():
            return await _write(session, fresh, firsts, window)
    except asyncpg.UniqueViolationError:  # shipped twice, which is rare: so it is not asked beforehand
        for hit, before in zip(fresh, judged, strict=True):
            hit.judged = before
        stored = await _stored(session, fresh)
        fresh = [hit for hit in fresh if hit.id not in stored]
        return await _write(session, fresh, firsts, window) if fresh else {}


async def _write(
    session: AsyncSession, hits: Sequence[Hit], firsts: Mapping[UUID, int], window: timedelta
) -> dict[str, int]:
    counters = {workspace_id: count(first) for workspace_id, first in firsts.items()}
    numbers = {target: counters[target.workspace_id] for target in {hit.target for hit in hits}}
    batch, tally = Visits(window // timedelta(milliseconds=1)), Tally()
    async for some in paced(hits, _STEP):
        batch.add(some)
    await visits.judge_again(session, batch, tally)
    for day, of_day in groupby(hits, key=attrgetter("day")):
        await _copy(session, as_date(day), list(of_day), numbers)
    async for some in paced(hits, _STEP):
        tally.add(some)
    await _add(session, _TOTALS, await pausing(tally.totals()))
    await figures.add(session, tally)
    await _add(session, _PEOPLE, await pausing(batch.people()))
    await _note_codes(session, numbers)
    await _note_places(session, hits)
    return dict(tally.verdicts())


async def _copy(session: AsyncSession, day: date, hits: Sequence[Hit], numbers: Mapping[Target, Iterator[int]]) -> None:
    """Copy rows into the partition of ``day``: COPY refuses the parent, which has row-level security."""
    raw = await (await session.connection()).get_raw_connection()
    driver: Any = raw.driver_connection

    async def rows() -> AsyncIterator[bytes]:
        yield SIGNATURE
        async for some in paced(hits, _STEP):
            yield b"".join([hit.row(next(numbers[hit.target])) for hit in some])
        yield TRAILER

    table = f"hits_{day:%Y%m%d}"
    try:
        await driver.copy_to_table(table, schema_name="analytics", source=rows(), columns=COLUMNS, format="binary")
    except asyncpg.InterfaceError as error:  # the connection went away, which is no fault of a record
        raise Unavailable("The database does not answer. Try again in a moment.", retry_after=2) from error


async def _draw_numbers(session: AsyncSession, hits: Sequence[Hit]) -> dict[UUID, int]:
    """Reserve ingestion numbers per workspace and lock its feed; return the first number of each."""
    targets = Counter(hit.target for hit in hits)
    counts: Counter[UUID] = Counter()
    for target, number in targets.items():
        counts[target.workspace_id] += number
    workspaces = sorted(counts)
    rows = await session.execute(
        _DRAW_NUMBERS, {"workspaces": workspaces, "counts": [counts[workspace] for workspace in workspaces]}
    )
    return {row.workspace_id: row.last_number - counts[row.workspace_id] + 1 for row in rows}


async def _stored(session: AsyncSession, hits: Sequence[Hit]) -> set[bytes]:
    days, ids = {as_date(hit.day) for hit in hits}, [UUID(bytes=hit.id) for hit in hits]
    return {found.bytes for found in await session.scalars(_STORED, {"days": sorted(days), "ids": ids})}


async def _add(session: AsyncSession, statement: TextClause, counts: Mapping[Any, int]) -> None:
    """Add to a roll-up by its key."""
    async for some in paced([(*key, number) for key, number in counts.items() if number], _ROWS):
        await session.execute(statement, {"keys": await lines(some)})


async def _note_codes(session: AsyncSession, targets: Iterable[Target]) -> None:
    scopes = {target.scope for target in targets if target.code_id is not None}
    async for some in paced([(scope,) for scope in scopes], _ROWS):
        await session.execute(_CODES, {"keys": await lines(some)})


async def _note_places(session: AsyncSession, hits: Sequence[Hit]) -> None:
    last = {hit.target.workspace_scope: hit for hit in hits}.values()  # they come in the order of their ids
    newest = {hit.target.workspace_id: hit.place.known for hit in last}
    await session.execute(_PLACES, {"workspaces": list(newest), "known": list(newest.values())})


_PROBE_INDEXES = text(
    "select set_config(name, value, true) from (values ('enable_seqscan', 'off'), ('enable_hashjoin', 'off'), "
    "('enable_mergejoin', 'off'), ('idle_in_transaction_session_timeout', '60000')) as u (name, value)"
)
"""Every statement of ingestion finds its rows by a key. Statistics, which lag behind, must not talk it out of that.

Between statements it gives way to visitors, which may take long while they are many.
"""
_FIRST_POSITIONS = text(
    'insert into analytics.positions (topic, partition, "offset") '
    "select :topic, u.partition, -1 from unnest(cast(:partitions as smallint[])) as u (partition) "
    "on conflict do nothing"
)
_LOCK_POSITIONS = text(
    'select partition, "offset" as offset from analytics.positions '
    "where topic = :topic and partition = any(cast(:partitions as smallint[])) order by partition for update"
)
_MOVE_POSITIONS = text(
    'update analytics.positions p set "offset" = u.moved '
    "from unnest(cast(:partitions as smallint[]), cast(:offsets as bigint[])) as u (partition, moved) "
    "where p.topic = :topic and p.partition = u.partition"
)
_POSITIONS = text('select partition, "offset" as offset from analytics.positions where topic = :topic')
_SEEN = text(
    "insert into analytics.consumers (process, seen_at) values (:process, clock_timestamp()) "
    "on conflict (process) do update set seen_at = excluded.seen_at"
)
_CONSUMERS = text("select process from analytics.consumers where seen_at > clock_timestamp() - interval '3 seconds'")
_REMOVE_CONSUMER = text(
    "delete from analytics.consumers where process = :process or seen_at < clock_timestamp() - interval '1 minute'"
)
_MAKE_DAY = text("select analytics.make_day(:day)")
_DROP_DAYS = text("select analytics.drop_days(:before)")
_DRAW_NUMBERS = text(
    "insert into analytics.feeds as f (workspace_id, last_number) "
    "select * from unnest(cast(:workspaces as uuid[]), cast(:counts as bigint[])) order by 1 "
    "on conflict (workspace_id) do update set last_number = f.last_number + excluded.last_number "
    "returning workspace_id, last_number"
)
_STORED = text(
    "select id from analytics.hits where day = any(cast(:days as date[])) and id = any(cast(:ids as uuid[]))"
)
_TOTALS = text(
    "insert into analytics.totals as t (workspace_id, link_id, bucket, code_id, source, verdict, reason, hits) "  # noqa: S608
    "select k.workspace_id, k.link_id, timestamptz 'epoch' + cast(k.f2 as integer) * interval '15 minutes', "
    f"k.code_id, k.f3, k.f4, k.f5, cast(k.f6 as bigint) from {scoped(6)} order by 1, 2, 3 "
    "on conflict (workspace_id, link_id, bucket, code_id, source, verdict, reason) "
    "do update set hits = t.hits + excluded.hits"
)
_PEOPLE = text(
    "insert into analytics.people as p (workspace_id, link_id, code_id, source, day, people) "  # noqa: S608
    "select k.workspace_id, k.link_id, k.code_id, k.f3, date 'epoch' + cast(k.f2 as integer), cast(k.f4 as bigint) "
    f"from {scoped(4)} order by 1, 2, 3 "
    "on conflict (workspace_id, link_id, code_id, source, day) do update set people = p.people + excluded.people"
)
_CODES = text(
    "insert into analytics.codes (workspace_id, code_id, link_id) "  # noqa: S608
    f"select k.workspace_id, k.code_id, k.link_id from {scoped(1)} order by 1, 2, 3 on conflict do nothing"
)
_PLACES = text(
    "update analytics.feeds f set place_known = u.known "
    "from unnest(cast(:workspaces as uuid[]), cast(:known as boolean[])) as u (workspace_id, known) "
    "where f.workspace_id = u.workspace_id and f.place_known <> u.known"
)
