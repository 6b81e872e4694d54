"""A hit as analytics keeps it: judged, with device, system, browser, language and origin, and without any address."""

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from typing import Final
from uuid import UUID

from scanly.contracts.routing import Scan
from scanly.kernel.ids import id_time
from scanly.services.analytics.domain.agent import read_agent
from scanly.services.analytics.domain.judge import judge
from scanly.services.analytics.domain.origin import read_language, read_referrer

UTM: Final = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
_UUID_V7: Final = 7
_AHEAD: Final = timedelta(days=1)


class ScanRefused(ValueError):
    """A record that cannot be counted; the text says why."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One row of ``analytics.hits`` but for its ingestion number. None stands for unknown."""

    day: date
    id: UUID
    at: datetime
    workspace_id: UUID
    link_id: UUID
    code_id: UUID | None
    source: str
    outcome: str
    method: str
    verdict: str
    reason: str
    evidence: str
    visitor: bytes | None
    local_day: date
    domain: str
    slug: str
    network: str | None
    place_known: bool
    country: str | None
    region: str | None
    city: str | None
    device: str
    brand: str | None
    model: str | None
    os: str | None
    os_version: str | None
    browser: str | None
    browser_version: str | None
    language: str | None
    referrer_host: str | None
    referrer: str | None
    utm_source: str | None
    utm_medium: str | None
    utm_campaign: str | None
    utm_term: str | None
    utm_content: str | None

    def row(self, number: int) -> tuple[object, ...]:
        """Return the values in the order of ``COLUMNS``."""
        return (*_values(self), number)


_NAMES: Final = tuple(field.name for field in fields(Hit))
_values = attrgetter(*_NAMES)
COLUMNS: Final = (*_NAMES, "number")


def read_hit(scan: Scan, *, now: datetime, oldest: datetime) -> Hit:
    """Judge and enrich a scan. ``ScanRefused`` when its id is no UUIDv7 or its time is before ``oldest`` or ahead."""
    if scan.id.version != _UUID_V7:
        raise ScanRefused(f"the id {scan.id} is no UUIDv7, so the hit has no time")
    try:
        at = id_time(scan.id).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ScanRefused(f"the id {scan.id} carries an impossible time") from error
    if not oldest <= at <= now + _AHEAD:
        raise ScanRefused(f"the hit is of {at:%Y-%m-%d %H:%M}, outside of what is kept; check the server's clock")
    judgement = judge(
        method=scan.method, purpose=scan.purpose, outcome=scan.outcome, user_agent=_clean(scan.user_agent) or ""
    )
    agent = read_agent(scan.user_agent)
    host, label = read_referrer(scan.referrer, scan.domain)
    utm = (_clean(scan.utm.get(name, ""), 200) for name in UTM)
    return Hit(
        at.date(),
        scan.id,
        at,
        scan.workspace_id,
        scan.link_id,
        scan.code_id,
        scan.source,
        scan.outcome,
        scan.method[:16],
        judgement.verdict.value,
        judgement.reason.value if judgement.reason else "",
        _clean(judgement.evidence) or "",
        scan.visitor or None,
        _local_day(scan.day, at),
        scan.domain,
        _clean(scan.slug) or "",
        scan.network or None,
        scan.place_known,
        _clean(scan.country, 2),
        _clean(scan.region, 200),
        _clean(scan.city, 200),
        agent.device,
        _clean(agent.brand, 100),
        _clean(agent.model, 100),
        _clean(agent.os, 100),
        _clean(agent.os_version, 20),
        _clean(agent.browser, 100),
        _clean(agent.browser_version, 20),
        read_language(scan.accept_language) or None,
        _clean(host, 253),
        _clean(label, 253),
        *utm,
    )


def _clean(value: str, length: int = 1024) -> str | None:
    """Return ``value`` without NUL, which PostgreSQL refuses, cut to ``length``; None when nothing is left."""
    return value.replace("\x00", "").strip()[:length] or None


def _local_day(day: str, at: datetime) -> date:
    try:
        return date.fromisoformat(day)
    except ValueError:
        return at.date()
