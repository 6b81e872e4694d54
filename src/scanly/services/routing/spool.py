"""The spool: local files that hold every scan from before its answer until the event log has acknowledged it.

Each process owns one folder below ``SCANLY_SPOOL_DIR`` and holds a lock (``flock``) on it as long as it lives. A scan
is one frame; the scans of one turn of the event loop share one ``write`` call, and are answered after it. What was
written survives ``kill -9``. Every interval the segment is sealed: a new file takes over, the old one is synced to
the disk and handed to the shipper. A power cut loses at most what was written since the last seal. A folder whose owner
died is adopted by a living process.

A segment is an 8-byte head (magic, version, kind) and frames: length (u32, little-endian), CRC-32 of the payload (u32),
payload. A reader stops at the first frame that is not whole; what stands before it counts.

Files of a folder: ``lock``; ``NNN.raw`` frames as written at the redirect, with the visitor's address; ``NNN-….ready``
frames without it, ready for the log (see ``shipper``); ``NNN.part`` is an unfinished ``.ready``.
"""

import fcntl
import os
import struct
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from scanly.kernel.ids import new_id

MAGIC = b"SCNL"
VERSION = 1
RAW = 1
READY = 2
MAX_PAYLOAD = 1 << 20
READY_FRAMES = 1_000
"""Scans in one ready segment at most: what is appended to the log in one go while visitors are many."""

_SEGMENT_HEAD = struct.Struct("<4sBBH")
_FRAME_HEAD = struct.Struct("<II")
_pack_frame_head = _FRAME_HEAD.pack
_KINDS = {RAW: ".raw", READY: ".ready"}


def frame(payload: bytes) -> bytes:
    """Return the frame that carries ``payload``."""
    return _pack_frame_head(len(payload), crc32(payload)) + payload


def segment_head(kind: int) -> bytes:
    """Return the first bytes of a segment of ``kind`` (``RAW`` or ``READY``)."""
    return _SEGMENT_HEAD.pack(MAGIC, VERSION, kind, 0)


@dataclass(frozen=True, slots=True)
class Content:
    """What could be read of a segment. ``unread`` is the number of bytes behind the first frame that is not whole."""

    payloads: list[bytes]
    unread: int


def parse(data: bytes, kind: int) -> Content:
    """Return the payloads of a segment up to the first frame that is not whole."""
    if data[: _SEGMENT_HEAD.size] != segment_head(kind):
        return Content([], len(data))
    payloads = []
    position = _SEGMENT_HEAD.size
    while position + _FRAME_HEAD.size <= len(data):
        length, checksum = _FRAME_HEAD.unpack_from(data, position)
        start = position + _FRAME_HEAD.size
        payload = data[start : start + length]
        if not 0 < length <= MAX_PAYLOAD or len(payload) != length or crc32(payload) != checksum:
            break
        payloads.append(payload)
        position = start + length
    return Content(payloads, len(data) - position)


@dataclass(frozen=True, slots=True)
class Segment:
    """A sealed file of frames. ``kind`` is ``RAW`` or ``READY``."""

    path: Path
    kind: int

    def read(self) -> Content:
        """Return its content; ``FileNotFoundError`` when somebody else finished it."""
        return parse(self.path.read_bytes(), self.kind)

    def delete(self) -> None:
        """Forget it: its scans are acknowledged, or stand in another segment."""
        self.path.unlink(missing_ok=True)


def write_ready(raw: Path, payloads: Sequence[bytes]) -> None:
    """Write ``payloads`` into ready segments beside the raw segment they were made from, and sync them to the disk.

    The caller deletes the raw one afterwards. A crash in between leaves both; the scans' ids tell the log's reader
    that they are the same.
    """
    for start in range(0, len(payloads), READY_FRAMES):
        part = raw.with_name(f"{raw.stem}-{start:08d}.part")
        with part.open("wb") as file:
            file.write(segment_head(READY))
            file.writelines(map(frame, payloads[start : start + READY_FRAMES]))
            file.flush()
            os.fdatasync(file.fileno())
        part.rename(part.with_suffix(_KINDS[READY]))


def segments_in(folder: Path, *, skip: Path | None = None) -> list[Segment]:
    """Return the segments of a folder, oldest first, but for ``skip``."""
    found = []
    for kind, suffix in _KINDS.items():
        found += [Segment(path, kind) for path in folder.glob(f"*{suffix}") if path != skip]
    return sorted(found, key=lambda segment: segment.path.name)


class SpoolFolder:
    """One process's folder, locked by this process: its own, or one adopted from a dead process."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self._lock = lock

    def segments(self, *, skip: Path | None = None) -> list[Segment]:
        """Return what waits here, oldest first. ``skip`` is the segment that is still being written."""
        return segments_in(self.path, skip=skip)

    def remove(self) -> None:
        """Take the folder away once nothing waits in it, and let go of its lock."""
        if not self.segments():
            for leftover in [*self.path.glob("*.part"), self.path / "lock"]:
                leftover.unlink(missing_ok=True)
            with suppress(OSError):
                self.path.rmdir()
        self.release()

    def release(self) -> None:
        """Let go of the lock; another process may adopt the folder."""
        os.close(self._lock)


def create_folder(root: Path) -> SpoolFolder:
    """Make and lock a new folder below ``root``. It appears under its name only once it is locked."""
    name = str(new_id())
    hidden = root / f".{name}"
    hidden.mkdir(mode=0o700, parents=True)
    lock = os.open(hidden / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    os.write(lock, f"{os.getpid()}\n".encode())
    return SpoolFolder(hidden.rename(root / name), lock)


def adopt_folders(root: Path) -> Iterator[SpoolFolder]:
    """Lock and yield the folders below ``root`` whose process is dead."""
    for path in sorted(root.glob("[!.]*")):
        try:
            lock = os.open(path / "lock", os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Somebody may have emptied and removed the folder between our open and our lock.
            abandoned = os.path.samestat(os.fstat(lock), (path / "lock").stat())
        except OSError:
            abandoned = False
        if abandoned:
            yield SpoolFolder(path, lock)
        else:
            os.close(lock)


class Spool:
    """The writing end. ``append``, ``flush`` and ``swap`` are for the event loop's thread, the rest for others."""

    folder: SpoolFolder

    def __init__(self, root: Path) -> None:
        self._root = root
        self.recorded = 0
        """Scans that were written since the start."""
        self.lost = 0
        """Scans that could not be written since the start."""
        self.fault: str | None = None
        """Why the last scan could not be written; ``None`` while all is well."""
        self.unsynced_since: float | None = None
        """``time.monotonic`` of the oldest write that is not sealed yet."""
        self._pending: list[bytes] = []
        self._number = 0
        self._path = root
        self._fd = -1
        self._size = 0
        self.is_full = False
        """More waits for the log than may; what comes is lost until there is room. Set from outside."""

    def open(self) -> None:
        """Make this process's folder and its first segment. ``OSError`` when it can't."""
        self.folder = create_folder(self._root)
        self._path, self._fd = self.prepare()
        self._size = _SEGMENT_HEAD.size

    def append(self, payload: bytes) -> None:
        """Take one scan. It is safe once ``flush`` came back, and must not be answered before."""
        self._pending.append(_pack_frame_head(len(payload), crc32(payload)) + payload)

    def flush(self) -> None:
        """Write what was appended, with one call; afterwards no killed process can lose it any more.

        When the disk refuses, visitors are served all the same and the loss is counted in ``lost``.
        """
        pending = self._pending
        if not pending:
            return
        data = b"".join(pending)
        count = len(pending)
        pending.clear()
        if self.is_full:
            self._lose(count, "as much waits for the event log as SCANLY_SPOOL_MAX_MB allows")
            return
        try:
            written = os.write(self._fd, data)
        except OSError as error:
            self._lose(count, error.strerror or "the disk refuses to write")
            return
        if written != len(data):
            # A full disk may take half a frame, which would hide every later one from the reader.
            with suppress(OSError):
                os.ftruncate(self._fd, self._size)
            self._lose(count, "no space is left on the disk")
            return
        self._size += written
        self.recorded += count
        self.fault = None
        if self.unsynced_since is None:
            self.unsynced_since = time.monotonic()

    @property
    def writing(self) -> Path:
        """The segment that is being written."""
        return self._path

    @property
    def size(self) -> int:
        """Bytes of the segment that is being written."""
        return self._size

    @property
    def is_empty(self) -> bool:
        """Nothing was written since the last seal."""
        return self.unsynced_since is None

    def prepare(self) -> tuple[Path, int]:
        """Make the next segment's file; for a worker thread, since a disk may be slow. ``OSError`` when it can't."""
        if not (self.folder.path / "lock").exists():  # somebody removed it
            self.folder.release()
            self.folder = create_folder(self._root)
        self._number += 1
        path = self.folder.path / f"{self._number:010d}{_KINDS[RAW]}"
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            os.write(handle, segment_head(RAW))
        except OSError:
            os.close(handle)
            path.unlink()
            raise
        return path, handle

    def swap(self, following: tuple[Path, int]) -> int:
        """Go on in ``following``; return the handle of the sealed segment, for ``finish``."""
        sealed = self._fd
        self._path, self._fd = following
        self._size = _SEGMENT_HEAD.size
        self.unsynced_since = None
        return sealed

    def finish(self, handle: int) -> None:
        """Sync a sealed segment to the disk and close it; for a worker thread.

        What was written to a file that somebody removed meanwhile is still there and gets a file again.
        """
        try:
            status = os.fstat(handle)
            if status.st_nlink == 0:
                self._number += 1
                part = self.folder.path / f"{self._number:010d}.part"
                part.write_bytes(os.pread(handle, status.st_size, 0))
                part.rename(part.with_suffix(_KINDS[RAW]))
            else:
                os.fdatasync(handle)
        finally:
            os.close(handle)

    def close(self) -> None:
        """Sync what was written and let the folder go: empty it disappears, else a living process adopts it."""
        self.flush()
        self.finish(self._fd)
        self._fd = -1
        if self.is_empty:
            self._path.unlink(missing_ok=True)
        self.folder.remove()

    def _lose(self, count: int, reason: str) -> None:
        self.lost += count
        self.fault = reason
