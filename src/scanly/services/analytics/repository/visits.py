"""What is stored about the visitors of a batch: were they here before, and which stored hits do theirs overtake.

Nearly every visitor of a code is there for the first time, so one look into the index of visitors answers for most;
only the others are asked about in detail. Each question is bounded by the window or ends at the first hit found.
"""

# ruff: noqa: S608 - every statement is put together from constants of this module

from collections import defaultdict
from collections.abc import Generator, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.contracts.analytics import Reason, Verdict
from scanly.kernel.pace import paced, pausing
from scanly.services.analytics.domain import visits
from scanly.services.analytics.domain.hit import (
    DIMENSIONS,
    NOBODY,
    VISITOR_BYTES,
    Judged,
    Part,
    Target,
    as_date,
    place_values,
    repetition,
)
from scanly.services.analytics.domain.tally import Tally
from scanly.services.analytics.domain.visits import Run, Visitor, Visits
from scanly.services.analytics.repository.keys import lines, scoped

_STEP: Final = 1_000
"""Visitors asked about in one go, about 2 ms."""
_TAIL_BITS: Final = 80
"""Below the time in a UUIDv7."""


async def judge_again(session: AsyncSession, batch: Visits, tally: Tally) -> None:
    """Make hits of the batch, and stored ones, repetitions of each other; count what stored ones change.

    Counts first visits, too.
    """
    days: defaultdict[int, list[Visitor]] = defaultdict(list)
    for visitor in sorted(batch.hits, key=itemgetter(0)):  # neighbours in the index share a page of it
        days[visitor[2]].append(visitor)
    for day, visitors in days.items():
        # A local day lies within three UTC days, whatever the zone.
        around = {"first": as_date(day - 1), "last": as_date(day + 1)}
        async for some in paced(visitors, _STEP):
            await _judge_again(session, batch, some, tally, around)


async def _judge_again(
    session: AsyncSession, batch: Visits, visitors: Sequence[Visitor], tally: Tally, around: Mapping[str, Any]
) -> None:
    runs = await pausing(batch.mark(visitors))
    known: dict[tuple[Visitor, Target], int] = {}
    if seen := await _seen(session, visitors, around):
        async for targets in paced(await pausing(_targets(batch, seen)), _STEP):
            known |= await _known(session, targets, around)
        if batch.window:
            async for close in paced([(visitor, run) for visitor in seen for run in runs[visitor]], _STEP):
                await _judge_runs(session, close, batch.window, tally, around)
    await pausing(batch.meet(visitors, known))


def _targets(batch: Visits, visitors: Sequence[Visitor]) -> Generator[None, None, list[tuple[Visitor, Target]]]:
    targets: list[tuple[Visitor, Target]] = []
    for visitor in visitors:
        targets += [(visitor, target) for target in {hit.target for hit in batch.hits[visitor]}]
        yield
    return targets


async def _seen(session: AsyncSession, visitors: Sequence[Visitor], around: Mapping[str, Any]) -> list[Visitor]:
    # A visitor's hash is salted by workspace, so it says enough alone; all in one value are read the fastest.
    hashes = b"".join([hashed for hashed, _, _ in visitors])
    return [visitors[number] for number in await session.scalars(_SEEN, {"hashes": hashes, **around})]


async def _known(
    session: AsyncSession, targets: Sequence[tuple[Visitor, Target]], around: Mapping[str, Any]
) -> dict[tuple[Visitor, Target], int]:
    keys = await lines([(target.scope, visitor[0].hex(), target.source) for visitor, target in targets])
    rows = await session.execute(_KNOWN, {"keys": keys, **around})
    return {
        targets[row.number - 1]: (not row.source) * visits.NEW_TO_SOURCE
        + (not row.link) * visits.NEW_TO_LINK
        + (not row.code) * visits.NEW_TO_CODE
        for row in rows
    }


async def _judge_runs(
    session: AsyncSession,
    runs: Sequence[tuple[Visitor, Run]],
    window: int,
    tally: Tally,
    around: Mapping[str, Any],
) -> None:
    rows = await session.execute(
        _NEIGHBOURS,
        {
            "visitors": [visitor[0] for visitor, _ in runs],
            "links": [run.first.target.link_id for _, run in runs],
            "floors": [_first_id(run.first.at - window + 1) for _, run in runs],
            "firsts": [UUID(bytes=run.first.id) for _, run in runs],
            "ceilings": [_first_id(run.last.at + window) for _, run in runs],
            **around,
        },
    )
    overtaken: set[UUID] = set()
    for row in rows:
        if row.repeated:
            first = runs[row.number - 1][1].first
            first.judged = repetition(first.judged)
        overtaken.update(row.overtaken)
    if overtaken:
        await _take_back(session, sorted(overtaken), tally, around)


async def _take_back(session: AsyncSession, overtaken: Sequence[UUID], tally: Tally, around: Mapping[str, Any]) -> None:
    for row in await session.execute(_REPEATED, {"ids": overtaken, **around}):
        target = Target(row.workspace_id, row.link_id, row.code_id, row.source, "", "")
        was = Judged(Verdict.HUMAN.value, "", "", row.outcome, row.method)
        tally.take_back(target, row.id.int >> _TAIL_BITS, was, repetition(was), [Part(values=_values(row))])


def _values(row: Any) -> dict[str, str | None]:  # noqa: ANN401 - a row
    return {name: getattr(row, name) for name in DIMENSIONS} | place_values(row.country, row.region, row.city)


def _first_id(at: int) -> UUID:
    """Return the smallest id of a millisecond."""
    return UUID(int=max(at, 0) << _TAIL_BITS)


def _among(conditions: Iterable[str]) -> str:
    """Choose stored hits of people; ``day`` only prunes partitions, and each day has its index of visitors.

    Whatever the statistics say, which a new day lacks, no other index may answer: none begins with the day, and a
    workspace is compared as no index can.
    """
    chosen = (
        "h.day between cast(:first as date) and cast(:last as date)",
        "h.verdict in ('human', 'duplicate')",
        *conditions,
    )
    return f"from analytics.hits h where {' and '.join(chosen)}"


def _exists(*conditions: str) -> str:
    # Not `exists`, which PostgreSQL may turn into a join that reads the day.
    return f"coalesce((select true {_among(conditions)} limit 1), false)"


_visitor = "h.visitor = u.visitor"
_here = "h.workspace_id is not distinct from u.workspace_id"
_link = "h.link_id = u.link_id"

_SEEN = text(
    f"select u.number from generate_series(0, length(cast(:hashes as bytea)) / {VISITOR_BYTES} - 1) as u (number) "
    f"where {_exists(f'h.visitor = substr(cast(:hashes as bytea), u.number * {VISITOR_BYTES} + 1, {VISITOR_BYTES})')}"
)
_KNOWN = text(
    f"select u.number, {_exists(_visitor, _here, 'h.source = u.source')} as source, "
    f"{_exists(_visitor, _here, _link)} as link, "
    f"case when u.code_id = '{NOBODY}' then true else {_exists(_visitor, _here, _link, 'h.code_id = u.code_id')} end "
    "as code from "
    f"(select k.number, k.workspace_id, k.link_id, k.code_id, decode(k.f2, 'hex') as visitor, k.f3 as source "
    f"from {scoped(3)}) u"
)
_NEIGHBOURS = text(
    f"select u.number, {_exists(_visitor, _link, 'h.id >= u.floor', 'h.id < u.first')} as repeated, "
    f"array(select h.id {_among((_visitor, _link, 'h.id > u.first', 'h.id < u.ceiling'))} and h.verdict = 'human') "
    "as overtaken from unnest(cast(:visitors as bytea[]), cast(:links as uuid[]), cast(:floors as uuid[]), "
    "cast(:firsts as uuid[]), cast(:ceilings as uuid[])) "
    "with ordinality as u (visitor, link_id, floor, first, ceiling, number)"
)
_REPEATED = text(
    f"update analytics.hits h set verdict = 'duplicate', reason = '{Reason.REPEATED}' "
    "where h.id = any(cast(:ids as uuid[])) and h.day between cast(:first as date) and cast(:last as date) "
    f"returning h.id, h.workspace_id, h.link_id, h.code_id, h.source, h.outcome, h.method, {', '.join(DIMENSIONS)}"
)
