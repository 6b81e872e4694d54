"""Temporary folders that the unprivileged account of the database can reach, which pytest's own cannot be as root."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MEMORY = Path("/dev/shm")
_ROOM = 2 << 30  # bytes; containers often have 64 MiB there


@contextmanager
def reachable_folder(*, in_memory: bool = True) -> Iterator[Path]:
    """A new folder with a short path, removed afterwards; in memory where there is room, which is ten times faster."""
    in_memory = in_memory and _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM
    folder = Path(tempfile.mkdtemp(prefix="scanlytest-", dir=_MEMORY if in_memory else None))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
