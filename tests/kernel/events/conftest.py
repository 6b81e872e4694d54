import itertools
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from scanly.kernel.config import Settings
from scanly.kernel.db import Database, ServiceDatabase
from scanly.kernel.events import EventRunner, Subscriber, open_event_log
from scanly.kernel.events import runner as runner_module
from tests.kernel.events.bookkeeping import MakeRunner
from tests.kernel.shop import SHOP
from tests.support.databases import TestServer

_numbers = itertools.count(1)


@pytest.fixture(params=["postgres", pytest.param("kafka", marks=pytest.mark.kafka)])
def log_settings(request: pytest.FixtureRequest) -> Settings:
    """Settings of both shapes, one after the other; all tests share a broker, with topics of their own."""
    if request.param == "postgres":
        return Settings()
    broker = request.getfixturevalue("kafka")
    return Settings(kafka_bootstrap=broker.address, kafka_prefix=f"test{next(_numbers)}.", kafka_partitions=3)


@pytest.fixture
async def make_runner(log_settings: Settings) -> AsyncIterator[MakeRunner]:
    """Make runners, each as a process of its own would have it."""
    logs = []

    def make(database: Database, subscribers: list[tuple[Subscriber, Any]]) -> EventRunner:
        logs.append(open_event_log(log_settings, database))
        return EventRunner(database, subscribers, logs[-1])

    yield make
    for log in logs:
        await log.close()


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
