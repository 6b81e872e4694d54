"""A hit on its way from the redirect to the log: as it is spooled, and how it becomes the contract's ``Scan``.

The redirect writes down bytes as they came and judges nothing; cleaning and look-ups happen here, in the shipper.
"""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from urllib.parse import parse_qsl
from uuid import UUID

import msgspec

from scanly.contracts.routing import Scan

MAX_VALUE = 1024
"""Characters kept of a header's value, as the contract promises."""
MAX_SPOOLED = 8192
"""Bytes of one hit in the spool; headers of a larger one are cut before it is written."""

_MAX_KEPT = 16
_PURPOSES = (b"sec-purpose", b"purpose", b"x-purpose", b"x-moz")
"""Where browsers say that they prefetch or preview: the present header, then its older forms."""
KEPT_HEADERS = frozenset({b"user-agent", b"accept-language", b"referer", b"x-forwarded-for", *_PURPOSES})
"""The only headers that are written down."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id")
_MAX_UTM = 256
_MAX_QUERY_FIELDS = 50


class Target(msgspec.Struct, frozen=True, array_like=True):
    """What a hit was on. Encoded once per compiled link and copied into each of its hits."""

    workspace_id: UUID
    link_id: UUID
    code_id: UUID | None
    domain: str
    slug: str
    time_zone: str


class Hit(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One hit as the spool holds it, read back. ``peer`` and the header ``x-forwarded-for`` have an address."""

    time_ns: int
    noise: int
    """64 random bits; time and noise make the scan's id."""
    encoded_target: msgspec.Raw
    outcome: str
    method: str
    peer: str
    query: bytes
    headers: list[tuple[bytes, bytes]]
    """Those named in ``KEPT_HEADERS``, as sent."""

    @property
    def target(self) -> Target:
        """What the hit was on."""
        return _decode_target(bytes(self.encoded_target))

    def by_name(self) -> dict[bytes, bytes]:
        """Return the headers by name, all values of a repeated one with commas between."""
        found = dict(self.headers)
        if len(found) != len(self.headers):
            found = {name: b",".join(value for key, value in self.headers if key == name) for name in found}
        return found


_target_decoder = msgspec.msgpack.Decoder(Target)
# As many targets as a busy process hits between two turns of its shipper; a few MB.
_decode_target = lru_cache(16_384)(_target_decoder.decode)

encode_target = msgspec.msgpack.Encoder(uuid_format="bytes").encode
"""Return a target's encoded form, which the redirect wraps in ``msgspec.Raw``."""

encode_hit = msgspec.msgpack.Encoder().encode
"""Encode a tuple with the fields of ``Hit``, ``target`` as ``msgspec.Raw``. A tuple is made faster than a struct."""

_decoder = msgspec.msgpack.Decoder(Hit)


def decode_hit(payload: bytes) -> Hit:
    """Return the hit; ``msgspec.DecodeError`` when it is not one."""
    return _decoder.decode(payload)


def cut_headers(headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return as much of oversized headers as may be kept: the end of an address list, the beginning of others."""
    return [
        (name, value[-MAX_VALUE:] if name == b"x-forwarded-for" else value[:MAX_VALUE])
        for name, value in headers[:_MAX_KEPT]
    ]


def clean(value: bytes, limit: int = MAX_VALUE) -> str:
    """Return a header's value as text without control and direction characters, cut to ``limit`` characters."""
    return _CONTROL.sub(" ", value.decode("utf-8", "replace"))[:limit].strip()


_clean_common = lru_cache(512)(clean)
"""For values that many visitors share."""
_iso = lru_cache(64)(date.isoformat)


@lru_cache(512)
def utm_fields(query: bytes) -> dict[str, str]:
    """Return the ``utm_*`` fields of a query string, for reading only; empty when it is no query."""
    try:
        fields = parse_qsl(query, max_num_fields=_MAX_QUERY_FIELDS)
    except ValueError:
        return {}
    named = ((clean(name, _MAX_UTM), clean(value, _MAX_UTM)) for name, value in fields)
    return {name: value for name, value in named if name in _UTM and value}


def scan_id(hit: Hit) -> UUID:
    """Return the UUIDv7 (RFC 9562 §5.7) of a hit; the same each time the hit is read."""
    milliseconds = hit.time_ns // 1_000_000
    return UUID(int=milliseconds << 80 | 0x7 << 76 | (hit.noise >> 62) << 64 | 0x2 << 62 | hit.noise & (1 << 62) - 1)


def _purpose(headers: dict[bytes, bytes]) -> str:
    for name in _PURPOSES:
        if name in headers:
            return clean(headers[name])
    return ""


class Surroundings(msgspec.Struct, frozen=True, gc=False):
    """What was made from a visitor's address before it was dropped. Empty strings mean unknown."""

    network: str = ""
    place_known: bool = False
    country: str = ""
    region: str = ""
    city: str = ""


def to_scan(  # noqa: PLR0917 - what a hit is made of, in order
    hit: Hit, target: Target, headers: dict[bytes, bytes], around: Surroundings, visitor: bytes, day: date
) -> Scan:
    """Return the record for the log; it has no address. ``target`` and ``headers`` are the hit's, decoded once.

    ``visitor`` is empty when the address was unusable.
    """
    value = headers.get
    return Scan(
        id=scan_id(hit),
        workspace_id=target.workspace_id,
        link_id=target.link_id,
        source="scan" if target.code_id else "click",
        outcome=hit.outcome,
        method=hit.method,
        code_id=target.code_id,
        domain=target.domain,
        slug=target.slug,
        user_agent=_clean_common(value(b"user-agent", b"")),
        accept_language=_clean_common(value(b"accept-language", b"")),
        referrer=_clean_common(value(b"referer", b"")),
        purpose=_purpose(headers),
        visitor=visitor,
        day=_iso(day) if visitor else "",
        network=around.network,
        place_known=around.place_known,
        country=around.country,
        region=around.region,
        city=around.city,
        utm=utm_fields(hit.query) if b"utm_" in hit.query else {},
    )


class Shippable(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A scan that waits for the log without its address: the key it is ordered by, and the contract's record."""

    key: str
    record: bytes


_ready_encoder = msgspec.msgpack.Encoder()
_ready_decoder = msgspec.msgpack.Decoder(Shippable)


def encode_ready(scans: Sequence[Shippable]) -> list[bytes]:
    """Return the payloads of a ready segment."""
    return [_ready_encoder.encode(scan) for scan in scans]


def decode_ready(payload: bytes) -> Shippable:
    """Return the scan of one payload; ``msgspec.DecodeError`` when it is not one."""
    return _ready_decoder.decode(payload)
