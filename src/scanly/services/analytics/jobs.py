"""Work of analytics that is due by the clock."""

from scanly.services.analytics.service import AnalyticsService


async def prepare_days(service: AnalyticsService) -> None:
    """Make the partitions of the next days."""
    await service.ingestion.prepare_days()


async def forget(service: AnalyticsService) -> None:
    """Drop what is older than its retention."""
    await service.ingestion.forget()
