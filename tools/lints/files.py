"""Files stay small and are called by what they hold."""

from collections.abc import Iterator
from pathlib import Path

from tools.lints.tree import Tree, Violation

_LIMITS = {".py": 400, ".ts": 250, ".tsx": 250}
_FOLDERS = ("src", "tests", "tools", "benchmarks", "web/src", "web/tests", "web/e2e")
_NAMELESS = {"util", "utils", "helper", "helpers", "common", "misc"}
_GENERATED = "auto-generated"


def file_length(tree: Tree) -> Iterator[Violation]:
    """No file above 400 lines of Python or 250 of TypeScript; generated ones, which say so in their head, may."""
    for path in _sources(tree.root):
        limit = _LIMITS[path.suffix]
        text = path.read_text(encoding="utf-8")
        if (lines := text.count("\n")) > limit and _GENERATED not in text[:300]:
            text = f"{lines} lines; beyond {limit} it becomes a package of the same name"
            yield Violation(path.relative_to(tree.root).as_posix(), limit, "file-length", text)


def module_names(tree: Tree) -> Iterator[Violation]:
    """No module is called after nothing in particular."""
    for path in _sources(tree.root):
        relative = path.relative_to(tree.root)
        if {relative.name.split(".")[0].lower(), *relative.parts[:-1]} & _NAMELESS:
            text = "call it by what it holds: a noun of the field"
            yield Violation(relative.as_posix(), 1, "module-name", text)


def _sources(root: Path) -> Iterator[Path]:
    for folder in _FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            parts = path.relative_to(root).parts
            if path.suffix in _LIMITS and path.is_file() and not {"node_modules", "templates"} & set(parts):
                yield path
