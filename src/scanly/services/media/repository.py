"""Every query of media. Functions take the session of the use case's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, String, delete, func, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.kernel.search import searchable
from scanly.services.media.domain import Kind, Sort
from scanly.services.media.models import FileRow, UploadRow, UseRow

_SORT_COLUMNS: dict[str, ColumnElement[Any]] = {
    "created_at": FileRow.created_at.expression,
    "name": func.lower(FileRow.name, type_=String),
}
_LOCK = text("select pg_advisory_xact_lock(hashtextextended('media quota ' || cast(:workspace as text), 0))")


class Room(NamedTuple):
    """Bytes of a workspace's files."""

    used: int
    deleted: int
    """Of files that can still be brought back; these do not count as used."""


async def file(session: AsyncSession, workspace_id: UUID, file_id: UUID, *, lock: bool = False) -> FileRow | None:
    """Return a file, deleted ones too; ``lock`` keeps others from changing it until the end of the transaction."""
    query = select(FileRow).where(FileRow.workspace_id == workspace_id, FileRow.id == file_id)
    return await session.scalar(query.with_for_update() if lock else query)


async def files(session: AsyncSession, workspace_id: UUID, file_ids: Sequence[UUID]) -> Sequence[FileRow]:
    query = select(FileRow).where(
        FileRow.workspace_id == workspace_id, FileRow.id.in_(file_ids), FileRow.deleted_at.is_(None)
    )
    return (await session.scalars(query)).all()


async def file_anywhere(session: AsyncSession, file_id: UUID) -> FileRow | None:
    """Return a file of whatever workspace, unless it is deleted; for the system role."""
    return await session.scalar(select(FileRow).where(FileRow.id == file_id, FileRow.deleted_at.is_(None)))


async def page(
    session: AsyncSession,
    workspace_id: UUID,
    *,
    search: str,
    kind: Kind | None,
    deleted: bool,
    sort: Sort,
    after: tuple[Any, UUID] | None,
    limit: int,
) -> Sequence[tuple[FileRow, Any]]:
    """Return up to ``limit`` files behind the position ``after``, each with the value it is sorted by."""
    column = _SORT_COLUMNS[sort.removeprefix("-")]
    state = FileRow.deleted_at.is_not(None) if deleted else FileRow.deleted_at.is_(None)
    query = select(FileRow, column).where(FileRow.workspace_id == workspace_id, state)
    if search:
        query = query.where(FileRow.search.contains(searchable(search), autoescape=True))
    if kind is not None:
        is_pdf = FileRow.media_type == "application/pdf"
        query = query.where(is_pdf if kind == "pdf" else ~is_pdf)
    position = tuple_(column, FileRow.id)
    if sort.startswith("-"):
        query = query.order_by(column.desc(), FileRow.id.desc())
        query = query if after is None else query.where(position < tuple_(*after))
    else:
        query = query.order_by(column, FileRow.id)
        query = query if after is None else query.where(position > tuple_(*after))
    return [(row, value) for row, value in (await session.execute(query.limit(limit))).all()]


async def room(session: AsyncSession, workspace_id: UUID, *, lock: bool = False) -> Room:
    """Return how much a workspace has; ``lock`` lets nobody else of it add anything until the transaction ends."""
    if lock:
        await session.execute(_LOCK, {"workspace": str(workspace_id)})
    total = func.sum(FileRow.size)
    living = FileRow.deleted_at.is_(None)
    query = select(total.filter(living), total.filter(~living)).where(FileRow.workspace_id == workspace_id)
    used, deleted = (await session.execute(query)).one()
    return Room(int(used or 0), int(deleted or 0))


async def uses(session: AsyncSession, workspace_id: UUID, file_ids: Iterable[UUID]) -> Sequence[UseRow]:
    """Return what uses these files, by name."""
    query = select(UseRow).where(UseRow.workspace_id == workspace_id, UseRow.file_id.in_(list(file_ids)))
    return (await session.scalars(query.order_by(UseRow.name, UseRow.user_id))).all()


async def set_uses(
    session: AsyncSession, workspace_id: UUID, file_ids: Iterable[UUID], *, kind: str, user_id: UUID, name: str
) -> None:
    """Make these files, and no others, be used by one thing."""
    mine = (UseRow.workspace_id == workspace_id, UseRow.kind == kind, UseRow.user_id == user_id)
    wanted = set(file_ids)
    await session.execute(delete(UseRow).where(*mine, UseRow.file_id.not_in(wanted)))
    if wanted:
        rows = [
            {"workspace_id": workspace_id, "kind": kind, "user_id": user_id, "file_id": file_id, "name": name}
            for file_id in sorted(wanted)
        ]
        adding = insert(UseRow).values(rows)
        key = ("kind", "user_id", "file_id")
        await session.execute(adding.on_conflict_do_update(index_elements=key, set_={"name": adding.excluded.name}))


async def upload(session: AsyncSession, workspace_id: UUID, upload_id: UUID, *, lock: bool = False) -> UploadRow | None:
    query = select(UploadRow).where(UploadRow.workspace_id == workspace_id, UploadRow.id == upload_id)
    return await session.scalar(query.with_for_update() if lock else query)


async def purge(session: AsyncSession, deleted_before: datetime, now: datetime) -> int:
    """Remove for good files deleted before a moment, and uploads that are over; return the number of files."""
    await session.execute(delete(UploadRow).where(UploadRow.expires_at < now))
    gone = await session.scalars(delete(FileRow).where(FileRow.deleted_at < deleted_before).returning(FileRow.id))
    return len(gone.all())


async def object_ids(session: AsyncSession, file_ids: Iterable[UUID]) -> Mapping[UUID, UUID]:
    """Return the present object of those of ``file_ids`` that exist, in whatever workspace."""
    query = select(FileRow.id, FileRow.object_id).where(FileRow.id.in_(list(file_ids)))
    return {row.id: row.object_id for row in await session.execute(query)}
