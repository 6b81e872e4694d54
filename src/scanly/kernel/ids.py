"""Identifiers: UUIDv7 inside, a prefix and 26 characters of lower-case Crockford base32 outside.

A UUIDv7 (RFC 9562 §5.7) carries its time in milliseconds in the first 48 bits, so keys sort by creation. Ids are made
in Python, since PostgreSQL before 18 has no ``uuidv7()``. Crockford's base32 leaves out I, L, O and U.
"""

import os
import threading
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_LENGTH = 26

_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """Return a UUIDv7 that is greater than every one this process made before, also when the clock steps back."""
    return new_id_at(time.time_ns() // 1_000_000)


def new_id_at(milliseconds: int) -> UUID:
    """Return a UUIDv7 for a time in milliseconds since 1970; monotonic within a process by counting in 12 bits."""
    global _last  # noqa: PLW0603 - one counter per process is the point
    with _lock:
        stamp = max(milliseconds << 12 | int.from_bytes(os.urandom(2), "big") & 0x3FF, _last + 1)
        _last = stamp
    head = (stamp >> 12) << 16 | 0x7000 | stamp & 0xFFF
    tail = 0x8000_0000_0000_0000 | int.from_bytes(os.urandom(8), "big") & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=head << 64 | tail)


def id_time(identifier: UUID) -> datetime:
    """Return the UTC time, exact to the millisecond, that a UUIDv7 carries."""
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, tz=UTC)


def encode_id(prefix: str, identifier: UUID) -> str:
    """Return ``identifier`` as people and programs see it: ``qr_`` and 26 characters."""
    value = identifier.int
    characters = [ALPHABET[value >> shift & 31] for shift in range(125, -1, -5)]
    return f"{prefix}_{''.join(characters)}"


def decode_id(prefix: str, text: str) -> UUID:
    """Return the UUID behind ``prefix_…``; ``ValueError`` says what is wrong with ``text``."""
    head, _, body = text.partition("_")
    if head != prefix or len(body) != _LENGTH:
        raise ValueError(f"an id of this kind looks like {prefix}_ followed by {_LENGTH} characters")
    value = 0
    for character in body:
        digit = _VALUES.get(character)
        if digit is None:
            raise ValueError(f"{character!r} cannot stand in an id")
        value = value << 5 | digit
    if value >> 128:
        raise ValueError("the id is out of range")
    return UUID(int=value)


class PublicId:
    """Pydantic annotation: a UUID that is read and written with a prefix, as ``Annotated[UUID, PublicId("qr")]``."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        def parse(value: object) -> UUID:
            if isinstance(value, UUID):
                return value
            if not isinstance(value, str):
                raise ValueError("an id is a text")  # noqa: TRY004 - pydantic makes a fault of ValueError only
            return decode_id(self.prefix, value)

        return core_schema.no_info_plain_validator_function(
            parse,
            json_schema_input_schema=core_schema.str_schema(),
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda value: encode_id(self.prefix, value),
                return_schema=core_schema.str_schema(),
                when_used="json",
            ),
        )

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        pattern = f"^{self.prefix}_[{ALPHABET}]{{{_LENGTH}}}$"
        return {"type": "string", "pattern": pattern, "examples": [encode_id(self.prefix, UUID(int=7 << 76))]}
