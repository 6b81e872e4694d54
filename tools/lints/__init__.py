"""Rules of this project that no ready-made linter knows. ``python -m tools.lints`` checks the whole tree.

Each rule is a function from a ``Tree`` to violations; ``tests/architecture/test_lints.py`` shows what each one catches.
"""

from collections.abc import Callable, Iterable

from tools.lints.anatomy import anatomy
from tools.lints.files import file_length, module_names
from tools.lints.imports import no_dynamic_imports, no_ignored_imports
from tools.lints.migrations import migrations_stay_home
from tools.lints.scopes import system_scopes
from tools.lints.sql import sql_stays_home
from tools.lints.transactions import no_commit
from tools.lints.tree import Tree, Violation

RULES: tuple[Callable[[Tree], Iterable[Violation]], ...] = (
    anatomy,
    file_length,
    migrations_stay_home,
    module_names,
    no_commit,
    no_dynamic_imports,
    no_ignored_imports,
    sql_stays_home,
    system_scopes,
)


def check(tree: Tree) -> list[Violation]:
    """Return every violation of every rule, ordered by place."""
    return sorted(violation for rule in RULES for violation in rule(tree))
