from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from scanly.app import registry
from scanly.kernel.ids import new_id
from tests.support.databases import TestServer, running_server
from tests.support.folders import reachable_folder
from tests.support.network import only_loopback
from tests.support.product import InProcess, product_in_process
from tests.support.running import Running, running
from tests.support.services import (
    chromium_executable,
    kafka_broker,
    paper_renderers,
    redis_server,
    s3_server,
    system_postgres,
    zbar_executable,
)
from tools.services.kafka import KafkaBroker
from tools.services.redis import RedisServer
from tools.services.s3 import S3Server


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
def kafka() -> Iterator[KafkaBroker]:
    """The Kafka of this test process; topics need names of their own."""
    with kafka_broker() as broker:
        yield broker


@pytest.fixture
def stoppable_kafka(kafka: KafkaBroker) -> Iterator[KafkaBroker]:
    """The same for tests that stop it; runs again afterwards."""
    yield kafka
    if not kafka.is_running:
        kafka.start()


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Server]:
    """The S3 server of this test process; keys need names of their own."""
    with s3_server() as server:
        yield server


@pytest.fixture
def s3_url(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a folder of its own on that server, with the environment that leads there."""
    for name, value in s3.environ.items():
        monkeypatch.setenv(name, value)
    return f"{s3.url}/{new_id().hex}"


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser."""
    return chromium_executable()


@pytest.fixture(scope="session")
def zbarimg() -> str:
    """The path of a decoder of codes that the product does not use."""
    return zbar_executable()


@pytest.fixture(scope="session")
def paper() -> None:
    """Poppler and Ghostscript are there."""
    paper_renderers()


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    """A Redis server of its own, empty."""
    with redis_server() as server:
        yield server


@pytest.fixture
def product_dsn(postgres: TestServer) -> Iterator[str]:
    """A database of its own with the schemas of all services."""
    with postgres.copy(tuple(registry.schemas())) as dsn:
        yield dsn


@pytest.fixture
async def product(product_dsn: str, data_dir: Path) -> AsyncIterator[InProcess]:
    """The whole product in this process, started, with an empty database and data folder."""
    async with product_in_process(product_dsn, data_dir) as started:
        yield started


@pytest.fixture
def running_product(data_dir: Path) -> Iterator[Running]:
    """`scanly run` as a process of its own on a free port and an empty data folder, ready."""
    with running(data_dir) as process:
        yield process
