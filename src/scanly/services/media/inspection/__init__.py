"""Judges a file by its content, whatever its name says, and makes it safe. Runs in the processes of ``kernel.cpu``.

Parsers are imported when they are needed, so that the service itself, which imports this module, stays small.
"""

import hashlib
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

_SECONDS = 40.0
"""For one file. The slowest of what is taken, an AVIF of 50 million pixels, takes about half of it."""


class Limits(NamedTuple):
    """What is taken at most."""

    pixels: int
    pages: int


class Found(NamedTuple):
    """What a parser says about a file."""

    media_type: str
    width: int | None = None
    height: int | None = None
    pages: int | None = None


class Inspected(NamedTuple):
    """A file that is taken, as it will be kept."""

    found: Found
    size: int
    """In bytes."""
    content_hash: str
    path: Path
    """The source itself, or its safe form."""


class Refused(Exception):
    """A file that is not taken: a stable word, and what to do in plain words. Travels between processes by its args."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(code, words)
        self.code = code
        self.words = words


def inspect(source: Path, target: Path, limits: Limits) -> Inspected:
    """Judge ``source`` and write its safe form to ``target`` where that differs; ``Refused`` says why not."""
    with source.open("rb") as file:
        head = file.read(4096)
    kind = _kind(head)
    try:
        with _within(_SECONDS):
            found = _examine(kind, source, target, limits)
    except Refused:
        raise
    except _TooSlow as error:
        words = "This file takes too long to read. Save it anew in a simpler form, then upload that."
        raise Refused("file_too_slow", words) from error
    except MemoryError as error:
        raise Refused("file_too_many_pixels", "This file needs too much memory. Make it smaller.") from error
    except Exception as error:  # whatever a parser makes of hostile bytes means the same
        words = "This file is damaged or incomplete. Save or send it again, then upload that."
        raise Refused("file_broken", words) from error
    path = target if target.exists() else source
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Inspected(found, path.stat().st_size, digest, path)


def _examine(kind: str, source: Path, target: Path, limits: Limits) -> Found:
    if kind == "picture":
        from scanly.services.media.inspection.pictures import clean_picture  # noqa: PLC0415

        return clean_picture(source, target, limits.pixels)
    if kind == "drawing":
        from scanly.services.media.inspection.drawings import clean_drawing  # noqa: PLC0415

        width, height = clean_drawing(source, target, limits.pixels)
        return Found("image/svg+xml", width, height)
    from scanly.services.media.inspection.documents import count_pages  # noqa: PLC0415

    return Found("application/pdf", pages=count_pages(source, limits.pages))


def _kind(head: bytes) -> str:
    if not head:
        raise Refused("file_empty", "This file is empty. Choose it again, or save it anew first.")
    if head.startswith(b"%PDF-"):
        return "document"
    brand = head[8:12] if head[4:8] == b"ftyp" else b""
    if head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")) or brand in (b"avif", b"avis"):
        return "picture"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "picture"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith((b"<?xml", b"<!--", b"<!DOCTYPE svg", b"<svg")) and b"<svg" in head:
        return "drawing"
    raise _unknown(head, brand)


def _unknown(head: bytes, brand: bytes) -> Refused:
    if brand in (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"):
        words = "This photo is a HEIC, which many phones cannot open. Share or export it as JPEG, then upload that."
        return Refused("file_heic", words)
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        words = "Documents and archives cannot be opened by every phone. Save yours as PDF, then upload that."
        return Refused("file_office", words)
    if brand or head.startswith((b"\x1aE\xdf\xa3", b"ID3", b"OggS")):
        return Refused("file_video", "Video and sound cannot be uploaded here. Upload a picture or a PDF.")
    if head.startswith(b"\x1f\x8b"):
        return Refused("file_unknown", "This file is compressed. Unpack it, then upload what is in it.")
    words = "Scanly takes pictures (PNG, JPEG, WebP, GIF, AVIF, SVG) and PDF. What this file holds is none of these."
    return Refused("file_unknown", words)


class _TooSlow(Exception):
    """Raised by the alarm."""


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Interrupt what takes longer. Needs the main thread, in which the pool's processes work."""

    def ring(_number: int, _frame: object) -> None:
        raise _TooSlow

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
