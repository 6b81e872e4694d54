from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from scanly.kernel.storage import storage
from tests.services.media.factories import SCHEMA, Bench, running_media
from tests.support.databases import TestServer


@pytest.fixture
def media_dsn(postgres: TestServer) -> Iterator[str]:
    """A database of its own with the schema of media."""
    with postgres.copy((SCHEMA,)) as dsn:
        yield dsn


@pytest.fixture
async def media(media_dsn: str, tmp_path: Path) -> AsyncIterator[Bench]:
    """media on a database and a folder of its own."""
    async with running_media(media_dsn, storage(None, tmp_path)) as bench:
        yield bench


@pytest.fixture
async def owner(media: Bench) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the owner of a workspace."""
    async with media.client() as client:
        yield client
