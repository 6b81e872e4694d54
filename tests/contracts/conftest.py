import importlib
import inspect
import pkgutil
from abc import ABC
from collections.abc import AsyncIterator
from typing import Any, TypeVar

import httpx
import pytest

import scanly.contracts
from scanly.app.topology import service_of
from scanly.kernel.auth import ANONYMOUS, set_principal
from scanly.kernel.rpc import interface_methods, remote_client
from tests.support.product import InProcess

I = TypeVar("I")  # noqa: E741 - an interface


def interfaces() -> list[type[Any]]:
    """Every interface of every contract."""
    modules = [
        importlib.import_module(module.name)
        for module in pkgutil.iter_modules(scanly.contracts.__path__, "scanly.contracts.")
    ]
    return [
        cls
        for module in modules
        for _, cls in inspect.getmembers(module, inspect.isclass)
        if cls.__module__ == module.__name__ and ABC in cls.__bases__ and interface_methods(cls)
    ]


class Reach:
    """Hands out clients of one kind, local or remote, for the services of a product."""

    def __init__(self, product: InProcess, client: httpx.AsyncClient | None) -> None:
        self._product = product
        self._client = client

    def __call__(self, interface: type[I]) -> I:
        if self._client is None:
            return self._product.product.client(interface)
        bases = ["http://peer.example:8000"]
        return remote_client(interface, service_of(interface), bases, self._client, self._product.product.signer)


@pytest.fixture(params=["local", "remote"])
async def reach(request: pytest.FixtureRequest, product: InProcess) -> AsyncIterator[Reach]:
    """The services as another service in the same process sees them, and as one in another process does."""
    set_principal(ANONYMOUS)
    if request.param == "local":
        yield Reach(product, None)
        return
    async with httpx.AsyncClient(transport=httpx.ASGITransport(product.product.application)) as client:
        yield Reach(product, client)
