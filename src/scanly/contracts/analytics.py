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


class Reason(StrEnum):
    """Why a hit was not counted, finer than its verdict. Programs rely on these words; further ones may be added."""

    HEAD_REQUEST = "head_request"
    """HEAD asks for no page."""
    PREFETCH = "prefetch"
    """A browser guessed ahead; nobody has looked."""
    PREVIEW_PAGE = "preview_page"
    """Somebody asked where the link leads, and did not go there."""
    LINK_PREVIEW = "link_preview"
    """WhatsApp and others drew their little picture of the link."""
    SEARCH_ENGINE = "search_engine"
    AI_CRAWLER = "ai_crawler"
    HEADLESS_BROWSER = "headless_browser"
    MONITOR = "monitor"
    """Uptime checks, link checkers, security scanners."""
    HTTP_TOOL = "http_tool"
    """Libraries and command-line programs."""
    FEED_READER = "feed_reader"
    CRAWLER = "crawler"
    """Any other program that says it is one."""
    NO_USER_AGENT = "no_user_agent"
    NOT_A_BROWSER = "not_a_browser"
    """What the client says about itself has the form of no browser."""
    REPEATED = "repeated"
    """The same visitor opened the same link a moment before."""


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
        """Return the totals of each link from ``start`` up to ``end`` (both aware, rounded to 15 minutes).

        ``visitors`` is the sum of daily people over the workspace's days that the range touches. A link without hits
        has zeros.
        """
