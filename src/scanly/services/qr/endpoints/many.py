"""Many codes at once."""

from fastapi import APIRouter

from scanly.contracts.qr import CodeId
from scanly.kernel.http import Editor
from scanly.kernel.idempotency import Idempotent
from scanly.services.qr.endpoints.parts import Service
from scanly.services.qr.many.schemas import Bulk, Results, Transfer
from scanly.services.qr.schemas import CodeBody

router = APIRouter()


@router.post("/qr-codes/bulk", status_code=207)
async def bulk(body: Bulk, tenant: Editor, service: Service, once: Idempotent) -> Results:
    """Do one thing with up to 1,000 codes. Each succeeds or fails for itself; the answer tells of each."""
    return await service.bulk(tenant.workspace_id, tenant.user_id, body, once)


@router.post("/qr-codes/{code_id}/transfer")
async def transfer(code_id: CodeId, body: Transfer, tenant: Editor, service: Service, once: Idempotent) -> CodeBody:
    """Give a code to another workspace of yours. Its address goes along; what was counted so far stays here."""
    return await service.transfer(tenant.workspace_id, tenant.user_id, code_id, body.workspace_id, once)
