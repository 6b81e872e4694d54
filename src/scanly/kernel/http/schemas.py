"""Base of request models and the two kinds of text people type."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


class ApiModel(BaseModel):
    """A request body: unknown fields are faults, so that a typing error never passes in silence."""

    model_config = ConfigDict(extra="forbid")


# Overrides and isolates of the writing direction (UAX #9 §2): in a name they only serve to deceive.
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_UNSEEN = frozenset({"Cf", "Mn", "Me", "Zs"})
"""Categories of characters that show nothing by themselves: formatting, marks without a letter, spaces."""


def _line(value: str) -> str:
    bad = next((c for c in value if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c in _DIRECTIONS), None)
    if bad is not None:
        raise ValueError(f"remove the invisible character U+{ord(bad):04X}; this is one line of plain text")
    return unicodedata.normalize("NFC", value).strip()


def _label(line: str) -> str:
    if line and all(unicodedata.category(c) in _UNSEEN for c in line):
        raise ValueError("write something that can be seen; this has invisible characters only")
    return line


def _text(value: str) -> str:
    bad = next((c for c in value if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\r\t"), None)
    if bad is not None:
        raise ValueError(f"remove the invisible character U+{ord(bad):04X}")
    return unicodedata.normalize("NFC", value)


Line = Annotated[str, AfterValidator(_line)]
"""One line in any script, NFC, without control and direction characters, trimmed."""

Label = Annotated[Line, AfterValidator(_label)]
"""A line by which people know a thing: not made of characters that show nothing."""

Text = Annotated[str, AfterValidator(_text)]
"""Several lines in any script, NFC, without control characters."""
