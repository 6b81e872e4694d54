"""Nothing that anybody can send is answered with a server error, and what is refused is a problem document."""

import itertools
import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, Self

import httpx
import pytest

from tests.e2e.operations import THINGS, Operation, operations
from tests.support.product import NO_LIMITS, InProcess, product_in_process

pytestmark = pytest.mark.slow

JSON = {"content-type": "application/json"}

VALUES: list[Any] = [
    None,
    True,
    -1,
    0.5,
    10**30,
    "",
    "x",
    "x" * 5_000,
    "bell\x07 null\x00",
    "\u202edesrever \u2028",
    "👨‍👩‍👧 नमस्ते مرحبا e\u0301",
    "javascript:alert(1)",
    "data:text/html,<script>",
    "http://127.0.0.1:22/",
    "http://[::1",
    "https://" + "a" * 300 + ".example/",
    "https://example.org/" + "%zz",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00+14:00",
    "#zzzzzz",
    [],
    ["x"] * 2_000,
    {},
    {"type": "nothing"},
    {"$ref": "#/"},
]
RAW = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"text"',
    b"5",
    b"NaN",
    b"[" * 100_000,
    b'{"a":' * 20_000,
    b"\xff\xfe\x00",
    b'{"name": "\\ud83d"}',
    b'{"name": NaN, "content": Infinity}',
    b'{"name": 1e999}',
    b'{"name": ' + b"9" * 5_000 + b"}",
    b'{"name": "a", "name": "b"}',
]
SEGMENTS = [
    "x",
    "%00",
    "..%2f..",
    "%2e%2e",
    "%F0%9F%8D%B0",
    "%ff",
    "a" * 2_000,
    "-1",
    "qr_" + "z" * 26,
    "1;drop",
    "%0d%0a",
]
WORDS = [
    "",
    "x",
    "-1",
    "0",
    "9" * 30,
    "nan",
    "\x00",
    "a" * 3_000,
    "😀",
    "%",
    "'",
    "null",
    "2026-13-45",
    "Mars/Base",
    "a,b",
]
CURSORS: list[Any] = [
    [],
    [1],
    ["x"],
    [None],
    [{}],
    ["x", "y"],
    [None, None],
    [1, 2, 3],
    ["created_at", 5, "x"],
    ["-created_at", "9999-99-99", "x"],
    [10**40],
    ["\x00"],
    [[], []],
]


def mutated(value: Any) -> Iterator[Any]:
    """``value`` with each of its parts replaced, one at a time, and with a field too many."""
    yield from VALUES
    if isinstance(value, dict):
        yield {**value, "no_such_field": 1}
        for key, part in value.items():
            rest = {name: other for name, other in value.items() if name != key}
            yield rest
            for changed in mutated(part):
                yield {**deepcopy(rest), key: changed}


class Somebody:
    """Somebody signed in with one of everything, who tries things and keeps what went wrong."""

    def __init__(self, product: InProcess) -> None:
        self._product = product
        self.faults: list[str] = []

    async def __aenter__(self) -> Self:
        self._client = await self._product.sign_up()
        self.things = {name: await make(self._client) for name, make in THINGS.items()} | {"external_id": "table-4"}
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._client.aclose()

    async def send(self, operation: Operation, sent: object, *, path: str | None = None, **options: Any) -> None:
        address = path if path is not None else operation.path.format(**self.things)
        answer = await self._client.request(operation.method, address, **options)
        if (fault := fault_of(answer)) is not None:
            self.faults.append(f"{operation.name} {str(sent)[:200]!r}: {fault} {answer.text[:300]}")


def fault_of(answer: httpx.Response) -> str | None:
    """What is wrong with an answer; a refusal is not."""
    if answer.status_code >= 500:
        return f"a server error {answer.status_code}"
    if answer.status_code < 400:
        return None
    if answer.request.method == "HEAD":  # which is answered without a body
        return "a body" if answer.content else None
    return _fault_of_refusal(answer)


def _fault_of_refusal(answer: httpx.Response) -> str | None:
    if answer.headers["content-type"] != "application/problem+json":
        return "no problem document"
    document = answer.json()
    if not {"type", "title", "status", "code", "detail", "request_id"} <= set(document):
        return "an incomplete problem document"
    if any(set(error) != {"pointer", "code", "detail"} for error in document.get("errors", ())):
        return "incomplete errors"
    return None


@pytest.fixture
async def product(product_dsn: str, data_dir: Path) -> AsyncIterator[InProcess]:
    async with product_in_process(product_dsn, data_dir, environ=NO_LIMITS) as started:
        yield started


def those(choose: Callable[[Operation], object]) -> list[Operation]:
    found = [operation for operation in operations() if not operation.is_endless and choose(operation)]
    assert found
    return found


@pytest.mark.parametrize("service", sorted({operation.path.split("/")[3] for operation in those(lambda o: o.body)}))
async def test_wrong_values_in_the_body(product: InProcess, service: str) -> None:
    faults: list[str] = []
    for operation in those(lambda o: o.body and o.path.split("/")[3] == service):
        async with Somebody(product) as somebody:
            for body in mutated(operation.body):
                content = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
                await somebody.send(operation, body, content=content, headers=JSON)
            for raw in RAW:
                await somebody.send(operation, raw, content=raw, headers=JSON)
            faults += somebody.faults
    assert faults == []


async def test_wrong_parts_of_the_path(product: InProcess) -> None:
    faults: list[str] = []
    for operation in those(lambda o: o.path_parameters):
        async with Somebody(product) as somebody:
            for name, segment in itertools.product(operation.path_parameters, SEGMENTS):
                path = operation.path.format(**{**somebody.things, name: segment})
                await somebody.send(operation, segment, path=path, json=operation.body)
            faults += somebody.faults
    assert faults == []


async def test_wrong_words_in_the_query(product: InProcess) -> None:
    faults: list[str] = []
    for operation in those(lambda o: o.query_parameters):
        async with Somebody(product) as somebody:
            for name, word in itertools.product([*operation.query_parameters, "no_such_parameter"], WORDS):
                await somebody.send(operation, {name: word}, params={name: word}, json=operation.body)
            await somebody.send(operation, "%ff", path=operation.path.format(**somebody.things) + "?q=%ff&%00&=&&a=%zz")
            for name in operation.query_parameters:
                await somebody.send(operation, f"{name} twice", params=[(name, "x")] * 60, json=operation.body)
            faults += somebody.faults
    assert faults == []


async def test_cursors_of_somebody_else(product: InProcess) -> None:
    faults: list[str] = []
    for operation in those(lambda o: "cursor" in o.query_parameters):
        async with Somebody(product) as somebody:
            for position in CURSORS:
                cursor = urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")
                await somebody.send(operation, position, params={"cursor": cursor})
            faults += somebody.faults
    assert faults == []


async def test_wrong_words_in_headers(product: InProcess) -> None:
    faults: list[str] = []
    for header in ("if-match", "idempotency-key", "scanly-workspace", "accept-language", "cookie", "host"):
        reading = those(lambda o: o.method == "GET" or header in {p["name"].lower() for p in o.parameters})  # noqa: B023
        async with Somebody(product) as somebody:
            for operation, word in itertools.product(reading, ("", '"', "\u00ff" * 20, "x" * 3_000, "W/,,*", "a=b; c")):
                await somebody.send(operation, word, headers={header: word.encode("latin-1")}, json=operation.body)
            faults += somebody.faults
    assert faults == []
