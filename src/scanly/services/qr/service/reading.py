"""Finding codes, showing them, drawing them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from scanly.contracts.analytics import Analytics
from scanly.contracts.auth import Auth
from scanly.contracts.media import Media
from scanly.contracts.qr import CodeKind, CodeNotFound, CodeSummary, Qr
from scanly.contracts.routing import Link, Routing
from scanly.kernel.auth import current_principal
from scanly.kernel.clock import Clock
from scanly.kernel.db import ServiceDatabase, system_scope
from scanly.kernel.errors import Internal
from scanly.kernel.http import Page, encode_cursor, position_in
from scanly.kernel.ids import encode_id
from scanly.kernel.limits import OwnTurns
from scanly.kernel.signing import AddressSigner
from scanly.services.qr import repository
from scanly.services.qr.content import TYPES, kept_content
from scanly.services.qr.content.event import EventContent
from scanly.services.qr.design import Design
from scanly.services.qr.domain import KEEP_DELETED, Filters, GroupBy, Sort, kind_for, picture_tag, sample_symbol
from scanly.services.qr.looks import Looks
from scanly.services.qr.models import CodeRow
from scanly.services.qr.rendering.output import Wanted
from scanly.services.qr.schemas import CodeBody, CodeCount, Sketch
from scanly.services.qr.studio import Studio, Subject

_MOST_LINKS = 1000
"""Links found by their address or destination that one search looks at."""


@dataclass(frozen=True, slots=True)
class CodeQuery:
    """A list of codes as somebody asks for it."""

    filters: Filters
    sort: Sort = "-created_at"
    cursor: str | None = None
    limit: int = 25


@dataclass(frozen=True, slots=True)
class Picture:
    """A file, or nothing when the caller has the one with this ``tag`` already."""

    tag: str
    content: bytes | None
    name: str
    version: int
    has_files: bool
    """Its file may get another content at any time."""


class Reading(Qr):
    """What does not change anything."""

    def __init__(
        self,
        db: ServiceDatabase,
        studio: Studio,
        clock: Clock,
        *,
        routing: Routing,
        auth: Auth,
        analytics: Analytics,
        media: Media,
        public_address: str,
        signer: AddressSigner,
    ) -> None:
        self._db = db
        self._routing = routing
        self._auth = auth
        self._analytics = analytics
        self._media = media
        self._clock = clock
        self.public_address = public_address
        self._signer = signer
        self.studio = studio
        self.looks = Looks(db, clock, studio)
        self.turns = OwnTurns(at_once=2, waiting=20)
        """For sketches, which anybody may send: those of one caller wait for each other, and nobody else does."""

    async def codes(self, *, workspace_id: UUID, code_ids: Sequence[UUID]) -> list[CodeSummary]:
        async with self._db.begin(workspace_id) as session:
            rows = await repository.codes(session, workspace_id, code_ids)
        return [CodeSummary(id=row.id, name=row.name, kind=CodeKind(row.kind), link_id=row.link_id) for row in rows]

    def sketched(self, sketch: Sketch) -> Subject:
        """Return a sketch as the studio draws it: a dynamic one with an address as long as it will have.

        ``ContentInvalid`` where its content cannot be of its kind.
        """
        workspace_id, content = current_principal().workspace_id, sketch.content
        if content is None:
            return Subject(sketch.payload or "", sketch.design, None, workspace_id, pointer="/payload")
        wanted = sketch.kind or (CodeKind.FIXED if CodeKind.FIXED in content.KINDS else None)
        if kind_for(content, wanted) is CodeKind.DYNAMIC:
            return Subject(sample_symbol(content, self.public_address), sketch.design, None, workspace_id)
        return Subject(content.payload(), sketch.design, type(content), workspace_id)

    async def preview(self, sketch: Sketch, file: Wanted) -> tuple[bytes, list[str]]:
        """Return the picture of a sketch, and where in it pictures are named whose files are gone: it lacks them."""
        subject = self.sketched(sketch)
        design = subject.design
        there = design if subject.workspace_id is None else await self._with_files(subject.workspace_id, design)
        picture = await self.studio.draw(replace(subject, design=there), file, must_have=True)
        left_out = ["/design/logo/file_id"] if there.logo != design.logo else []
        if there.background != design.background:
            left_out.append("/design/background/picture/file_id")
        return picture, left_out

    async def get(self, workspace_id: UUID, code_id: UUID) -> CodeBody:
        """Return a code; ``CodeNotFound`` also when it is deleted."""
        return await self._body(await self._row(workspace_id, code_id))

    async def page(self, workspace_id: UUID, query: CodeQuery) -> Page[CodeBody]:
        """Return one page of the codes that fit, each with where it leads now."""
        after = position_in(query.cursor, query.sort)
        filters = await self._with_links(workspace_id, query.filters)
        async with self._db.begin(workspace_id) as session:
            found = await repository.page(
                session, workspace_id, filters, sort=query.sort, after=after, limit=query.limit + 1
            )
        shown = found[: query.limit]
        links = await self._links(workspace_id, [row for row, _ in shown])
        has_more = len(found) > len(shown)
        return Page(
            data=[CodeBody.of(row, links.get(row.id)) for row, _ in shown],
            next_cursor=encode_cursor(query.sort, shown[-1][1], shown[-1][0].id) if has_more else None,
            has_more=has_more,
        )

    async def count(self, workspace_id: UUID, filters: Filters, group_by: GroupBy | None) -> CodeCount:
        """Return how many codes fit, also by group."""
        filters = await self._with_links(workspace_id, filters)
        async with self._db.begin(workspace_id) as session:
            groups = await repository.count(session, workspace_id, filters, group_by)
        named = {_group_name(group_by, name): number for name, number in groups} if group_by else {}
        return CodeCount(total=sum(number for _, number in groups), groups=named)

    async def picture(self, workspace_id: UUID, code_id: UUID, file: Wanted, known_tags: Collection[str]) -> Picture:
        """Return the picture of a code, or only its tag when that is among ``known_tags``."""
        row = await self._row(workspace_id, code_id)
        subject = subject_of(row)
        file_ids = subject.design.file_ids
        tag = picture_tag(row.payload, row.name, row.design, file, await self._file_hashes(workspace_id, file_ids))
        is_known = tag in known_tags or "*" in known_tags
        content = None if is_known else await self.studio.draw(subject, file)
        return Picture(tag, content, row.name, row.version, has_files=bool(file_ids))

    @system_scope("a visitor opens an event by its address, which alone says whose it is")
    async def calendar(self, code_id: UUID) -> str:
        """Return the event of a dynamic code as iCalendar, for anybody who knows its address; ``CodeNotFound``."""
        async with self._db.system() as session:
            row = await repository.code_anywhere(session, code_id)
        content = None if row is None or row.link_id is None else kept_content(row.content)
        if row is None or not isinstance(content, EventContent):
            raise no_such_code()
        return content.calendar(encode_id("qr", row.id), row.updated_at, row.version)

    async def picture_key(self, workspace_id: UUID, code_id: UUID) -> tuple[int, str]:
        """Return the version of a code, and the key with which everybody sees its picture."""
        row = await self._row(workspace_id, code_id)
        return row.version, self._signer.sign(workspace_id.bytes, code_id.bytes)

    def require_key(self, workspace_id: UUID, code_id: UUID, key: str) -> None:
        """Raise ``CodeNotFound`` when ``key`` is not that of the code."""
        if not self._signer.is_valid(key, workspace_id.bytes, code_id.bytes):
            raise no_such_code()

    async def _with_files(self, workspace_id: UUID, design: Design) -> Design:
        """Return a design without the pictures whose files are gone."""
        if not design.file_ids:
            return design
        files = await self._media.files(workspace_id=workspace_id, file_ids=design.file_ids)
        return design.with_files({file.id for file in files})

    async def _file_hashes(self, workspace_id: UUID, file_ids: Sequence[UUID]) -> str:
        """Return what changes when the file of a picture gets another content."""
        if not file_ids:
            return ""
        found = await self._media.files(workspace_id=workspace_id, file_ids=list(dict.fromkeys(file_ids)))
        return " ".join(sorted(file.content_hash for file in found))

    async def _row(self, workspace_id: UUID, code_id: UUID) -> CodeRow:
        async with self._db.begin(workspace_id) as session:
            row = await repository.code(session, workspace_id, code_id)
        if row is None or row.deleted_at is not None:
            raise no_such_code()
        return row

    async def _link(self, row: CodeRow) -> Link | None:
        return (await self._links(row.workspace_id, [row])).get(row.id)

    async def _links(self, workspace_id: UUID, rows: Sequence[CodeRow]) -> dict[UUID, Link]:
        """Return the link of each dynamic code by the code's id."""
        wanted = {row.link_id: row.id for row in rows if row.link_id is not None}
        if not wanted:
            return {}
        found = await self._routing.links(workspace_id=workspace_id, link_ids=list(wanted))
        if len(found) < len(wanted):
            raise Internal("The address of a code is missing. Tell the operator; the log has its id.")
        return {wanted[link.id]: link for link in found}

    async def _body(self, row: CodeRow) -> CodeBody:
        return CodeBody.of(row, await self._link(row))

    async def _with_links(self, workspace_id: UUID, filters: Filters) -> Filters:
        filters = replace(filters, deleted_after=self._clock.now() - KEEP_DELETED)
        if not filters.text:
            return filters
        found = await self._routing.find(workspace_id=workspace_id, text=filters.text, limit=_MOST_LINKS)
        return replace(filters, link_ids=tuple(found))


def _group_name(group_by: GroupBy | None, name: str) -> str:
    return encode_id("folder", UUID(name)) if group_by == "folder" and name else name


def no_such_code() -> CodeNotFound:
    """Return the error for a code that is not there, or not in this workspace."""
    return CodeNotFound("There is no such code in this workspace. It may have been deleted.")


def subject_of(row: CodeRow) -> Subject:
    """Return a saved code as the studio draws it."""
    is_address = row.link_id is not None
    return Subject(
        row.payload,
        Design.model_validate(row.design),
        None if is_address else TYPES[row.content["type"]],
        row.workspace_id,
        title=row.name,
        address=row.payload if is_address else "",
    )
