"""Workspace B gets 404 on everything of workspace A, and nobody gets 401: tried on every operation there is."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.operations import MENU, THINGS, Operation, operations
from tests.support.product import NO_LIMITS, InProcess, product_in_process

pytestmark = pytest.mark.slow

SUMMARY = "/api/v1/analytics/summary"
FOR_EVERYBODY = {
    "POST /api/v1/auth/sign-up",
    "POST /api/v1/auth/log-in",
    "POST /api/v1/auth/refresh",
    "POST /api/v1/auth/log-out",
    "GET /api/v1/auth/jwks",
    "POST /api/v1/auth/email/confirm",
    "POST /api/v1/auth/password/forgot",
    "POST /api/v1/auth/password/reset",
    "GET /api/v1/qr-content-types",
    "GET /api/v1/qr-content-types/{content_type}/sheet",
    "GET /api/v1/qr-design-options",
    "POST /api/v1/qr-codes/preview",
    "POST /api/v1/qr-codes/check",
    "POST /api/v1/qr-codes/repair",
    "GET /api/v1/qr-design-options/{group}/{name}.svg",
    "GET /api/v1/qr-templates",
    "GET /api/v1/qr-templates/{name}.svg",
}
NEEDS_MORE = {"POST /api/v1/qr-codes/{code_id}/transfer"}
"""Asks first for another workspace of the same person; ``tests/services/qr`` tries it on somebody else's code."""
STATES = {"import_state"}
"""What an owner may be told about a thing that is not in the state for it."""


@pytest.fixture
async def product(product_dsn: str, data_dir: Path) -> AsyncIterator[InProcess]:
    async with product_in_process(product_dsn, data_dir, environ=NO_LIMITS) as started:
        yield started


def with_things() -> list[Operation]:
    """Operations on a thing that belongs to somebody."""
    own = [one for one in operations() if set(one.path_parameters) - {"external_id"}]
    mine = [one for one in own if not one.is_for_operators and not one.is_signed]
    return [one for one in mine if one.name not in FOR_EVERYBODY | NEEDS_MORE]


async def try_on(client: httpx.AsyncClient, operation: Operation, owner: httpx.AsyncClient) -> httpx.Response:
    """Try an operation on new things of ``owner``."""
    things = {name: await THINGS[name](owner) for name in operation.path_parameters}
    if operation.path.endswith("/links/{link_id}/restore"):
        await owner.delete(f"/api/v1/links/{things['link_id']}")
    return await client.request(operation.method, operation.path.format(**things), **operation.sent)


def test_there_is_something_to_try() -> None:
    assert len(with_things()) >= 15
    assert {name for operation in with_things() for name in operation.path_parameters} <= set(THINGS)


async def test_what_belongs_to_one_workspace_is_not_there_for_another(product: InProcess) -> None:
    stranger = await product.sign_up()
    anybody = await product.client()
    for operation in with_things():
        owner = await product.sign_up()
        refused = await try_on(stranger, operation, owner)
        assert refused.status_code == 404, f"{operation.name}: {refused.status_code} {refused.text[:300]}"
        assert refused.json()["code"].endswith("not_found"), operation.name
        unknown = await try_on(anybody, operation, owner)
        assert unknown.status_code == 401, f"{operation.name}: {unknown.status_code} {unknown.text[:300]}"
        allowed = await try_on(owner, operation, owner)
        if not allowed.is_success and allowed.json()["code"] in STATES:
            continue
        assert allowed.is_success, f"{operation.name}: {allowed.status_code} {allowed.text[:300]}"


async def test_who_is_no_operator_sees_nothing_of_the_installation(product: InProcess) -> None:
    somebody = await product.sign_up()
    tried = [operation for operation in operations() if operation.is_for_operators]
    assert len(tried) >= 12
    for operation in tried:
        things = {name: f"{name.removesuffix('_id')}_{'0' * 26}" for name in operation.path_parameters}
        answer = await somebody.request(operation.method, operation.path.format(**things), **operation.sent)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), f"{operation.name}: {answer.text}"


async def test_nobody_gets_anything_that_is_not_for_everybody(product: InProcess) -> None:
    anybody = await product.client()
    for operation in operations():
        things = dict.fromkeys(operation.path_parameters, "qr_00000000000000000000000000")
        answer = await anybody.request(operation.method, operation.path.format(**things), **operation.sent)
        if operation.name not in FOR_EVERYBODY and not operation.is_signed:
            assert answer.status_code == 401, f"{operation.name}: {answer.status_code} {answer.text[:300]}"


async def test_no_list_and_no_figure_tells_of_another_workspace(product: InProcess) -> None:
    owner, stranger = await product.sign_up(workspace_name="Sharma Sweets"), await product.sign_up()
    made = {name: await make(owner) for name, make in THINGS.items()}
    things = {name: value for name, value in made.items() if "_" in value}
    code = (await owner.get(f"/api/v1/qr-codes/{things['code_id']}")).json()
    assert (await owner.get(f"/{code['link']['slug']}")).status_code == 302
    async with asyncio.timeout(20):
        while not (await owner.get(SUMMARY)).json()["excluded"]:  # noqa: ASYNC110 - counting has no event
            await asyncio.sleep(0.05)
    asked = {"link_id": code["link"]["id"], "qr_code_id": code["id"], "folder_id": "folder_1", "dimension": "device"}
    for operation in operations():
        if operation.method != "GET" or operation.path_parameters or operation.is_endless:
            continue
        known = {name: value for name, value in asked.items() if name in operation.query_parameters}
        for parameters in ({}, known):
            answer = await stranger.get(operation.path, params=parameters)
            for secret in (*things.values(), code["link"]["slug"], "Sharma"):
                assert secret not in answer.text, f"{operation.name}: {answer.text[:300]}"
    theirs = (await stranger.get(SUMMARY, params={"link_id": code["link"]["id"]})).json()
    assert (theirs["hits"], theirs["excluded"]) == (0, 0)


async def test_the_same_external_id_means_another_code_in_another_workspace(product: InProcess) -> None:
    owner, stranger = await product.sign_up(), await product.sign_up()
    path = "/api/v1/qr-codes/by-external-id/table-4"
    ours = await owner.put(path, json={"name": "Ours", "content": MENU})
    theirs = await stranger.put(path, json={"name": "Theirs", "content": MENU})
    assert (ours.status_code, theirs.status_code) == (201, 201)
    assert ours.json()["id"] != theirs.json()["id"]
    assert (await owner.put(path, json={"name": "Ours", "content": MENU})).json()["id"] == ours.json()["id"]


async def test_one_workspaces_key_does_not_answer_another(product: InProcess) -> None:
    owner, stranger = await product.sign_up(), await product.sign_up()
    headers = {"Idempotency-Key": "the same"}
    body = {"name": "Menu", "content": MENU}
    ours = (await owner.post("/api/v1/qr-codes", json=body, headers=headers)).json()
    theirs = (await stranger.post("/api/v1/qr-codes", json=body, headers=headers)).json()
    assert ours["id"] != theirs["id"]
    assert (await owner.post("/api/v1/qr-codes", json=body, headers=headers)).json()["id"] == ours["id"]


async def test_a_slug_tells_nothing_of_its_owner(product: InProcess) -> None:
    owner, stranger = await product.sign_up(workspace_name="Sharma Sweets"), await product.sign_up()
    await owner.post("/api/v1/links", json={"destination": "https://secret.example/", "slug": "menu"})
    taken = await stranger.post("/api/v1/links", json={"destination": "https://example.org/", "slug": "MENU"})
    assert (taken.status_code, taken.json()["code"]) == (409, "slug_taken")
    assert "secret" not in taken.text
    assert "Sharma" not in taken.text
