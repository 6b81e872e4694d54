"""Pictures: of codes that are saved and of sketches, and what the judge says about them."""

from typing import Annotated, Any, NamedTuple
from urllib.parse import quote, urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from scanly.contracts.auth import WorkspaceId
from scanly.contracts.qr import CodeId
from scanly.kernel.http import Tenant, etags
from scanly.kernel.http.access import require_principal, require_workspace
from scanly.kernel.ids import encode_id
from scanly.services.qr.endpoints.parts import IfNoneMatch, Inked, Service, Size, own_turn
from scanly.services.qr.rendering.output import MEDIA_TYPES, Format, Wanted
from scanly.services.qr.schemas import CheckBody, CheckSketch, ImageAddress, RepairBody, Sketch

router = APIRouter()

_PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"content": {media_type: {} for media_type in MEDIA_TYPES.values()}, "description": "The picture"}
}
_LEFT_OUT = {"description": "JSON pointers to files that are gone", "schema": {"type": "string"}}
_SKETCH: dict[int | str, dict[str, Any]] = {200: {**_PICTURE[200], "headers": {"Scanly-Left-Out": _LEFT_OUT}}}
_YEAR = 31_536_000
_DAY = 86_400
_SOON = 300


class _Viewer(NamedTuple):
    workspace_id: UUID
    has_key: bool


async def _viewer(
    code_id: CodeId,
    service: Service,
    workspace: Annotated[WorkspaceId | None, Query(description="Whose code it is, when there are several")] = None,
    key: Annotated[str | None, Query(max_length=100, description="From /image-address: shows it to everybody")] = None,
) -> _Viewer:
    if key is not None and workspace is not None:
        service.require_key(workspace, code_id, key)
        return _Viewer(workspace, has_key=True)
    tenant = await require_workspace(await require_principal())
    return _Viewer(tenant.workspace_id, has_key=False)


@router.post("/qr-codes/preview", response_class=Response, responses=_SKETCH, dependencies=[Depends(own_turn)])
async def preview(
    body: Sketch, service: Service, size: Size, ink: Inked, form: Annotated[Format, Query(alias="format")] = "svg"
) -> Response:
    """Draw a code that is not saved. Needs no sign-in.

    Without pictures whose files are gone, as saved codes are drawn; `check` and saving refuse these.
    """
    picture, left_out = await service.preview(body, Wanted(form, size, ink))
    headers = {"cache-control": "no-store"}
    if left_out:
        headers["scanly-left-out"] = ", ".join(left_out)
    return Response(picture, media_type=MEDIA_TYPES[form], headers=headers)


@router.post("/qr-codes/check", dependencies=[Depends(own_turn)])
async def check(body: CheckSketch, service: Service) -> CheckBody:
    """Judge a code that is not saved: how well phones read it and what would help. Needs no sign-in."""
    subject = service.sketched(body)
    return CheckBody.of(await service.studio.judge(subject, body.size_mm), subject.payload)


@router.post("/qr-codes/repair", dependencies=[Depends(own_turn)])
async def repair(body: Sketch, service: Service) -> RepairBody:
    """Change the least of a design that makes phones read it. Needs no sign-in and saves nothing."""
    subject = service.sketched(body)
    return RepairBody.of(await service.studio.repair(subject), subject.payload)


@router.get("/qr-codes/{code_id}/image-address")
async def image_address(
    code_id: CodeId,
    *,
    tenant: Tenant,
    service: Service,
    size: Size,
    ink: Inked,
    form: Annotated[Format, Query(alias="format")] = "svg",
) -> ImageAddress:
    """An address of the picture that needs no sign-in, for websites; caches may keep what it shows."""
    version, key = await service.picture_key(tenant.workspace_id, code_id)
    asked: dict[str, object] = {"workspace": encode_id("ws", tenant.workspace_id), "v": version, "key": key}
    asked |= {"size": f"{size.size:g}", "unit": size.unit}
    asked |= {"dpi": size.dpi} if size.dpi else {}
    asked |= {"color": ink.color} if ink.color != "rgb" else {}
    path = f"/api/v1/qr-codes/{encode_id('qr', code_id)}/image.{form}"
    return ImageAddress(url=f"{service.public_address}{path}?{urlencode(asked)}")


@router.head("/qr-codes/{code_id}/image.{form}", include_in_schema=False)
@router.get("/qr-codes/{code_id}/image.{form}", response_class=Response, responses=_PICTURE)
async def image(
    code_id: CodeId,
    form: Format,
    *,
    viewer: Annotated[_Viewer, Depends(_viewer)],
    service: Service,
    size: Size,
    ink: Inked,
    if_none_match: IfNoneMatch = None,
    v: Annotated[int | None, Query(description="Version of the code, so that an old picture is never shown")] = None,
    download: Annotated[bool, Query(description="Offer the file for saving")] = False,
) -> Response:
    """Draw a code at a size: the same bytes for the same code and size."""
    known = {tag.strip('"') for tag in etags(if_none_match)}
    picture = await service.picture(viewer.workspace_id, code_id, Wanted(form, size, ink), known)
    is_fixed = v == picture.version and not picture.has_files
    if viewer.has_key:
        cache = f"public, max-age={_YEAR}, immutable" if is_fixed else f"public, max-age={_SOON}"
    else:
        cache = f"private, max-age={_DAY if is_fixed else 0}, must-revalidate"
    headers = {"etag": f'"{picture.tag}"', "cache-control": cache}
    if picture.content is None:
        return Response(status_code=304, headers=headers)
    if download:
        name = quote(f"{picture.name[:80]}.{form}".replace("/", "-"))
        headers["content-disposition"] = f"attachment; filename*=UTF-8''{name}"
    return Response(picture.content, media_type=MEDIA_TYPES[form], headers=headers)
