"""Finding files, and reading what is in them."""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from scanly.contracts.media import File, FileBytes, FileNotFound, Media
from scanly.kernel.cache import SingleFlight
from scanly.kernel.clock import Clock
from scanly.kernel.cpu import CpuPool
from scanly.kernel.db import ServiceDatabase, system_scope
from scanly.kernel.errors import FieldFault, Invalid, NotFound
from scanly.kernel.http import Page, encode_cursor, position_in
from scanly.kernel.signing import AddressSigner
from scanly.kernel.storage import Storage
from scanly.services.media import repository
from scanly.services.media.domain import Format, Kind, Sort, nearest_width, object_key, public_address
from scanly.services.media.inspection.renditions import render_width
from scanly.services.media.intake import Intake
from scanly.services.media.models import FileRow, UseRow
from scanly.services.media.schemas import FileBody, RoomBody

_OF_PIXELS = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"})


@dataclass(frozen=True, slots=True)
class FileQuery:
    """A list of files as somebody asks for it."""

    text: str = ""
    kind: Kind | None = None
    deleted: bool = False
    sort: Sort = "-created_at"
    cursor: str | None = None
    limit: int = 25


@dataclass(frozen=True, slots=True)
class Content:
    """What is sent of a file: it, or a picture made of it. The same ``tag`` means the same bytes."""

    tag: str
    content_hash: str
    """Of the file, also when this is a picture made of it."""
    media_type: str
    name: str
    size: int
    read: Callable[[int, int], AsyncIterator[bytes]]
    """Yields the bytes from the first to before the second number."""


class Reading(Media):
    """What does not change anything that people see."""

    def __init__(
        self,
        db: ServiceDatabase,
        storage: Storage,
        *,
        cpu: CpuPool,
        clock: Clock,
        intake: Intake,
        signer: AddressSigner,
        public_address: str,
    ) -> None:
        self._db = db
        self._storage = storage
        self._cpu = cpu
        self._clock = clock
        self._intake = intake
        self._signer = signer
        self._base = public_address
        self._drawing: SingleFlight[str, bytes] = SingleFlight()

    async def files(self, *, workspace_id: UUID, file_ids: Sequence[UUID]) -> list[File]:
        async with self._db.begin(workspace_id) as session:
            rows = await repository.files(session, workspace_id, file_ids)
        return [
            File(
                id=row.id,
                name=row.name,
                media_type=row.media_type,
                size=row.size,
                width=row.width,
                height=row.height,
                pages=row.pages,
                content_hash=row.content_hash,
                url=public_address(self._base, row.id, row.name),
            )
            for row in rows
        ]

    async def read(self, *, workspace_id: UUID, file_id: UUID, width: int | None = None) -> FileBytes:
        row = await self._row(workspace_id, file_id)
        if width is None or row.media_type not in _OF_PIXELS or (row.width or 0) <= width:
            return FileBytes(media_type=row.media_type, data=await self._storage.get(_original(row)))
        return FileBytes(media_type="image/png", data=await self._rendition(row, nearest_width(width), "png"))

    async def get(self, workspace_id: UUID, file_id: UUID) -> FileBody:
        """Return a file with its uses; deleted ones too, as long as they can be brought back."""
        row = await self._row(workspace_id, file_id, deleted=True)
        return await self._body(row)

    async def page(self, workspace_id: UUID, query: FileQuery) -> Page[FileBody]:
        """Return one page of the files that fit."""
        after = position_in(query.cursor, query.sort)
        async with self._db.begin(workspace_id) as session:
            found = await repository.page(
                session,
                workspace_id,
                search=query.text,
                kind=query.kind,
                deleted=query.deleted,
                sort=query.sort,
                after=after,
                limit=query.limit + 1,
            )
            shown = found[: query.limit]
            uses = await repository.uses(session, workspace_id, [row.id for row, _ in shown])
        by_file: defaultdict[UUID, list[UseRow]] = defaultdict(list)
        for use in uses:
            by_file[use.file_id].append(use)
        has_more = len(found) > len(shown)
        return Page(
            data=[FileBody.of(row, by_file[row.id], self._base) for row, _ in shown],
            next_cursor=encode_cursor(query.sort, shown[-1][1], shown[-1][0].id) if has_more else None,
            has_more=has_more,
        )

    async def room(self, workspace_id: UUID) -> RoomBody:
        """Return how much room there is and how much of it is taken."""
        async with self._db.begin(workspace_id) as session:
            room = await repository.room(session, workspace_id)
        return RoomBody(
            used=room.used, deleted=room.deleted, quota=self._intake.quota, largest_file=self._intake.largest
        )

    async def content(self, workspace_id: UUID, file_id: UUID, width: int | None, form: Format | None) -> Content:
        """Return what is in a file, or a picture of it of about this width; ``FileNotFound``, ``Invalid``."""
        return await self._content(await self._row(workspace_id, file_id), width, form)

    @system_scope("a visitor opens a file by its address, which alone says whose it is")
    async def public(self, file_id: UUID, width: int | None, form: Format | None) -> Content:
        """Return the same for anybody who knows the address; ``FileNotFound`` also when it is deleted."""
        async with self._db.system() as session:
            row = await repository.file_anywhere(session, file_id)
        if row is None:
            raise no_such_file()
        return await self._content(row, width, form)

    async def _content(self, row: FileRow, width: int | None, form: Format | None) -> Content:
        changes_width = width is not None and row.media_type != "image/svg+xml"  # a drawing fits any width
        if form is None and not changes_width:
            key = _original(row)
            return Content(
                tag=row.content_hash[:32],
                content_hash=row.content_hash,
                media_type=row.media_type,
                name=row.name,
                size=row.size,
                read=lambda start, end: self._storage.stream(key, start, end),
            )
        if row.media_type not in _OF_PIXELS:
            words = "Only pictures made of pixels come in other widths and formats. Leave out w and format."
            raise Invalid(words, errors=[FieldFault("?format" if form else "?w", "not_a_picture", words)])
        steps = nearest_width(width or row.width or 1)
        kind: Format = form or _same_format(row.media_type)
        drawn = await self._rendition(row, steps, kind)

        async def read(start: int, end: int) -> AsyncIterator[bytes]:
            yield drawn[start:end]

        stem = row.name.rpartition(".")[0]
        return Content(
            tag=f"{row.content_hash[:32]}-{steps}-{kind}",
            content_hash=row.content_hash,
            media_type=f"image/{kind}",
            name=f"{stem}.{'jpg' if kind == 'jpeg' else kind}",
            size=len(drawn),
            read=read,
        )

    async def _rendition(self, row: FileRow, width: int, form: Format) -> bytes:
        """Return a picture of a picture, from the store when it was made before."""
        key = object_key(row.workspace_id, row.id, row.object_id, f"w{width}.{form}")

        async def draw() -> bytes:
            try:
                return await self._storage.get(key)
            except NotFound:
                drawn = await self._cpu.run(render_width, await self._storage.get(_original(row)), width, form)
                await self._storage.put(key, drawn)
                return drawn

        return await self._drawing.run(key, draw)

    async def _row(self, workspace_id: UUID, file_id: UUID, *, deleted: bool = False) -> FileRow:
        async with self._db.begin(workspace_id) as session:
            row = await repository.file(session, workspace_id, file_id)
        if row is None or (row.deleted_at is not None and not deleted):
            raise no_such_file()
        return row

    async def _body(self, row: FileRow) -> FileBody:
        async with self._db.begin(row.workspace_id) as session:
            uses = await repository.uses(session, row.workspace_id, [row.id])
        return FileBody.of(row, uses, self._base)


def no_such_file() -> FileNotFound:
    """Return the error for a file that is not there, or not in this workspace."""
    return FileNotFound("There is no such file in this workspace. It may have been deleted.")


def _original(row: FileRow) -> str:
    return object_key(row.workspace_id, row.id, row.object_id)


def _same_format(media_type: str) -> Format:
    formats: dict[str, Format] = {"image/jpeg": "jpeg", "image/webp": "webp", "image/avif": "avif"}
    return formats.get(media_type, "png")
