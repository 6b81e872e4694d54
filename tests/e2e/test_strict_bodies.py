"""Bodies take numbers, and true or false, as JSON has them; a text in their place is a fault there."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from scanly.app.openapi import openapi_document
from tests.e2e.operations import THINGS, operations
from tests.support.product import NO_LIMITS, product_in_process

IN_A_TEXT = {"integer": "5", "number": "5", "boolean": "true"}

Misuse = tuple[str, Any]
"""JSON pointer, and a body with a text there in place of a number or of true or false."""


def misuses(schema: Mapping[str, Any], models: Mapping[str, Any], inside: tuple[str, ...] = ()) -> Iterator[Misuse]:
    """Every misuse of a schema; bodies hold little else."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name not in inside:
            yield from misuses(models[name], models, (*inside, name))
    if (text := IN_A_TEXT.get(schema.get("type", ""))) is not None:
        yield "", text
    for option in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from misuses(option, models, inside)
    fields = schema.get("properties", {})
    fixed = {name: field["const"] for name, field in fields.items() if "const" in field}
    for name, field in fields.items():
        for pointer, value in misuses(field, models, inside):
            yield f"/{name}{pointer}", {**fixed, name: value}
    if "items" in schema:
        for pointer, value in misuses(schema["items"], models, inside):
            yield f"/0{pointer}", [value]


def of_all_operations() -> list[tuple[str, str, str, Any]]:
    """Method, path, pointer and body of every misuse there can be."""
    models = openapi_document()["components"]["schemas"]
    return [
        (operation.method, operation.path, pointer, body)
        for operation in operations()
        for kind, content in operation.document.get("requestBody", {}).get("content", {}).items()
        if kind == "application/json" and not operation.is_for_operators
        for pointer, body in misuses(content["schema"], models)
    ]


def test_misuses_are_found_in_every_depth() -> None:
    found = {(path.removeprefix("/api/v1/"), pointer) for _, path, pointer, _ in of_all_operations()}
    assert {
        ("links", "/status_code"),
        ("files/uploads", "/size"),
        ("qr-codes/check", "/size_mm"),
        ("qr-codes", "/content/hidden"),
        ("qr-designs", "/design/modules/fill/gradient/stops/0/at"),
    } <= found


@pytest.mark.slow
async def test_a_text_is_no_number_and_neither_true_nor_false(product_dsn: str, data_dir: Path) -> None:
    async with product_in_process(product_dsn, data_dir, environ=NO_LIMITS) as product:
        owner = await product.sign_up()
        things = {name: await make(owner) for name, make in THINGS.items()} | {"external_id": "table-4"}
        taken = []
        for method, path, pointer, body in of_all_operations():
            answer = await owner.request(method, path.format(**things), json=body)
            faults = answer.json().get("errors", ()) if answer.is_error else ()
            if pointer not in {fault["pointer"] for fault in faults}:
                taken.append(f"{method} {path} {pointer}: {answer.status_code}")
        assert taken == []
