"""Reads the roll-ups: what the standard views need costs the same with a thousand hits and with a hundred million."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ARRAY, DateTime, and_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.kernel.pace import paced
from scanly.services.analytics.domain.hit import NOBODY
from scanly.services.analytics.domain.period import Period
from scanly.services.analytics.domain.question import Question
from scanly.services.analytics.domain.tally import DAY, QUARTER
from scanly.services.analytics.models import CodeRow, FeedRow, FigureMapRow, FigureRow, PeopleRow, TotalRow

_STEP = 20
"""Maps read in one go, about 2 ms when all are long."""


@dataclass(frozen=True, slots=True)
class Count:
    """Hits of one source, verdict and reason."""

    source: str
    verdict: str
    reason: str
    hits: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """The largest values with their hits, the hits of all values, and how many values there are."""

    rows: tuple[tuple[str, int], ...]
    total: int
    values: int


def scope(table: type[TotalRow | FigureRow | FigureMapRow], workspace_id: UUID, question: Question) -> list[Any]:
    """Return the conditions that choose the rows of the workspace, or of the links and codes asked for."""
    conditions: list[Any] = [table.workspace_id == workspace_id]
    if question.sources:
        conditions.append(table.source.in_(question.sources))
    if not question.link_ids and not question.code_ids:
        return [*conditions, table.link_id == NOBODY]
    if question.link_ids:
        conditions.append(table.link_id.in_(question.link_ids))
    if question.code_ids:
        links = select(CodeRow.link_id).where(
            CodeRow.workspace_id == workspace_id, CodeRow.code_id.in_(question.code_ids)
        )
        conditions += [table.link_id.in_(links), table.code_id.in_(question.code_ids)]
    return conditions


async def counts(session: AsyncSession, workspace_id: UUID, question: Question) -> list[Count]:
    """Return hits by source, verdict and reason, whatever traffic is asked for."""
    columns = (TotalRow.source, TotalRow.verdict, TotalRow.reason)
    rows = await session.execute(
        select(*columns, func.sum(TotalRow.hits))
        .where(*scope(TotalRow, workspace_id, question), *_within(question.period))
        .group_by(*columns)
    )
    return [Count(source, verdict, reason, int(hits)) for source, verdict, reason, hits in rows]


async def series(
    session: AsyncSession, workspace_id: UUID, question: Question, starts: Sequence[datetime]
) -> dict[int, int]:
    """Return hits by the number (from 1) of the step they lie in."""
    step = step_of(TotalRow.bucket, starts)
    rows = await session.execute(
        select(step, func.sum(TotalRow.hits))
        .where(*scope(TotalRow, workspace_id, question), *_within(question.period))
        .where(TotalRow.verdict.in_(question.traffic.verdicts()))
        .group_by(step)
    )
    return {number: int(hits) for number, hits in rows}


async def values(session: AsyncSession, workspace_id: UUID, question: Question, dimension: str) -> Counter[str]:
    """Return people's hits by the values of a dimension."""
    row, chosen = FigureRow, (*scope(FigureRow, workspace_id, question), _grains(FigureRow, question.period))
    rows = await session.execute(
        select(row.value, func.sum(row.hits)).where(*chosen, row.dimension == dimension).group_by(row.value)
    )
    hits: Counter[str] = Counter({value: int(number) for value, number in rows})
    chosen = (*scope(FigureMapRow, workspace_id, question), _grains(FigureMapRow, question.period))
    maps = (await session.scalars(select(FigureMapRow.hits).where(*chosen))).all()
    decode = _reader(dimension)
    async for some in paced(maps, _STEP):
        for figure_map in some:
            for value, number in getattr(decode(figure_map), dimension).items():
                hits[value] += number
    return hits


@cache
def _reader(dimension: str) -> Callable[[str], Any]:
    """Return what reads one dimension of a map and passes over the others."""
    return msgspec.json.Decoder(msgspec.defstruct(dimension, [(dimension, dict[str, int], {})])).decode


async def people_by_day(
    session: AsyncSession, workspace_id: UUID, question: Question, first: date, last: date
) -> dict[date, int]:
    """Return different people per local day, for everything, one source, one link or one code."""
    condition: list[Any] = [PeopleRow.workspace_id == workspace_id, PeopleRow.day.between(first, last)]
    if question.code_ids:
        links = select(CodeRow.link_id).where(
            CodeRow.workspace_id == workspace_id, CodeRow.code_id.in_(question.code_ids)
        )
        condition += [PeopleRow.link_id.in_(links), PeopleRow.code_id.in_(question.code_ids)]
    else:
        condition += [PeopleRow.link_id == (question.link_ids or (NOBODY,))[0], PeopleRow.code_id == NOBODY]
        condition.append(PeopleRow.source == (question.sources or ("",))[0])
    rows = await session.execute(
        select(PeopleRow.day, func.sum(PeopleRow.people)).where(*condition).group_by(PeopleRow.day)
    )
    return {day: int(people) for day, people in rows}


async def link_totals(
    session: AsyncSession, workspace_id: UUID, link_ids: Sequence[UUID], period: Period
) -> dict[UUID, dict[str, int]]:
    """Return hits by link and verdict."""
    rows = await session.execute(
        select(TotalRow.link_id, TotalRow.verdict, func.sum(TotalRow.hits))
        .where(TotalRow.workspace_id == workspace_id, TotalRow.link_id.in_(link_ids), *_within(period))
        .group_by(TotalRow.link_id, TotalRow.verdict)
    )
    found: dict[UUID, dict[str, int]] = {}
    for link_id, verdict, hits in rows:
        found.setdefault(link_id, {})[verdict] = int(hits)
    return found


async def link_people(
    session: AsyncSession, workspace_id: UUID, link_ids: Sequence[UUID], first: date, last: date
) -> dict[UUID, int]:
    """Return the sum of daily people by link."""
    rows = await session.execute(
        select(PeopleRow.link_id, func.sum(PeopleRow.people))
        .where(PeopleRow.workspace_id == workspace_id, PeopleRow.link_id.in_(link_ids))
        .where(PeopleRow.code_id == NOBODY, PeopleRow.day.between(first, last))
        .group_by(PeopleRow.link_id)
    )
    return {link_id: int(people) for link_id, people in rows}


async def place_known(session: AsyncSession, workspace_id: UUID) -> bool:
    """Return whether the newest hit came with a place database at hand; True when there was no hit."""
    answer = await session.execute(select(FeedRow.place_known).where(FeedRow.workspace_id == workspace_id))
    return answer.scalar_one_or_none() is not False


def step_of(moment: Any, starts: Sequence[datetime]) -> Any:  # noqa: ANN401 - SQLAlchemy's expressions
    """Return the expression for the number of the step, beginning at 1, that ``moment`` lies in."""
    return func.width_bucket(moment, literal(list(starts), ARRAY(DateTime(timezone=True))))


def _within(period: Period) -> tuple[Any, Any]:
    return TotalRow.bucket >= period.start, TotalRow.bucket < period.end


def _grains(table: type[FigureRow | FigureMapRow], period: Period) -> Any:  # noqa: ANN401 - SQLAlchemy's expressions
    """Choose whole UTC days for the middle of the period and quarter hours for its edges."""

    def rows(grain: int, start: datetime, end: datetime) -> Any:  # noqa: ANN401
        return and_(table.grain == grain, table.bucket >= start, table.bucket < end)

    if (days := period.utc_days()) is None:
        return rows(QUARTER, period.start, period.end)
    return or_(rows(DAY, *days), rows(QUARTER, period.start, days[0]), rows(QUARTER, days[1], period.end))
