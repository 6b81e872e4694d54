"""HTTP requests and answers about kept looks."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StringConstraints

from scanly.kernel.http import ApiModel, Label
from scanly.kernel.ids import PublicId
from scanly.services.qr.design import Color, Design
from scanly.services.qr.models import BrandKitRow, DesignRow
from scanly.services.qr.words import Words

DesignId = Annotated[UUID, PublicId("design")]
BrandKitId = Annotated[UUID, PublicId("kit")]
LookName = Annotated[Label, StringConstraints(min_length=1, max_length=100)]
Part = Literal["modules", "eyes", "background", "logo", "frame", "outline", "error_correction", "quiet_zone"]
"""A member of a design that a brand kit can lock."""


class SavedDesignCreate(ApiModel):
    """A look to keep under a name."""

    name: LookName
    design: Design
    is_default: StrictBool = Field(default=False, description="New codes that name no design get this one")


class SavedDesignPatch(BaseModel):
    """Members to change. A design is replaced as a whole."""

    model_config = ConfigDict(extra="allow")  # unknown members are answered with the reason

    name: str | None = None
    design: dict[str, Any] | None = None
    is_default: StrictBool | None = None


class SavedDesignBody(BaseModel):
    """A saved design."""

    id: DesignId
    name: str
    design: Design
    is_default: bool
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: DesignRow) -> Self:
        """Return the answer for a row."""
        return cls(
            id=row.id,
            name=row.name,
            design=Design.model_validate(row.design),
            is_default=row.is_default,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )


class BrandKitCreate(ApiModel):
    """A brand: its colours and look, and what of it nobody but an admin may change in a code."""

    name: LookName
    colors: list[Color] = Field([], max_length=24, description="Offered where a colour is chosen")
    design: Design = Design()
    locked: list[Part] = Field([], max_length=8, description="Parts of a code's design that must be as in this one")
    least_contrast: StrictFloat | None = Field(
        None, ge=1, le=21, description="Least contrast of every colour with the background, as in WCAG 2.2"
    )
    is_default: StrictBool = Field(default=False, description="This kit rules the codes of the workspace")


class BrandKitPatch(BaseModel):
    """Members to change; null takes a member back to its default. A design is replaced as a whole."""

    model_config = ConfigDict(extra="allow")  # unknown members are answered with the reason

    name: str | None = None
    colors: list[str] | None = None
    design: dict[str, Any] | None = None
    locked: list[str] | None = None
    least_contrast: StrictFloat | None = None
    is_default: StrictBool | None = None


class BrandKitBody(BaseModel):
    """A brand kit."""

    id: BrandKitId
    name: str
    colors: list[str]
    design: Design
    locked: list[Part]
    least_contrast: float | None
    is_default: bool
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: BrandKitRow) -> Self:
        """Return the answer for a row."""
        return cls(
            id=row.id,
            name=row.name,
            design=Design.model_validate(row.design),
            **BrandKitRules.model_validate(row.rules).model_dump(),
            is_default=row.is_default,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )


class BrandKitRules(BaseModel):
    """What of a kit is kept beside its design."""

    colors: list[str]
    locked: list[Part]
    least_contrast: float | None


class TemplateBody(BaseModel):
    """A ready look for a trade, with words for its frame."""

    name: str
    trade: str
    title: Words
    design: Design
    texts: list[Words] = Field(description="Calls to action that suit it")
    content_types: list[str] = Field(description="What codes of this trade usually hold, the commonest first")


class Templates(BaseModel):
    data: list[TemplateBody]
