"""What a dynamic import, or an exception in the configuration, would hide from the import contracts."""

import ast
from collections.abc import Iterator

from tools.lints.tree import Tree, Violation, called

_DYNAMIC = {"importlib.import_module", "import_module", "__import__", "pkgutil.walk_packages", "pkgutil.iter_modules"}
_DYNAMIC_NAMES = {("importlib", "import_module"), ("importlib", "reload"), ("runpy", "run_module")}


def no_dynamic_imports(tree: Tree) -> Iterator[Violation]:
    """The product imports by name, at a place where the contracts see it."""
    text = "import by name, so that the import contracts see it"
    for module in tree.product:
        for node in ast.walk(module.syntax):
            if isinstance(node, ast.Call) and called(node) in _DYNAMIC:
                yield module.violation(node, "no-dynamic-import", text)
            if isinstance(node, ast.ImportFrom) and any((node.module, a.name) in _DYNAMIC_NAMES for a in node.names):
                yield module.violation(node, "no-dynamic-import", text)


def no_ignored_imports(tree: Tree) -> Iterator[Violation]:
    """The import contracts know no exceptions."""
    for name in (".importlinter", "pyproject.toml", "setup.cfg"):
        file = tree.root / name
        if not file.exists():
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip().startswith(("ignore_imports", "exhaustive_ignores")):
                yield Violation(name, number, "no-ignored-imports", "mend the import; contracts have no exceptions")
