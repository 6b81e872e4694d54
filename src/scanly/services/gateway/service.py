"""What the gateway knows: who is calling, and which workspaces may not change anything for now."""

from uuid import UUID

from scanly.contracts.auth import Auth
from scanly.contracts.gateway import BillingLimitExceeded
from scanly.kernel.auth import Principal
from scanly.kernel.cache import TtlCache
from scanly.kernel.clock import Clock
from scanly.kernel.config import Settings
from scanly.kernel.db import ServiceDatabase, system_scope
from scanly.kernel.errors import Forbidden
from scanly.kernel.events import Envelope, first_time
from scanly.kernel.invalidation import Invalidation, invalidate
from scanly.kernel.limits import RateLimiter
from scanly.services.gateway import repository
from scanly.services.gateway.identity import IdentityResolver
from scanly.services.gateway.settings import GatewaySettings

BLOCK_GROUP = "gateway.block_workspaces"
_CHANNEL = "gateway.blocked"
_BLOCKED_TTL = 5.0  # seconds, in case a notification is lost


class WorkspaceBlocked(Forbidden):
    """The plan's limit is exceeded. Codes go on redirecting."""

    code = "workspace_blocked"
    title = "The plan of this workspace is used up"


class GatewayService:
    """Identity and the list of blocked workspaces."""

    def __init__(
        self,
        db: ServiceDatabase,
        auth: Auth,
        invalidation: Invalidation,
        *,
        settings: Settings,
        limits: GatewaySettings,
        limiter: RateLimiter,
        clock: Clock,
    ) -> None:
        self.settings = settings
        self.limits = limits
        self.limiter = limiter
        self._db = db
        self._identities = IdentityResolver(
            auth, invalidation, clock, https=settings.public_address.startswith("https://")
        )
        self._blocked: TtlCache[str, dict[UUID, str]] = TtlCache(size=1, ttl=_BLOCKED_TTL)
        invalidation.subscribe(_CHANNEL, lambda _key: self._blocked.evict(None))

    async def identify(self, headers: dict[bytes, bytes], *, workspace: str | None, unsafe: bool) -> Principal:
        """Return the caller of a request; see ``IdentityResolver.resolve``."""
        return await self._identities.resolve(headers, workspace=workspace, unsafe=unsafe)

    def forget(self, principal: Principal, headers: dict[bytes, bytes]) -> None:
        """Ask auth again who the caller is; see ``IdentityResolver.forget``."""
        self._identities.forget(principal, headers)

    async def require_unblocked(self, workspace_id: UUID) -> None:
        """Raise ``WorkspaceBlocked`` when the workspace may not change anything."""
        blocked = await self._blocked.load("all", self._load)
        if (reason := blocked.get(workspace_id)) is not None:
            raise WorkspaceBlocked(
                f"{reason} Printed codes go on working. Choose a larger plan to go on changing things."
            )

    @system_scope("the list of blocked workspaces spans all workspaces")
    async def _load(self) -> dict[UUID, str]:
        async with self._db.system() as session:
            return await repository.blocked_workspaces(session)

    async def set_blocked(self, envelope: Envelope[BillingLimitExceeded]) -> None:
        """Block or unblock a workspace, once per event."""
        event = envelope.data
        async with self._db.begin(event.workspace_id) as session:
            if not await first_time(session, BLOCK_GROUP, envelope.id):
                return
            if event.blocked:
                await repository.block(session, event.workspace_id, event.reason)
            else:
                await repository.unblock(session, event.workspace_id)
            await invalidate(session, _CHANNEL, str(event.workspace_id))
