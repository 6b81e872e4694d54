"""Takes bytes in: to a folder of their own, through inspection in another process, and from there to the store."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from scanly.contracts.media import FileRefused, FileTooLarge
from scanly.kernel.cpu import CpuPool
from scanly.kernel.errors import FieldFault
from scanly.services.media.domain import size_words
from scanly.services.media.inspection import Inspected, Limits, Refused, inspect
from scanly.services.media.settings import MediaSettings


class Intake:
    """Judges what comes in. Holds a piece at a time in memory, whatever the size of a file."""

    def __init__(self, cpu: CpuPool, settings: MediaSettings) -> None:
        self._cpu = cpu
        self._limits = Limits(settings.file_megapixels * 1_000_000, settings.file_pages)
        self.largest = settings.file_mb * 1_000_000
        self.quota = settings.file_quota_mb * 1_000_000

    def check_size(self, size: int, pointer: str) -> None:
        """Raise ``FileTooLarge`` for a file that is too large."""
        if size > self.largest:
            words = f"This file has {size_words(size)}; {size_words(self.largest)} are possible. Make it smaller."
            raise FileTooLarge(words, errors=[FieldFault(pointer, "too_large", words)])

    @asynccontextmanager
    async def inspected(self, pieces: AsyncIterator[bytes], pointer: str) -> AsyncIterator[Inspected]:
        """Yield what ``pieces`` are, with their safe form in a file for as long as this context is open.

        ``FileRefused`` with a stable word and what to do; ``FileTooLarge``.
        """
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="scanly-media-"))
        try:
            source = folder / "source"
            await self._collect(pieces, source, pointer)
            try:
                found = await self._cpu.run(inspect, source, folder / "safe", self._limits)
            except Refused as refused:
                fault = FieldFault(pointer, refused.code, refused.words)
                raise FileRefused(refused.words, errors=[fault]) from refused
            self.check_size(found.size, pointer)
            yield found
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def _collect(self, pieces: AsyncIterator[bytes], path: Path, pointer: str) -> None:
        size = 0
        file = await asyncio.to_thread(path.open, "wb")
        try:
            async for piece in pieces:
                size += len(piece)
                self.check_size(size, pointer)
                await asyncio.to_thread(file.write, piece)
        finally:
            await asyncio.to_thread(file.close)
