from collections.abc import AsyncIterator, Iterator

import pytest

from scanly.kernel.db import Database, ServiceDatabase
from scanly.kernel.events import runner as runner_module
from tests.kernel.shop import SHOP
from tests.support.databases import TestServer


@pytest.fixture
def dsn(postgres: TestServer) -> Iterator[str]:
    with postgres.copy((SHOP,)) as dsn:
        yield dsn


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    database = Database(dsn, pool_size=6)
    yield database
    await database.close()


@pytest.fixture
def shop(database: Database) -> ServiceDatabase:
    return database.for_service("shop")


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner_module, "_RETRY_DELAYS", (0.01, 0.01))
    monkeypatch.setattr(runner_module, "_POLL", 0.05)
