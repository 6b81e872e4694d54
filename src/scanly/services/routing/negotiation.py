"""What a visitor's headers accept (RFC 9110 §12.4.2 and §12.5)."""

import re
from collections.abc import Mapping
from typing import Final

_MOST: Final = 1_024
_WEIGHT: Final = re.compile(r"q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


def weights(header: bytes) -> Mapping[str, float]:
    """Return the languages or media types that a header accepts, in lower case, with their weights from 0 to 1."""
    found: dict[str, float] = {}
    for entry in header[:_MOST].decode("latin-1").lower().split(","):
        name, *parameters = (part.strip() for part in entry.split(";"))
        given = [parameter for parameter in parameters if parameter.startswith("q")]
        weight = _WEIGHT.fullmatch(given[0]) if given else None
        if name:
            found.setdefault(name, 1.0 if not given else float(weight[1]) if weight else 0.0)
    return found
