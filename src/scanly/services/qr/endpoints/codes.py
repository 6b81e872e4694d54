"""Codes: made, found, changed, drawn."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from scanly.contracts.qr import CodeId
from scanly.kernel.http import Editor, Limit, Page, Tenant, tagged
from scanly.kernel.idempotency import Idempotent
from scanly.kernel.ids import encode_id
from scanly.services.qr.content import TYPES
from scanly.services.qr.design import OPTIONS, DesignOptions
from scanly.services.qr.domain import GroupBy, Sort
from scanly.services.qr.endpoints.parts import Filtered, IfMatch, Service
from scanly.services.qr.schemas import (
    CodeBody,
    CodeCopy,
    CodeCount,
    CodeCreate,
    CodePatch,
    ContentTypes,
    ExternalId,
    content_type_body,
)
from scanly.services.qr.service import CodeQuery

router = APIRouter()


def _made(response: Response, body: CodeBody) -> CodeBody:
    response.headers["location"] = f"/api/v1/qr-codes/{encode_id('qr', body.id)}"
    return tagged(response, body)


@router.get("/qr-content-types")
async def content_types() -> ContentTypes:
    """What a code can hold, with the schema of each content and hints for its form."""
    return ContentTypes(data=[content_type_body(name, cls) for name, cls in TYPES.items()])


@router.get("/qr-design-options")
async def design_options() -> DesignOptions:
    """What a design can choose from; only what works is listed."""
    return OPTIONS


@router.get("/qr-codes")
async def codes(
    tenant: Tenant,
    service: Service,
    *,
    filters: Filtered,
    sort: Sort = "-created_at",
    cursor: str | None = None,
    limit: Limit = 25,
) -> Page[CodeBody]:
    """Codes of the workspace, a page at a time."""
    return await service.page(tenant.workspace_id, CodeQuery(filters, sort, cursor, limit))


@router.get("/qr-codes/count")
async def count(tenant: Tenant, service: Service, filters: Filtered, group_by: GroupBy | None = None) -> CodeCount:
    """How many codes fit, also by group."""
    return await service.count(tenant.workspace_id, filters, group_by)


@router.post("/qr-codes", status_code=201)
async def create(body: CodeCreate, tenant: Editor, service: Service, once: Idempotent, response: Response) -> CodeBody:
    """Make a code. A design that no phone can read is refused with advice."""
    return _made(response, await service.create(tenant.workspace_id, body, once))


@router.put("/qr-codes/by-external-id/{external_id:path}", responses={201: {"model": CodeBody}})
async def upsert(
    external_id: ExternalId, *, body: CodeCreate, tenant: Editor, service: Service, once: Idempotent, response: Response
) -> CodeBody:
    """Make the code with your own id, or make it be as you say: 201 when it was made, else 200."""
    code, made = await service.upsert(tenant.workspace_id, external_id, body, once)
    response.status_code = 201 if made else 200
    return (_made if made else tagged)(response, code)


@router.get("/qr-codes/{code_id}")
async def code(code_id: CodeId, tenant: Tenant, service: Service, response: Response) -> CodeBody:
    """One code."""
    return tagged(response, await service.get(tenant.workspace_id, code_id))


@router.patch("/qr-codes/{code_id}")
async def change(
    code_id: CodeId, *, body: CodePatch, tenant: Editor, service: Service, response: Response, if_match: IfMatch = None
) -> CodeBody:
    """Change a code by JSON Merge Patch. The symbol of a dynamic code stays as it is printed."""
    patch = body.model_dump(exclude_unset=True)
    return tagged(response, await service.change(tenant.workspace_id, code_id, patch, if_match=if_match))


@router.delete("/qr-codes/{code_id}", status_code=204)
async def delete(
    code_id: CodeId,
    *,
    tenant: Editor,
    service: Service,
    for_good: Annotated[bool, Query(description="Remove a deleted code at once; nothing brings it back")] = False,
    if_match: IfMatch = None,
) -> None:
    """Delete a code. `POST …/restore` brings it back for 30 days."""
    if for_good:
        await service.remove_for_good(tenant.workspace_id, code_id)
    else:
        await service.delete(tenant.workspace_id, code_id, if_match=if_match)


@router.post("/qr-codes/{code_id}/archive")
async def archive(code_id: CodeId, tenant: Editor, service: Service, response: Response) -> CodeBody:
    """Put a code away; it goes on working."""
    return tagged(response, await service.set_archived(tenant.workspace_id, code_id, archived=True))


@router.post("/qr-codes/{code_id}/restore")
async def restore(code_id: CodeId, tenant: Editor, service: Service, response: Response) -> CodeBody:
    """Bring back an archived or deleted code."""
    return tagged(response, await service.restore(tenant.workspace_id, code_id))


@router.post("/qr-codes/{code_id}/pause")
async def pause(code_id: CodeId, tenant: Editor, service: Service, response: Response) -> CodeBody:
    """Let the visitors of a dynamic code wait: they see that it rests."""
    return tagged(response, await service.set_paused(tenant.workspace_id, code_id, paused=True))


@router.post("/qr-codes/{code_id}/resume")
async def resume(code_id: CodeId, tenant: Editor, service: Service, response: Response) -> CodeBody:
    """Let a paused code lead on."""
    return tagged(response, await service.set_paused(tenant.workspace_id, code_id, paused=False))


@router.post("/qr-codes/{code_id}/duplicate", status_code=201)
async def duplicate(
    code_id: CodeId,
    *,
    tenant: Editor,
    service: Service,
    once: Idempotent,
    response: Response,
    body: CodeCopy | None = None,
) -> CodeBody:
    """Make a code with the same content and look; a dynamic one gets an address of its own."""
    return _made(response, await service.duplicate(tenant.workspace_id, code_id, body or CodeCopy(), once))
