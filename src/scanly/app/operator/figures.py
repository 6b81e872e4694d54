"""Figures of this process, read from its own metrics, so that the operator's page and Prometheus never disagree."""

from collections.abc import Iterator

from prometheus_client.samples import Sample

from scanly.kernel.telemetry import REGISTRY

Figures = dict[str, list[Sample]]
"""The samples of each series."""


def read() -> Figures:
    """Return what this process measures now."""
    found: Figures = {}
    for metric in REGISTRY.collect():
        for sample in metric.samples:
            found.setdefault(sample.name, []).append(sample)
    return found


def total(figures: Figures, name: str, **labels: str) -> float | None:
    """Return the sum over the series of a name that have these labels; None when there is none."""
    values = [sample.value for sample in _matching(figures, name, labels)]
    return sum(values) if values else None


def quantile(figures: Figures, name: str, share: float) -> float | None:
    """Return the upper bound of the bucket in which ``share`` of all observations lie; None without observations.

    ``name`` is that of a histogram. The bound of the last bucket stands for everything above it.
    """
    buckets: dict[float, float] = {}
    for sample in figures.get(f"{name}_bucket", ()):
        bound = float(sample.labels["le"])
        buckets[bound] = buckets.get(bound, 0) + sample.value
    if not (count := buckets.get(float("inf"))):
        return None
    finite = sorted(bound for bound in buckets if bound != float("inf"))
    return next((bound for bound in finite if buckets[bound] >= share * count), finite[-1])


def _matching(figures: Figures, name: str, labels: dict[str, str]) -> Iterator[Sample]:
    return (sample for sample in figures.get(name, ()) if labels.items() <= sample.labels.items())
