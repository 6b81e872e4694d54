"""Access over all workspaces: only in marked functions, and each of them stands in a list that reviewers see change."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from tools.lints.tree import Module, Tree, Violation, called

SCOPES_FILE = "tools/lints/system_scopes.txt"

_NOT_OURS = {"os.system", "platform.system"}


class Scope(NamedTuple):
    """A function marked with ``@system_scope``."""

    module: Module
    name: str
    reason: str
    line: int

    @property
    def text(self) -> str:
        where = self.module.path.removeprefix("src/scanly/").removesuffix(".py").replace("/", ".")
        return f"{where.removesuffix('.__init__')}:{self.name}: {self.reason}"


def system_scopes(tree: Tree) -> Iterator[Violation]:
    """``system()`` stands inside functions marked ``@system_scope(reason)``, which ``system_scopes.txt`` lists."""
    for module in tree.product:
        if not module.path.startswith("src/scanly/kernel/db/"):
            yield from _unmarked(module)
    file = tree.root / SCOPES_FILE
    listed = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    found = {scope.text: scope for scope in _scopes(tree)}
    advice = "after review: python -m tools.lints --write-scopes"
    for text in sorted(found.keys() - set(listed)):
        scope = found[text]
        yield scope.module.violation(scope.line, "system-scopes", f"{scope.name} is not in {SCOPES_FILE}; {advice}")
    for number, text in enumerate(listed, 1):
        if text not in found:
            yield Violation(SCOPES_FILE, number, "system-scopes", f"there is no such scope any more; {advice}")


def scope_lines(tree: Tree) -> list[str]:
    """Return the list as it should stand."""
    return sorted({scope.text for scope in _scopes(tree)})


def _scopes(tree: Tree) -> Iterator[Scope]:
    for module in tree.product:
        yield from _marked(module, module.syntax, "")


def _marked(module: Module, node: ast.AST, prefix: str) -> Iterator[Scope]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            name = f"{prefix}{child.name}"
            if (reason := _reason(child)) is not None:
                yield Scope(module, name, reason, child.lineno)
            yield from _marked(module, child, f"{name}.")


def _unmarked(module: Module) -> Iterator[Violation]:
    inside: set[ast.AST] = set()
    for node in ast.walk(module.syntax):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _reason(node) is not None:
            inside.update(ast.walk(node))
    for node in ast.walk(module.syntax):
        if isinstance(node, ast.Attribute) and node.attr == "system" and node not in inside and not _is_other(node):
            text = "system() sees all workspaces: use begin(workspace_id), or mark the function @system_scope(reason)"
            yield module.violation(node, "system-scopes", text)


def _is_other(node: ast.Attribute) -> bool:
    return called(ast.Call(func=node, args=[], keywords=[])) in _NOT_OURS


def _reason(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and called(decorator).endswith("system_scope") and decorator.args:
            reason = decorator.args[0]
            return str(reason.value) if isinstance(reason, ast.Constant) else "(the reason is not written out)"
    return None
