"""Requests and answers about many codes."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StringConstraints,
    model_validator,
)

from scanly.contracts.auth import WorkspaceId
from scanly.contracts.qr import CodeId, CodeKind, FolderId, ImportId
from scanly.kernel.errors import ScanlyError
from scanly.kernel.http import ApiModel, Text
from scanly.kernel.http.problems import Problem
from scanly.services.qr.design import Design
from scanly.services.qr.domain import CodeStatus, Filters
from scanly.services.qr.many.archive import DEFAULT_PATTERN
from scanly.services.qr.rendering.output import Format, Unit
from scanly.services.qr.schemas import CodeBody, InkName, Tag

MOST_AT_ONCE = 1000

Action = Literal[
    "create",
    "archive",
    "unarchive",
    "pause",
    "resume",
    "delete",
    "restore",
    "remove",
    "move",
    "tag",
    "untag",
    "edit",
    "transfer",
]

ExportForm = Literal["zip", "csv", "xlsx"]

_NEEDS: dict[str, str] = {
    "create": "items",
    "move": "folder_id",
    "tag": "tags",
    "untag": "tags",
    "edit": "change",
    "transfer": "workspace_id",
}
_EDITABLE = frozenset({"name", "content", "design", "tags", "folder_id"})


class CodeFilter(ApiModel):
    """Codes chosen by what they are; the same words as in the query of the list."""

    q: str = Field("", max_length=200)
    status: list[CodeStatus] | None = Field(None, description="Left out: all but archived and deleted")
    kind: CodeKind | None = None
    tag: list[Tag] = Field([], max_length=20)
    folder: list[FolderId | Literal["none"]] | None = None
    content_type: str | None = Field(None, max_length=50)

    def filters(self) -> Filters:
        """Return what the repository understands."""
        filters = Filters(
            text=self.q.strip(),
            kind=self.kind,
            tags=tuple(self.tag),
            content_type=self.content_type,
            folders=None if self.folder is None else frozenset(each for each in self.folder if each != "none"),
            unfiled="none" in (self.folder or ()),
        )
        return filters if self.status is None else filters.with_statuses(self.status)


class Chosen(ApiModel):
    """Codes by their ids or by a filter."""

    ids: Annotated[list[CodeId], Field(min_length=1, max_length=MOST_AT_ONCE)] | None = None
    filter: CodeFilter | None = None


class Bulk(Chosen):
    """One action on many codes."""

    action: Action
    items: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MOST_AT_ONCE)] | None = Field(
        None, description="With create: codes as for POST /qr-codes"
    )
    folder_id: FolderId | None = Field(None, description="With move; null takes codes out of their folders")
    tags: Annotated[list[Tag], Field(min_length=1, max_length=20)] | None = Field(None, description="With tag, untag")
    change: dict[str, Any] | None = Field(
        None, description="With edit: a merge patch of name, content, design, tags, folder_id"
    )
    workspace_id: WorkspaceId | None = Field(None, description="With transfer: the workspace that takes the codes")
    dry_run: StrictBool = Field(
        default=False, description="With edit: only say what would become of each code; nothing is changed"
    )
    allow_unreadable: StrictBool = Field(
        default=False, description="With edit: save looks that phones fail to read; they are printed at your own risk"
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        needed = _NEEDS.get(self.action)
        if needed is not None and needed not in self.model_fields_set:
            raise ValueError(f"the action {self.action} needs {needed}; send it along")
        for name in {"items", "folder_id", "tags", "change", "workspace_id"} & self.model_fields_set:
            if name != needed:
                raise ValueError(f"the action {self.action} takes no {name}; leave it out")
        if self.action == "create":
            if self.ids is not None or self.filter is not None:
                raise ValueError("new codes have no ids yet; send only items")
        elif (self.ids is None) == (self.filter is None):
            raise ValueError("say which codes: send either ids or filter")
        for name in ("dry_run", "allow_unreadable"):
            if getattr(self, name) and self.action != "edit":
                raise ValueError(f"the action {self.action} takes no {name}; leave it out")
        if self.change is not None and (wrong := sorted(self.change.keys() - _EDITABLE)):
            raise ValueError(f"many codes cannot share this: {', '.join(wrong)}; change only {', '.join(_EDITABLE)}")
        return self


class Export(Chosen):
    """Codes as a file."""

    model_config = ConfigDict(populate_by_name=True)

    as_: ExportForm = Field("zip", alias="as")
    formats: list[Format] = Field(["svg"], min_length=1, max_length=6)
    size: StrictFloat | None = None
    unit: Unit = "px"
    dpi: StrictInt = 300
    color: Literal["rgb", "cmyk"] = Field("rgb", description="Colours of PDF and EPS")
    spot: InkName | None = Field(None, description="A printing ink for the dots, by its name; PDF and EPS")
    overprint: StrictBool = Field(default=False, description="Print pure black over other inks; PDF and EPS in CMYK")
    name: str = Field(DEFAULT_PATTERN, max_length=200, description="File names in the zip, such as {name}-{slug}")


class Transfer(ApiModel):
    """Where a code goes."""

    workspace_id: WorkspaceId


class ImportPlan(ApiModel):
    """What the columns of a sheet hold, and what all its codes share; what is left out stays as it was."""

    content_type: str | None = Field(None, max_length=50)
    columns: list[str | None] | None = Field(
        None, max_length=100, description="For each column: name, content.url and so on, or null to leave it out"
    )
    kind: CodeKind | None = None
    design: Design | None = None
    tags: list[Tag] | None = Field(None, max_length=10)
    folder_id: FolderId | None = None


class LineChange(ApiModel):
    """Cells of a line to mend, by the number of their column from 0."""

    cells: dict[Annotated[int, Field(ge=0, lt=100)], Annotated[Text, StringConstraints(max_length=8000)]] = Field(
        min_length=1
    )


class ColumnBody(BaseModel):
    """A column: its name, some of its cells, what it holds, and how many lines fill it and fit."""

    name: str
    samples: list[str]
    holds: str | None
    filled: int
    faulty: int


class Progress(BaseModel):
    """Lines by what became of them."""

    waiting: int = Field(description="Ready and not made yet")
    faulty: int = Field(description="Cannot be made as they are")
    made: int
    changed: int = Field(description="Changed a code that had this external_id")
    unchanged: int = Field(description="The code with this external_id is so already")
    undone: int
    kept: int = Field(description="Left when the import was undone, since people had scanned them")


class SheetBody(BaseModel):
    """Where the lines come from."""

    file_name: str
    form: Literal["csv", "xlsx"]
    encoding: str | None
    delimiter: str | None
    header: bool
    size: int


ImportState = Literal["draft", "running", "paused", "cancelled", "done", "undoing", "undone"]


class ImportBody(BaseModel):
    """A sheet on its way to codes."""

    id: ImportId
    state: ImportState
    sheet: SheetBody
    lines: int
    content_type: str
    kind: CodeKind | None
    design: Design
    tags: list[str]
    folder_id: FolderId | None
    columns: list[ColumnBody]
    targets: list[str] = Field(description="Everything that a column can hold")
    missing: list[str] = Field(description="What no column holds although no code can be without it")
    progress: Progress
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    undo_until: datetime | None = Field(description="Until when the codes can be taken back")


class LineFault(BaseModel):
    """Why a line cannot become a code."""

    column: int | None = Field(description="Number of the column from 0, when it is one column's fault")
    holds: str
    code: str
    detail: str


class LineBody(BaseModel):
    """A line of a sheet and what became of it."""

    number: int = Field(description="As the program that made the sheet counts")
    cells: list[str]
    state: Literal["waiting", "faulty", "made", "changed", "unchanged", "undone", "kept"]
    faults: list[LineFault]
    code_id: CodeId | None


class Result(BaseModel):
    """What became of one code: a status as a single call has it, and the reason when it was refused."""

    model_config = ConfigDict(frozen=True)

    index: int = Field(description="Place in ids or items, from 0")
    id: CodeId | None
    status: int
    code: CodeBody | None = Field(None, description="The code that was made")
    error: Problem | None = None

    @classmethod
    def refused(cls, index: int, code_id: Any, error: ScanlyError) -> Self:  # noqa: ANN401 - a UUID or nothing
        """Return the result of a refusal."""
        return cls(index=index, id=code_id, status=error.status, error=Problem.model_validate(error.problem()))


class Results(BaseModel):
    """What became of each code, in the order in which they were named."""

    model_config = ConfigDict(frozen=True)

    data: list[Result]
    succeeded: int
    failed: int

    @classmethod
    def of(cls, results: list[Result]) -> Self:
        """Return the results with their sums."""
        failed = sum(result.error is not None for result in results)
        return cls(data=results, succeeded=len(results) - failed, failed=failed)
