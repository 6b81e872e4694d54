"""Reads single hits: lists of them, the live feed, and questions whose filters no roll-up can answer."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, case, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.contracts.analytics import Verdict
from scanly.services.analytics.domain.hit import SEPARATOR
from scanly.services.analytics.domain.question import Dimension, Question
from scanly.services.analytics.models import FeedRow, HitRow
from scanly.services.analytics.repository.rollups import Count, Ranking, step_of

PERSONS = (Verdict.HUMAN.value, Verdict.DUPLICATE.value)
"""Verdicts of hits that a person made; repetitions count no hit, but who repeats is somebody."""


def _chosen(workspace_id: UUID, question: Question) -> list[Any]:
    """Return the conditions of a question but for its traffic. ``day`` only prunes partitions."""
    period = question.period
    conditions: list[Any] = [
        HitRow.workspace_id == workspace_id,
        HitRow.day >= period.start.date(),
        HitRow.day <= period.end.date(),
        HitRow.at >= period.start,
        HitRow.at < period.end,
    ]
    if question.link_ids:
        conditions.append(HitRow.link_id.in_(question.link_ids))
    if question.code_ids:
        conditions.append(HitRow.code_id.in_(question.code_ids))
    if question.sources:
        conditions.append(HitRow.source.in_(question.sources))
    conditions += [getattr(HitRow, name).in_(values) for name, values in question.where.items() if values]
    return conditions


async def counts(session: AsyncSession, workspace_id: UUID, question: Question) -> list[Count]:
    """Return hits by source, verdict and reason, whatever traffic is asked for."""
    columns = (HitRow.source, HitRow.verdict, HitRow.reason)
    rows = await session.execute(
        select(*columns, func.count()).where(*_chosen(workspace_id, question)).group_by(*columns)
    )
    return [Count(*row) for row in rows]


async def series(
    session: AsyncSession, workspace_id: UUID, question: Question, starts: Sequence[datetime]
) -> dict[int, int]:
    """Return hits by the number (from 1) of the step they lie in."""
    step = step_of(HitRow.at, starts)
    rows = await session.execute(
        select(step, func.count())
        .where(*_chosen(workspace_id, question), HitRow.verdict.in_(question.traffic.verdicts()))
        .group_by(step)
    )
    return {number: hits for number, hits in rows}  # noqa: C416 - a row is not a pair of known types


async def people(session: AsyncSession, workspace_id: UUID, question: Question) -> int:
    """Return the sum of daily people; a visitor's hash lives for one local day."""
    answer = await session.execute(
        select(func.count(HitRow.visitor.distinct())).where(
            *_chosen(workspace_id, question), HitRow.verdict.in_(PERSONS)
        )
    )
    return answer.scalar_one()


async def people_by_day(session: AsyncSession, workspace_id: UUID, question: Question) -> dict[date, int]:
    """Return different people per local day of the workspace."""
    rows = await session.execute(
        select(HitRow.local_day, func.count(HitRow.visitor.distinct()))
        .where(*_chosen(workspace_id, question), HitRow.verdict.in_(PERSONS))
        .group_by(HitRow.local_day)
    )
    return {day: number for day, number in rows}  # noqa: C416 - as above


async def ranking(
    session: AsyncSession, workspace_id: UUID, question: Question, dimension: Dimension, limit: int
) -> Ranking:
    """Return hits by the values of a dimension, largest first."""
    value = _value(dimension)
    values = (
        select(value.label("value"), func.count().label("hits"))
        .where(*_chosen(workspace_id, question), HitRow.verdict.in_(question.traffic.verdicts()), value.is_not(None))
        .group_by(value)
    )
    return await _rank(session, values, limit)


async def page(
    session: AsyncSession, workspace_id: UUID, question: Question, before: UUID | None, limit: int
) -> Sequence[HitRow]:
    """Return hits, newest first, older than the hit ``before``."""
    query = (
        select(HitRow)
        .where(*_chosen(workspace_id, question), HitRow.verdict.in_(question.traffic.verdicts()))
        .order_by(HitRow.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(HitRow.id < before)
    return (await session.execute(query)).scalars().all()


async def last_number(session: AsyncSession, workspace_id: UUID) -> int:
    """Return the newest ingestion number of a workspace, 0 before its first hit."""
    answer = await session.execute(select(FeedRow.last_number).where(FeedRow.workspace_id == workspace_id))
    return answer.scalar_one_or_none() or 0


async def feed(
    session: AsyncSession, workspace_id: UUID, question: Question, *, after: int, up_to: int, limit: int
) -> Sequence[HitRow]:
    """Return hits with an ingestion number above ``after`` and up to ``up_to``, in its order."""
    query = (
        select(HitRow)
        .where(*_chosen(workspace_id, question), HitRow.verdict.in_(question.traffic.verdicts()))
        .where(HitRow.number > after, HitRow.number <= up_to)
        .order_by(HitRow.number)
        .limit(limit)
    )
    return (await session.execute(query)).scalars().all()


async def _rank(session: AsyncSession, values: Select[*tuple[Any, ...]], limit: int) -> Ranking:
    """Return the largest of ``values``, a query of ``value`` and ``hits``."""
    v = values.subquery()
    rows = (
        await session.execute(
            select(v.c.value, v.c.hits, func.sum(v.c.hits).over(), func.count().over())
            .where(v.c.hits > 0)
            .order_by(v.c.hits.desc(), v.c.value)
            .limit(limit)
        )
    ).all()
    if not rows:
        return Ranking((), 0, 0)
    return Ranking(tuple((row[0], int(row[1])) for row in rows), int(rows[0][2]), int(rows[0][3]))


def _value(dimension: Dimension) -> Any:  # noqa: ANN401 - SQLAlchemy's expressions
    match dimension:
        case Dimension.LINK:
            return cast(HitRow.link_id, Text)
        case Dimension.QR_CODE:
            return cast(HitRow.code_id, Text)
        case Dimension.REASON:
            return func.concat_ws(SEPARATOR, HitRow.verdict, HitRow.reason)
        case Dimension.REGION:
            place = func.concat_ws(SEPARATOR, func.coalesce(HitRow.country, ""), HitRow.region)
            return case((HitRow.region.is_not(None), place))
        case Dimension.CITY:
            place = func.concat_ws(
                SEPARATOR, func.coalesce(HitRow.country, ""), func.coalesce(HitRow.region, ""), HitRow.city
            )
            return case((HitRow.city.is_not(None), place))
    return getattr(HitRow, dimension.value)
