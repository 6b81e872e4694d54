"""A ZIP that is sent while it is made, and names of files that every system takes."""

import re
import unicodedata
from collections.abc import Mapping
from string import Formatter
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from scanly.kernel.errors import FieldFault, Invalid

FIELDS = ("name", "slug", "external_id", "folder", "number", "id")
"""What a pattern of file names can hold."""
DEFAULT_PATTERN = "{name}"

_MOST_BYTES = 180
"""Of one name: file systems take 255 bytes, of which the extension and a number need some."""
_MOST_DEPTH = 4
# What Windows refuses in a name, and what deceives or breaks a line.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]')
_DEVICES = re.compile(r"(?i:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)")
_JOINS = " -_."
"""What stands between the fields of a name, and goes with a field that is empty."""
_PACKED = frozenset({"png", "jpg", "jpeg", "webp"})
_MOMENT = (1980, 1, 1, 0, 0, 0)
"""The earliest time a ZIP knows: the same codes give the same archive."""


def checked_pattern(pattern: str) -> str:
    """Return a pattern of file names; ``Invalid`` at ``?name`` says which fields there are."""
    words = f"Write a pattern such as {{name}}-{{slug}}; it can hold {', '.join(f'{{{field}}}' for field in FIELDS)}."
    fault = Invalid(words, errors=[FieldFault("?name", "pattern_invalid", words)])
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError as error:
        raise fault from error
    for _, field, form, conversion in parts:
        if field is not None and (field not in FIELDS or form or conversion):
            raise fault
    if not any(field for _, field, _, _ in parts) or pattern.count("/") >= _MOST_DEPTH:
        raise fault
    return pattern


class Names:
    """Gives files names by a pattern: safe on every system, in any script, each one once."""

    def __init__(self, pattern: str) -> None:
        self._pattern = checked_pattern(pattern)
        self._given: dict[str, int] = {}

    def name(self, fields: Mapping[str, str]) -> str:
        """Return the path of the next file, without its extension."""
        given = {key: value.replace("/", "-") for key, value in fields.items()}
        whole = (_segment(_filled(segment, given)) for segment in self._pattern.split("/"))
        path = "/".join(segment for segment in whole if segment) or fields["id"]
        return self._unused(path)

    def _unused(self, path: str) -> str:
        wanted = path
        while (key := _key(wanted)) in self._given:
            self._given[_key(path)] += 1
            wanted = f"{path} ({self._given[_key(path)]})"
        self._given[key] = 1
        return wanted


def _key(path: str) -> str:
    # Systems that do not tell case or composed from decomposed letters apart would overwrite one with the other.
    return unicodedata.normalize("NFKC", path).casefold()


def _filled(segment: str, fields: Mapping[str, str]) -> str:
    """Return a segment of a pattern with its fields; an empty one takes along what would have joined it."""
    text, lacks = "", False
    for literal, field, _, _ in Formatter().parse(segment):
        join = literal.lstrip(_JOINS) if lacks and not text else literal
        value = "" if field is None else fields[field]
        if field is not None and not value:
            join, lacks = join.rstrip(_JOINS), True
        text += join + value
    return text


def _segment(text: str) -> str:
    clean = _FORBIDDEN.sub("-", unicodedata.normalize("NFC", text)).strip(" .")
    cut = clean.encode()[:_MOST_BYTES].decode(errors="ignore").rstrip(" .")
    return f"_{cut}" if _DEVICES.match(cut) else cut


class _Sink:
    """Takes what ``ZipFile`` writes until somebody fetches it. It has no ``seek``, so sizes follow the content."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._chunks.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """There is nothing to wait for."""

    def fetch(self) -> bytes:
        chunks, self._chunks = self._chunks, []
        return b"".join(chunks)


class Archive:
    """Makes a ZIP piece by piece; only its table of contents stays in memory."""

    def __init__(self) -> None:
        self._sink = _Sink()
        self._zip = ZipFile(self._sink, "w")  # type: ignore[call-overload]

    def add(self, path: str, content: bytes) -> bytes:
        """Add a file and return what of the archive is finished."""
        info = ZipInfo(path, _MOMENT)
        info.external_attr = 0o644 << 16
        info.compress_type = ZIP_STORED if path.rpartition(".")[2] in _PACKED else ZIP_DEFLATED
        self._zip.writestr(info, content)
        return self._sink.fetch()

    def end(self) -> bytes:
        """Return the rest."""
        self._zip.close()
        return self._sink.fetch()
