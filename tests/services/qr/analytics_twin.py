"""analytics as qr sees it, in memory: how often people scanned a link."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from scanly.contracts.analytics import Analytics, Totals


class AnalyticsTwin(Analytics):
    """Knows the hits it was given."""

    def __init__(self) -> None:
        self.hits: dict[UUID, int] = {}
        self.asked: list[UUID] = []

    async def totals(
        self, *, workspace_id: UUID, link_ids: Sequence[UUID], start: datetime, end: datetime
    ) -> list[Totals]:
        assert start <= end
        self.asked.append(workspace_id)
        return [Totals(link_id=link_id, hits=self.hits.get(link_id, 0), visitors=0, excluded=0) for link_id in link_ids]
