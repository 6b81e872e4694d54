"""Files that deploy Scanly name the services that there are: one that is missing there would run nowhere."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from scanly.app.registry import SERVICES

ROOT = Path(__file__).parents[2]
DOCKERFILE = "deploy/docker/Dockerfile"
NAMES = {manifest.name for manifest in SERVICES}


def services_of(compose: dict[str, Any]) -> set[str]:
    """The services that the containers of our image run; one that is not told which runs all of them."""
    found: set[str] = set()
    for container in compose["services"].values():
        if container.get("build", {}).get("dockerfile") != DOCKERFILE:
            continue
        command = container.get("command", [])
        words = command.split() if isinstance(command, str) else [str(word) for word in command]
        spaced = " ".join(words).replace("--services=", "--services ").split()
        if "--services" in spaced:
            found |= set(spaced[spaced.index("--services") + 1].split(","))
        else:
            found |= NAMES
    return found


@pytest.mark.parametrize("path", sorted((ROOT / "deploy/compose").glob("*.yaml")), ids=lambda path: path.name)
def test_compose_runs_every_service_and_no_other(path: Path) -> None:
    assert services_of(yaml.safe_load(path.read_text(encoding="utf-8"))) == NAMES


def test_a_service_that_is_missing_or_unknown_is_caught() -> None:
    def container(services: str) -> dict[str, Any]:
        return {"build": {"dockerfile": DOCKERFILE}, "command": ["run", f"--services={services}"]}

    every = ",".join(sorted(NAMES))
    assert services_of({"services": {"a": container(every), "database": {"image": "postgres:18"}}}) == NAMES
    assert services_of({"services": {"a": container("gateway,auth"), "b": container("qr")}}) < NAMES
    assert services_of({"services": {"a": container(f"{every},billing")}}) > NAMES
