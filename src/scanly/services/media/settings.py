"""Settings of media."""

from pydantic import Field

from scanly.kernel.config import ServiceSettings


class MediaSettings(ServiceSettings):
    """What a workspace may upload."""

    file_mb: int = Field(50, ge=1, le=1024, description="Size of one file, in MB")
    file_megapixels: int = Field(50, ge=1, le=250, description="Width times height of a picture, in millions")
    file_pages: int = Field(500, ge=1, le=10_000, description="Pages of a PDF")
    file_quota_mb: int = Field(1024, ge=1, le=1_048_576, description="Files of one workspace together, in MB")
