from collections.abc import AsyncIterator, Iterator

import pytest

from tests.services.analytics.factories import SCHEMA, Bench, running_analytics
from tests.support.databases import TestServer


@pytest.fixture
def analytics_dsn(postgres: TestServer) -> Iterator[str]:
    """A database of its own with the schema of analytics."""
    with postgres.copy((SCHEMA,)) as dsn:
        yield dsn


@pytest.fixture
async def analytics(analytics_dsn: str) -> AsyncIterator[Bench]:
    """Analytics on a database of its own, at noon and a half."""
    async with running_analytics(analytics_dsn) as bench:
        yield bench
