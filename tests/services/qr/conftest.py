from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from tests.services.qr.factories import SCHEMA, Bench, running_qr
from tests.support.databases import TestServer


@pytest.fixture
def qr_dsn(postgres: TestServer) -> Iterator[str]:
    """A database of its own with the schema of qr."""
    with postgres.copy((SCHEMA,)) as dsn:
        yield dsn


@pytest.fixture
async def qr(qr_dsn: str) -> AsyncIterator[Bench]:
    """qr on a database of its own."""
    async with running_qr(qr_dsn) as bench:
        yield bench


@pytest.fixture
async def owner(qr: Bench) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the owner of a workspace."""
    async with qr.client() as client:
        yield client
