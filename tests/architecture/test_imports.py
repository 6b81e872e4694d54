"""The contracts of ``.importlinter``: each catches its violation on a small product, and the real one keeps them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SMALL = (
    "kernel/db",
    "kernel/http",
    "kernel/jobs",
    "contracts/coupons",
    "services/coupons",
    "services/orders",
    "app",
)
MODULES = (
    *(f"kernel/{name}" for name in ("cpu", "errors", "mail", "rpc", "storage")),
    "contracts/coupons/types",
    *(f"services/{service}/{module}" for service in ("coupons", "orders") for module in ("manifest", "service")),
    *(f"services/coupons/{name}" for name in ("endpoints", "subscribers", "jobs", "repository", "adapters")),
    *(f"services/coupons/{name}" for name in ("models", "schemas", "domain", "settings")),
    "app/registry",
)


@pytest.fixture
def product(tmp_path: Path) -> Path:
    """A product with two services, in which every import is right."""
    package = tmp_path / "scanly"
    for folder in SMALL:
        (package / folder).mkdir(parents=True)
    for made in (package, *package.rglob("*")):
        if made.is_dir():
            (made / "__init__.py").touch()
    for module in MODULES:
        (package / f"{module}.py").touch()
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return package


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_small_product_keeps_all_contracts(product: Path) -> None:
    result = lint(product.parent)
    assert result.returncode == 0, result.stdout


def test_the_product_keeps_all_contracts() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("kernel/errors", "import scanly.contracts.coupons", "Four packages, one direction"),
        ("contracts/coupons/types", "from scanly.services.coupons import service", "Four packages, one direction"),
        ("services/coupons/service", "from scanly.app import registry", "Four packages, one direction"),
        ("extras", "x = 1", "Four packages, one direction"),
        ("services/coupons/service", "from scanly.services.orders import service", "never imports another service"),
        ("services/orders/manifest", "import scanly.services.coupons.domain", "never imports another service"),
        ("services/coupons/service", "from scanly.services.coupons import endpoints", "Anatomy of a service"),
        ("services/coupons/repository", "from scanly.services.coupons import service", "Anatomy of a service"),
        ("services/coupons/endpoints", "from scanly.services.coupons import jobs", "Anatomy of a service"),
        ("services/coupons/domain", "from scanly.services.coupons import models", "Anatomy of a service"),
        ("services/coupons/models", "from scanly.services.coupons import repository", "Anatomy of a service"),
        ("services/coupons/repository", "from scanly.services.coupons import schemas", "the shapes of HTTP"),
        ("kernel/db/__init__", "from scanly.kernel import rpc", "No circles"),
        ("services/coupons/domain", "import sqlalchemy", "The domain is pure"),
        ("services/coupons/domain", "from scanly.kernel import db", "The domain is pure"),
        ("services/coupons/endpoints", "from sqlalchemy import text", "Entry points have no SQL"),
        ("services/coupons/jobs", "from scanly.services.coupons import repository", "Entry points have no SQL"),
        ("services/coupons/subscribers", "from scanly.kernel import db", "Entry points have no SQL"),
        ("contracts/coupons/types", "import httpx", "Contracts do no input or output"),
        ("contracts/coupons/types", "from scanly.kernel import db", "Contracts do no input or output"),
        ("services/coupons/service", "import fastapi", "Only entry points speak HTTP"),
        ("services/coupons/repository", "from starlette import requests", "Only entry points speak HTTP"),
    ],
)
def test_a_violation_is_caught(product: Path, module: str, line: str, contract: str) -> None:
    (product / "kernel/rpc.py").write_text("from scanly.kernel import db\n")
    (product / f"{module}.py").write_text(f"{line}\n")
    result = lint(product.parent)
    assert result.returncode == 1
    assert any(contract in row and "BROKEN" in row for row in result.stdout.splitlines()), result.stdout
