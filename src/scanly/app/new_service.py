"""Lays out a service that passes every check from its first minute. Only in a source tree."""

import keyword
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from string import Template

from scanly.app.registry import SERVICES
from scanly.kernel.startup import StartupError

_TEMPLATES = Path(__file__).parent / "templates" / "new_service"
_REGISTRY = Path("src/scanly/app/registry.py")
_NAME = re.compile(r"[a-z]{2,20}")
_TAKEN = frozenset({"scanly", "kernel", "contracts", "services", "app", "public", "api", "internal", "rpc"})


def create_service(name: str, root: Path = Path()) -> list[Path]:
    """Write contract, service, migration, endpoints, tests and factory of a service ``name``; register it.

    Returns the written files. ``StartupError``, with nothing written, for a name that will not do or is taken, or when
    ``root`` is not the source tree.
    """
    _check(name, root)
    registry = root / _REGISTRY
    registered = _registered(registry.read_text(encoding="utf-8"), name)
    words = {"name": name, "Name": name.capitalize()}
    written = []
    for template in sorted(_TEMPLATES.rglob("*.tmpl")):
        path = root / str(template.relative_to(_TEMPLATES)).replace("NAME", name).removesuffix(".tmpl")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template(template.read_text(encoding="utf-8")).substitute(words), encoding="utf-8")
        written.append(path)
    registry.write_text(registered, encoding="utf-8")
    _put_into_form([*written, registry], root)
    return [*written, registry]


def _check(name: str, root: Path) -> None:
    if not (root / _REGISTRY).is_file():
        raise StartupError("A service is laid out in the source tree: run this in the folder with pyproject.toml.")
    if not _NAME.fullmatch(name) or keyword.iskeyword(name) or name in _TAKEN:
        raise StartupError(f"{name!r} cannot be a service: take one word of 2 to 20 letters a-z, a noun of the field.")
    known = {manifest.name for manifest in SERVICES}
    folder = root / "src/scanly/services" / name
    if name in known or folder.exists() or (root / f"src/scanly/contracts/{name}.py").exists():
        raise StartupError(f"There is a service {name} already.")


def _put_into_form(files: list[Path], root: Path) -> None:
    """Wrap and sort as the checks want it, which depends on the name; ruff is there wherever the checks are run."""
    if find_spec("ruff") is None:
        return
    names = [str(file.resolve()) for file in files]
    ruff = [sys.executable, "-m", "ruff"]
    subprocess.run([*ruff, "check", "--quiet", "--no-cache", "--select", "I", "--fix", *names], cwd=root, check=True)
    subprocess.run([*ruff, "format", "--quiet", "--no-cache", *names], cwd=root, check=True)


def _registered(registry: str, name: str) -> str:
    """Return the registry's text with the service in it: the import in its place, the manifest at the end."""
    line = f"from scanly.services.{name}.manifest import MANIFEST as {name.upper()}\n"
    imports = re.findall(r"from scanly\.services\.\w+\.manifest import .*\n", registry)
    after = [each for each in imports if each > line]
    if after:
        registry = registry.replace(after[0], line + after[0])
    else:
        registry = registry.replace(imports[-1], imports[-1] + line)
    return re.sub(r"(SERVICES: [^=]*= \([^)]*?),?(\s*\))", rf"\1, {name.upper()}\2", registry, count=1)
