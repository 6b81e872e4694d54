"""The public REST interface of kept looks, and the small pictures of what a design can choose from."""

from typing import Annotated, Literal, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from scanly.kernel.errors import Forbidden, NotFound
from scanly.kernel.http import Editor, Page, Tenant, TenantPrincipal, tagged
from scanly.kernel.idempotency import Idempotent
from scanly.kernel.ids import encode_id
from scanly.services.qr.design import Design
from scanly.services.qr.endpoints.parts import IfMatch, Service
from scanly.services.qr.looks.rules import BRAND_ROLES
from scanly.services.qr.looks.samples import SAMPLE_TEXT, Group, sample
from scanly.services.qr.looks.schemas import (
    BrandKitBody,
    BrandKitCreate,
    BrandKitId,
    BrandKitPatch,
    DesignId,
    SavedDesignBody,
    SavedDesignCreate,
    SavedDesignPatch,
    Templates,
)
from scanly.services.qr.looks.templates import TEMPLATES, in_words
from scanly.services.qr.rendering.output import Wanted, image_size
from scanly.services.qr.service import QrService
from scanly.services.qr.studio import Subject

router = APIRouter()

Locale = Literal["en", "hi"]
Body = TypeVar("Body", SavedDesignBody, BrandKitBody)


async def _require_admin(tenant: Editor) -> TenantPrincipal:
    if tenant.role not in BRAND_ROLES:
        raise Forbidden("Only an admin or the owner of the workspace changes brand kits. Ask one of them.")
    return tenant


Admin = Annotated[TenantPrincipal, Depends(_require_admin)]

_A_DAY = "public, max-age=86400"
_HERE = "private, max-age=0, must-revalidate"
_SVG: dict[int | str, dict[str, object]] = {200: {"content": {"image/svg+xml": {}}, "description": "The picture"}}


@router.get("/qr-design-options/{group}/{name}.svg", response_class=Response, responses=_SVG)
async def option_picture(group: Group, name: str, service: Service, locale: Locale = "en") -> Response:
    """Draw a small code in a shape that a design can choose. Needs no sign-in."""
    return await _drawn(service, sample(group, name, locale), _A_DAY)


@router.get("/qr-templates")
async def templates() -> Templates:
    """Ready looks by trade, with words for their frames."""
    return Templates(data=list(TEMPLATES.values()))


@router.get("/qr-templates/{name}.svg", response_class=Response, responses=_SVG)
async def template_picture(name: str, service: Service, locale: Locale = "en") -> Response:
    """Draw a small code in the look of a template. Needs no sign-in."""
    if name not in TEMPLATES:
        raise NotFound("There is no such template. GET /api/v1/qr-templates lists all of them.")
    return await _drawn(service, in_words(TEMPLATES[name], locale), _A_DAY)


@router.get("/qr-designs")
async def designs(tenant: Tenant, service: Service) -> Page[SavedDesignBody]:
    """Saved designs of the workspace, the default first; there are at most a hundred."""
    return Page(data=await service.looks.designs(tenant.workspace_id))


@router.post("/qr-designs", status_code=201)
async def save_design(
    body: SavedDesignCreate, tenant: Editor, service: Service, once: Idempotent, response: Response
) -> SavedDesignBody:
    """Keep a look under a name."""
    saved = await service.looks.save_design(tenant.workspace_id, body, once)
    response.headers["location"] = f"/api/v1/qr-designs/{encode_id('design', saved.id)}"
    return tagged(response, saved)


@router.get("/qr-designs/{design_id}")
async def design(design_id: DesignId, tenant: Tenant, service: Service, response: Response) -> SavedDesignBody:
    """One saved design."""
    return tagged(response, await service.looks.design(tenant.workspace_id, design_id))


@router.get("/qr-designs/{design_id}/image.svg", response_class=Response, responses=_SVG)
async def design_picture(design_id: DesignId, tenant: Tenant, service: Service) -> Response:
    """Draw a small code in a saved design."""
    saved = await service.looks.design(tenant.workspace_id, design_id)
    return await _drawn(service, saved.design, _HERE, tenant.workspace_id)


@router.patch("/qr-designs/{design_id}")
async def change_design(
    design_id: DesignId,
    *,
    body: SavedDesignPatch,
    tenant: Editor,
    service: Service,
    response: Response,
    if_match: IfMatch = None,
) -> SavedDesignBody:
    """Change a saved design. Codes that were made with it stay as they are."""
    patch = body.model_dump(exclude_unset=True)
    return tagged(response, await service.looks.change_design(tenant.workspace_id, design_id, patch, if_match=if_match))


@router.delete("/qr-designs/{design_id}", status_code=204)
async def delete_design(design_id: DesignId, tenant: Editor, service: Service) -> None:
    """Forget a saved design. Codes that were made with it keep their look."""
    await service.looks.delete_design(tenant.workspace_id, design_id)


@router.get("/brand-kits")
async def kits(tenant: Tenant, service: Service) -> Page[BrandKitBody]:
    """Brand kits of the workspace, the default first; there are at most a hundred."""
    return Page(data=await service.looks.kits(tenant.workspace_id))


@router.post("/brand-kits", status_code=201)
async def make_kit(
    body: BrandKitCreate, tenant: Admin, service: Service, once: Idempotent, response: Response
) -> BrandKitBody:
    """Make a brand kit: only admins and owners may. The default one rules the looks of all codes made from then on."""
    kit = await service.looks.make_kit(tenant.workspace_id, body, once)
    response.headers["location"] = f"/api/v1/brand-kits/{encode_id('kit', kit.id)}"
    return tagged(response, kit)


@router.get("/brand-kits/{kit_id}")
async def kit(kit_id: BrandKitId, tenant: Tenant, service: Service, response: Response) -> BrandKitBody:
    """One brand kit."""
    return tagged(response, await service.looks.kit(tenant.workspace_id, kit_id))


@router.get("/brand-kits/{kit_id}/image.svg", response_class=Response, responses=_SVG)
async def kit_picture(kit_id: BrandKitId, tenant: Tenant, service: Service) -> Response:
    """Draw a small code in the look of a brand kit."""
    kit = await service.looks.kit(tenant.workspace_id, kit_id)
    return await _drawn(service, kit.design, _HERE, tenant.workspace_id)


@router.patch("/brand-kits/{kit_id}")
async def change_kit(
    kit_id: BrandKitId,
    *,
    body: BrandKitPatch,
    tenant: Admin,
    service: Service,
    response: Response,
    if_match: IfMatch = None,
) -> BrandKitBody:
    """Change a brand kit. Codes that are there keep their look until somebody changes it."""
    patch = body.model_dump(exclude_unset=True)
    return tagged(response, await service.looks.change_kit(tenant.workspace_id, kit_id, patch, if_match=if_match))


@router.delete("/brand-kits/{kit_id}", status_code=204)
async def delete_kit(kit_id: BrandKitId, tenant: Admin, service: Service) -> None:
    """Forget a brand kit and its rules."""
    await service.looks.delete_kit(tenant.workspace_id, kit_id)


async def _drawn(service: QrService, design: Design, cache: str, workspace_id: UUID | None = None) -> Response:
    picture = await service.studio.draw(
        Subject(SAMPLE_TEXT, design, None, workspace_id), Wanted("svg", image_size(None, "px", 300))
    )
    return Response(picture, media_type="image/svg+xml", headers={"cache-control": cache})
