"""Prometheus metrics: defined next to what they measure, collected in one registry.

Every name starts with ``scanly_``, ends with its unit or ``_total``, and its labels have few values: a service, an
outcome, a status; never an id, an address or anything a visitor chose. Each process is scraped by itself.
"""

import re
from collections.abc import Sequence

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from scanly import __version__

disable_created_metrics()  # type: ignore[no-untyped-call]

REGISTRY = CollectorRegistry(auto_describe=True)
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)
Gauge("scanly_build_info", "1; the label says which version runs", ["version"], registry=REGISTRY).labels(
    __version__
).set(1)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

_NAME = re.compile(r"scanly_[a-z][a-z0-9_]*")


def counter(name: str, description: str, labels: Sequence[str] = ()) -> Counter:
    """Return a new counter ``scanly_…_total``; ``ValueError`` for a name outside the rule or taken."""
    if not name.endswith("_total"):
        raise ValueError(f"{name}: the name of a counter ends with _total")
    return Counter(_checked(name), description, labels, registry=REGISTRY)


def gauge(name: str, description: str, labels: Sequence[str] = ()) -> Gauge:
    """Return a new gauge ``scanly_…``; ``ValueError`` for a name outside the rule or taken."""
    return Gauge(_checked(name), description, labels, registry=REGISTRY)


def histogram(name: str, description: str, labels: Sequence[str] = (), buckets: Sequence[float] = SECONDS) -> Histogram:
    """Return a new histogram, in seconds unless ``buckets`` says otherwise; ``ValueError`` as above."""
    return Histogram(_checked(name), description, labels, registry=REGISTRY, buckets=buckets)


def metrics_page() -> bytes:
    """Return all metrics of this process in Prometheus' text format, of the type ``CONTENT_TYPE``."""
    return generate_latest(REGISTRY)


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name}: the name of a metric starts with scanly_ and has lower-case letters, digits and _")
    return name
