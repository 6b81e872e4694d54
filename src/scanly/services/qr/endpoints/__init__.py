"""The public REST interface of qr."""

from fastapi import APIRouter

from scanly.services.qr.endpoints import codes, folders, imports, looks, many, pictures, visitors

__all__ = ["router", "visitors"]

router = APIRouter(tags=["qr"])
router.include_router(many.router)
router.include_router(imports.router)
router.include_router(pictures.router)
router.include_router(codes.router)
router.include_router(folders.router)
router.include_router(looks.router)
