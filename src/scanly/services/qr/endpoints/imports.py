"""Codes from a sheet."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import StreamingResponse

from scanly.contracts.qr import ImportId
from scanly.kernel.errors import FieldFault, Invalid, NotFound
from scanly.kernel.http import Editor, Limit, Page, Tenant, decode_cursor, encode_cursor
from scanly.kernel.idempotency import Idempotent
from scanly.services.qr.endpoints.parts import Service
from scanly.services.qr.many.samples import SAMPLED, Language, sample
from scanly.services.qr.many.schemas import ImportBody, ImportPlan, LineBody, LineChange
from scanly.services.qr.many.sheets import MEDIA_TYPES, SheetForm, sheet_of

router = APIRouter()

LineState = Literal["waiting", "faulty", "made", "changed", "unchanged", "undone", "kept"]

_UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
            **{
                kind.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
                for kind in MEDIA_TYPES.values()
            },
        },
    }
}


@router.get("/qr-content-types/{content_type}/sheet", response_class=StreamingResponse)
async def sample_sheet(
    content_type: str, *, language: Language = "en", as_: Annotated[SheetForm, Query(alias="as")] = "csv"
) -> StreamingResponse:
    """A sheet to begin with: columns as an import understands them, and an example of a line."""
    if content_type not in SAMPLED:
        raise NotFound(f"There is a sample sheet for each of these types: {', '.join(sorted(SAMPLED))}.")

    async def pages() -> AsyncIterator[list[list[str]]]:
        yield sample(content_type, language)

    headers = {"content-disposition": f'attachment; filename="codes-{content_type}.{as_}"'}
    return StreamingResponse(sheet_of(pages(), as_), media_type=MEDIA_TYPES[as_], headers=headers)


@router.post("/qr-codes/import", status_code=201, openapi_extra=_UPLOAD)
async def upload(
    request: Request,
    tenant: Editor,
    service: Service,
    once: Idempotent,
    *,
    file_name: Annotated[str, Query(max_length=200)] = "",
    header: Annotated[bool | None, Query(description="Whether the first line names the columns; guessed")] = None,
    start: Annotated[bool, Query(description="Make the codes at once, as the columns were understood")] = False,
) -> ImportBody:
    """Upload a sheet (CSV or XLSX, up to 8 MB and 20,000 lines). Nothing is made before it is started."""
    content, name = await _file(request)
    body = await service.upload(tenant.workspace_id, content, file_name or name, header=header, once=once)
    if start and body.state == "draft":
        return await service.start_import(tenant.workspace_id, body.id)
    return body


async def _file(request: Request) -> tuple[bytes, str]:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.body(), ""
    try:
        async with request.form(max_files=1, max_fields=10) as form:
            sent = form.get("file")
            if isinstance(sent, UploadFile):
                return await sent.read(), (sent.filename or "")[:200]
    except HTTPException:  # what Starlette makes of a form that breaks off
        pass
    words = "Send the sheet as the part named file of a form, or as the whole body."
    raise Invalid(words, errors=[FieldFault("/file", "required", words)])


@router.get("/qr-codes/imports")
async def imports(tenant: Tenant, service: Service) -> Page[ImportBody]:
    """The newest imports."""
    return Page(data=await service.imports(tenant.workspace_id), next_cursor=None, has_more=False)


@router.get("/qr-codes/imports/{import_id}")
async def import_(import_id: ImportId, tenant: Tenant, service: Service) -> ImportBody:
    """An import with its progress."""
    return await service.import_(tenant.workspace_id, import_id)


@router.patch("/qr-codes/imports/{import_id}")
async def plan(import_id: ImportId, body: ImportPlan, tenant: Editor, service: Service) -> ImportBody:
    """Say what the columns hold and what all codes share; each line is checked anew."""
    return await service.plan_import(tenant.workspace_id, import_id, body)


@router.get("/qr-codes/imports/{import_id}/lines")
async def lines(
    import_id: ImportId,
    tenant: Tenant,
    service: Service,
    *,
    state: Annotated[list[LineState] | None, Query()] = None,
    cursor: str | None = None,
    limit: Limit = 25,
) -> Page[LineBody]:
    """The lines of the sheet, each with what is wrong or what became of it."""
    after = _after(cursor)
    found = await service.import_lines(tenant.workspace_id, import_id, state or [], after, limit)
    more = len(found) > limit
    cursor = encode_cursor(found[limit - 1].number) if more else None
    return Page(data=found[:limit], next_cursor=cursor, has_more=more)


def _after(cursor: str | None) -> int:
    if not cursor:
        return -1
    (number,) = decode_cursor(cursor, 1)
    if isinstance(number, int) and 0 <= number < 2**31:
        return number
    words = "The cursor belongs to another list. Start again without it."
    raise Invalid(words, errors=[FieldFault("?cursor", "invalid_cursor", words)])


@router.patch("/qr-codes/imports/{import_id}/lines/{number}")
async def mend(
    import_id: ImportId,
    number: Annotated[int, Path(ge=0, lt=2**31)],
    body: LineChange,
    tenant: Editor,
    service: Service,
) -> LineBody:
    """Mend cells of a line before the codes are made."""
    return await service.mend_line(tenant.workspace_id, import_id, number, body)


@router.get("/qr-codes/imports/{import_id}/sheet", response_class=StreamingResponse)
async def sheet(
    import_id: ImportId,
    tenant: Tenant,
    service: Service,
    *,
    state: Annotated[list[LineState] | None, Query()] = None,
    as_: Annotated[SheetForm, Query(alias="as")] = "csv",
) -> StreamingResponse:
    """The lines as a sheet, with the reason of each fault and the address of each code; faulty ones to be mended."""
    rows = await service.import_sheet(tenant.workspace_id, import_id, state or [])
    headers = {"content-disposition": f'attachment; filename="lines.{as_}"', "cache-control": "no-store"}
    return StreamingResponse(sheet_of(rows, as_), media_type=MEDIA_TYPES[as_], headers=headers)


@router.post("/qr-codes/imports/{import_id}/start")
async def start_import(import_id: ImportId, tenant: Editor, service: Service) -> ImportBody:
    """Make the codes of all lines without a fault, in the background."""
    return await service.start_import(tenant.workspace_id, import_id)


@router.post("/qr-codes/imports/{import_id}/pause")
async def pause_import(import_id: ImportId, tenant: Editor, service: Service) -> ImportBody:
    """Stop for now."""
    return await service.pause_import(tenant.workspace_id, import_id)


@router.post("/qr-codes/imports/{import_id}/resume")
async def resume_import(import_id: ImportId, tenant: Editor, service: Service) -> ImportBody:
    """Go on after a pause."""
    return await service.resume_import(tenant.workspace_id, import_id)


@router.post("/qr-codes/imports/{import_id}/cancel")
async def cancel_import(import_id: ImportId, tenant: Editor, service: Service) -> ImportBody:
    """Stop for good and keep the codes that are made."""
    return await service.cancel_import(tenant.workspace_id, import_id)


@router.post("/qr-codes/imports/{import_id}/undo")
async def undo_import(import_id: ImportId, tenant: Editor, service: Service) -> ImportBody:
    """Take all back, within a day: new codes are deleted unless people scanned them, changed ones are as before."""
    return await service.undo_import(tenant.workspace_id, import_id)
