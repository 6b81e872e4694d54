from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.databases import TestServer, running_server
from tests.support.folders import reachable_folder


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """An empty data folder."""
    with reachable_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[TestServer]:
    """The PostgreSQL of this test process."""
    with running_server() as running:
        yield running


@pytest.fixture
def kernel_dsn(postgres: TestServer) -> Iterator[str]:
    """A database of its own with the kernel's schema only."""
    with postgres.copy() as dsn:
        yield dsn
