"""HTTP requests and answers of media."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StringConstraints

from scanly.contracts.media import FileId
from scanly.contracts.qr import LookKind
from scanly.kernel.http import ApiModel, Line, Text
from scanly.kernel.ids import PublicId, encode_id
from scanly.services.media.domain import public_address
from scanly.services.media.models import FileRow, UseRow

UploadId = Annotated[UUID, PublicId("upload")]
Name = Annotated[Line, StringConstraints(min_length=1, max_length=200)]
Alt = Annotated[Text, StringConstraints(max_length=1000)]

_PREFIXES = {"qr_code": "qr", LookKind.DESIGN: "design", LookKind.BRAND_KIT: "kit"}


class FilePatch(ApiModel):
    """Members to change (RFC 7396). The ending of a name follows the content."""

    name: Name | None = Field(None, description="As people see it, also when they save the file")
    alt: Alt | None = Field(None, description="What the picture shows, for people who cannot see it; null for nothing")


class UploadCreate(ApiModel):
    """An upload in parts."""

    name: Name
    size: StrictInt = Field(ge=1, description="Of the whole file, in bytes")
    alt: Alt = ""
    replaces: FileId | None = Field(None, description="File that gets this content in place of its own")


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class UploadBody(_Answer):
    """Where parts go: `PUT` each to `url` with the header `Upload-Offset`; the last one is answered with the file."""

    id: UploadId
    url: str = Field(description="Signed; whoever has it may send parts until it expires")
    part_size: int = Field(description="Bytes of a part at most")
    offset: int = Field(description="Bytes that arrived")
    size: int
    expires_at: datetime


class PartBody(_Answer):
    """A part arrived."""

    offset: int = Field(description="Where the next part begins")


class Use(_Answer):
    """Something that uses a file."""

    kind: str = Field(description="qr_code, qr_design (a saved design) or brand_kit")
    id: str
    name: str

    @classmethod
    def of(cls, row: UseRow) -> Self:
        """Return the use that a row tells of."""
        return cls(kind=row.kind, id=encode_id(_PREFIXES[row.kind], row.user_id), name=row.name)


class FileBody(_Answer):
    """A file. ``url`` is where anybody opens it; it stays when name or content change."""

    id: FileId
    name: str
    alt: str
    media_type: str
    size: int = Field(description="In bytes")
    width: int | None = Field(description="In pixels; nothing for a PDF")
    height: int | None
    pages: int | None = Field(description="Of a PDF")
    url: str
    content_url: str = Field(description="The content in the API, for members; another content has another address")
    uses: list[Use]
    version: int
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None

    @classmethod
    def of(cls, row: FileRow, uses: Iterable[UseRow], base: str) -> Self:
        """Return the answer for a row."""
        query = f"workspace={encode_id('ws', row.workspace_id)}&v={row.content_hash[:16]}"
        return cls(
            id=row.id,
            name=row.name,
            alt=row.alt,
            media_type=row.media_type,
            size=row.size,
            width=row.width,
            height=row.height,
            pages=row.pages,
            url=public_address(base, row.id, row.name),
            content_url=f"/api/v1/files/{encode_id('file', row.id)}/content?{query}",
            uses=[Use.of(use) for use in uses],
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
            deleted_at=row.deleted_at,
        )


class RoomBody(_Answer):
    """Room for files of the workspace, in bytes."""

    used: int
    deleted: int = Field(description="Of deleted files, which can be brought back and do not count")
    quota: int
    largest_file: int
