"""What somebody wants to know: a period, whose hits, and filters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID

from scanly.contracts.analytics import Verdict
from scanly.services.analytics.domain.hit import UTM
from scanly.services.analytics.domain.period import Period

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
class Question:
    """A period with filters; an empty filter means everything."""

    period: Period
    link_ids: tuple[UUID, ...] = ()
    code_ids: tuple[UUID, ...] = ()
    traffic: Traffic = Traffic.HUMAN
    sources: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def fits_rollups(self) -> bool:
        """Whether roll-ups can answer; filters on what a visitor uses or where he is need single hits."""
        return not any(self.where.values())
