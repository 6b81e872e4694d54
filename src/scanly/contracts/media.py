"""media: files that a workspace uploaded, and the addresses at which visitors open them."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from scanly.kernel.errors import Conflict, Gone, Invalid, NotFound, TooLarge
from scanly.kernel.ids import PublicId

FileId = Annotated[UUID, PublicId("file")]


class File(BaseModel):
    """A file as other services see it."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    name: str
    media_type: str
    """Judged by its content: ``image/png``, ``image/jpeg``, ``image/webp``, ``image/gif``, ``image/avif``,
    ``image/svg+xml`` or ``application/pdf``."""
    size: int
    """In bytes."""
    width: int | None
    """In pixels, or in the drawing's own units; ``None`` for a PDF."""
    height: int | None
    pages: int | None
    """Of a PDF."""
    content_hash: str
    """SHA-256 of the bytes in hexadecimal digits: another content has another one."""
    url: str
    """Where anybody opens the file. It stays when the file gets another content or name."""


class FileBytes(BaseModel):
    """A file's content. Pictures carry no EXIF, drawings no script and nothing from elsewhere."""

    model_config = ConfigDict(frozen=True, ser_json_bytes="base64", val_json_bytes="base64")

    media_type: str
    data: bytes


class Media(ABC):
    """What other services may ask of media. Where a file is used, media learns from their events."""

    @abstractmethod
    async def files(self, *, workspace_id: UUID, file_ids: Sequence[UUID]) -> list[File]:
        """Return those of ``file_ids`` which the workspace has, in any order; deleted ones are left out."""

    @abstractmethod
    async def read(self, *, workspace_id: UUID, file_id: UUID, width: int | None = None) -> FileBytes:
        """Return the bytes of a file, or, for pictures of pixels wider than ``width``, of a PNG about as wide.

        ``FileNotFound``. The same content and width always give the same bytes.
        """


class FileNotFound(NotFound):
    code = "file_not_found"
    title = "There is no such file"


class FileRefused(Invalid):
    """The content is of a kind that is not taken, broken, too large in pixels or pages, or not what it seems to be."""

    code = "file_refused"
    title = "This file cannot be used"


class FileTooLarge(TooLarge):
    code = "file_too_large"
    title = "This file is too large"


class QuotaExceeded(TooLarge):
    code = "quota_exceeded"
    title = "There is no room left"


class FileInUse(Conflict):
    """Carries the uses in ``uses``."""

    code = "file_in_use"
    title = "This file is in use"


class UploadConflict(Conflict):
    """The part does not begin where the upload stands; carries the right ``offset``."""

    code = "upload_offset"
    title = "The upload goes on elsewhere"


class UploadEnded(Gone):
    code = "upload_ended"
    title = "This upload is over"
