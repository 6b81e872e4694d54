"""Lists in pages: ``{data, next_cursor, has_more}`` with opaque cursors."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel

from scanly.kernel.errors import FieldFault, Invalid

T = TypeVar("T")

Limit = Annotated[int, Query(ge=1, le=100, description="How many to return at most")]


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    data: list[T]
    next_cursor: str | None = None
    has_more: bool = False


def encode_cursor(*position: Any) -> str:  # noqa: ANN401 - whatever JSON can hold
    """Return an opaque cursor for the sort values of the last item of a page."""
    return urlsafe_b64encode(json.dumps(position, default=str).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, length: int) -> list[Any]:
    """Return the ``length`` values in a cursor; ``Invalid`` when it is not one of ours."""
    try:
        values = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if isinstance(values, list) and len(values) == length:
            return values
    except (ValueError, RecursionError):
        pass
    fault = FieldFault("?cursor", "invalid_cursor", "Take next_cursor from the page before, unchanged.")
    raise Invalid("The cursor is not one that this list gave out.", errors=[fault])


def position_in(cursor: str | None, sort: str) -> tuple[str | datetime, UUID] | None:
    """Return where a list sorted by ``sort``, a name or a time, goes on: that value and the id of the last item.

    Such a cursor is made of the sort, the value and the id; ``Invalid`` when it belongs to a list in another order.
    """
    if not cursor:
        return None
    made_for, value, identifier = decode_cursor(cursor, 3)
    try:
        if made_for == sort:
            by_name = sort.endswith("name")
            return str(value) if by_name else datetime.fromisoformat(value).astimezone(UTC), UUID(identifier)
    except (ValueError, TypeError, AttributeError, OverflowError):
        pass
    words = "The cursor belongs to a list in another order. Start again without it."
    raise Invalid(words, errors=[FieldFault("?cursor", "invalid_cursor", words)])
