"""Requests and answers of analytics at the HTTP API."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from scanly.contracts.analytics import Reason, Verdict
from scanly.contracts.qr import CodeId
from scanly.contracts.routing import LinkId
from scanly.kernel.errors import FieldFault, Invalid
from scanly.kernel.http import ApiModel
from scanly.kernel.ids import PublicId
from scanly.services.analytics.domain.answers import Figures as FiguresAnswer
from scanly.services.analytics.domain.answers import Summary as SummaryAnswer
from scanly.services.analytics.domain.period import Interval
from scanly.services.analytics.domain.question import FILTERS, Ask, Dimension, Traffic
from scanly.services.analytics.models import HitRow

HitId = Annotated[UUID, PublicId("hit")]
Source = Literal["scan", "click"]
Device = Literal["phone", "tablet", "desktop", "tv", "other"]

_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def _moment(value: Any) -> Any:  # noqa: ANN401 - whatever was sent
    if not isinstance(value, str):
        return value
    try:
        found = date.fromisoformat(value) if _DATE.fullmatch(value) else datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("write a date such as 2026-11-22, or a time such as 2026-11-22T18:00:00Z") from None
    if not _FIRST_YEAR <= found.year < _LAST_YEAR:
        raise ValueError(f"choose a time between the years {_FIRST_YEAR} and {_LAST_YEAR}")
    return found


def _zone(value: Any) -> Any:  # noqa: ANN401 - whatever was sent
    if not isinstance(value, str):
        return value
    try:
        return ZoneInfo(value)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise ValueError("this is no time zone; write one such as Asia/Kolkata") from None


def _sources(value: Any) -> Any:  # noqa: ANN401 - whatever was sent
    return [] if value in ("all", ["all"]) else value


Moment = Annotated[date | datetime, BeforeValidator(_moment, json_schema_input_type=str)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone, json_schema_input_type=str)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=253, pattern=r"^[^\x00-\x1f]*$")]
Words = Annotated[list[Word], Field(max_length=50)]


class Filters(ApiModel):
    """The filters that every question of analytics understands; each may be repeated."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    workspace: str | None = Field(None, description="Which workspace, where a header cannot be sent")
    link_id: list[LinkId] = Field(default_factory=list, max_length=50)
    qr_code_id: list[CodeId] = Field(default_factory=list, max_length=50)
    source: Annotated[
        list[Source],
        BeforeValidator(_sources, json_schema_input_type=list[Literal["scan", "click", "all"]]),
    ] = Field(default_factory=list, description="scan through a printed code, click through a link, or all")
    country: Words = Field(default_factory=list, description="ISO 3166-1 alpha-2, such as IN")
    region: Words = Field(default_factory=list)
    city: Words = Field(default_factory=list)
    device: list[Device] = Field(default_factory=list)
    os: Words = Field(default_factory=list)
    browser: Words = Field(default_factory=list)
    language: Words = Field(default_factory=list, description="Two or three letters, such as hi")
    referrer: Words = Field(default_factory=list)
    utm_source: Words = Field(default_factory=list)
    utm_medium: Words = Field(default_factory=list)
    utm_campaign: Words = Field(default_factory=list)
    utm_term: Words = Field(default_factory=list)
    utm_content: Words = Field(default_factory=list)
    domain: Words = Field(default_factory=list)

    def ask(self, traffic: Traffic) -> Ask:
        """Return the question without a period."""
        return Ask(
            link_ids=tuple(self.link_id),
            code_ids=tuple(self.qr_code_id),
            traffic=traffic,
            sources=tuple(self.source),
            where={name: tuple(values) for name in FILTERS if (values := getattr(self, name))},
        )


class LiveQuery(Filters):
    """Which hits to follow."""

    traffic: Traffic = Traffic.ALL


class Query(Filters):
    """Filters and a period; by default the last 30 days in the workspace's time zone."""

    model_config = ConfigDict(populate_by_name=True)

    from_: Moment | None = Field(None, alias="from", description="RFC 3339 time, or a date: that day's beginning")
    to: Moment | None = Field(None, description="RFC 3339 time (not included), or a date: that day's end")
    time_zone: Zone | None = Field(None, description="IANA name; by default the workspace's")
    traffic: Traffic = Field(Traffic.HUMAN, description="human: what is counted; excluded: all that is not")

    def question(self) -> Ask:
        """Return the question that was asked."""
        ask = self.ask(self.traffic)
        return Ask(self.from_, self.to, self.time_zone, ask.link_ids, ask.code_ids, ask.traffic, ask.sources, ask.where)


class SeriesQuery(Query):
    interval: Interval = Interval.DAY


class BreakdownQuery(Query):
    dimension: Dimension
    limit: int = Field(10, ge=1, le=100, description="How many values to name; the rest is summed in other")


class HitsQuery(Query):
    limit: int = Field(25, ge=1, le=100, description="How many to return at most")
    cursor: str | None = None


def cursor_id(value: object) -> UUID:
    """Return the hit that a cursor points to; ``Invalid`` when it is not one of ours."""
    try:
        return UUID(hex=str(value))
    except ValueError:
        fault = FieldFault("?cursor", "invalid_cursor", "Take next_cursor from the page before, unchanged.")
        raise Invalid("The cursor is not one that this list gave out.", errors=[fault]) from None


class Span(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    start: datetime = Field(alias="from")
    end: datetime = Field(alias="to")
    time_zone: str


class Excluded(BaseModel):
    verdict: Verdict
    reason: Reason
    hits: int


class Place(BaseModel):
    """Places are unknown on a server without a place database; where they are shown, show the attribution."""

    available: bool
    attribution: str
    attribution_url: str


class Figures(BaseModel):
    """Counts; ``visitors`` is the sum of daily people, ``excluded`` what was not counted, by reason."""

    hits: int
    visitors: int
    scans: int
    clicks: int
    excluded: int
    by_reason: dict[Verdict, int]
    reasons: list[Excluded]


class PreviousFigures(Figures):
    period: Span


class Summary(Figures):
    period: Span
    previous: PreviousFigures
    place: Place

    @classmethod
    def of(cls, answer: SummaryAnswer) -> "Summary":
        """Return the answer as the API gives it."""

        def figures(found: FiguresAnswer) -> dict[str, Any]:
            reasons = [
                Excluded(verdict=Verdict(r.verdict), reason=Reason(r.reason), hits=r.hits) for r in found.reasons
            ]
            names = ("hits", "visitors", "scans", "clicks", "excluded", "by_reason")
            return {**{name: getattr(found, name) for name in names}, "reasons": reasons}

        return cls.model_validate(
            {
                **figures(answer.figures),
                "period": answer.period,
                "previous": {**figures(answer.previous), "period": answer.previous_period},
                "place": answer.place,
            },
            from_attributes=True,
        )


class Point(BaseModel):
    """One step; ``visitors`` is null for hours, since people are counted by day."""

    start: datetime
    end: datetime
    hits: int
    visitors: int | None


class Series(BaseModel):
    period: Span
    interval: Interval
    data: list[Point]


class Slice(BaseModel):
    value: str
    hits: int
    country: str | None = None
    region: str | None = None
    verdict: Verdict | None = None


class Breakdown(BaseModel):
    """``other``: hits of values beyond the limit; ``unknown``: hits without one; ``values``: how many there are."""

    period: Span
    dimension: Dimension
    data: list[Slice]
    other: int
    unknown: int
    total: int
    values: int
    place: Place


class Hit(BaseModel):
    """One hit with its verdict: ``human`` is counted, everything else is not, for the reason given."""

    id: HitId
    at: datetime
    link_id: LinkId
    qr_code_id: CodeId | None
    source: Source
    outcome: str
    verdict: Verdict
    reason: Reason | None
    evidence: str | None
    domain: str
    slug: str
    place_known: bool
    country: str | None
    region: str | None
    city: str | None
    device: Device
    brand: str | None
    model: str | None
    os: str | None
    os_version: str | None
    browser: str | None
    browser_version: str | None
    language: str | None
    referrer: str | None
    utm_source: str | None
    utm_medium: str | None
    utm_campaign: str | None
    utm_term: str | None
    utm_content: str | None

    @classmethod
    def of(cls, row: HitRow, main_host: str) -> "Hit":
        """Return a row as the API gives it; one without a domain came by ``main_host``."""
        values = {name: getattr(row, name) for name in cls.model_fields if name != "qr_code_id"}
        values |= {"domain": row.domain or main_host, "reason": row.reason or None, "evidence": row.evidence or None}
        return cls(**values, qr_code_id=row.code_id)
