"""Public REST of auth: ``/auth``, ``/me``, ``/workspaces``."""

from fastapi import APIRouter

from scanly.services.auth.endpoints.entry import router as entry
from scanly.services.auth.endpoints.me import router as me
from scanly.services.auth.endpoints.workspaces import router as workspaces

router = APIRouter()
for part in (entry, me, workspaces):
    router.include_router(part)
