"""Schemathesis makes requests of all kinds out of the API's own document; answers are held against that document."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from scanly.app import registry
from scanly.app.openapi import openapi_document
from tests.e2e.operations import THINGS, Operation, operations
from tests.support.databases import TestServer
from tests.support.product import ADDRESS, InProcess, product_in_process

pytestmark = [
    pytest.mark.slow,
    # The product, in its thread, draws numbers while Hypothesis draws requests.
    pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies"),
]

T = TypeVar("T")

OFF = {f"SCANLY_LIMIT_{name}": "off" for name in ("GENERAL", "LOG_IN", "SIGN_UP", "PREVIEW")}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SCHEMA = schemathesis.openapi.from_dict(openapi_document())
TRIES = {"signed in": 20, "nobody": 3}


class Bench:
    """The product in a thread with an event loop of its own, since Hypothesis calls tests without one."""

    def __init__(self, dsn: str, folder: Path) -> None:
        self._running = product_in_process(dsn, folder, environ=OFF)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self.product: InProcess

    def __enter__(self) -> Self:
        self._thread.start()
        self.product = self.run(self._running.__aenter__())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.run(self._running.__aexit__(kind, error, trace))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def answer(self, client: httpx.AsyncClient, case: Case) -> httpx.Response:
        """Send what was made, as it is."""
        parts = case.as_transport_kwargs(base_url=ADDRESS)
        kept = {name: parts.get(name) for name in ("params", "json", "content", "data", "headers")}
        if isinstance(kept["data"], bytes | str):
            kept["content"], kept["data"] = kept["data"], None
        return self.run(client.request(parts["method"], parts["url"], **kept))


@pytest.fixture(scope="module")
def bench(postgres: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with postgres.copy(tuple(registry.schemas())) as dsn, Bench(dsn, tmp_path_factory.mktemp("fuzz")) as started:
        yield started


@pytest.mark.parametrize("who", TRIES)
@pytest.mark.parametrize(
    "operation", [one for one in operations() if not one.is_endless], ids=lambda operation: operation.name
)
def test_no_request_breaks_the_product_or_the_document(bench: Bench, operation: Operation, who: str) -> None:
    client = bench.run(bench.product.client() if who == "nobody" else bench.product.sign_up())
    mine = {}
    if who != "nobody":
        mine = {name: bench.run(THINGS[name](client)) for name in operation.path_parameters if name in THINGS}
    described = SCHEMA[operation.path][operation.method]

    @given(case=described.as_strategy(generation_mode=GenerationMode.POSITIVE), own=st.booleans())
    @settings(
        max_examples=TRIES[who], deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    def try_it(case: Case, *, own: bool) -> None:
        if own:  # something that is there, with a body that is taken: else nearly every answer were a refusal
            case.path_parameters = {**(case.path_parameters or {}), **mine}
            case.body = operation.body if operation.body is not None else case.body
        answer = bench.answer(client, case)
        case.validate_response(answer, checks=CHECKS)

    try_it()
