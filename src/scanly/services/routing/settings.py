"""Settings of routing."""

from pathlib import Path

from pydantic import Field

from scanly.kernel.config import ServiceSettings


class RoutingSettings(ServiceSettings):
    """The redirect's memory, its spool and its place database."""

    spool_dir: Path | None = Field(None, description="Folder of scans on their way; data folder/spool if absent")
    spool_sync_ms: int = Field(
        200,
        ge=10,
        le=5000,
        description="Milliseconds after which scans are synced to the disk: the loss in a power cut",
    )
    spool_max_mb: int = Field(
        2048,
        ge=1,
        le=1_048_576,
        description="Scans that may wait for the event log; more are not recorded, which is counted and alarmed",
    )
    link_cache_mb: int = Field(64, ge=1, le=65536, description="Memory for links that were asked for, per process")
    link_unknown_seconds: float = Field(30, gt=0, le=3600, description="How long an unknown address is remembered")
    link_stale_hours: float = Field(
        24, gt=0, le=8760, description="How long known links go on redirecting while the database is away"
    )
    places_dir: Path | None = Field(
        None, description="Folder with the DB-IP city files (*.mmdb); data folder/places if absent"
    )

    def spool_folder(self, data_dir: Path) -> Path:
        """Return the folder of scans on their way."""
        return self.spool_dir or data_dir / "spool"
