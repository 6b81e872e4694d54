"""What lies in a spool, for people: folders, their segments, and the scans in them without visitors' addresses."""

import fcntl
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from scanly.contracts.routing import decode_scan
from scanly.services.routing.hits import decode_hit, decode_ready, scan_id
from scanly.services.routing.spool import RAW, Segment, segments_in


@dataclass(frozen=True)
class SegmentReport:
    """One file. ``scans`` are its whole frames, ``damaged_bytes`` what stands behind them."""

    file: str
    kind: str
    bytes: int
    age_seconds: float
    scans: int
    damaged_bytes: int


@dataclass(frozen=True)
class FolderReport:
    """One process's folder. ``owner`` is its process id while that lives; without one a living process adopts it."""

    folder: str
    owner: int | None
    segments: list[SegmentReport]


def inspect(root: Path) -> list[FolderReport]:
    """Return what lies below ``root``; segments that are shipped while we look are left out."""
    return [
        FolderReport(
            folder.name, _owner(folder), [report for segment in segments_in(folder) for report in _read(segment)]
        )
        for folder in _folders(root)
    ]


def scans(root: Path) -> Iterator[dict[str, Any]]:
    """Yield the scans below ``root``, oldest segment first, without the visitor's address and headers that hold it."""
    for folder in _folders(root):
        for segment in segments_in(folder):
            try:
                payloads = segment.read().payloads
            except FileNotFoundError:
                continue
            for payload in payloads:
                yield {"segment": segment.path.name, **_scan(payload, segment.kind)}


def _folders(root: Path) -> list[Path]:
    return sorted(path for path in root.glob("[!.]*") if path.is_dir())


def _owner(folder: Path) -> int | None:
    try:
        lock = os.open(folder / "lock", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return int(os.pread(lock, 32, 0) or b"0")
    else:
        return None
    finally:
        os.close(lock)


def _read(segment: Segment) -> list[SegmentReport]:
    try:
        status, content = segment.path.stat(), segment.read()
    except FileNotFoundError:
        return []
    kind = "raw" if segment.kind == RAW else "ready"
    age = max(0.0, time.time() - status.st_mtime)
    return [
        SegmentReport(segment.path.name, kind, status.st_size, round(age, 1), len(content.payloads), content.unread)
    ]


def _scan(payload: bytes, kind: int) -> dict[str, Any]:
    try:
        if kind == RAW:
            hit = decode_hit(payload)
            target = hit.target
            return {
                "id": str(scan_id(hit)),
                "time": datetime.fromtimestamp(hit.time_ns / 1e9, tz=UTC).isoformat(timespec="milliseconds"),
                "outcome": hit.outcome,
                "method": hit.method,
                "domain": target.domain,
                "slug": target.slug,
                "query": hit.query.decode("latin-1"),
                "user_agent": hit.by_name().get(b"user-agent", b"").decode("latin-1"),
            }
        document: dict[str, Any] = msgspec.to_builtins(decode_scan(decode_ready(payload).record))
    except msgspec.DecodeError as error:
        return {"unreadable": str(error), "bytes": len(payload)}
    else:
        return document
