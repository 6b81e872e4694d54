"""Many codes at once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import StreamingResponse

from scanly.contracts.qr import CodeId
from scanly.kernel.http import Editor, Tenant
from scanly.kernel.idempotency import Idempotent
from scanly.services.qr.domain import Filters
from scanly.services.qr.endpoints.parts import Filtered, Inked, Service, Size
from scanly.services.qr.many.archive import DEFAULT_PATTERN
from scanly.services.qr.many.schemas import Bulk, Export, ExportForm, Results, Transfer
from scanly.services.qr.many.sheets import MEDIA_TYPES as SHEETS
from scanly.services.qr.many.sheets import sheet_of
from scanly.services.qr.rendering.output import Format, image_size
from scanly.services.qr.rendering.page import Ink
from scanly.services.qr.schemas import CodeBody
from scanly.services.qr.service import PictureWish, QrService

router = APIRouter()


@router.post("/qr-codes/bulk", status_code=207)
async def bulk(body: Bulk, tenant: Editor, service: Service, once: Idempotent) -> Results:
    """Do one thing with up to 1,000 codes. Each succeeds or fails for itself; the answer tells of each."""
    return await service.bulk(tenant.workspace_id, tenant.user_id, body, once)


_FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {} for kind in ("application/zip", *SHEETS.values())}, "description": "The file"}
}


@router.get("/qr-codes/export", response_class=StreamingResponse, responses=_FILES)
async def export(
    tenant: Tenant,
    service: Service,
    *,
    filters: Filtered,
    size: Size,
    ink: Inked,
    as_: Annotated[ExportForm, Query(alias="as", description="Pictures as zip, or the list as csv or xlsx")] = "zip",
    formats: Annotated[
        list[Format] | None, Query(alias="format", description="Of the pictures; svg", max_length=6)
    ] = None,
    name: Annotated[
        str, Query(max_length=200, description="File names in the zip, such as {name}-{slug}")
    ] = DEFAULT_PATTERN,
    ids: Annotated[list[CodeId] | None, Query(alias="id", max_length=200, description="Only these codes")] = None,
) -> StreamingResponse:
    """Many codes as one file, sent while it is made: their pictures, or the list of them."""
    chosen = filters if ids is None else replace(filters, ids=frozenset(ids))
    wish = PictureWish(tuple(dict.fromkeys(formats or ["svg"])), size, ink, name)
    return await _file(service, tenant.workspace_id, chosen, as_, wish)


@router.post("/qr-codes/export", response_class=StreamingResponse, responses=_FILES)
async def export_chosen(body: Export, tenant: Tenant, service: Service) -> StreamingResponse:
    """The same for up to 1,000 codes by their ids, or for a filter."""
    chosen = body.filter.filters() if body.filter else Filters()
    if body.ids is not None:
        chosen = replace(chosen, ids=frozenset(body.ids))
    size = image_size(body.size, body.unit, body.dpi)
    wish = PictureWish(tuple(dict.fromkeys(body.formats)), size, Ink(body.color, body.spot, body.overprint), body.name)
    return await _file(service, tenant.workspace_id, chosen, body.as_, wish)


async def _file(
    service: QrService, workspace_id: UUID, filters: Filters, form: ExportForm, wish: PictureWish
) -> StreamingResponse:
    content: AsyncIterator[bytes]
    if form == "zip":
        content, kind = await service.pictures(workspace_id, filters, wish), "application/zip"
    else:
        content, kind = sheet_of(await service.sheet(workspace_id, filters), form), SHEETS[form]
    headers = {"content-disposition": f'attachment; filename="codes.{form}"', "cache-control": "no-store"}
    return StreamingResponse(content, media_type=kind, headers=headers)


@router.post("/qr-codes/{code_id}/transfer")
async def transfer(code_id: CodeId, body: Transfer, tenant: Editor, service: Service, once: Idempotent) -> CodeBody:
    """Give a code to another workspace of yours. Its address goes along; what was counted so far stays here."""
    return await service.transfer(tenant.workspace_id, tenant.user_id, code_id, body.workspace_id, once)
