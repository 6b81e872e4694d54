"""A migration stays in its own schema and changes nothing of the server. PostgreSQL runs it as the schema's owner."""

import ast
import re
from collections.abc import Iterator

from tools.lints.sql import KERNEL_SCHEMA, named_schemas
from tools.lints.tree import Module, Tree, Violation, called

_OUTSIDE = re.compile(
    r"(?:^|;)\s*(?:set|reset)\s+(?:local\s+|session\s+)?(?:role|session\s+authorization|search_path)\b"
    r"|\b(?:create|alter|drop)\s+(?:schema|role|user|database|extension)\b",
    re.IGNORECASE,
)
_WORDS = {"tenant_table", "system_table", "grant_sequences"}


def migrations_stay_home(tree: Tree) -> Iterator[Violation]:
    """Each statement of a service's migration names its schema and no other; the revisions form one line."""
    schemas = {*tree.services, KERNEL_SCHEMA, "public"}
    for service in tree.services:
        revisions = [module for module in tree.modules_of(service) if "/migrations/versions/" in module.path]
        for module in revisions:
            yield from _check(module, service, schemas - {service})
        yield from _line(revisions)


def _check(module: Module, service: str, foreign: set[str]) -> Iterator[Violation]:
    for line, text in module.strings():
        for schema in sorted(named_schemas(text) & foreign):
            yield module.violation(line, "migrations-stay-home", f"this migration belongs to {service}, not {schema}")
        if found := _OUTSIDE.search(text):
            yield module.violation(line, "migrations-stay-home", f"{found.group()!r} reaches beyond the schema")
    for node in ast.walk(module.syntax):
        if not isinstance(node, ast.Call):
            continue
        name = called(node)
        if name.rpartition(".")[2] in _WORDS and (len(node.args) < 2 or not _is(node.args[1], service)):
            yield module.violation(node, "migrations-stay-home", f"the schema of this migration is {service}")
        for keyword in node.keywords:
            if keyword.arg is not None and keyword.arg.endswith("schema") and not _is(keyword.value, service):
                yield module.violation(node, "migrations-stay-home", f"the schema of this migration is {service}")
        if name.startswith("op.") and name not in {"op.execute", "op.get_bind", "op.f"}:
            yield from _operation(module, node, name)


def _operation(module: Module, node: ast.Call, name: str) -> Iterator[Violation]:
    if not any(keyword.arg in {"schema", "source_schema"} for keyword in node.keywords):
        yield module.violation(node, "migrations-stay-home", f"{name} needs schema=…")


def _is(node: ast.expr, text: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == text


def _line(revisions: list[Module]) -> Iterator[Violation]:
    parents: dict[object, Module] = {}
    for module in revisions:
        parent = _assigned(module, "down_revision")
        if parent in parents:
            text = f"{parents[parent].path} has the same down_revision {parent!r}: put one after the other"
            yield module.violation(1, "migrations-stay-home", text)
        parents[parent] = module


def _assigned(module: Module, name: str) -> object:
    for node in module.syntax.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id == name and isinstance(node, ast.Assign | ast.AnnAssign):
            return node.value.value if isinstance(node.value, ast.Constant) else ast.dump(node)
    return None
