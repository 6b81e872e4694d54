from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.services.auth.factories import Person, sign_up
from tests.services.auth.installation import Installation, running
from tests.support.databases import TestServer


@pytest.fixture
async def installation(postgres: TestServer, tmp_path: Path) -> AsyncIterator[Installation]:
    async with running(postgres, tmp_path) as installation:
        yield installation


@pytest.fixture
async def program(installation: Installation) -> AsyncIterator[httpx.AsyncClient]:
    """A client without cookies and without the header of browsers."""
    async with installation.client() as client:
        yield client


@pytest.fixture
async def browser(installation: Installation) -> AsyncIterator[httpx.AsyncClient]:
    """A client that keeps its cookie."""
    async with installation.client(browser=True) as client:
        yield client


@pytest.fixture
async def sunita(program: httpx.AsyncClient) -> Person:
    """Somebody who signed up."""
    return await sign_up(program, email="sunita@example.org", name="Sunita Sharma", locale="hi-IN")
