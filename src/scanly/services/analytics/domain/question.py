"""What somebody wants to know: a period, whose hits, and filters."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from scanly.contracts.analytics import Verdict
from scanly.services.analytics.domain.hit import UTM
from scanly.services.analytics.domain.period import Period, period

FILTERS: Final = ("country", "region", "city", "device", "os", "browser", "language", "referrer", *UTM, "domain")
"""Columns of a hit that a question may filter by."""


class Traffic(StrEnum):
    """Whose hits: people's, programs', everything that is not counted, or all."""

    HUMAN = "human"
    BOT = "bot"
    EXCLUDED = "excluded"
    ALL = "all"

    def verdicts(self) -> tuple[str, ...]:
        """Return the verdicts that belong to it."""
        if self is Traffic.HUMAN:
            return (Verdict.HUMAN.value,)
        if self is Traffic.BOT:
            return (Verdict.BOT.value,)
        return tuple(v.value for v in Verdict if self is Traffic.ALL or v is not Verdict.HUMAN)


class Dimension(StrEnum):
    """What a breakdown can be made by."""

    COUNTRY = "country"
    REGION = "region"
    CITY = "city"
    DEVICE = "device"
    OS = "os"
    BROWSER = "browser"
    LANGUAGE = "language"
    REFERRER = "referrer"
    SOURCE = "source"
    LINK = "link"
    QR_CODE = "qr_code"
    REASON = "reason"
    UTM_SOURCE = "utm_source"
    UTM_MEDIUM = "utm_medium"
    UTM_CAMPAIGN = "utm_campaign"
    UTM_TERM = "utm_term"
    UTM_CONTENT = "utm_content"


@dataclass(frozen=True, slots=True)
class Ask:
    """A question as it was asked: dates and the workspace's default zone are still to be resolved."""

    start: date | datetime | None = None
    end: date | datetime | None = None
    zone: ZoneInfo | None = None
    link_ids: tuple[UUID, ...] = ()
    code_ids: tuple[UUID, ...] = ()
    traffic: Traffic = Traffic.HUMAN
    sources: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def at_home(self, main_host: str) -> "Ask":
        """Return the same question with domains as hits have them: in lower case, and empty for the installation's."""
        if not (asked := self.where.get("domain")):
            return self
        names = (name.lower().rstrip(".") for name in asked)
        domains = tuple("" if name == main_host else name for name in names)
        return replace(self, where={**self.where, "domain": domains})

    def question(self, default_zone: ZoneInfo, now: datetime) -> "Question":
        """Resolve the period; ``ValueError`` when it ends before it begins."""
        asked = period(self.start, self.end, self.zone or default_zone, now)
        if asked.end <= asked.start:
            raise ValueError("the period ends before it begins")
        return Question(asked, self.link_ids, self.code_ids, self.traffic, self.sources, self.where)


@dataclass(frozen=True, slots=True)
class Question:
    """A period with filters; an empty filter means everything."""

    period: Period
    link_ids: tuple[UUID, ...] = ()
    code_ids: tuple[UUID, ...] = ()
    traffic: Traffic = Traffic.HUMAN
    sources: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def before(self) -> "Question":
        """Return the same question about the period before."""
        return replace(self, period=self.period.previous())

    def during(self, span: Period) -> "Question":
        """Return the same question about another period."""
        return replace(self, period=span)

    @property
    def people_are_counted(self) -> bool:
        """Whether people were counted for just this choice: everything, one source, one link, or one code."""
        if not self.fits_rollups:
            return False
        if self.code_ids:
            return len(self.code_ids) == 1 and not self.link_ids and set(self.sources) <= {"scan"}
        if self.link_ids:
            return len(self.link_ids) == 1 and not self.sources
        return len(self.sources) <= 1

    @property
    def fits_rollups(self) -> bool:
        """Whether roll-ups can answer; filters on what a visitor uses or where he is need single hits."""
        return not any(self.where.values())
