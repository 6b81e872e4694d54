"""Whether a changed event can be read by those who know it as it was, and the other way round.

Old consumers read new events while a new version is rolled out; new consumers read old events from the log. So fields
may be added with a default, and nothing else may change; anything else needs a new version of the event.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

_WORDS = frozenset({"title", "description", "default", "examples", "deprecated", "$defs", "$comment"})
_DEFINITIONS = "#/$defs/"


def incompatibilities(old: Schema, new: Schema) -> list[str]:
    """Return what breaks readers, each with a JSON pointer; empty when ``new`` may take the place of ``old``."""
    return list(_compare("", _resolve(old, old), _resolve(new, new)))


def _compare(pointer: str, old: Any, new: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _properties(pointer, old, new)
        for key in sorted((old.keys() | new.keys()) - {"properties", "required"}):
            if key not in new or key not in old:
                yield f"{pointer}: {key!r} was {'removed' if key in old else 'added'}"
            else:
                yield from _compare(f"{pointer}/{key}", old[key], new[key])
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _compare(f"{pointer}/{number}", before, after)
    elif old != new:
        yield f"{pointer}: changed from {old!r} to {new!r}"


def _properties(pointer: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    was_required, is_required = set(old.get("required", ())), set(new.get("required", ()))
    for name in sorted(before.keys() | after.keys()):
        at = f"{pointer}/properties/{name}"
        if name not in after:
            yield f"{at}: was removed"
        elif name not in before:
            if name in is_required:
                yield f"{at}: is new and has no default"
        else:
            if (name in was_required) != (name in is_required):
                yield f"{at}: {'may be missing now' if name in was_required else 'has no default any more'}"
            yield from _compare(at, before[name], after[name])


def _resolve(node: Any, root: Schema, inside: tuple[str, ...] = ()) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(node, list):
        return [_resolve(item, root, inside) for item in node]
    if not isinstance(node, Mapping):
        return node
    reference = node.get("$ref")
    if isinstance(reference, str) and reference.startswith(_DEFINITIONS) and reference not in inside:
        target = root["$defs"][reference.removeprefix(_DEFINITIONS)]
        return _resolve({**target, **{k: v for k, v in node.items() if k != "$ref"}}, root, (*inside, reference))
    names = node.get("properties")
    return {
        key: {name: _resolve(each, root, inside) for name, each in value.items()}
        if value is names and isinstance(value, Mapping)
        else _resolve(value, root, inside)
        for key, value in node.items()
        if key not in _WORDS
    }
