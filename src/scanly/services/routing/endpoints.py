"""Public REST of routing: ``/links``."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Response

from scanly.contracts.routing import LinkId
from scanly.kernel.errors import FieldFault, Invalid
from scanly.kernel.http import (
    Editor,
    Limit,
    Page,
    Tenant,
    check_version,
    decode_cursor,
    encode_cursor,
    tagged,
    use_service,
)
from scanly.kernel.idempotency import Idempotent
from scanly.services.routing.domain import LinkDraft
from scanly.services.routing.schemas import LinkBody, LinkCreate, LinkPatch
from scanly.services.routing.service import RoutingService

router = APIRouter(prefix="/links", tags=["routing"])

Service = Annotated[RoutingService, Depends(use_service(RoutingService))]
IfMatch = Annotated[str | None, Header(description="ETag of the version you saw")]

_REQUIRED = ("destination", "status_code", "paused")


@router.post("", status_code=201)
async def create_link(
    tenant: Editor, service: Service, body: LinkCreate, once: Idempotent, response: Response
) -> LinkBody:
    """Make a link without a code."""
    link = tagged(response, await service.create(tenant.workspace_id, LinkDraft(**body.model_dump()), once))
    response.headers["Location"] = f"/api/v1/links/{LinkBody.of(link).model_dump(mode='json')['id']}"
    return LinkBody.of(link)


@router.get("")
async def list_links(
    tenant: Tenant,
    service: Service,
    limit: Limit = 25,
    cursor: str | None = None,
    q: Annotated[str, Query(max_length=200, description="Part of the slug or destination")] = "",
) -> Page[LinkBody]:
    """Living links, newest first."""
    after = _position(cursor) if cursor else None
    links = await service.page(tenant.workspace_id, text=q, after=after, limit=limit + 1)
    page = links[:limit]
    more = len(links) > limit
    return Page(
        data=[LinkBody.of(link) for link in page],
        next_cursor=encode_cursor(page[-1].created_at.isoformat(), page[-1].id.hex) if more else None,
        has_more=more,
    )


@router.get("/{link_id}")
async def get_link(tenant: Tenant, service: Service, link_id: LinkId, response: Response) -> LinkBody:
    """One link; removed ones too, with the status ``ended``."""
    return LinkBody.of(tagged(response, await service.get(tenant.workspace_id, link_id)))


@router.patch("/{link_id}")
async def change_link(
    *,
    tenant: Editor,
    service: Service,
    link_id: LinkId,
    body: LinkPatch,
    response: Response,
    if_match: IfMatch = None,
) -> LinkBody:
    """Change destination, status, times, or pause it; every redirect process follows within a second."""
    changes = body.model_dump(exclude_unset=True)
    if faults := [
        FieldFault(f"/{name}", "required", "This cannot be cleared.")
        for name in _REQUIRED
        if name in changes and changes[name] is None
    ]:
        raise Invalid("Some fields cannot be null.", errors=faults)
    link = await service.change(
        tenant.workspace_id, link_id, changes, check=lambda version: check_version(if_match, version)
    )
    return LinkBody.of(tagged(response, link))


@router.delete("/{link_id}", status_code=204)
async def remove_link(tenant: Editor, service: Service, link_id: LinkId) -> None:
    """End a link: visitors get 410. The address stays yours; within 30 days this can be undone."""
    await service.get(tenant.workspace_id, link_id)
    await service.remove(workspace_id=tenant.workspace_id, link_ids=[link_id])


@router.post("/{link_id}/restore")
async def restore_link(tenant: Editor, service: Service, link_id: LinkId) -> LinkBody:
    """Undo the removal of a link."""
    await service.restore(workspace_id=tenant.workspace_id, link_ids=[link_id])
    return LinkBody.of(await service.get(tenant.workspace_id, link_id))


def _position(cursor: str) -> tuple[datetime, UUID]:
    try:
        created_at, identifier = decode_cursor(cursor, 2)
        return datetime.fromisoformat(created_at).astimezone(UTC), UUID(hex=identifier)
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        fault = FieldFault("?cursor", "invalid_cursor", "Take next_cursor from the page before, unchanged.")
        raise Invalid("The cursor is not one that this list gave out.", errors=[fault]) from error
