"""A hit as analytics keeps it: judged, with device, system, browser, language and origin, and without any address.

What a hit consists of repeats: the same link, the same phone, the same city. Each such part is cleaned, understood and
put into the database's form once and then remembered, so a further hit costs a look into a few dictionaries.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from struct import Struct
from typing import Final, TypeAlias
from uuid import UUID

import msgspec

from scanly.contracts.analytics import Reason, Verdict
from scanly.contracts.routing import Scan
from scanly.services.analytics.domain.agent import read_agent
from scanly.services.analytics.domain.binary import DAYS_TO_2000, field
from scanly.services.analytics.domain.judge import judge
from scanly.services.analytics.domain.origin import read_language, read_referrer

UTM: Final = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
DIMENSIONS: Final = ("country", "region", "city", "device", "os", "browser", "language", "referrer", *UTM)
SEPARATOR: Final = "\x1f"
"""Joins country, region and city in a roll-up's value, since names of cities repeat."""
NOBODY: Final = UUID(int=0)
"""Stands in for a link or code in the roll-ups that sum over all of them, since NULL cannot be part of a key."""
DAY_MS: Final = 86_400_000

_UUID_V7: Final = 7
_EPOCH: Final = date(1970, 1, 1)
_MS_TO_2000: Final = DAYS_TO_2000 * DAY_MS
_HEAD: Final = Struct(">hii i16s iq iq ii")
VISITOR_BYTES: Final = 16
"""Of a visitor's hash."""
_CACHED: Final = 20_000

Value: TypeAlias = str | bool | UUID | None


class ScanRefused(ValueError):
    """A record that cannot be counted; the text says why."""


class Part:
    """Some fields of a hit: ``copied`` as ``COPY`` takes them, ``values`` as figures by dimension count them."""

    __slots__ = ("copied", "values")

    def __init__(self, *fields: Value, values: dict[str, str | None] | None = None) -> None:
        self.copied = b"".join([field(value) for value in fields])
        self.values = tuple((name, value) for name, value in (values or {}).items() if value)


class Target(Part):
    """Where a hit went: link and code, by which address."""

    __slots__ = (
        "code_id",
        "link",
        "link_id",
        "link_scope",
        "scope",
        "slug",
        "source",
        "workspace_id",
        "workspace_scope",
    )

    def __init__(  # noqa: PLR0917 - as a row
        self, workspace_id: UUID, link_id: UUID, code_id: UUID | None, source: str, domain: str, slug: str
    ) -> None:
        values = {"link": str(link_id), "qr_code": str(code_id) if code_id else None}
        super().__init__(workspace_id, link_id, code_id, source, domain, slug, values=values)
        self.workspace_id, self.link_id, self.code_id, self.source = workspace_id, link_id, code_id, source
        self.link, self.slug = link_id.bytes, slug
        self.scope = f"{workspace_id.hex}{link_id.hex}{(code_id or NOBODY).hex}"
        """Ids of workspace, link and code in one word, as roll-ups are keyed."""
        self.link_scope = f"{workspace_id.hex}{link_id.hex}{NOBODY.hex}"
        self.workspace_scope = f"{workspace_id.hex}{NOBODY.hex}{NOBODY.hex}"


class Judged(Part):
    """What a hit was, and how it asked."""

    __slots__ = ("method", "outcome", "reason", "verdict")

    def __init__(self, verdict: str, reason: str, evidence: str, outcome: str, method: str) -> None:
        super().__init__(verdict, reason, evidence, outcome, method)
        self.verdict, self.reason, self.outcome, self.method = verdict, reason, outcome, method


class Place(Part):
    """Where a visitor was; ``known`` is False when no place database was at hand."""

    __slots__ = ("known",)

    def __init__(
        self,
        network: str | None,
        known: bool,
        country: str | None,
        region: str | None,
        city: str | None,
    ) -> None:
        values = place_values(country, region, city)
        super().__init__(network, known, country, region, city, values=values)
        self.known = known


class Hit(msgspec.Struct, gc=False, eq=False):
    """One row of ``analytics.hits`` but for its ingestion number."""

    id: bytes
    at: int
    """Milliseconds since 1970, from the id."""
    local_day: int
    """The visitor's day in the zone of the workspace, in days since 1970, as ``day``."""
    visitor: bytes
    """Empty when unknown."""
    target: Target
    judged: Judged
    place: Place
    agent: Part
    origin: Part
    campaign: Part

    @property
    def day(self) -> int:
        """The UTC day of the hit."""
        return self.at // DAY_MS

    def row(self, number: int) -> bytes:
        """Return the row for ``COPY``, its fields in the order of ``COLUMNS``; ``number`` is its ingestion number."""
        day, local_day = self.day - DAYS_TO_2000, self.local_day - DAYS_TO_2000
        at = (self.at - _MS_TO_2000) * 1000
        return b"".join(
            (
                _HEAD.pack(len(COLUMNS), 4, day, 16, self.id, 8, at, 8, number, 4, local_day),
                field(self.visitor or None),
                self.target.copied,
                self.judged.copied,
                self.place.copied,
                self.agent.copied,
                self.origin.copied,
                self.campaign.copied,
            )
        )


COLUMNS: Final = (
    *("day", "id", "at", "number", "local_day", "visitor"),
    *("workspace_id", "link_id", "code_id", "source", "domain", "slug"),
    *("verdict", "reason", "evidence", "outcome", "method"),
    *("network", "place_known", "country", "region", "city"),
    *("device", "brand", "model", "os", "os_version", "browser", "browser_version"),
    *("language", "referrer_host", "referrer"),
    *UTM,
)


def read_hit(scan: Scan, *, oldest: int, newest: int) -> Hit:
    """Judge and enrich a scan. ``ScanRefused`` when its id is no UUIDv7, its time out of bounds or its visitor no hash.

    ``oldest`` and ``newest`` are milliseconds since 1970.
    """
    identifier = scan.id.bytes
    if identifier[6] >> 4 != _UUID_V7:
        raise ScanRefused(f"the id {scan.id} is no UUIDv7, so the hit has no time")
    at = int.from_bytes(identifier[:6], "big")
    if not oldest <= at <= newest:
        raise ScanRefused(f"the hit is {_when(at)}, outside of what is kept; check the server's clock")
    if len(scan.visitor) not in {0, VISITOR_BYTES}:
        raise ScanRefused(f"the visitor's hash has {len(scan.visitor)} bytes rather than {VISITOR_BYTES}")
    try:
        return Hit(
            identifier,
            at,
            _local_day(scan.day) or at // DAY_MS,
            scan.visitor,
            _target(scan.workspace_id, scan.link_id, scan.code_id, scan.source, scan.domain, scan.slug),
            _judged(scan.method, scan.purpose, scan.outcome, scan.user_agent),
            _place(scan.network, scan.place_known, scan.country, scan.region, scan.city),
            _agent(scan.user_agent),
            _origin(scan.accept_language, scan.referrer, scan.domain),
            _campaign(*(scan.utm.get(name, "") for name in UTM)) if scan.utm else _NO_CAMPAIGN,
        )
    except UnicodeEncodeError as error:
        raise ScanRefused(f"the hit holds half of a character: {error}") from error


def as_date(day: int) -> date:
    """Return the date of a day counted from 1970."""
    return _EPOCH + timedelta(days=day)


def as_day(day: date) -> int:
    """Return a date as days since 1970."""
    return (day - _EPOCH).days


@lru_cache(maxsize=1_000)
def repetition(judged: Judged) -> Judged:
    """Return what a person's hit becomes when it repeats another."""
    return Judged(Verdict.DUPLICATE.value, Reason.REPEATED.value, "", judged.outcome, judged.method)


def place_values(country: str | None, region: str | None, city: str | None) -> dict[str, str | None]:
    """Return the values of a place for the figures: a city with its region and country."""
    return {
        "country": country,
        "region": SEPARATOR.join((country or "", region)) if region else None,
        "city": SEPARATOR.join((country or "", region or "", city)) if city else None,
    }


@lru_cache(maxsize=_CACHED)
def _target(  # noqa: PLR0917 - as a key
    workspace_id: UUID, link_id: UUID, code_id: UUID | None, source: str, domain: str, slug: str
) -> Target:
    return Target(workspace_id, link_id, code_id, source, domain, _clean(slug) or "")


@lru_cache(maxsize=_CACHED)
def _judged(method: str, purpose: str, outcome: str, user_agent: str) -> Judged:
    found = judge(method=method, purpose=purpose, outcome=outcome, user_agent=_clean(user_agent) or "")
    reason = found.reason.value if found.reason else ""
    return _judgement(found.verdict.value, reason, _clean(found.evidence) or "", outcome, method[:16])


@lru_cache(maxsize=_CACHED)
def _place(network: str, known: bool, country: str, region: str, city: str) -> Place:
    return Place(network or None, known, _clean(country, 2), _clean(region, 200), _clean(city, 200))


@lru_cache(maxsize=_CACHED)
def _agent(user_agent: str) -> Part:
    agent = read_agent(user_agent)
    words = (agent.brand, agent.model, agent.os, agent.browser)
    brand, model, os, browser = (_clean(word, 100) for word in words)
    return _client(
        agent.device, brand, model, os, _clean(agent.os_version, 20), browser, _clean(agent.browser_version, 20)
    )


# Many user agents say the same; a part that is the same object is counted once for all of them.
@lru_cache(maxsize=_CACHED)
def _judgement(*fields: str) -> Judged:
    return Judged(*fields)


@lru_cache(maxsize=_CACHED)
def _client(*fields: str | None) -> Part:
    return Part(*fields, values={"device": fields[0], "os": fields[3], "browser": fields[5]})


@lru_cache(maxsize=_CACHED)
def _origin(accept_language: str, referrer: str, domain: str) -> Part:
    language = read_language(accept_language) or None
    host, label = (_clean(name, 253) for name in read_referrer(referrer, domain))
    return Part(language, host, label, values={"language": language, "referrer": label})


@lru_cache(maxsize=_CACHED)
def _campaign(*utm: str) -> Part:
    cleaned = [_clean(value, 200) for value in utm]
    return Part(*cleaned, values=dict(zip(UTM, cleaned, strict=True)))


@lru_cache(maxsize=1_000)
def _local_day(day: str) -> int | None:
    try:
        return as_day(date.fromisoformat(day))
    except ValueError:
        return None


def _when(at: int) -> str:
    try:
        return f"of {datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d %H:%M}"
    except (ValueError, OverflowError, OSError):
        return "of no time"


def _clean(value: str, length: int = 1024) -> str | None:
    """Return ``value`` without NUL, which PostgreSQL refuses, cut to ``length``; None when nothing is left."""
    return value.replace("\x00", "").strip()[:length] or None


_NO_CAMPAIGN: Final = _campaign(*("" for _ in UTM))
