"""The same file names in every service; what else there is, the manifest declares."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.lints.tree import Module, Tree, Violation, called

REQUIRED = ("manifest", "service")
USUAL = {
    "__init__",
    "adapters",
    "domain",
    "endpoints",
    "jobs",
    "manifest",
    "migrations",
    "models",
    "repository",
    "schemas",
    "service",
    "settings",
    "subscribers",
    "templates",
}


def anatomy(tree: Tree) -> Iterator[Violation]:
    """A service has a manifest of its own name and a service module, and declares every further module."""
    for service in tree.services:
        folder = tree.root / "src/scanly/services" / service
        present = {entry.stem for entry in folder.iterdir() if entry.suffix == ".py" or _is_folder(entry)}
        home = f"src/scanly/services/{service}"
        for name in REQUIRED:
            if name not in present:
                yield Violation(home, 1, "anatomy", f"{name}.py is missing")
        manifest = next((m for m in tree.modules_of(service) if m.path == f"{home}/manifest.py"), None)
        if manifest is not None:
            yield from _manifest(manifest, service, present)


def _is_folder(entry: Path) -> bool:
    return entry.is_dir() and entry.name != "__pycache__"


def _manifest(module: Module, service: str, present: set[str]) -> Iterator[Violation]:
    call = next((n for n in ast.walk(module.syntax) if isinstance(n, ast.Call) and called(n) == "Manifest"), None)
    if call is None:
        yield module.violation(1, "anatomy", "there is no Manifest(…)")
        return
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if not _is_text(given.get("name"), service):
        yield module.violation(call, "anatomy", f"the manifest's name is not the folder's, {service!r}")
    declared = given.get("modules", ast.Dict(keys=[], values=[]))
    if not isinstance(declared, ast.Dict):
        yield module.violation(declared, "anatomy", "write modules={...} out, each with one line of purpose")
        return
    names = {key.value for key in declared.keys if isinstance(key, ast.Constant)}
    for name in sorted(present - USUAL - names):
        yield module.violation(call, "anatomy", f"the module {name} is not declared: modules={{{name!r}: purpose}}")
    for name in sorted(map(str, names - present)):
        yield module.violation(declared, "anatomy", f"there is no module {name}")
    for name in sorted(map(str, names & USUAL)):
        yield module.violation(declared, "anatomy", f"{name} belongs to the usual anatomy; declare only what does not")


def _is_text(node: ast.expr | None, text: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == text
