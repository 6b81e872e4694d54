"""How much room an installation takes, and where."""

import asyncio
import shutil
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import text

from scanly.kernel.cache import TtlCache
from scanly.kernel.config import Settings
from scanly.kernel.db import Database
from scanly.kernel.storage import Storage

_REMEMBERED = 60.0
_FILES_SECONDS = 5.0
"""Counting files of a large store takes longer than anybody waits: then the answer is what was counted until then."""


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes. ``files_whole`` is False when there are more files than could be counted in time."""

    scans: int
    database: int
    """All of the database, the scans included."""
    files: int
    files_whole: bool
    files_at: str
    """``local`` for a folder of this machine, else the address of the store without credentials."""
    disk_used: int
    disk_size: int
    """Of the disk that holds the data folder."""


class StorageSurvey:
    """Measures, at most once a minute."""

    def __init__(self, settings: Settings, database: Database, storage: Storage) -> None:
        self._settings = settings
        self._database = database
        self._storage = storage
        self._known: TtlCache[str, Room] = TtlCache(size=1, ttl=_REMEMBERED)

    async def room(self) -> Room:
        """Return what is used; ``Unavailable`` when database or store do not answer."""
        return await self._known.load("room", self._measure)

    async def _measure(self) -> Room:
        async with self._database.connect() as connection:
            sizes = (await connection.execute(_SIZES)).one()
        files, whole = await self._count_files()
        disk = await asyncio.to_thread(shutil.disk_usage, self._settings.data_dir)
        return Room(
            scans=sizes.scans,
            database=sizes.whole,
            files=files,
            files_whole=whole,
            files_at=_place(self._settings.storage_url),
            disk_used=disk.used,
            disk_size=disk.total,
        )

    async def _count_files(self) -> tuple[int, bool]:
        size = 0
        try:
            async with asyncio.timeout(_FILES_SECONDS):
                async for file in self._storage.list():
                    size += file.size
        except TimeoutError:
            return size, False
        return size, True


def _place(url: str | None) -> str:
    if url is None or url.startswith("file://"):
        return "local"
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"


# What analytics keeps and what waits to be counted; a partition is a table of its own.
_SIZES = text(
    "select cast(pg_database_size(current_database()) as bigint) as whole, cast(coalesce(sum(pg_total_relation_size("
    "c.oid)), 0) as bigint) as scans from pg_class c join pg_namespace n on n.oid = c.relnamespace "
    "where c.relkind = 'r' and (n.nspname = 'analytics' or n.nspname = 'scanly' and c.relname like 'stream%')"
)
