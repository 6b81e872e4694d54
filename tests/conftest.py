from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.databases import TestServer, running_server
from tests.support.folders import reachable_folder
from tests.support.network import only_loopback
from tests.support.services import chromium_executable, system_postgres, zbar_executable


@pytest.fixture(scope="session", autouse=True)
def _network() -> Iterator[None]:
    with only_loopback():
        yield


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


@pytest.fixture
def system_postgres_dsn() -> Iterator[str]:
    """An empty database on the system's own PostgreSQL over TCP; its user is no superuser."""
    with system_postgres() as dsn:
        yield dsn


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser."""
    return chromium_executable()


@pytest.fixture(scope="session")
def zbarimg() -> str:
    """The path of a decoder of codes that the product does not use."""
    return zbar_executable()
