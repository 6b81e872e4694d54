"""What analytics answers with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from scanly.services.analytics.domain.question import Dimension

PLACE_ATTRIBUTION: Final = ("IP Geolocation by DB-IP", "https://db-ip.com")
"""DB-IP's licence (CC BY 4.0) asks for this text and link wherever places are shown."""


@dataclass(frozen=True, slots=True)
class Span:
    """The period that was answered for."""

    start: datetime
    end: datetime
    time_zone: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Hits that were not counted, for one reason."""

    verdict: str
    reason: str
    hits: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of a period. ``visitors`` is the sum of daily people; ``excluded`` and ``by_reason`` ignore traffic."""

    hits: int
    visitors: int
    scans: int
    clicks: int
    excluded: int
    by_reason: Mapping[str, int]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Whether this server knows places, and whom to thank for it."""

    available: bool
    attribution: str = PLACE_ATTRIBUTION[0]
    attribution_url: str = PLACE_ATTRIBUTION[1]


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a period and of the one before."""

    period: Span
    figures: Figures
    previous_period: Span
    previous: Figures
    place: Place


@dataclass(frozen=True, slots=True)
class Point:
    """One step of a series; ``visitors`` is None for hours, since people are counted by day."""

    start: datetime
    end: datetime
    hits: int
    visitors: int | None


@dataclass(frozen=True, slots=True)
class Series:
    """All steps of a period, those without hits too."""

    period: Span
    interval: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """One value of a breakdown. ``country`` and ``region`` say which place of that name it is."""

    value: str
    hits: int
    country: str | None = None
    region: str | None = None
    verdict: str | None = None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The largest values; ``other`` are hits of further values, ``unknown`` hits without a value."""

    period: Span
    dimension: Dimension
    slices: tuple[Slice, ...]
    other: int
    unknown: int
    total: int
    values: int
    place: Place
