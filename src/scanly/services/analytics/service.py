"""The use cases of analytics: answers to questions, the live feed's lookups, time zones of workspaces."""

from bisect import bisect_right
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from scanly.contracts.analytics import Analytics, Totals, Verdict
from scanly.kernel.clock import Clock
from scanly.kernel.db import ServiceDatabase
from scanly.kernel.errors import FieldFault, Invalid
from scanly.kernel.events import first_time
from scanly.kernel.ids import encode_id
from scanly.services.analytics.domain import answers, period
from scanly.services.analytics.domain.hit import SEPARATOR
from scanly.services.analytics.domain.period import Interval, Period
from scanly.services.analytics.domain.question import Ask, Dimension, Question, Traffic
from scanly.services.analytics.ingestion import Ingestion
from scanly.services.analytics.live import LiveFeed
from scanly.services.analytics.models import HitRow
from scanly.services.analytics.repository import raw, rollups, workspaces

ZONE_GROUP: Final = "analytics.time_zones"
MAX_STEPS: Final = 1000
_FEED_DAYS: Final = timedelta(days=3)
_FEED_PAGE: Final = 200
_DAY: Final = timedelta(days=1)


class AnalyticsService(Analytics):
    """Answers for one workspace at a time; roll-ups where they can answer, single hits where a filter needs them."""

    def __init__(
        self, *, db: ServiceDatabase, clock: Clock, ingestion: Ingestion, live: LiveFeed, main_host: str
    ) -> None:
        self._db = db
        self._clock = clock
        self.main_host = main_host
        self.ingestion = ingestion
        self.live = live

    async def totals(
        self, *, workspace_id: UUID, link_ids: Sequence[UUID], start: datetime, end: datetime
    ) -> list[Totals]:
        async with self._db.begin(workspace_id) as session:
            zone = await self._zone(session, workspace_id)
            span = Period(period.floor(start.astimezone(UTC)), period.ceil(end.astimezone(UTC)), zone)
            hits = await rollups.link_totals(session, workspace_id, link_ids, span)
            people = await rollups.link_people(session, workspace_id, link_ids, *span.days())
        return [
            Totals(
                link_id=link_id,
                hits=hits.get(link_id, {}).get(Verdict.HUMAN, 0),
                visitors=people.get(link_id, 0),
                excluded=sum(n for verdict, n in hits.get(link_id, {}).items() if verdict != Verdict.HUMAN),
            )
            for link_id in link_ids
        ]

    async def summary(self, workspace_id: UUID, ask: Ask) -> answers.Summary:
        """Return the figures of a period and of the one before it."""
        async with self._asked(workspace_id, ask) as (session, question):
            before = question.before()
            return answers.Summary(
                period=_span(question),
                figures=await self._figures(session, workspace_id, question),
                previous_period=_span(before),
                previous=await self._figures(session, workspace_id, before),
                place=answers.Place(await rollups.place_known(session, workspace_id)),
            )

    async def series(self, workspace_id: UUID, ask: Ask, interval: Interval) -> answers.Series:
        """Return hits and people by hour, day, week or month of the zone; ``Invalid`` beyond 1,000 steps."""
        async with self._asked(workspace_id, ask) as (session, question):
            span = question.period
            if period.count_steps(span, interval) > MAX_STEPS:
                words = f"This period has more than {MAX_STEPS} steps. Choose a longer interval or a shorter period."
                raise Invalid(words, errors=[FieldFault("?interval", "too_many_steps", words)])
            starts = period.steps(span, interval)
            read = rollups.series if question.fits_rollups else raw.series
            hits = await read(session, workspace_id, question, starts)
            people = await self._people_by_step(session, workspace_id, question, starts, interval)
        ends = [*starts[1:], span.end]
        points = tuple(
            answers.Point(start, end, hits.get(number, 0), None if people is None else people.get(number, 0))
            for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)
        )
        return answers.Series(_span(question), interval.value, points)

    async def breakdown(self, workspace_id: UUID, ask: Ask, dimension: Dimension, limit: int) -> answers.Breakdown:
        """Return the largest values of a dimension. Reasons are those of what was not counted, unless all is asked."""
        if dimension is Dimension.REASON and ask.traffic is Traffic.HUMAN:
            ask = replace(ask, traffic=Traffic.EXCLUDED)
        async with self._asked(workspace_id, ask) as (session, question):
            counts = await self._counts(session, workspace_id, question)
            chosen = [count for count in counts if count.verdict in question.traffic.verdicts()]
            total = sum(count.hits for count in chosen)
            if dimension is Dimension.SOURCE:
                ranking = _rank(((count.source, count.hits) for count in chosen), limit)
            elif dimension is Dimension.REASON:
                ranking = _rank(((f"{c.verdict}{SEPARATOR}{c.reason}", c.hits) for c in chosen), limit)
            elif question.fits_rollups and question.traffic is Traffic.HUMAN:
                values = await rollups.values(session, workspace_id, question, dimension.value)
                ranking = _rank(values.items(), limit)
            else:
                ranking = await raw.ranking(session, workspace_id, question, dimension, limit)
            place = answers.Place(await rollups.place_known(session, workspace_id))
        return answers.Breakdown(
            period=_span(question),
            dimension=dimension,
            slices=tuple(_slice(dimension, value, hits) for value, hits in ranking.rows),
            other=ranking.total - sum(hits for _, hits in ranking.rows),
            unknown=max(total - ranking.total, 0),
            total=total,
            values=ranking.values,
            place=place,
        )

    async def hits(self, workspace_id: UUID, ask: Ask, before: UUID | None, limit: int) -> Sequence[HitRow]:
        """Return single hits, newest first; ``before`` is the last one of the page before."""
        async with self._asked(workspace_id, ask) as (session, question):
            return await raw.page(session, workspace_id, question, before, limit)

    async def feed(self, workspace_id: UUID, ask: Ask, after: int | None) -> tuple[int, Sequence[HitRow]]:
        """Return the hits counted after number ``after``, oldest first, and the number to go on from.

        None means from now on. Hits that were counted later than three days after they happened do not appear.
        """
        async with self._db.begin(workspace_id) as session:
            newest = await raw.last_number(session, workspace_id)
            if after is None or after >= newest:
                return newest, ()
            now = self._clock.now()
            question = ask.at_home(self.main_host).question(ZoneInfo("UTC"), now)
            question = question.during(Period(now - _FEED_DAYS, now + _DAY, question.period.zone))
            rows = await raw.feed(session, workspace_id, question, after=after, up_to=newest, limit=_FEED_PAGE)
        return (rows[-1].number if len(rows) == _FEED_PAGE else newest), rows

    async def learn_zone(self, event_id: UUID, workspace_id: UUID, time_zone: str, as_of: datetime) -> None:
        """Remember the time zone of a workspace unless a later one is known; what was counted before stays."""
        async with self._db.begin(workspace_id) as session:
            if await first_time(session, ZONE_GROUP, event_id):
                await workspaces.put_zone(session, workspace_id, time_zone, as_of)

    @asynccontextmanager
    async def _asked(self, workspace_id: UUID, ask: Ask) -> AsyncIterator[tuple[AsyncSession, Question]]:
        async with self._db.begin(workspace_id) as session:
            zone = await self._zone(session, workspace_id)
            try:
                question = ask.at_home(self.main_host).question(zone, self._clock.now())
            except ValueError:
                words = "The period ends before it begins. Let `to` be later than `from`."
                raise Invalid(words, errors=[FieldFault("?to", "before_from", words)]) from None
            yield session, question

    @staticmethod
    async def _zone(session: AsyncSession, workspace_id: UUID) -> ZoneInfo:
        return ZoneInfo(await workspaces.zone(session, workspace_id) or "UTC")

    @staticmethod
    async def _counts(session: AsyncSession, workspace_id: UUID, question: Question) -> list[rollups.Count]:
        read = rollups.counts if question.fits_rollups else raw.counts
        return await read(session, workspace_id, question)

    async def _figures(self, session: AsyncSession, workspace_id: UUID, question: Question) -> answers.Figures:
        counts = await self._counts(session, workspace_id, question)
        asked = [count for count in counts if count.verdict in question.traffic.verdicts()]
        excluded = [count for count in counts if count.verdict != Verdict.HUMAN]
        by_reason: Counter[str] = Counter()
        reasons: Counter[tuple[str, str]] = Counter()
        for count in excluded:
            by_reason[count.verdict] += count.hits
            reasons[count.verdict, count.reason] += count.hits
        return answers.Figures(
            hits=sum(count.hits for count in asked),
            visitors=await self._people(session, workspace_id, question),
            scans=sum(count.hits for count in asked if count.source == "scan"),
            clicks=sum(count.hits for count in asked if count.source == "click"),
            excluded=sum(count.hits for count in excluded),
            by_reason={verdict: n for verdict, n in by_reason.items() if n},
            reasons=tuple(
                answers.Reason(verdict, reason, n)
                for (verdict, reason), n in sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
                if n
            ),
        )

    async def _people(self, session: AsyncSession, workspace_id: UUID, question: Question) -> int:
        if question.traffic not in (Traffic.HUMAN, Traffic.ALL):
            return 0
        if question.people_are_counted and question.period.whole_days(self._clock.now()):
            days = await rollups.people_by_day(session, workspace_id, question, *question.period.days())
            return sum(days.values())
        return await raw.people(session, workspace_id, question)

    @staticmethod
    async def _people_by_step(
        session: AsyncSession, workspace_id: UUID, question: Question, starts: Sequence[datetime], interval: Interval
    ) -> dict[int, int] | None:
        if interval is Interval.HOUR:
            return None
        if question.traffic not in (Traffic.HUMAN, Traffic.ALL):
            return {}
        if question.people_are_counted:
            days = await rollups.people_by_day(session, workspace_id, question, *question.period.days())
        else:
            days = await raw.people_by_day(session, workspace_id, question)
        first_days = [start.astimezone(question.period.zone).date() for start in starts]
        people: dict[int, int] = {}
        for day, number in days.items():
            step = bisect_right(first_days, day) or 1
            people[step] = people.get(step, 0) + number
        return people


def _span(question: Question) -> answers.Span:
    return answers.Span(question.period.start, question.period.end, question.period.zone.key)


def _rank(counts: Iterable[tuple[str, int]], limit: int) -> rollups.Ranking:
    sums: Counter[str] = Counter()
    for value, hits in counts:
        sums[value] += hits
    rows = sorted(((value, hits) for value, hits in sums.items() if hits), key=lambda row: (-row[1], row[0]))
    return rollups.Ranking(tuple(rows[:limit]), sum(sums.values()), len(rows))


def _slice(dimension: Dimension, value: str, hits: int) -> answers.Slice:
    parts = value.split(SEPARATOR)
    match dimension:
        case Dimension.REASON:
            return answers.Slice(parts[-1] or parts[0], hits, verdict=parts[0])
        case Dimension.REGION:
            return answers.Slice(parts[-1], hits, country=parts[0] or None)
        case Dimension.CITY:
            return answers.Slice(parts[-1], hits, country=parts[0] or None, region=parts[1] or None)
        case Dimension.LINK:
            return answers.Slice(encode_id("link", UUID(value)), hits)
        case Dimension.QR_CODE:
            return answers.Slice(encode_id("qr", UUID(value)), hits)
    return answers.Slice(value, hits)
