"""The whole product inside the test's own process and event loop, on a database and a data folder of its own."""

import itertools
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx

from scanly.app import installation, registry
from scanly.app.product import Product
from scanly.kernel.clock import Clock

SECRET = b"a secret for tests, which is long enough"
ADDRESS = "http://localhost:8000"
PASSWORD = "nine lazy parrots cross"
NO_LIMITS = {f"SCANLY_LIMIT_{name}": "off" for name in ("GENERAL", "LOG_IN", "SIGN_UP", "PREVIEW")}
"""Environment in which nobody is too quick."""
_numbers = itertools.count(1)


@dataclass
class InProcess:
    """A started product and ways to talk to it. What streams without end (SSE) needs a running one instead."""

    product: Product
    dsn: str
    data_dir: Path
    _clients: AsyncExitStack = field(repr=False)

    async def client(self, **options: Any) -> httpx.AsyncClient:
        """A client without credentials; closed with the product."""
        transport = httpx.ASGITransport(app=self.product.application, client=("127.0.0.1", 50000))
        made = httpx.AsyncClient(**{"transport": transport, "base_url": ADDRESS, **options})
        return await self._clients.enter_async_context(made)

    async def sign_up(self, email: str | None = None, **more: Any) -> httpx.AsyncClient:
        """A client that carries the access token of a new person with a workspace of their own."""
        client = await self.client()
        body = {"email": email or f"person{next(_numbers)}@example.com", "password": PASSWORD, **more}
        answer = await client.post("/api/v1/auth/sign-up", json=body)
        assert answer.status_code == 201, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return client


@asynccontextmanager
async def product_in_process(
    dsn: str,
    data_dir: Path,
    *,
    clock: Clock | None = None,
    environ: Mapping[str, str] = MappingProxyType({}),
) -> AsyncIterator[InProcess]:
    """Start all services on a migrated database; `environ` holds further settings as `SCANLY_…`."""
    variables = {"SCANLY_DATA_DIR": str(data_dir), "SCANLY_PUBLIC_URL": ADDRESS, **environ}
    loaded = installation.load(variables, data_dir / "scanly.toml")
    product = Product(loaded, dsn, SECRET, registry.SERVICES, clock=clock)
    async with AsyncExitStack() as clients:
        try:
            await product.start()
            yield InProcess(product, dsn, data_dir, clients)
        finally:
            await product.stop()
