"""What routing tells its operators. The redirect counts in plain integers; they become metrics when asked for."""

import math
from bisect import bisect_left
from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from scanly.kernel.telemetry import REGISTRY

_BOUNDS_US = (25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 250_000, 1_000_000)
"""Upper bounds in microseconds."""
_SOURCES = ("memory", "redis", "database", "unknown", "stale", "failed", "refused")
"""Where a link was found; ``unknown`` is remembered to be none, ``stale`` answers for an absent database, ``refused``
had no place in the line for the database."""


class Tally:
    """Counters of one redirect process. Only the event loop's thread writes them."""

    def __init__(self) -> None:
        self.redirects = 0
        """Redirects of links that were in memory and had no conditions: nearly all of them."""
        self.outcomes: dict[str, int] = {}
        self.buckets = [0] * (len(_BOUNDS_US) + 1)
        self.seconds = 0.0
        self.link_lookups = dict.fromkeys(_SOURCES, 0)
        self.dropped = 0
        self.links = 0
        self.link_bytes = 0
        self.recorded = 0
        self.lost = 0
        self.shipped = 0
        self.damaged_bytes = 0
        self.adopted = 0
        self.waiting_files = 0
        self.waiting_bytes = 0
        self.waiting_seconds = 0.0
        self.free_bytes = math.nan
        """Not known where no shipper runs."""

    def timed(self, seconds: float) -> None:
        """Count how long one answer took inside this process."""
        self.buckets[bisect_left(_BOUNDS_US, seconds * 1e6)] += 1
        self.seconds += seconds

    def count(self, outcome: str) -> None:
        """Count one answer of a rarer kind."""
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1

    def collect(self) -> Iterable[Metric]:
        """Return the present values."""
        outcomes = {**self.outcomes, "redirect": self.redirects + self.outcomes.get("redirect", 0)}
        lookups = {**self.link_lookups, "memory": self.redirects + self.link_lookups["memory"]}
        yield _counter("scanly_redirects", "Answers of the redirect", "outcome", outcomes)
        yield self._histogram()
        yield _counter("scanly_link_lookups", "Where the redirect found a link", "source", lookups)
        for name, text, value in (
            ("scanly_link_evictions", "Links dropped from memory for room", self.dropped),
            ("scanly_scans_recorded", "Scans written to the spool before their answer", self.recorded),
            ("scanly_scans_lost", "Scans that the spool could not hold; must stay 0", self.lost),
            ("scanly_scans_shipped", "Scans acknowledged by the event log", self.shipped),
            ("scanly_spool_damaged_bytes", "Bytes of the spool behind a torn or damaged frame", self.damaged_bytes),
            ("scanly_spool_adopted", "Spool folders taken over from dead processes", self.adopted),
        ):
            yield CounterMetricFamily(name, text, value=value)
        for name, text, level in (
            ("scanly_links_in_memory", "Links that this process holds", self.links),
            ("scanly_link_memory_bytes", "Memory that they take, as it is accounted", self.link_bytes),
            ("scanly_spool_files", "Spool segments that wait for the event log", self.waiting_files),
            ("scanly_spool_bytes", "Bytes that wait for the event log", self.waiting_bytes),
            ("scanly_spool_age_seconds", "Age of the oldest segment that waits", self.waiting_seconds),
            ("scanly_spool_free_bytes", "Room on the disk of the spool", self.free_bytes),
        ):
            yield GaugeMetricFamily(name, text, value=level)

    def _histogram(self) -> Metric:
        total = 0
        buckets = []
        for bound, count in zip((*_BOUNDS_US, None), self.buckets, strict=True):
            total += count
            buckets.append(("+Inf" if bound is None else str(bound / 1e6), total))
        text = "Time from a request to its answer inside the process; of the quickest kind, one in 16 is timed"
        return HistogramMetricFamily("scanly_redirect_seconds", text, buckets=buckets, sum_value=self.seconds)


def _counter(name: str, text: str, label: str, values: dict[str, int]) -> Metric:
    family = CounterMetricFamily(name, text, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family


class _Published(Collector):
    """The tallies that are in use. One per process, but tests run several products one after the other."""

    def __init__(self) -> None:
        self.tallies: list[Tally] = []

    def describe(self) -> Iterable[Metric]:
        return Tally().collect()

    def collect(self) -> Iterable[Metric]:
        return [metric for tally in self.tallies for metric in tally.collect()]


_published = _Published()
REGISTRY.register(_published)


def publish(tally: Tally) -> None:
    """Show ``tally`` at ``/metrics``."""
    _published.tallies.append(tally)


def withdraw(tally: Tally) -> None:
    """Show it no longer."""
    _published.tallies = [other for other in _published.tallies if other is not tally]
