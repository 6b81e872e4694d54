"""Settings of analytics."""

from pydantic import Field

from scanly.kernel.config import ServiceSettings


class AnalyticsSettings(ServiceSettings):
    """How long raw hits are kept, and when the same person counts again."""

    raw_retention_days: int = Field(400, ge=2, le=3650, description="Days for which single hits are kept; totals stay")
    repeat_window_seconds: int = Field(
        10, ge=0, le=3600, description="A visitor who opens the same link again within this time counts once"
    )
    ingest_batch: int = Field(10_000, ge=1, le=20_000, description="Most hits counted in one transaction")
