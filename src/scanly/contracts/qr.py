"""qr: codes, their content, design and images."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from scanly.kernel.errors import Conflict, Invalid, NotFound
from scanly.kernel.events import Event
from scanly.kernel.ids import PublicId

CodeId = Annotated[UUID, PublicId("qr")]
FolderId = Annotated[UUID, PublicId("folder")]
ImportId = Annotated[UUID, PublicId("import")]


class CodeKind(StrEnum):
    """A dynamic code points to a link and is counted; a fixed one carries its payload itself."""

    DYNAMIC = "dynamic"
    FIXED = "fixed"


class LookKind(StrEnum):
    """A saved design is a look under a name; a brand kit is one with rules."""

    DESIGN = "qr_design"
    BRAND_KIT = "brand_kit"


class CodeSummary(BaseModel):
    """A code in one line."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    name: str
    kind: CodeKind
    link_id: UUID | None


class Qr(ABC):
    """What other services may ask of qr."""

    @abstractmethod
    async def codes(self, *, workspace_id: UUID, code_ids: Sequence[UUID]) -> list[CodeSummary]:
        """Return those of ``code_ids`` which the workspace has, in any order."""


class ContentInvalid(Invalid):
    code = "content_invalid"
    title = "The content needs another look"


class DesignUnreadable(Invalid):
    code = "unreadable_design"
    title = "A phone could not read this code"


class CodeNotFound(NotFound):
    code = "code_not_found"
    title = "There is no such code"


class DesignNotFound(NotFound):
    code = "design_not_found"
    title = "There is no such saved design"


class BrandKitNotFound(NotFound):
    code = "brand_kit_not_found"
    title = "There is no such brand kit"


class BrandRulesBroken(Invalid):
    code = "brand_rules"
    title = "Your brand kit does not allow this look"


class TooManyLooks(Conflict):
    code = "too_many_looks"
    title = "There are too many of these already"


class CodeIsFixed(Conflict):
    code = "code_is_fixed"
    title = "A fixed code cannot do this"


class CodeIsKept(Conflict):
    code = "code_is_kept"
    title = "Only a deleted code can be removed for good"


class ImportNotFound(NotFound):
    code = "import_not_found"
    title = "There is no such import"


class ImportElsewhere(Conflict):
    code = "import_state"
    title = "The import is not at this point"


class FolderNotFound(NotFound):
    code = "folder_not_found"
    title = "There is no such folder"


class CodeHasFiles(Conflict):
    """A code that opens or shows a file stays in the workspace that has the file."""

    code = "code_has_files"
    title = "This code uses a file of its workspace"


class FolderNameTaken(Conflict):
    code = "folder_name_taken"
    title = "Another folder has this name"


class ExternalIdTaken(Conflict):
    code = "external_id_taken"
    title = "Another code has this external id"


class CodeCreated(Event):
    topic: ClassVar[str] = "qr.created"
    version: ClassVar[int] = 1

    workspace_id: UUID
    code_id: UUID
    link_id: UUID | None
    kind: CodeKind
    name: str
    file_ids: tuple[UUID, ...] = ()
    """Files of media that the code leads to or shows."""

    def key(self) -> str:
        return str(self.code_id)


class CodeUpdated(Event):
    topic: ClassVar[str] = "qr.updated"
    version: ClassVar[int] = 1

    workspace_id: UUID
    code_id: UUID
    link_id: UUID | None
    name: str
    archived: bool
    file_ids: tuple[UUID, ...] = ()

    def key(self) -> str:
        return str(self.code_id)


class CodeDeleted(Event):
    topic: ClassVar[str] = "qr.deleted"
    version: ClassVar[int] = 1

    workspace_id: UUID
    code_id: UUID
    link_id: UUID | None

    def key(self) -> str:
        return str(self.code_id)


class LookChanged(Event):
    """A kept look was made, changed or deleted: one topic, since order is kept within one only."""

    topic: ClassVar[str] = "qr.look_changed"
    version: ClassVar[int] = 1

    workspace_id: UUID
    look_id: UUID
    kind: LookKind
    name: str
    deleted: bool
    file_ids: tuple[UUID, ...] = ()
    """Files of media that the look shows; none when it is deleted."""

    def key(self) -> str:
        return str(self.look_id)
