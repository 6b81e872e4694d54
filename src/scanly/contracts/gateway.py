"""gateway: the one door. It owns no business rule and offers no interface to other services; it reads this event."""

from typing import ClassVar
from uuid import UUID

from scanly.kernel.events import Event


class BillingLimitExceeded(Event):
    """A workspace went beyond its plan: its people are asked to mend that, its codes go on redirecting."""

    topic: ClassVar[str] = "billing.limit_exceeded"
    version: ClassVar[int] = 1

    workspace_id: UUID
    blocked: bool
    """True blocks changes by the workspace, false lifts that."""
    reason: str

    def key(self) -> str:
        return str(self.workspace_id)
