"""HTTP requests and answers of routing."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, StrictBool, StrictInt

from scanly.contracts.qr import CodeId
from scanly.contracts.routing import Link, LinkId, LinkStatus
from scanly.kernel.http import ApiModel

_FIRST_YEAR, _LAST_YEAR = 2000, 2100


def _near(moment: datetime) -> datetime:
    """Refuse what no calendar of a visitor could show: at the ends of time a change of zone overflows."""
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError(f"Choose a time between the years {_FIRST_YEAR} and {_LAST_YEAR}.")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_near)]


class LinkCreate(ApiModel):
    """A new link."""

    destination: str = Field(description="Where it leads; https:// may be left out")
    slug: str | None = Field(None, description="End of the short address; left out: a random one")
    domain: str | None = Field(None, max_length=253, description="Left out: the installation's own")
    status_code: StrictInt = Field(302, description="301, 302, 303, 307 or 308")
    starts_at: Moment | None = None
    expires_at: Moment | None = None


class LinkPatch(ApiModel):
    """Members to change; null clears starts_at and expires_at."""

    destination: str | None = None
    status_code: StrictInt | None = None
    starts_at: Moment | None = None
    expires_at: Moment | None = None
    paused: StrictBool | None = None


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
        fields = link.model_dump(exclude={"workspace_id", "print_url", "code_id", "typed_links", "elements"})
        return cls(**fields, qr_code_id=link.code_id)
