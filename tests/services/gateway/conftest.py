from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest

from scanly.kernel.auth import ANONYMOUS, set_principal
from tests.support.product import InProcess, product_in_process

Start = Callable[..., Awaitable[InProcess]]


@pytest.fixture
async def start(product_dsn: str, data_dir: Path) -> AsyncIterator[Start]:
    """Starts the product with settings such as ``limit_general="3/min"``."""
    async with AsyncExitStack() as stack:

        async def started(**settings: str) -> InProcess:
            environ = {f"SCANLY_{name.upper()}": value for name, value in settings.items()}
            return await stack.enter_async_context(product_in_process(product_dsn, data_dir, environ=environ))

        yield started


@pytest.fixture
async def product(start: Start) -> InProcess:
    """The product with its defaults."""
    return await start()


@pytest.fixture
async def anybody(product: InProcess) -> httpx.AsyncClient:
    """A client without credentials."""
    return await product.client()


@pytest.fixture(autouse=True)
def _nobody_calls() -> None:
    set_principal(ANONYMOUS)
