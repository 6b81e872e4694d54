"""Rules about files that need no database: names, keys, ranges, sizes in words."""

import re
import unicodedata
from datetime import timedelta
from typing import Final, Literal, NamedTuple
from urllib.parse import quote
from uuid import UUID

from scanly.kernel.ids import encode_id

PART_SIZE: Final = 1_048_576
"""Bytes of an upload that are sent at once: what a slow phone gets through in half a minute."""
UPLOAD_LIFETIME: Final = timedelta(hours=24)
KEEP_DELETED: Final = timedelta(days=30)
"""For so long a deleted file can be brought back."""
ONCE_MB: Final = 8
"""Size up to which a file is taken in one request; larger ones go in parts."""

WIDTHS: Final = (160, 320, 640, 960, 1280, 1920)
"""Widths in which pictures are kept ready. Other widths are rounded up, so that nobody can ask for thousands."""

EXTENSIONS: Final = {
    "application/pdf": "pdf",
    "image/avif": "avif",
    "image/gif": "gif",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/svg+xml": "svg",
    "image/webp": "webp",
}
_NAME_LENGTH = 200

Sort = Literal["-created_at", "created_at", "name", "-name"]
Kind = Literal["picture", "pdf"]
Format = Literal["png", "jpeg", "webp", "avif"]


class ByteRange(NamedTuple):
    """Bytes from ``start`` to before ``end``."""

    start: int
    end: int


class UnsatisfiableRange(ValueError):
    """A range that begins behind the end."""


_RANGE = re.compile(r"bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.IGNORECASE)


def byte_range(header: str, size: int) -> ByteRange | None:
    """Return what of ``size`` bytes is asked for (RFC 9110 §14.2), or ``None`` for everything.

    Several ranges at once, other units and nonsense get everything, as the standard allows. ``UnsatisfiableRange``.
    """
    found = _RANGE.fullmatch(header.strip())
    if found is None or found[1] == found[2] == "":
        return None
    if found[1] == "":
        length = int(found[2])
        if length == 0 or size == 0:
            raise UnsatisfiableRange
        return ByteRange(max(0, size - length), size)
    start = int(found[1])
    last = int(found[2]) if found[2] else size - 1
    if last < start and found[2]:
        return None
    if start >= size:
        raise UnsatisfiableRange
    return ByteRange(start, min(last, size - 1) + 1)


def file_name(given: str | None, media_type: str) -> str:
    """Return a file's name as people see it: without folders and invisible signs, with the ending of its content."""
    text = unicodedata.normalize("NFC", given or "").replace("\\", "/").rpartition("/")[2]
    text = "".join(sign for sign in text if unicodedata.category(sign)[0] != "C" or sign == "\u200d")
    text = " ".join(text.split()).strip(". ")
    stem, dot, ending = text.rpartition(".")
    right = EXTENSIONS[media_type]
    if dot and stem and ending.lower() in {*EXTENSIONS.values(), "jpeg", "jpe"}:
        text = stem
        right = ending.lower() if media_type == "image/jpeg" and ending.lower() in ("jpeg", "jpe") else right
    return f"{text[: _NAME_LENGTH - len(right) - 1] or 'file'}.{right}"


def public_address(base: str, file_id: UUID, name: str) -> str:
    """Return where anybody opens a file. Its id is all that counts in it; the name is for people."""
    return f"{base}/f/{encode_id('file', file_id)}/{quote(name, safe='')}"


def disposition(name: str, *, download: bool) -> str:
    """Return the header Content-Disposition (RFC 6266): shown at once under its name, or offered for saving."""
    plain = re.sub(r'[^\x20-\x7e]|["\\%;]', "_", name)
    return f"{'attachment' if download else 'inline'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def object_key(workspace_id: UUID, file_id: UUID, object_id: UUID, variant: str = "original") -> str:
    """Return the key of a content in the store, or of a picture made of it. Its bytes never change."""
    return f"media/{workspace_id.hex}/{file_id.hex}/{object_id.hex}/{variant}"


def object_owner(key: str) -> tuple[UUID, UUID] | None:
    """Return file and object of a key in the store, or ``None`` for a key of another kind."""
    parts = key.split("/")
    try:
        return (UUID(parts[2]), UUID(parts[3])) if len(parts) == 5 and parts[0] == "media" else None
    except ValueError:
        return None


def part_key(upload_id: UUID, part_id: UUID) -> str:
    """Return the key of a part of an upload."""
    return f"media-uploads/{upload_id.hex}/{part_id.hex}"


def nearest_width(width: int) -> int:
    """Return the width in which a picture is kept ready for ``width``."""
    return next((each for each in WIDTHS if each >= width), WIDTHS[-1])


def size_words(size: int) -> str:
    """Return a size as people say it."""
    for unit, factor in (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000)):
        if size >= factor:
            return f"{size / factor:,.1f}".removesuffix(".0") + f" {unit}"
    return f"{size} bytes"
