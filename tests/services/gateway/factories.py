"""What tests of the gateway make."""

from typing import Any
from uuid import UUID

import httpx

from scanly.contracts.gateway import BillingLimitExceeded
from scanly.kernel.events import append
from scanly.kernel.ids import decode_id
from tests.support.product import PASSWORD, InProcess


async def browser(product: InProcess, email: str, **headers: str) -> httpx.AsyncClient:
    """A browser that signed up: it has a cookie and, unless told otherwise, sends its header."""
    client = await product.client()
    body = {"email": email, "password": PASSWORD}
    answer = await client.post("/api/v1/auth/sign-up", json=body, headers={"Scanly-Request": "1"})
    assert answer.status_code == 201, answer.text
    assert "access_token" not in answer.json()
    client.headers.update(headers)
    return client


async def workspace_of(client: httpx.AsyncClient) -> UUID:
    """The only workspace of somebody."""
    (workspace,) = (await client.get("/api/v1/workspaces")).json()["data"]
    return decode_id("ws", workspace["id"])


async def tell_of_limit(product: InProcess, workspace_id: UUID, *, blocked: bool) -> None:
    """Say, as billing will, that a workspace went beyond its plan, and wait until everybody knows."""
    reason = "More than 100 codes are in use."
    event = BillingLimitExceeded(workspace_id=workspace_id, blocked=blocked, reason=reason)
    async with product.product.database.for_service("gateway").begin(workspace_id) as session:
        await append(session, event)
    await product.product.events.drain()


def problem_of(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of an answer."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert (document["code"], document["status"]) == (code, status)
    assert document["request_id"] == answer.headers["x-request-id"]
    assert document["detail"]
    return document
