"""The public REST interface of media, and the addresses at which visitors open files."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import UploadFile
from typing_extensions import TypedDict

from scanly.contracts.auth import WorkspaceId
from scanly.contracts.media import FileId
from scanly.kernel.errors import BadRequest, FieldFault, Invalid
from scanly.kernel.http import Editor, Limit, Page, Tenant, tagged, use_service
from scanly.kernel.http.problems import invalid
from scanly.kernel.idempotency import Idempotent
from scanly.kernel.ids import decode_id, encode_id
from scanly.services.media.domain import EXTENSIONS, Format, Kind, Sort
from scanly.services.media.schemas import (
    Alt,
    FileBody,
    FilePatch,
    Name,
    PartBody,
    RoomBody,
    UploadBody,
    UploadCreate,
    UploadId,
)
from scanly.services.media.service import Content, FileQuery, MediaService, Signature, no_such_file
from scanly.services.media.serving import answer

router = APIRouter(tags=["media"])
visitors = APIRouter()

Service = Annotated[MediaService, Depends(use_service(MediaService))]
IfMatch = Annotated[str | None, Header(description="ETag of the version you saw")]
Width = Annotated[int | None, Query(alias="w", ge=1, le=10_000, description="Width of a picture, rounded up to a step")]
Form = Annotated[Format | None, Query(alias="format", description="Format of a picture; left out: its own")]
Version = Annotated[
    str | None, Query(max_length=64, description="Beginning of the content's hash: then keep it for ever")
]
Download = Annotated[bool, Query(description="Offer the file for saving")]

_PIECE = 262_144
_BYTES: dict[int | str, dict[str, Any]] = {
    200: {"content": {media_type: {} for media_type in EXTENSIONS}, "description": "The bytes, in their media type"},
    206: {"content": {media_type: {} for media_type in EXTENSIONS}, "description": "The range that was asked for"},
    304: {"description": "You have it already"},
    416: {"description": "The range begins behind the end"},
}
_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary", "description": "Up to 8 MB"},
                        "name": {"type": "string", "maxLength": 200, "description": "Left out: that of the file"},
                        "alt": {"type": "string", "maxLength": 1000},
                    },
                }
            }
        },
    }
}
_PART: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class _Fields(TypedDict, total=False):
    """What a form may say of its file."""

    name: Name
    alt: Alt


_FIELDS = TypeAdapter(_Fields)


async def _query(
    *,
    q: Annotated[str, Query(max_length=200, description="Part of the name or of what a picture shows")] = "",
    kind: Annotated[Kind | None, Query(description="Only pictures, or only PDF")] = None,
    deleted: Annotated[bool, Query(description="Those that were deleted and can be brought back")] = False,
    sort: Sort = "-created_at",
    cursor: str | None = None,
    limit: Limit = 25,
) -> FileQuery:
    return FileQuery(q.strip(), kind, deleted, sort, cursor, limit)


async def _signed(
    workspace_id: Annotated[WorkspaceId | None, Query(alias="for")] = None,
    expires: Annotated[int, Query(ge=0, le=2**40)] = 0,
    signature: Annotated[str, Query(max_length=100)] = "",
) -> Signature:
    return Signature(workspace_id or UUID(int=0), expires, signature)


Signed = Annotated[Signature, Depends(_signed)]


def _made(response: Response, body: FileBody) -> FileBody:
    response.headers["location"] = f"/api/v1/files/{encode_id('file', body.id)}"
    return tagged(response, body)


@router.get("/files")
async def files(tenant: Tenant, service: Service, query: Annotated[FileQuery, Depends(_query)]) -> Page[FileBody]:
    """Files of the workspace, a page at a time."""
    return await service.page(tenant.workspace_id, query)


@router.post("/files", status_code=201, openapi_extra=_FORM)
async def add(request: Request, tenant: Editor, service: Service, once: Idempotent, response: Response) -> FileBody:
    """Upload a file of up to 8 MB at once. Its kind is judged by its content; metadata of pictures is removed."""
    async with _form(request) as sent:
        body = await service.add(tenant.workspace_id, _pieces(sent.file), sent.name, sent.alt, once)
    return _made(response, body)


@router.get("/files/room")
async def room(tenant: Tenant, service: Service) -> RoomBody:
    """How much room the workspace has for files, and how much of it is taken."""
    return await service.room(tenant.workspace_id)


@router.post("/files/uploads", status_code=201)
async def start_upload(body: UploadCreate, tenant: Editor, service: Service, once: Idempotent) -> UploadBody:
    """Begin an upload in parts, which goes on where it broke off, for files of any size."""
    return await service.start_upload(tenant.workspace_id, body, once)


@router.head("/files/uploads/{upload_id}", status_code=204)
async def upload_offset(upload_id: UploadId, signed: Signed, service: Service, response: Response) -> None:
    """Where an upload goes on: the header `Upload-Offset`. Needs the signed address only."""
    row = await service.upload(upload_id, signed)
    response.headers["upload-offset"] = str(row.received)
    response.headers["upload-length"] = str(row.size)


@router.put(
    "/files/uploads/{upload_id}",
    openapi_extra=_PART,
    responses={201: {"model": FileBody, "description": "All is there"}},
)
async def take_part(
    upload_id: UploadId,
    *,
    request: Request,
    signed: Signed,
    service: Service,
    response: Response,
    upload_offset: Annotated[int, Header(ge=0, le=2**40, description="Where this part begins")] = 0,
) -> PartBody | FileBody:
    """Send the part that begins at `Upload-Offset`; the last one is answered with the file. Needs the address only."""
    taken = await service.take_part(upload_id, signed, upload_offset, await request.body())
    if isinstance(taken, int):
        return PartBody(offset=taken)
    response.status_code = 201
    return _made(response, taken)


@router.delete("/files/uploads/{upload_id}", status_code=204)
async def cancel_upload(upload_id: UploadId, signed: Signed, service: Service) -> None:
    """Forget an upload. Needs the signed address only."""
    await service.cancel_upload(upload_id, signed)


@router.get("/files/{file_id}")
async def file(file_id: FileId, tenant: Tenant, service: Service, response: Response) -> FileBody:
    """One file, with what uses it."""
    return tagged(response, await service.get(tenant.workspace_id, file_id))


@router.patch("/files/{file_id}")
async def change(
    file_id: FileId, *, body: FilePatch, tenant: Editor, service: Service, response: Response, if_match: IfMatch = None
) -> FileBody:
    """Rename or describe a file. Its address stays."""
    return tagged(response, await service.change(tenant.workspace_id, file_id, body, if_match=if_match))


@router.delete("/files/{file_id}", status_code=204)
async def delete(
    file_id: FileId,
    *,
    tenant: Editor,
    service: Service,
    force: Annotated[bool, Query(description="Also when something uses it")] = False,
    forever: Annotated[bool, Query(description="At once and for good")] = False,
    if_match: IfMatch = None,
) -> None:
    """Delete a file. `POST …/restore` brings it back for 30 days. 409 with the list of uses when something uses it."""
    await service.delete(tenant.workspace_id, file_id, force=force, forever=forever, if_match=if_match)


@router.post("/files/{file_id}/restore")
async def restore(file_id: FileId, tenant: Editor, service: Service, response: Response) -> FileBody:
    """Bring back a deleted file."""
    return tagged(response, await service.restore(tenant.workspace_id, file_id))


@router.put("/files/{file_id}/content", openapi_extra=_FORM)
async def replace(
    file_id: FileId, *, request: Request, tenant: Editor, service: Service, response: Response, if_match: IfMatch = None
) -> FileBody:
    """Give a file other content. Its address and every code that leads to it stay as they are."""
    async with _form(request) as sent:
        body = await service.replace(tenant.workspace_id, file_id, _pieces(sent.file), if_match=if_match)
    return tagged(response, body)


@router.head("/files/{file_id}/content", include_in_schema=False)
@router.get("/files/{file_id}/content", response_class=Response, responses=_BYTES)
async def content(
    file_id: FileId,
    *,
    request: Request,
    tenant: Tenant,
    service: Service,
    w: Width = None,
    form: Form = None,
    v: Version = None,
    download: Download = False,
) -> Response:
    """What is in a file, or a picture of it in another width or format. Ranges work."""
    found = await service.content(tenant.workspace_id, file_id, w, form)
    return await _answer(request, found, public=False, version=v, download=download)


@visitors.api_route("/f/{file_id}/{name:path}", methods=["GET", "HEAD"])
async def open_file(
    file_id: str,
    name: str,  # noqa: ARG001 - for people; a file keeps its address when it is renamed
    *,
    request: Request,
    service: Service,
    w: Width = None,
    form: Form = None,
    v: Version = None,
    download: Download = False,
) -> Response:
    """What a visitor sees of a file."""
    try:
        found = await service.public(decode_id("file", file_id), w, form)
    except ValueError as error:
        raise no_such_file() from error
    return await _answer(request, found, public=True, version=v, download=download)


async def _answer(request: Request, found: Content, *, public: bool, version: str | None, download: bool) -> Response:
    head = request.method == "HEAD"
    return await answer(found, request.headers, head=head, public=public, version=version, download=download)


class _Sent(NamedTuple):
    """A form with a file."""

    file: UploadFile
    name: str | None
    alt: str


@asynccontextmanager
async def _form(request: Request) -> AsyncIterator[_Sent]:
    """Yield the form of a request. Read by hand, since the body was read before, for the idempotency key."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise BadRequest("Send the file as multipart/form-data, in a field named file.")
    await request.body()
    async with request.form(max_files=1, max_fields=5, max_part_size=8192) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            words = "Send the file in a field named file."
            raise Invalid(words, errors=[FieldFault("/file", "required", words)])
        try:
            fields = _FIELDS.validate_python({name: form[name] for name in ("name", "alt") if form.get(name)})
        except ValidationError as error:
            raise invalid(error.errors()) from error
        yield _Sent(file, fields.get("name") or file.filename, fields.get("alt", ""))


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(_PIECE):
        yield piece
