from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanly.app.registry import schemas
from scanly.kernel.clock import ManualClock
from tests.support.databases import TestServer
from tests.support.product import InProcess, product_in_process


@pytest.fixture
def clock() -> ManualClock:
    """The product's clock; it stands still."""
    return ManualClock(datetime.now(UTC))


@pytest.fixture
async def product(postgres: TestServer, data_dir: Path, clock: ManualClock) -> AsyncIterator[InProcess]:
    """The whole product in this process."""
    with postgres.copy(tuple(schemas())) as dsn:
        async with product_in_process(dsn, data_dir, clock=clock) as running:
            yield running
