"""HTTP requests and answers of qr."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from scanly.contracts.qr import CodeId, CodeKind, FolderId
from scanly.contracts.routing import Link, LinkId
from scanly.kernel.http import ApiModel, Label, Line, Text
from scanly.kernel.ids import encode_id
from scanly.services.qr.content import AnyContent, Content, kept_content, led_content
from scanly.services.qr.design import Design
from scanly.services.qr.domain import MOST_TAGS, CodeStatus, search_text
from scanly.services.qr.judging import Repaired, Verdict
from scanly.services.qr.models import CodeRow, FolderRow
from scanly.services.qr.words import Words

Name = Annotated[Label, StringConstraints(max_length=200)]
FolderName = Annotated[Label, StringConstraints(min_length=1, max_length=100)]
Tag = Annotated[Label, StringConstraints(min_length=1, max_length=50)]
ExternalId = Annotated[Line, StringConstraints(min_length=1, max_length=200)]
Slug = Annotated[Line, StringConstraints(max_length=200)]  # routing judges it; this only keeps nonsense from the judge


def _ink_name(name: str) -> str:
    if not (name.isascii() and name.isprintable()):
        words = "Write the name of the ink in plain letters, digits and signs, such as PANTONE 300 C."
        raise PydanticCustomError("ink_name_invalid", "{words}", {"words": words})
    return name


InkName = Annotated[str, StringConstraints(min_length=1, max_length=60), AfterValidator(_ink_name)]
Domain = Annotated[Line, StringConstraints(max_length=253)]


class CodeChange(ApiModel):
    """What of a code can be changed."""

    name: Name | None = Field(None, description="Left out: made of the content")
    content: AnyContent
    design: Design = Design()
    tags: list[Tag] = Field([], max_length=MOST_TAGS)
    folder_id: FolderId | None = Field(None, description="Left out: in no folder")
    external_id: ExternalId | None = Field(None, description="Your own id, unique in the workspace")
    allow_unreadable: StrictBool = Field(
        default=False, description="Save it although phones fail to read it: it is printed at your own risk"
    )


class CodeCreate(CodeChange):
    """A new code."""

    kind: CodeKind | None = Field(None, description="Left out: the usual one for this content")
    slug: Slug | None = Field(None, description="End of the short address; left out: a random one")
    domain: Domain | None = Field(None, description="Left out: the installation's own")


class CodePatch(BaseModel):
    """Members to change; null takes a member back to its default. Objects are merged (RFC 7396)."""

    model_config = ConfigDict(extra="allow")  # what cannot be changed is answered with the reason

    name: str | None = None
    content: dict[str, Any] | None = None
    design: dict[str, Any] | None = None
    tags: list[str] | None = None
    folder_id: str | None = None
    external_id: str | None = None
    allow_unreadable: StrictBool = False


class CodeCopy(ApiModel):
    """How a copy differs."""

    name: Name | None = Field(None, description="Left out: the name with “(copy)” after it")
    slug: Slug | None = None
    domain: Domain | None = None


class Sketch(ApiModel):
    """A code that is not saved: what it holds, or the exact text, in a design."""

    content: AnyContent | None = None
    kind: CodeKind | None = Field(
        None, description="dynamic: with a sample of its short address in the symbol. Left out: fixed where possible"
    )
    payload: Annotated[Text, StringConstraints(min_length=1, max_length=7100)] | None = None
    design: Design = Design()

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.content is None) == (self.payload is None):
            raise ValueError("send either content or payload")
        if self.payload is not None and self.kind is not None:
            raise ValueError("an exact text has no kind: leave kind out, or send content")
        return self


class CheckSketch(Sketch):
    """A code to be judged, at the size in which its symbol will be printed."""

    size_mm: StrictFloat | None = Field(None, ge=5, le=2000, description="Side of the printed symbol without its edge")


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class AdviceBody(_Answer):
    code: str
    detail: str
    severity: Literal["error", "warning", "hint"]


class Scannability(_Answer):
    """What the judge says: 100 is read in every view, F by no phone to rely on."""

    grade: Literal["A", "B", "C", "D", "F"]
    score: int
    advice: list[AdviceBody]


class CheckBody(Scannability):
    """The verdict with the figures behind it."""

    measures: dict[str, Any]
    payload: str = Field(description="The exact text that was judged")

    @classmethod
    def of(cls, verdict: Verdict, payload: str) -> Self:
        """Return the verdict as an answer."""
        return cls(
            grade=verdict.grade,
            score=verdict.score,
            advice=[AdviceBody(code=a.code, detail=a.detail, severity=a.severity) for a in verdict.advice],
            measures=dict(verdict.measures),
            payload=payload,
        )


class ChangeBody(_Answer):
    """One thing that a repair changed: where, from what to what."""

    code: str
    pointer: str
    before: Any
    after: Any
    detail: str


class RepairBody(_Answer):
    """A design that passes, or the best that can be made of it, with how it differs and its verdict."""

    design: Design
    changes: list[ChangeBody]
    scannability: CheckBody

    @classmethod
    def of(cls, repaired: Repaired, payload: str) -> Self:
        """Return what the judge made of a design as an answer."""
        return cls(
            design=Design.model_validate(repaired.design),
            changes=[ChangeBody(**asdict(change)) for change in repaired.changes],
            scannability=CheckBody.of(repaired.verdict, payload),
        )


class LinkBody(_Answer):
    id: LinkId
    slug: str
    domain: str
    short_url: str
    destination: str
    starts_at: datetime | None
    expires_at: datetime | None


class Images(_Answer):
    """Addresses of the pictures, relative to this server; they change when the code does."""

    svg: str
    png: str
    pdf: str


class ImageAddress(_Answer):
    """Where everybody sees a picture."""

    url: str


class CodeBody(_Answer):
    """A code. ``payload`` is the exact text in the symbol; a fixed code has no link."""

    id: CodeId
    name: str
    kind: CodeKind
    status: CodeStatus
    content: AnyContent
    design: Design
    link: LinkBody | None
    payload: str
    images: Images
    scannability: Scannability
    folder_id: FolderId | None
    tags: list[str]
    external_id: str | None
    version: int
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = Field(None, description="Since when it is in the trash, for 30 days")

    @classmethod
    def of(cls, row: CodeRow, link: Link | None) -> Self:
        """Return the answer for a row and its link."""
        address = f"/api/v1/qr-codes/{encode_id('qr', row.id)}/image"
        query = f"workspace={encode_id('ws', row.workspace_id)}&v={row.version}"
        return cls(
            id=row.id,
            name=row.name,
            kind=CodeKind(row.kind),
            status=_status(row, link),
            content=content_of(row, link),
            design=Design.model_validate(row.design),
            link=None if link is None else LinkBody.model_validate(link, from_attributes=True),
            payload=row.payload,
            images=Images(**{form: f"{address}.{form}?{query}" for form in ("svg", "png", "pdf")}),
            scannability=Scannability.model_validate(row.scannability),
            folder_id=row.folder_id,
            tags=row.tags,
            external_id=row.external_id,
            version=version_of(row, link),
            created_at=row.created_at,
            updated_at=row.updated_at if link is None else max(row.updated_at, link.updated_at),
            deleted_at=row.deleted_at,
        )


def content_of(row: CodeRow, link: Link | None) -> Content:
    """Return what the code holds; where a dynamic one leads comes from its link."""
    if link is None:
        return kept_content(row.content)
    return led_content(row.content, link.destination)


def search_text_of(row: CodeRow) -> str:
    """Return everything by which a row is found; where a dynamic code leads is known to routing."""
    summary = "" if row.kind == CodeKind.DYNAMIC else kept_content(row.content).summary()
    return search_text(row.name, summary, row.tags, row.external_id)


def version_of(row: CodeRow, link: Link | None) -> int:
    """Return a number that grows with every change of the code or of its link; both only ever count up."""
    return row.version + (link.version if link else 0)


def _status(row: CodeRow, link: Link | None) -> CodeStatus:
    if row.deleted_at is not None:
        return CodeStatus.DELETED
    if row.archived_at is not None:
        return CodeStatus.ARCHIVED
    return CodeStatus(link.status.value) if link else CodeStatus.ACTIVE


class FolderCreate(ApiModel):
    """A new folder."""

    name: FolderName


class FolderPatch(ApiModel):
    """What of a folder can be changed."""

    name: FolderName | None = None


class FolderBody(_Answer):
    """A folder with the number of codes in it."""

    id: FolderId
    name: str
    codes: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: FolderRow, codes: int) -> Self:
        """Return the answer for a row."""
        return cls(id=row.id, name=row.name, codes=codes, created_at=row.created_at, updated_at=row.updated_at)


class TagBody(_Answer):
    """A tag with the number of codes that have it."""

    tag: str
    codes: int


class CodeCount(_Answer):
    """How many codes there are, and how many in each group if one was asked for."""

    total: int
    groups: dict[str, int]


class ContentTypeBody(_Answer):
    """A content type with the schema of its fields; ``x-…`` members are hints for a form in each language."""

    type: str
    title: Words
    help: Words
    kinds: list[CodeKind]
    default_kind: CodeKind
    schema_: dict[str, Any] = Field(serialization_alias="schema")


class ContentTypes(_Answer):
    data: list[ContentTypeBody]


def content_type_body(name: str, content: type[Content]) -> ContentTypeBody:
    """Return a content type as an answer."""
    return ContentTypeBody(
        type=name,
        title=content.TITLE,
        help=content.HELP,
        kinds=list(content.KINDS),
        default_kind=content.KINDS[0],
        schema_={**content.model_json_schema(), "x-in-symbol": list(content.IN_SYMBOL)},
    )
