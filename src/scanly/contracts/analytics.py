"""analytics: counts that are true."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Verdict(StrEnum):
    """What a hit was. Only ``human`` is counted; every other one is shown with its reason."""

    HUMAN = "human"
    BOT = "bot"
    PREVIEW = "preview"
    PREFETCH = "prefetch"
    HEAD = "head"
    DUPLICATE = "duplicate"


class Totals(BaseModel):
    """Counted hits of one link over a range."""

    model_config = ConfigDict(frozen=True)

    link_id: UUID
    hits: int
    visitors: int
    excluded: int


class Analytics(ABC):
    """What other services may ask of analytics."""

    @abstractmethod
    async def totals(
        self, *, workspace_id: UUID, link_ids: Sequence[UUID], start: datetime, end: datetime
    ) -> list[Totals]:
        """Return the totals of each link from ``start`` up to ``end`` (both aware, rounded to 15 minutes)."""
