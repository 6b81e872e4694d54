"""Lines of vCard and iCalendar: escaped and folded alike (RFC 2426, RFC 6350, RFC 5545)."""

_FOLD_AT = 75
"""Octets of a line (RFC 5545 §3.1, RFC 6350 §3.2)."""


def escaped(text: str) -> str:
    """Return a text value with what has a meaning of its own behind a backslash."""
    protected = text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return protected.replace("\r\n", "\\n").replace("\r", "\\n").replace("\n", "\\n")


def folded(lines: list[str]) -> str:
    """Return the lines with CRLF after each, folded at 75 octets, never inside a character."""
    return "".join(f"{_fold(line)}\r\n" for line in lines)


def _fold(line: str) -> str:
    parts: list[str] = []
    current, room = "", _FOLD_AT
    for character in line:
        size = len(character.encode())
        if size > room:
            parts.append(current)
            current, room = "", _FOLD_AT - 1  # the blank that starts a continued line counts
        current += character
        room -= size
    return "\r\n ".join([*parts, current])
