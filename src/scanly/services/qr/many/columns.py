"""What the columns of a sheet hold: guessed from their names and contents, in English and Hindi."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict

from scanly.contracts.qr import CodeKind
from scanly.services.qr.content import TYPES
from scanly.services.qr.design import Design
from scanly.services.qr.many.sheets import as_meant
from scanly.services.qr.words import Words

Lines = Sequence[Sequence[str]]

CODE_FIELDS: Mapping[str, frozenset[str]] = {
    "name": frozenset({"name", "title", "label", "codename", "table", "नाम", "शीर्षक", "टेबल"}),
    "external_id": frozenset(
        {"externalid", "id", "no", "nr", "number", "sku", "ref", "code", "sno", "srno", "क्रमांक", "संख्या", "नंबर", "क्रम"}
    ),
    "slug": frozenset({"slug", "shortaddress", "short", "shorturl", "छोटापता"}),
    "folder": frozenset({"folder", "group", "category", "area", "hall", "फ़ोल्डर", "समूह", "श्रेणी"}),
    "tags": frozenset({"tag", "tags", "labels", "keywords", "टैग"}),
}
"""What of a code a column can hold, with the names that people give it."""

CODE_TITLES: Mapping[str, Words] = {
    "name": {"en": "Name of the code", "hi": "कोड का नाम"},
    "external_id": {"en": "Your own number", "hi": "आपका अपना नंबर"},
    "slug": {"en": "Short address", "hi": "छोटा पता"},
    "folder": {"en": "Folder", "hi": "फ़ोल्डर"},
    "tags": {"en": "Tags", "hi": "टैग"},
}
"""The same as the interface words it; it is understood, too."""

_CONTENT_NAMES: Mapping[str, frozenset[str]] = {
    "url": frozenset(
        {"url", "link", "website", "web", "address", "destination", "target", "leadsto", "लिंक", "पता", "वेबसाइट"}
    ),
    "vpa": frozenset({"upi", "upiid", "vpa", "यूपीआई"}),
    "amount": frozenset({"amount", "price", "rate", "sum", "रक़म", "रकम", "राशि", "दाम", "कीमत"}),
    "email": frozenset({"email", "mail", "emailaddress", "ईमेल"}),
    "to": frozenset({"email", "mail", "emailaddress", "ईमेल"}),
    "phone": frozenset({"phone", "tel", "telephone", "mobile", "cell", "फ़ोन", "फोन", "मोबाइल"}),
    "number": frozenset({"phone", "mobile", "whatsapp", "number", "फ़ोन", "फोन", "मोबाइल"}),
    "ssid": frozenset({"ssid", "network", "wifi", "नेटवर्क", "वाईफ़ाई"}),
    "password": frozenset({"password", "key", "पासवर्ड"}),
    "text": frozenset({"text", "message", "संदेश", "टेक्स्ट"}),
}
_LOOKS_LIKE: Mapping[str, re.Pattern[str]] = {
    "url": re.compile(r"(?i:https?://\S+|(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?)"),
    "email": re.compile(r"[^\s@]+@[^\s@]+\.[a-zA-Z]{2,}"),
    "vpa": re.compile(r"[A-Za-z0-9.\-_]{2,}@[A-Za-z][A-Za-z0-9]+"),
}
_YES = frozenset({"yes", "y", "true", "1", "x", "हाँ", "हां", "हा"})
_NO = frozenset({"no", "n", "false", "0", "नहीं", "ना"})
_FLAT = frozenset({"string", "integer", "number", "boolean", "array"})


class Plan(BaseModel):
    """What each column holds, and what all codes of a sheet share."""

    model_config = ConfigDict(frozen=True)

    content_type: str
    columns: list[str | None]
    kind: CodeKind | None = None
    design: dict[str, Any] = {}
    tags: list[str] = []
    folder_id: str | None = None

    @cached_property
    def look(self) -> Design:
        """The design, read once for all codes."""
        return Design.model_validate(self.design)


@cache
def content_fields(content_type: str) -> dict[str, dict[str, Any]]:
    """Return the schema of each field of a content that fits in a cell."""
    schema = TYPES[content_type].model_json_schema()
    return {
        name: field
        for name, field in schema.get("properties", {}).items()
        if name != "type" and _types_of(field, schema) & _FLAT
    }


def targets(content_type: str) -> list[str]:
    """Return everything that a column can hold for a content type."""
    return [*CODE_FIELDS, *(f"content.{name}" for name in content_fields(content_type))]


def required(content_type: str) -> list[str]:
    """Return what of a content no code can be without."""
    cls = TYPES[content_type]
    return [f"content.{name}" for name, info in cls.model_fields.items() if info.is_required()]


def has_header(lines: Lines) -> bool:
    """Whether the first line holds the names of the columns: none of its cells is an address or a number."""
    first = [cell for cell in lines[0] if cell]
    if any(pattern.fullmatch(cell) for cell in first for pattern in _LOOKS_LIKE.values()):
        return False
    return not any(cell.replace(".", "").replace(",", "").isdigit() for cell in first)


def guess(names: Sequence[str], lines: Lines) -> Plan:
    """Return what the columns hold most probably, for the content type that fits best."""
    keys = [_key(name) for name in names]
    samples = [[line[index] for line in lines if line[index]][:50] for index in range(len(names))]
    best: tuple[tuple[int, int, int], Plan] | None = None
    for content_type in TYPES:
        columns = _columns_for(content_type, keys, samples)
        found = {column for column in columns if column}
        complete = _is_complete(content_type, found)
        wanted = _content_targets(content_type)
        named = sum(key in wanted.get(column or "", ()) for key, column in zip(keys, columns, strict=True))
        score = (int(complete), sum(column.startswith("content.") for column in found), named)
        if best is None or score > best[0]:
            best = score, Plan(content_type=content_type, columns=columns)
    assert best is not None
    return best[1]


def code_of(cells: Sequence[str], plan: Plan) -> dict[str, Any]:
    """Return the body of a new code that a line describes; its folder stays a name, under ``folder``."""
    fields = content_fields(plan.content_type)
    content: dict[str, Any] = {"type": plan.content_type}
    code: dict[str, Any] = {"content": content}
    for target, cell in zip(plan.columns, cells, strict=False):
        value = as_meant(cell)
        if target is None or value == "":
            continue
        if target == "tags":
            code["tags"] = [tag.strip() for tag in re.split(r"[,;|]", value) if tag.strip()]
        elif target.startswith("content."):
            name = target.removeprefix("content.")
            content[name] = _value(value, fields.get(name, {}))
        else:
            code[target] = value
    return code


def _is_complete(content_type: str, found: set[str]) -> bool:
    one_of = TYPES[content_type].model_json_schema().get("x-one-of", ())
    needed = required(content_type)
    if one_of and found.isdisjoint(f"content.{name}" for name in one_of):
        return False
    return bool(needed or one_of) and found.issuperset(needed)


def _columns_for(content_type: str, keys: Sequence[str], samples: Sequence[Sequence[str]]) -> list[str | None]:
    wanted = {**_content_targets(content_type)}
    columns: list[str | None] = [None] * len(keys)

    def take(target: str, index: int | None) -> None:
        if index is not None and target not in columns:
            columns[index] = target

    needed = required(content_type)
    for target in sorted(wanted, key=lambda each: each not in needed):
        free = [index for index, column in enumerate(columns) if column is None]
        take(target, next((index for index in free if keys[index] in wanted[target]), None))
    for target in needed:  # by what the cells look like, when no name tells
        pattern = _LOOKS_LIKE.get(target.removeprefix("content."))
        free = [index for index, column in enumerate(columns) if column is None]
        if pattern is not None:
            take(target, next((index for index in free if _mostly(samples[index], pattern)), None))
    for target, known in CODE_FIELDS.items():
        names = known | {_key(title) for title in (CODE_TITLES[target]["en"], CODE_TITLES[target]["hi"])}
        free = [index for index, column in enumerate(columns) if column is None]
        take(target, next((index for index in free if keys[index] in names), None))
    return columns


def _content_targets(content_type: str) -> dict[str, frozenset[str]]:
    found = {}
    for name, field in content_fields(content_type).items():
        label: Mapping[str, str] = field.get("x-label", {})
        names = {_key(name), *(_key(text) for text in label.values())} | _CONTENT_NAMES.get(name, frozenset())
        # A column "name" is the code's own, unless the content cannot be without one.
        if name == "name" and f"content.{name}" not in required(content_type):
            names -= CODE_FIELDS["name"]
        found[f"content.{name}"] = frozenset(names)
    return found


def _mostly(cells: Sequence[str], pattern: re.Pattern[str]) -> bool:
    return bool(cells) and sum(bool(pattern.fullmatch(cell)) for cell in cells) * 2 > len(cells)


def _value(text: str, field: dict[str, Any]) -> Any:  # noqa: ANN401 - what a field of a content takes
    kinds = _types_of(field, {})
    if "boolean" in kinds:
        word = text.casefold()
        return True if word in _YES else False if word in _NO else text
    if "array" in kinds:
        return [part.strip() for part in re.split(r"[;|\n]", text) if part.strip()]
    if "enum" in field and text not in field["enum"]:
        return text.casefold()
    return text


def _types_of(field: Mapping[str, Any], schema: Mapping[str, Any]) -> frozenset[str]:
    if "$ref" in field:
        return _types_of(schema.get("$defs", {}).get(field["$ref"].rpartition("/")[2], {}), schema)
    if "anyOf" in field:
        return frozenset(kind for option in field["anyOf"] for kind in _types_of(option, schema))
    return frozenset({field["type"]}) if "type" in field else frozenset({"string"}) if "enum" in field else frozenset()


def _key(name: str) -> str:
    text = unicodedata.normalize("NFC", name).casefold()
    return "".join(character for character in text if unicodedata.category(character)[0] in "LMN")
