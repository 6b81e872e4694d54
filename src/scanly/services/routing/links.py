"""A link in three forms: as the database has it, compiled for the redirect, and packed for Redis and the snapshot."""

import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

import msgspec

from scanly.kernel.http.door import RESERVED_WORDS
from scanly.services.routing.domain import Conditions, to_uri
from scanly.services.routing.hits import Target, encode_target

MAIN_DOMAIN: Final = ""
"""The installation's own host: nameless, so that addresses survive when it gets another name."""

FORM: Final = 3
"""Counts up when packed links get another form; those of another form are passed over."""

STAMP_BYTES: Final = 16

_ENTRY_BYTES = 630
"""What a compiled link takes besides its texts, with its key and its place in a dictionary; a test measures it."""
_STATUS_LINES = {code: f"HTTP/1.1 {code} {HTTPStatus(code).phrase}\r\n".encode() for code in (301, 302, 303, 307, 308)}
_REDIRECT_HEADERS = b"\r\ncache-control: private, no-store\r\ncontent-length: 0\r\n"
_URI = re.compile(r"https?://[a-z0-9.:-]+(?:/[\w!$&'()*+,;=:@/~.-]*)?", re.ASCII)
"""Addresses that are ready for a header as they are: nearly all."""
_PLAIN = Conditions()


class LinkFacts(msgspec.Struct, frozen=True):
    """A link with its address and its workspace, as the database has it."""

    domain: str
    slug: str
    slug_key: str
    link_id: UUID
    workspace_id: UUID
    code_id: UUID | None
    destination: str
    status_code: int
    is_removed: bool
    is_paused: bool
    starts_at: datetime | None
    expires_at: datetime | None
    shop: str
    time_zone: str
    typed_links: str | None
    """As JSON; see ``contracts.routing.Link``."""
    elements: str | None
    stamp: bytes
    """See ``make_stamp``."""


class _Packed(msgspec.Struct, frozen=True, array_like=True, gc=False):
    target: msgspec.Raw
    slug_key: str
    destination: str
    location: bytes
    """Empty where it is the destination in UTF-8."""
    status_code: int
    is_removed: bool
    is_paused: bool
    starts_at: int | None
    expires_at: int | None
    shop: str
    typed_links: str | None
    elements: str | None


class CompiledLink(msgspec.Struct, gc=False, eq=False):
    """A link with everything made ready that does not depend on the visitor.

    ``gc=False``: the collector need not look through a million of them, and there are no circles.
    """

    packed: bytes
    target: msgspec.Raw
    """Part of a hit's record; a view into ``packed``."""
    location: bytes
    status_code: int
    conditions: Conditions
    is_plain: bool
    """Every visitor is redirected at any time, to the same place."""
    is_resolver: bool
    """It has typed links: what is asked for decides."""

    @property
    def stamp(self) -> bytes:
        """Changes whenever anything of the link changes; see ``make_stamp``."""
        return self.packed[:STAMP_BYTES]

    @property
    def row(self) -> LinkFacts:
        """What it was compiled from. Unpacked anew each time: for rare pages."""
        found = _decode(memoryview(self.packed)[STAMP_BYTES:])
        target = _decode_target(found.target)
        return LinkFacts(
            domain=target.domain,
            slug=target.slug,
            slug_key=found.slug_key,
            link_id=target.link_id,
            workspace_id=target.workspace_id,
            code_id=target.code_id,
            destination=found.destination,
            status_code=found.status_code,
            is_removed=found.is_removed,
            is_paused=found.is_paused,
            starts_at=_moment(found.starts_at),
            expires_at=_moment(found.expires_at),
            stamp=self.stamp,
            shop=found.shop,
            time_zone=target.time_zone,
            typed_links=found.typed_links,
            elements=found.elements,
        )

    @property
    def key(self) -> str:
        """The key of its address."""
        found = _decode(memoryview(self.packed)[STAMP_BYTES:])
        return address_key(_decode_target(found.target).domain, found.slug_key)

    @property
    def cost(self) -> int:
        """Bytes of memory that it takes."""
        return _ENTRY_BYTES + len(self.packed) + len(self.location)

    @property
    def head(self) -> bytes:
        """Status line and headers of the redirect as HTTP/1.1 sends them, without the blank line."""
        return b"%blocation: %b%b" % (_STATUS_LINES[self.status_code], self.location, _REDIRECT_HEADERS)

    @property
    def start(self) -> dict[str, Any]:
        """The same as ASGI's message."""
        return self.start_to(self.location)

    def start_to(self, location: bytes, *others: tuple[bytes, bytes]) -> dict[str, Any]:
        """Return ASGI's message of a redirect to another place, with other headers."""
        headers = [(b"location", location), (b"cache-control", b"private, no-store"), (b"content-length", b"0")]
        return {"type": "http.response.start", "status": self.status_code, "headers": [*headers, *others]}


def address_key(domain: str, slug_key: str) -> str:
    """Return the key of an address: on the main domain the path as most visitors send it, ``/menu``."""
    return f"{domain}/{slug_key}"


def make_stamp(address_changed: int, workspace_changed: int) -> bytes:
    """Return the stamp of a link: when it and its workspace changed last, each in microseconds since 1970.

    Each of the two only ever grows. So one stamp is newer than another when neither half is older; of two that are
    each newer in one half, both are outdated.
    """
    return address_changed.to_bytes(8) + workspace_changed.to_bytes(8)


def location_of(destination: str) -> bytes:
    """Return a destination as a header needs it."""
    return (destination if _URI.fullmatch(destination) else to_uri(destination)).encode()


def compile_link(row: LinkFacts) -> CompiledLink:
    """Make a link ready."""
    location = location_of(row.destination) if row.destination else b"/"
    packed = _Packed(
        target=msgspec.Raw(
            encode_target(
                Target(row.workspace_id, row.link_id, row.code_id, row.domain, row.slug, row.time_zone),
            )
        ),
        slug_key=row.slug_key,
        destination=row.destination,
        location=b"" if location == row.destination.encode() else location,
        status_code=row.status_code,
        is_removed=row.is_removed,
        is_paused=row.is_paused,
        starts_at=_milliseconds(row.starts_at),
        expires_at=_milliseconds(row.expires_at),
        shop=row.shop,
        typed_links=row.typed_links,
        elements=row.elements,
    )
    return unpack(row.stamp + _encode(packed))


def unpack(packed: bytes) -> CompiledLink:
    """Return the link of which ``packed`` is the packed form; ``ValueError`` when it is none."""
    found = _decode(memoryview(packed)[STAMP_BYTES:])
    conditions, is_plain = _PLAIN, True
    if found.is_removed or found.is_paused or found.starts_at is not None or found.expires_at is not None:
        conditions = Conditions(found.is_removed, found.is_paused, found.starts_at, found.expires_at)
        is_plain = False
    if found.status_code not in _STATUS_LINES:
        raise ValueError("no status of a redirect")
    return CompiledLink(
        packed=packed,
        target=found.target,
        location=found.location or found.destination.encode(),
        status_code=found.status_code,
        conditions=conditions,
        # A word that was reserved after somebody had claimed it belongs to the application.
        is_plain=is_plain and found.typed_links is None and found.slug_key.partition("/")[0] not in RESERVED_WORDS,
        is_resolver=found.typed_links is not None,
    )


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Packed).decode
_decode_target = msgspec.msgpack.Decoder(Target).decode


def _milliseconds(moment: datetime | None) -> int | None:
    return None if moment is None else round(moment.timestamp() * 1000)


def _moment(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
