"""Adds up what a batch changes in the roll-ups, before anything is asked of the database."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from uuid import UUID

from scanly.contracts.analytics import Verdict
from scanly.services.analytics.domain.hit import NOBODY, Hit, Judged, Part, Target

QUARTER: Final = 15
DAY: Final = 1440
"""Grains of figures, in minutes."""
_MINUTE_MS: Final = 60_000
_QUARTER_MS: Final = QUARTER * _MINUTE_MS
_QUARTERS: Final = DAY // QUARTER

Total: TypeAlias = tuple[UUID, UUID, UUID, str, str, str, int]
"""Workspace, link, code, source, verdict, reason, and the quarter hour since 1970."""
Scope: TypeAlias = tuple[UUID, UUID, UUID, str, int, int]
"""Workspace, link, code, source, grain, and the bucket's beginning in minutes since 1970."""
Figures: TypeAlias = dict[str, dict[str, int]]
"""Hits by dimension and value."""


@dataclass(slots=True)
class Tally:
    """Hits by target, quarter hour and judgement, and what people's hits say by dimension."""

    counts: defaultdict[tuple[Target, int, Judged], int] = field(default_factory=lambda: defaultdict(int))
    said: defaultdict[tuple[Target, int], defaultdict[Part, int]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )

    def add(self, hits: Iterable[Hit]) -> None:
        """Count hits."""
        counts, said = self.counts, self.said
        for hit in hits:
            target, quarter, judged = hit.target, hit.at // _QUARTER_MS, hit.judged
            counts[target, quarter, judged] += 1
            if judged.verdict == Verdict.HUMAN:
                parts = said[target, quarter]
                parts[target] += 1
                parts[hit.place] += 1
                parts[hit.agent] += 1
                parts[hit.origin] += 1
                parts[hit.campaign] += 1

    def take_back(self, target: Target, at: int, was: Judged, becomes: Judged, parts: Iterable[Part]) -> None:
        """Count a stored hit of a person as something else; ``at`` is in milliseconds."""
        quarter = at // _QUARTER_MS
        self.counts[target, quarter, was] -= 1
        self.counts[target, quarter, becomes] += 1
        for part in (target, *parts):
            self.said[target, quarter][part] -= 1

    def totals(self) -> Counter[Total]:
        """Return what is added to the totals, of each link and code and of the workspace."""
        totals: Counter[Total] = Counter()
        for (target, quarter, judged), hits in self.counts.items():
            tail = (target.source, judged.verdict, judged.reason, quarter)
            totals[(target.workspace_id, target.link_id, target.code_id or NOBODY, *tail)] += hits
            totals[(target.workspace_id, NOBODY, NOBODY, *tail)] += hits
        return totals

    def figures(self) -> dict[Scope, Figures]:
        """Return what is added to the figures: of each link and code, and of the workspace, by quarter hour and day."""
        quarters: dict[Scope, dict[Part, int]] = {}
        for (target, quarter), parts in self.said.items():
            tail = (target.source, QUARTER, quarter * QUARTER)
            for link, code in ((target.link_id, target.code_id or NOBODY), (NOBODY, NOBODY)):
                into = quarters.setdefault((target.workspace_id, link, code, *tail), {})
                for part, hits in parts.items():
                    into[part] = into.get(part, 0) + hits
        figures = {scope: by_value(parts) for scope, parts in quarters.items()}
        days: dict[Scope, Figures] = {}
        for scope, said in figures.items():
            day = (*scope[:4], DAY, scope[5] // DAY * DAY)
            days[day] = _sum(days[day], said) if day in days else said
        return figures | days

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
            values = figures.setdefault(dimension, {})
            values[value] = values.get(value, 0) + hits
    return figures


def _sum(one: Figures, other: Figures) -> Figures:
    """Return the sums of both; not by adding counters, which would forget what is taken back."""
    sums = {dimension: dict(values) for dimension, values in one.items()}
    for dimension, values in other.items():
        into = sums.setdefault(dimension, {})
        for value, hits in values.items():
            into[value] = into.get(value, 0) + hits
    return sums
