"""HTTP requests and answers of routing."""

from datetime import datetime
from typing import Self

from pydantic import AwareDatetime, BaseModel, Field

from scanly.contracts.qr import CodeId
from scanly.contracts.routing import Link, LinkId, LinkStatus
from scanly.kernel.http import ApiModel


class LinkCreate(ApiModel):
    """A new link."""

    destination: str = Field(description="Where it leads; https:// may be left out")
    slug: str | None = Field(None, description="End of the short address; left out: a random one")
    domain: str | None = Field(None, description="Left out: the installation's own")
    status_code: int = Field(302, description="301, 302, 303, 307 or 308")
    starts_at: AwareDatetime | None = None
    expires_at: AwareDatetime | None = None


class LinkPatch(ApiModel):
    """Members to change; null clears starts_at and expires_at."""

    destination: str | None = None
    status_code: int | None = None
    starts_at: AwareDatetime | None = None
    expires_at: AwareDatetime | None = None
    paused: bool | None = None


class LinkBody(BaseModel):
    """A link."""

    id: LinkId
    domain: str
    slug: str
    short_url: str
    destination: str
    status: LinkStatus
    status_code: int
    qr_code_id: CodeId | None
    starts_at: datetime | None
    expires_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, link: Link) -> Self:
        """Return the link as the API shows it."""
        fields = link.model_dump(exclude={"workspace_id", "print_url", "code_id"})
        return cls(**fields, qr_code_id=link.code_id)
