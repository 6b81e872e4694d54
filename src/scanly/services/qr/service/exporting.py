"""Many codes as files: their pictures in a ZIP, or the list of them as a sheet. Both are sent while they are made."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from scanly.contracts.routing import Link
from scanly.kernel.errors import FieldFault, Invalid, Unavailable
from scanly.kernel.ids import encode_id
from scanly.services.qr import repository
from scanly.services.qr.domain import CodeStatus, Filters
from scanly.services.qr.many.archive import Archive, Names
from scanly.services.qr.models import CodeRow
from scanly.services.qr.rendering.output import INKED, Format, ImageSize, Wanted
from scanly.services.qr.rendering.page import PLAIN, Ink
from scanly.services.qr.schemas import CodeBody
from scanly.services.qr.service.bulk import BulkChanges
from scanly.services.qr.service.reading import subject_of
from scanly.services.qr.studio import Studio

MOST_EXPORTED = 50_000

_PAGE = 200
_LARGE = 600
"""Pixels from which a picture takes some milliseconds."""
_PATIENCE = 60
"""Seconds for which a batch waits when others draw a lot."""
COLUMNS = (
    "id",
    "external_id",
    "name",
    "kind",
    "type",
    "status",
    "holds",
    "short_url",
    "destination",
    "folder",
    "tags",
    "created_at",
    "updated_at",
)


@dataclass(frozen=True, slots=True)
class PictureWish:
    """Which pictures a ZIP holds and how they are called."""

    formats: tuple[Format, ...]
    size: ImageSize
    ink: Ink
    """For those of the formats that have inks; ``Invalid`` when none has."""
    pattern: str

    def __post_init__(self) -> None:
        if INKED.isdisjoint(self.formats):
            Wanted(self.formats[0], self.size, self.ink)

    def files(self) -> list[Wanted]:
        """Return what is drawn of each code."""
        return [Wanted(form, self.size, self.ink if form in INKED else PLAIN) for form in self.formats]


class Exporting(BulkChanges):
    """Use cases that give many codes away as files."""

    async def exported(self, workspace_id: UUID, filters: Filters) -> Filters:
        """Return filters for an export of what they find; ``Invalid`` when that is nothing or too much."""
        if filters.ids is not None:
            filters = filters.with_statuses(set(CodeStatus) - {CodeStatus.DELETED})
        filters = await self._with_links(workspace_id, filters)
        async with self._db.begin(workspace_id) as session:
            ((_, number),) = await repository.count(session, workspace_id, filters, None)
        if number == 0:
            words = "No code fits, so there is nothing to export. Choose other codes or other filters."
            raise Invalid(words, errors=[FieldFault("?", "nothing_chosen", words)])
        if number > MOST_EXPORTED:
            words = f"{number:,} codes fit; one export has {MOST_EXPORTED:,} at most. Narrow it down."
            raise Invalid(words, errors=[FieldFault("?", "too_many", words)])
        return filters

    async def pictures(self, workspace_id: UUID, filters: Filters, wish: PictureWish) -> AsyncIterator[bytes]:
        """Return a ZIP with a picture of each code in each format; faults come before its first byte."""
        names = Names(wish.pattern)
        filters = await self.exported(workspace_id, filters)
        folders = await self._folder_names(workspace_id)
        return self._archive(workspace_id, filters, wish, names, folders)

    async def _archive(
        self, workspace_id: UUID, filters: Filters, wish: PictureWish, names: Names, folders: dict[UUID, str]
    ) -> AsyncIterator[bytes]:
        archive, number, studio = Archive(), 0, self.studio.for_many()
        batch = 4 if wish.size.pixels >= _LARGE and wish.formats != ("svg",) else 16
        async for rows, links in self._rows(workspace_id, filters):
            for start in range(0, len(rows), batch):
                part = rows[start : start + batch]
                paths = []
                for row in part:
                    number += 1
                    paths.append(names.name(_fields(row, links.get(row.id), folders, number)))
                for file in wish.files():
                    for path, picture in zip(paths, await _draw(studio, part, file), strict=True):
                        yield archive.add(f"{path}.{file.form}", picture)
        yield archive.end()

    async def sheet(self, workspace_id: UUID, filters: Filters) -> AsyncIterator[Sequence[Sequence[str]]]:
        """Return the list of codes, header first, in pages of rows; faults come before the first one."""
        filters = await self.exported(workspace_id, filters)
        folders = await self._folder_names(workspace_id)
        return self._sheet(workspace_id, filters, folders)

    async def _sheet(
        self, workspace_id: UUID, filters: Filters, folders: dict[UUID, str]
    ) -> AsyncIterator[Sequence[Sequence[str]]]:
        yield [COLUMNS]
        async for rows, links in self._rows(workspace_id, filters):
            yield [_cells(CodeBody.of(row, links.get(row.id)), folders) for row in rows]

    async def _rows(
        self, workspace_id: UUID, filters: Filters
    ) -> AsyncIterator[tuple[Sequence[CodeRow], dict[UUID, Link]]]:
        after = None
        while True:
            async with self._db.begin(workspace_id) as session:
                found = await repository.page(
                    session, workspace_id, filters, sort="created_at", after=after, limit=_PAGE
                )
            if not found:
                return
            rows = [row for row, _ in found]
            yield rows, await self._links(workspace_id, rows)
            after = found[-1][1], found[-1][0].id

    async def _folder_names(self, workspace_id: UUID) -> dict[UUID, str]:
        async with self._db.begin(workspace_id) as session:
            return {row.id: row.name for row, _ in await repository.folders(session, workspace_id)}


async def _draw(studio: Studio, rows: Sequence[CodeRow], file: Wanted) -> list[bytes]:
    """Draw a batch; when others draw a lot, wait for a turn rather than break off a file that is half sent."""
    subjects = [subject_of(row) for row in rows]
    for _ in range(_PATIENCE):
        try:
            return await studio.draw_all(subjects, file)
        except Unavailable:
            await asyncio.sleep(1)
    return await studio.draw_all(subjects, file)


def _fields(row: CodeRow, link: Link | None, folders: dict[UUID, str], number: int) -> dict[str, str]:
    return {
        "name": row.name,
        "slug": link.slug if link else "",
        "external_id": row.external_id or "",
        "folder": folders.get(row.folder_id, "") if row.folder_id else "",
        "number": f"{number:05d}",
        "id": encode_id("qr", row.id),
    }


def _cells(code: CodeBody, folders: dict[UUID, str]) -> list[str]:
    return [
        encode_id("qr", code.id),
        code.external_id or "",
        code.name,
        code.kind.value,
        str(code.content.model_dump(include={"type"})["type"]),
        code.status.value,
        code.content.summary(),
        code.link.short_url if code.link else "",
        code.link.destination if code.link else "",
        folders.get(code.folder_id, "") if code.folder_id else "",
        ", ".join(code.tags),
        code.created_at.isoformat(),
        code.updated_at.isoformat(),
    ]
