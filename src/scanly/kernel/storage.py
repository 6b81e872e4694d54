"""Files by key: a local folder now, S3 or Cloudflare R2 behind the same methods.

Keys are relative paths of plain segments, such as ``media/0192…/w640.avif``; a key never leaves its store.
"""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from scanly.kernel.errors import NotFound, Unavailable
from scanly.kernel.startup import StartupError

if TYPE_CHECKING:
    from obstore import GetOptions
    from obstore.store import ObjectStore

_SEGMENT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
_LONGEST = 512
_CHUNK = 256 * 1024
_PATIENCE = {"max_retries": 3, "retry_timeout": timedelta(seconds=8)}
"""The library's own is three minutes, for which nobody waits."""


class StoredFile(NamedTuple):
    """What a listing tells of a file."""

    key: str
    size: int
    """In bytes."""
    modified_at: datetime


class Storage(Protocol):
    """Keeps bytes under keys. ``ValueError`` for a malformed key, ``Unavailable`` when the store does not answer."""

    async def put(self, key: str, content: bytes) -> None:
        """Store ``content`` whole or not at all, in place of what was there."""
        ...

    async def put_file(self, key: str, path: Path) -> None:
        """Store what the local file ``path`` holds, as ``put`` does, without holding it in memory."""
        ...

    async def get(self, key: str) -> bytes:
        """Return the whole file; ``NotFound`` if there is none."""
        ...

    def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Yield the bytes from ``start`` to before ``end`` in pieces of about 256 KiB; ``NotFound`` if there is none.

        ``start`` lies within the file, unless the file is empty.
        """
        ...

    async def delete(self, key: str) -> None:
        """Remove the file; fine if there is none."""
        ...

    def list(self, prefix: str = "") -> AsyncIterator[StoredFile]:
        """Yield the files below the folder ``prefix``, in no promised order."""
        ...


def storage(url: str | None, data_dir: Path) -> Storage:
    """Return the store at ``url`` (``file:///…``, ``s3://bucket/prefix``), by default ``files`` in the data folder.

    Credentials of S3 come from the environment, as its own tools read them. ``StartupError`` for a wrong address.
    """
    from obstore.exceptions import BaseError  # noqa: PLC0415 - loaded when a store is built, not by every import
    from obstore.store import LocalStore, from_url  # noqa: PLC0415

    if url is None or url.startswith("file://"):
        folder = data_dir / "files" if url is None else Path(url.removeprefix("file://"))
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise StartupError(f"The folder for files {folder} cannot be made: {error.strerror}.") from error
        return ObjectStorage(LocalStore(folder.resolve()))
    try:
        # A store in memory knows no patience; of all others people wait for the answer.
        patience: Any = {} if url.startswith("memory:") else {"retry_config": _PATIENCE}
        return ObjectStorage(from_url(url, **patience))
    except (BaseError, ValueError) as error:
        reason = str(error).splitlines()[0].rstrip(".")  # the library's debug output follows
        raise StartupError(
            f"SCANLY_STORAGE_URL is not an address of a store ({reason}). Write it as file:///folder or s3://bucket/prefix."
        ) from error


class ObjectStorage:
    """``Storage`` over any store that obstore speaks to."""

    def __init__(self, store: "ObjectStore") -> None:
        self._store = store

    async def put(self, key: str, content: bytes) -> None:
        with _plain_errors(key):
            await self._store.put_async(checked_key(key), content)

    async def put_file(self, key: str, path: Path) -> None:
        with _plain_errors(key):
            await self._store.put_async(checked_key(key), path)

    async def get(self, key: str) -> bytes:
        with _plain_errors(key):
            return bytes(await (await self._store.get_async(checked_key(key))).bytes_async())

    async def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        options: GetOptions = {}
        if end is not None:
            options["range"] = (start, end)
        elif start:
            options["range"] = {"offset": start}
        with _plain_errors(key):
            found = await self._store.get_async(checked_key(key), options=options)
            async for chunk in found.stream(min_chunk_size=_CHUNK):
                yield bytes(chunk)

    async def delete(self, key: str) -> None:
        try:
            with _plain_errors(key):
                await self._store.delete_async(checked_key(key))
        except NotFound:
            return

    async def list(self, prefix: str = "") -> AsyncIterator[StoredFile]:
        with _plain_errors(prefix):
            async for batch in self._store.list(prefix=checked_key(prefix) if prefix else None):
                for item in batch:
                    yield StoredFile(item["path"], item["size"], item["last_modified"])


@contextmanager
def _plain_errors(key: str) -> Iterator[None]:
    from obstore.exceptions import BaseError, NotFoundError  # noqa: PLC0415

    try:
        yield
    except (FileNotFoundError, NotFoundError) as error:
        raise NotFound(f"There is no file {key}.") from error
    except (BaseError, OSError) as error:
        raise Unavailable("The store of files does not answer; try again in a moment.", retry_after=5) from error


def checked_key(key: str) -> str:
    """Return ``key`` if it is a relative path of plain segments; ``ValueError`` otherwise."""
    if len(key) > _LONGEST or not all(_SEGMENT.fullmatch(part) for part in key.split("/")):
        raise ValueError(f"{key[:80]!r} cannot be the key of a file: use letters, digits, . _ - and single slashes")
    return key
