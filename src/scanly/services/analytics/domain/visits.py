"""Who came again: finds repetitions and first visits in a batch, given what is stored about its visitors.

A person's hit is a repetition when an earlier one by the same visitor on the same link, itself a repetition or not,
lies less than a window before it. So a chain of close hits counts once, and the order of arrival changes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from scanly.contracts.analytics import Verdict
from scanly.services.analytics.domain.hit import Hit, Target, repetition

NEW: Final = 1
"""A visitor's first hit of the day in the workspace …"""
NEW_TO_SOURCE: Final = 2
NEW_TO_LINK: Final = 4
NEW_TO_CODE: Final = 8
"""… by its source, on its link, through its code; flags that are added up."""
_PAUSE: Final = 200
"""Steps between pauses of what may take long; one is about a microsecond."""
_ALL: Final = NEW | NEW_TO_SOURCE | NEW_TO_LINK | NEW_TO_CODE

Visitor: TypeAlias = tuple[bytes, str, int]
"""The hash of a visitor, the scope of the workspace, and the local day: it is salted for both."""
People: TypeAlias = tuple[str, int, str]
"""The key of a count of people: scope of workspace, link and code, local day, source."""


@dataclass(slots=True)
class Run:
    """Hits of one visitor on one link, each less than a window after the one before."""

    first: Hit
    last: Hit


@dataclass(slots=True)
class Visits:
    """The hits of people in a batch, by visitor, in the order in which they happened."""

    window: int
    """Milliseconds; 0 when nothing is a repetition."""
    hits: defaultdict[Visitor, list[Hit]] = field(default_factory=lambda: defaultdict(list))
    news: Counter[tuple[Target, int, int]] = field(default_factory=Counter)
    """First visits by target, local day and what they are new to."""

    def add(self, hits: Iterable[Hit]) -> None:
        """Take hits, which come in the order of their ids."""
        for hit in hits:
            if hit.visitor and hit.judged.verdict == Verdict.HUMAN:
                self.hits[hit.visitor, hit.target.workspace_scope, hit.local_day].append(hit)

    def mark(self, visitors: Iterable[Visitor]) -> Generator[None, None, dict[Visitor, list[Run]]]:
        """Make repetitions within the batch ones; return the runs of each visitor. Pauses, as ``meet`` does."""
        runs: dict[Visitor, list[Run]] = {}
        for visitor in visitors:
            hits = self.hits[visitor]
            if len(hits) == 1:
                runs[visitor] = [Run(hits[0], hits[0])]
                continue
            open_runs: dict[bytes, Run] = {}
            found = runs[visitor] = []
            for number, hit in enumerate(hits):
                if not number % _PAUSE:
                    yield
                run = open_runs.get(hit.target.link)
                if run is not None and hit.at - run.last.at < self.window:
                    run.last = hit
                    hit.judged = repetition(hit.judged)
                else:
                    open_runs[hit.target.link] = run = Run(hit, hit)
                    found.append(run)
            yield
        return runs

    def meet(
        self, visitors: Iterable[Visitor], known: dict[tuple[Visitor, Target], int]
    ) -> Generator[None, None, None]:
        """Count what visitors are new to.

        ``known`` holds, for each visitor of whom hits are stored, what each of his targets is ``NEW…`` to them.
        """
        for visitor in visitors:
            hits = self.hits[visitor]
            if len(hits) == 1:
                target = hits[0].target
                self.news[target, visitor[2], known.get((visitor, target), _ALL)] += 1
            else:
                for number, (target, flags) in enumerate(_flags(visitor, hits, known)):
                    if not number % _PAUSE:
                        yield
                    self.news[target, visitor[2], flags] += 1
                yield

    def people(self) -> Generator[None, None, Counter[People]]:
        """Return by how much the counts of people grow. Pauses."""
        people: Counter[People] = Counter()
        for place, ((target, day, flags), number) in enumerate(self.news.items()):
            if not place % _PAUSE:
                yield
            for key in _counted(target, day, flags):
                people[key] += number
        return people


def _flags(
    visitor: Visitor, hits: Sequence[Hit], known: dict[tuple[Visitor, Target], int]
) -> Iterable[tuple[Target, int]]:
    seen: set[object] = set()
    for target in dict.fromkeys(hit.target for hit in hits):
        flags = known.get((visitor, target), _ALL)
        scopes = (None, target.source, target.link_id, (target.link_id, target.code_id))
        fresh = sum(flags & 1 << place for place, scope in enumerate(scopes) if scope not in seen)
        seen.update(scopes)
        yield target, fresh


def _counted(target: Target, day: int, flags: int) -> Iterable[People]:
    if flags & NEW:
        yield target.workspace_scope, day, ""
    if flags & NEW_TO_SOURCE:
        yield target.workspace_scope, day, target.source
    if flags & NEW_TO_LINK:
        yield target.link_scope, day, ""
    if flags & NEW_TO_CODE and target.code_id is not None:
        yield target.scope, day, ""
