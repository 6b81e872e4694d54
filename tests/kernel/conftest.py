"""A data folder whose cluster exists already: making one takes a second, copying it a tenth."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanly.kernel.postgres import EmbeddedPostgres
from tests.support.folders import reachable_folder


@pytest.fixture(scope="session")
def _prepared() -> Iterator[Path]:
    with reachable_folder() as folder:
        server = EmbeddedPostgres(folder, fsync=False)
        server.start()
        server.stop()
        yield folder


@pytest.fixture
def used_data_dir(_prepared: Path, data_dir: Path) -> Path:
    """A data folder on which a server ran before and was stopped."""
    subprocess.run(["cp", "-a", f"{_prepared}/.", str(data_dir)], check=True)
    return data_dir
