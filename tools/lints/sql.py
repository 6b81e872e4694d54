"""Tables stay home: no query names another service's schema, or the kernel's. PostgreSQL's roles refuse it as well."""

import ast
import re
from collections.abc import Iterator

from tools.lints.tree import Module, Tree, Violation, called

KERNEL_SCHEMA = "scanly"

_NAMED = re.compile(
    r"""\b(?:from|join|into|update|table|references|truncate|copy|using|sequence|index|exists|view|on|call|select|schema)
        \s+(?:only\s+)?"?(\w+)"?\s*\.\s*"?[\w{]""",
    re.IGNORECASE | re.VERBOSE,
)
_COMMA_JOIN = re.compile(r"\bfrom\b[^;()]*?,\s*\"?(\w+)\"?\s*\.\s*\"?[\w{]", re.IGNORECASE)
_SQL = re.compile(
    r"\b(select|insert|update|delete|create|alter|drop|truncate|copy|grant|with|call|merge)\b", re.IGNORECASE
)


def sql_stays_home(tree: Tree) -> Iterator[Violation]:
    """A service's SQL, tables and foreign keys name its own schema only."""
    schemas = {*tree.services, KERNEL_SCHEMA}
    for service in tree.services:
        for module in tree.modules_of(service):
            if "/migrations/" not in module.path:
                yield from _check(module, service, schemas - {service})


def _check(module: Module, service: str, foreign: set[str]) -> Iterator[Violation]:
    for line, text in module.strings():
        for schema in sorted(named_schemas(text) & foreign):
            yield module.violation(line, "sql-stays-home", f"{service} has no business in the schema {schema}: ask it")
    for node in ast.walk(module.syntax):
        if isinstance(node, ast.Call):
            yield from _call(module, node, service, foreign)


def _call(module: Module, node: ast.Call, service: str, foreign: set[str]) -> Iterator[Violation]:
    name = called(node).rpartition(".")[2]
    first = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
    if name in {"service_metadata", "service_base", "for_service"} and first != service:
        yield module.violation(node, "sql-stays-home", f"this is the service {service}")
    if name in {"ForeignKey", "ForeignKeyConstraint"}:
        targets = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        for schema in sorted({target.split(".")[0] for target in targets if target.count(".") == 2} & foreign):
            yield module.violation(node, "sql-stays-home", f"a foreign key into {schema}: keep the plain id")
    for keyword in node.keywords:
        if keyword.arg == "schema" and isinstance(keyword.value, ast.Constant) and keyword.value.value in foreign:
            yield module.violation(node, "sql-stays-home", f"{service} has no business in {keyword.value.value}")


def named_schemas(text: str) -> set[str]:
    """Return the schemas that a text names, if it looks like SQL."""
    if not _SQL.search(text):
        return set()
    return {name.lower() for pattern in (_NAMED, _COMMA_JOIN) for name in pattern.findall(text)}
