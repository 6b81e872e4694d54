"""One use case, one transaction, opened and ended by ``kernel.db``."""

import ast
from collections.abc import Iterator

from tools.lints.tree import Tree, Violation

_HOME = "src/scanly/kernel/db/"


def no_commit(tree: Tree) -> Iterator[Violation]:
    """Nobody calls ``commit()`` or ``rollback()`` outside ``kernel.db``."""
    for module in tree.product:
        if module.path.startswith(_HOME):
            continue
        for node in ast.walk(module.syntax):
            if isinstance(node, ast.Attribute) and node.attr in ("commit", "rollback"):
                text = f"{node.attr}() is called by kernel.db at the end of begin(); raise an error to roll back"
                yield module.violation(node, "no-commit", text)
