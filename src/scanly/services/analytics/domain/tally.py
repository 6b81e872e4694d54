"""Adds up what a batch changes in the roll-ups, before anything is asked of the database."""

from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from scanly.contracts.analytics import Verdict
from scanly.services.analytics.domain.hit import Hit, Judged, Part, Target

QUARTER: Final = 15
DAY: Final = 1440
"""Grains of figures, in minutes."""
_QUARTER_MS: Final = QUARTER * 60_000
_PAUSE: Final = 200
"""Steps between pauses of what may take long."""
_QUARTERS: Final = DAY // QUARTER

Figures: TypeAlias = dict[str, dict[str, int]]
"""Hits by dimension and value."""


class Total(NamedTuple):
    """The key of a total; ``scope`` is that of a target, ``quarter`` counts from 1970."""

    scope: str
    quarter: int
    source: str
    verdict: str
    reason: str


class Scope(NamedTuple):
    """The key of figures; ``bucket`` begins so many minutes after 1970 began."""

    scope: str
    bucket: int
    source: str
    grain: int


@dataclass(slots=True)
class Tally:
    """Hits by target, quarter hour and judgement, and what people's hits say by dimension."""

    counts: defaultdict[tuple[Target, int, Judged], int] = field(default_factory=lambda: defaultdict(int))
    said: defaultdict[tuple[str, str, int], defaultdict[Part, int]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )
    """By scope (of the link and code, and of the workspace), source and quarter hour."""

    def add(self, hits: Iterable[Hit]) -> None:
        """Count hits."""
        counts, said = self.counts, self.said
        for hit in hits:
            target, quarter, judged = hit.target, hit.at // _QUARTER_MS, hit.judged
            counts[target, quarter, judged] += 1
            if judged.verdict == Verdict.HUMAN:
                for scope in (target.scope, target.workspace_scope):
                    parts = said[scope, target.source, quarter]
                    parts[target] += 1
                    parts[hit.place] += 1
                    parts[hit.agent] += 1
                    parts[hit.origin] += 1
                    if hit.campaign.values:
                        parts[hit.campaign] += 1

    def take_back(self, target: Target, at: int, was: Judged, becomes: Judged, parts: Iterable[Part]) -> None:
        """Count a stored hit of a person as something else; ``at`` is in milliseconds."""
        quarter = at // _QUARTER_MS
        self.counts[target, quarter, was] -= 1
        self.counts[target, quarter, becomes] += 1
        for part in (target, *parts):
            for scope in (target.scope, target.workspace_scope):
                self.said[scope, target.source, quarter][part] -= 1

    def totals(self) -> Generator[None, None, dict[Total, int]]:
        """Return what is added to the totals, of each link and code and of the workspace. Pauses, as ``days`` does."""
        totals: defaultdict[Total, int] = defaultdict(int)
        for number, ((target, quarter, judged), hits) in enumerate(self.counts.items()):
            if not number % _PAUSE:
                yield
            for scope in (target.scope, target.workspace_scope):
                totals[Total(scope, quarter, target.source, judged.verdict, judged.reason)] += hits
        return totals

    def days(self) -> Generator[None, None, dict[Scope, list[Scope]]]:
        """Return the days of figures that change, each with those of its quarter hours that do."""
        days: dict[Scope, list[Scope]] = {}
        for number, (scope, source, quarter) in enumerate(self.said):
            if not number % _PAUSE:
                yield
            day = Scope(scope, quarter // _QUARTERS * DAY, source, DAY)
            days.setdefault(day, []).append(Scope(scope, quarter * QUARTER, source, QUARTER))
        return days

    def figures(self, quarter: Scope) -> Figures:
        """Return what is added to the figures of a quarter hour; a day's are their sum."""
        return by_value(self.said[quarter.scope, quarter.source, quarter.bucket // QUARTER])

    def verdicts(self) -> Counter[str]:
        """Return how many hits became what."""
        verdicts: Counter[str] = Counter()
        for (_, _, judged), hits in self.counts.items():
            verdicts[judged.verdict] += hits
        return verdicts


def by_value(parts: Mapping[Part, int]) -> Figures:
    """Return hits by dimension and value."""
    figures: Figures = {}
    for part, hits in parts.items():
        for dimension, value in part.values:
            values = figures.get(dimension)
            if values is None:
                values = figures[dimension] = {}
            values[value] = values.get(value, 0) + hits
    return figures


def added(one: Figures, other: Figures) -> Figures:
    """Return the sums of both; not by adding counters, which would forget what is taken back."""
    sums = {dimension: dict(values) for dimension, values in one.items()}
    for dimension, values in other.items():
        into = sums.setdefault(dimension, {})
        for value, hits in values.items():
            into[value] = into.get(value, 0) + hits
    return sums
