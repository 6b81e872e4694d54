"""The source tree as the rules see it: parsed once, on demand."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True, order=True)
class Violation:
    """One broken rule, with what to do about it."""

    path: str
    line: int
    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: [{self.rule}] {self.text}"


class Module:
    """A Python file with its syntax tree."""

    def __init__(self, root: Path, path: Path) -> None:
        self.path = path.relative_to(root).as_posix()
        self.name = path.stem if path.stem != "__init__" else path.parent.name
        self._file = path

    @cached_property
    def text(self) -> str:
        return self._file.read_text(encoding="utf-8")

    @cached_property
    def syntax(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @cached_property
    def service(self) -> str | None:
        """The service the file belongs to."""
        parts = self.path.split("/")
        return parts[3] if parts[:3] == ["src", "scanly", "services"] and len(parts) > 4 else None

    def strings(self) -> Iterator[tuple[int, str]]:
        """Yield line and text of each string that is no docstring; gaps of f-strings are ``{}``."""
        docstrings = set()
        inner = set()
        for node in ast.walk(self.syntax):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                docstrings.add(node.value)
            if isinstance(node, ast.JoinedStr):
                inner.update(node.values)
        for node in ast.walk(self.syntax):
            if isinstance(node, ast.JoinedStr):
                pieces = (piece.value if isinstance(piece, ast.Constant) else "{}" for piece in node.values)
                yield node.lineno, "".join(map(str, pieces))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docstrings | inner:
                yield node.lineno, node.value

    def violation(self, node: ast.AST | int, rule: str, text: str) -> Violation:
        line = node if isinstance(node, int) else getattr(node, "lineno", 1)
        return Violation(self.path, line, rule, text)


class Tree:
    """A checkout."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def product(self) -> list[Module]:
        """Every module of the product."""
        return [Module(self.root, path) for path in sorted(self.root.glob("src/scanly/**/*.py"))]

    @cached_property
    def services(self) -> list[str]:
        """The folders of services."""
        folders = sorted(self.root.glob("src/scanly/services/*/__init__.py"))
        return [path.parent.name for path in folders]

    def modules_of(self, service: str) -> list[Module]:
        """Every module of one service."""
        return [module for module in self.product if module.service == service]


def called(node: ast.Call) -> str:
    """Return the dotted name of what is called; ``?`` stands for anything that is not a name."""
    parts = []
    function: ast.expr = node.func
    while isinstance(function, ast.Attribute):
        parts.append(function.attr)
        function = function.value
    parts.append(function.id if isinstance(function, ast.Name) else "?")
    return ".".join(reversed(parts))
