"""Folders and tags."""

from fastapi import APIRouter

from scanly.contracts.qr import FolderId
from scanly.kernel.http import Editor, Page, Tenant
from scanly.kernel.idempotency import Idempotent
from scanly.services.qr.endpoints.parts import Service
from scanly.services.qr.schemas import FolderBody, FolderCreate, FolderPatch, TagBody

router = APIRouter()


@router.get("/folders")
async def folders(tenant: Tenant, service: Service) -> Page[FolderBody]:
    """All folders of the workspace by name, with the number of codes in each."""
    return Page(data=await service.folders(tenant.workspace_id), next_cursor=None, has_more=False)


@router.post("/folders", status_code=201)
async def create_folder(body: FolderCreate, tenant: Editor, service: Service, once: Idempotent) -> FolderBody:
    """Make a folder."""
    return await service.create_folder(tenant.workspace_id, body.name, once)


@router.patch("/folders/{folder_id}")
async def rename_folder(folder_id: FolderId, body: FolderPatch, tenant: Editor, service: Service) -> FolderBody:
    """Give a folder another name."""
    return await service.rename_folder(tenant.workspace_id, folder_id, body.name)


@router.delete("/folders/{folder_id}", status_code=204)
async def delete_folder(folder_id: FolderId, tenant: Editor, service: Service) -> None:
    """Delete a folder. Its codes stay and are then in no folder."""
    await service.delete_folder(tenant.workspace_id, folder_id)


@router.get("/tags")
async def tags(tenant: Tenant, service: Service) -> Page[TagBody]:
    """The tags of all codes, with the number of codes that have each."""
    return Page(data=await service.tags(tenant.workspace_id), next_cursor=None, has_more=False)
