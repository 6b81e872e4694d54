"""PostgreSQL's binary form of ``COPY``: each field is its length and its bytes, big-endian.

Source: PostgreSQL's manual, "COPY", section "Binary Format". Only what hits are made of: text, uuid, boolean, bytes;
times and days are counted from the year 2000.
"""

from struct import Struct
from typing import Final
from uuid import UUID

SIGNATURE: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER: Final = b"\xff\xff"
DAYS_TO_2000: Final = 10_957
"""From 1970, where days of hits are counted from."""

_NULL: Final = b"\xff\xff\xff\xff"
_LENGTH: Final = Struct(">i")


def field(value: str | bytes | bool | UUID | None) -> bytes:
    """Return a field as ``COPY`` takes it; ``UnicodeEncodeError`` for half of a surrogate pair."""
    if value is None:
        return _NULL
    if isinstance(value, bool):
        data = b"\x01" if value else b"\x00"
    elif isinstance(value, UUID):
        data = value.bytes
    else:
        data = value.encode() if isinstance(value, str) else value
    return _LENGTH.pack(len(data)) + data
