"""``python -m tools.lints [ROOT] [--write-scopes]``: prints what breaks a rule; exit code 1 if anything does."""

import sys
from pathlib import Path

from tools.lints import check
from tools.lints.scopes import SCOPES_FILE, scope_lines
from tools.lints.tree import Tree


def main(arguments: list[str]) -> int:
    """Check a tree, or write the list of system scopes for review."""
    roots = [argument for argument in arguments if not argument.startswith("--")]
    tree = Tree(Path(roots[0] if roots else "."))
    if "--write-scopes" in arguments:
        (tree.root / SCOPES_FILE).write_text("".join(f"{line}\n" for line in scope_lines(tree)), encoding="utf-8")
    violations = check(tree)
    for violation in violations:
        print(violation)
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
