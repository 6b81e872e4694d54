"""The links that visitors asked for last, in a file beside the spool: a restarted process need not ask for all anew.

Written whole and moved into place every minute and at the end; passed over when it is damaged, of another form, of
another installation or too old. What was read is compared with the database before it counts.
"""

import asyncio
import hashlib
import os
import struct
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from scanly.kernel.telemetry import get_logger
from scanly.services.routing.links import FORM, CompiledLink
from scanly.services.routing.read_model import ReadModel

FILE_NAME: Final = ".links.snapshot"
"""With a dot: the folders of the spool beside it have none."""
MOST_LINKS: Final = 100_000
SAVE_SECONDS: Final = 60.0

_MAGIC = b"scanly links\n"
_HEAD = struct.Struct(">13sI16sdI")
"""Magic, form, installation, time of the last comparison with the database (seconds since 1970), number of links."""
_LENGTH = struct.Struct(">I")
_DIGEST_BYTES = 32
_CLOCK_SLACK = 60.0

log = get_logger(__name__)


class Unusable(Exception):
    """The file says nothing that may be used; the text says why."""


class Snapshot:
    """Fills a read model at the start of a process and saves it from time to time."""

    def __init__(self, folder: Path, installation: bytes, links: ReadModel, *, max_age: float) -> None:
        self._path = folder / FILE_NAME
        self._installation = hashlib.blake2b(installation, digest_size=16).digest()
        self._links = links
        self._max_age = max_age
        self._saved = -1

    async def run(self) -> None:
        """Fill the read model, then save it whenever a minute has passed and something was loaded, until cancelled."""
        await self.load()
        while True:
            await asyncio.sleep(SAVE_SECONDS)
            await self.save()

    async def load(self) -> None:
        """Fill the read model from the file, if there is one that may be used."""
        try:
            age, packed = await asyncio.to_thread(self._read)
        except FileNotFoundError:
            return
        except (Unusable, OSError) as reason:
            log.info("link_snapshot_passed_over", reason=str(reason))
            return
        try:
            kept = await self._links.warm(packed, age)
        except ValueError as error:
            log.warning("link_snapshot_not_understood", reason=str(error))
            return
        log.info("link_snapshot_loaded", links=len(packed), kept=kept, age_seconds=round(age))

    async def save(self) -> None:
        """Write the file, unless nothing was loaded since the last time."""
        if self._links.memory.puts == self._saved or not self._links.memory:
            return
        puts = self._links.memory.puts
        links = self._links.memory.newest(MOST_LINKS)
        try:
            await asyncio.to_thread(self._write, links, time.time() - self._links.age)
        except OSError as error:
            log.warning("link_snapshot_not_written", reason=str(error))
        else:
            self._saved = puts

    def _write(self, links: Sequence[CompiledLink], checked_at: float) -> None:
        part = self._path.with_suffix(f".{os.getpid()}.part")
        try:
            part.touch(mode=0o600)
            with part.open("wb") as file:
                digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
                for piece in _pieces(_HEAD.pack(_MAGIC, FORM, self._installation, checked_at, len(links)), links):
                    file.write(piece)
                    digest.update(piece)
                file.write(digest.digest())
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path)
        finally:
            part.unlink(missing_ok=True)

    def _read(self) -> tuple[float, list[bytes]]:
        """Return the age in seconds and the packed links, those that were used last first; ``Unusable``."""
        content = self._path.read_bytes()
        body = memoryview(content)[:-_DIGEST_BYTES]
        if len(body) < _HEAD.size or hashlib.blake2b(body, digest_size=_DIGEST_BYTES).digest() != content[len(body) :]:
            raise Unusable("it is damaged")
        magic, form, installation, checked_at, count = _HEAD.unpack_from(body)
        if magic != _MAGIC or form != FORM:
            raise Unusable("it was written by another version")
        if installation != self._installation:
            raise Unusable("it belongs to another installation")
        age = time.time() - checked_at
        if not -_CLOCK_SLACK < age < self._max_age:
            raise Unusable("it is too old")
        return max(age, 0.0), list(_links(body, count))


def _pieces(head: bytes, links: Sequence[CompiledLink]) -> Iterator[bytes]:
    yield head
    for start in range(0, len(links), 1_000):
        yield b"".join(_LENGTH.pack(len(link.packed)) + link.packed for link in links[start : start + 1_000])


def _links(body: memoryview, count: int) -> Iterable[bytes]:
    position = _HEAD.size
    for _ in range(count):
        (length,) = _LENGTH.unpack_from(body, position)
        position += _LENGTH.size
        yield bytes(body[position : position + length])
        position += length
