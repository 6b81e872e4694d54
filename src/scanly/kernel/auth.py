"""Who is calling: the principal of a request, and its signed form between processes.

The gateway makes a principal from a session, a token or a key. Inside one process it travels in a context variable;
between processes as a header signed with HMAC-SHA256, bound to its time (and valid for 60 s) so that it cannot be kept.
"""

import hashlib
import hmac
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextvars import ContextVar
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from scanly.kernel.errors import Unauthenticated

PRINCIPAL_HEADER = "scanly-principal"
_VALIDITY = 60.0

PrincipalKind = Literal["anonymous", "session", "token", "key", "system"]


class Principal(BaseModel):
    """The caller of a use case. ``workspace_id`` is the chosen workspace, of which the caller is a member."""

    model_config = ConfigDict(frozen=True)

    kind: PrincipalKind = "anonymous"
    user_id: UUID | None = None
    workspace_id: UUID | None = None
    role: str | None = None
    session_id: UUID | None = None
    is_operator: bool = False
    email_confirmed: bool = False
    workspaces: int = 0
    """How many workspaces the caller may choose from."""
    idempotency_key: str | None = None
    client: str = ""
    """The client's network address, for rate limits only; never stored with a scan."""


ANONYMOUS = Principal()
SYSTEM = Principal(kind="system")

_current: ContextVar[Principal] = ContextVar("principal", default=ANONYMOUS)


def current_principal() -> Principal:
    """Return the principal of the running request; anonymous outside of one."""
    return _current.get()


def set_principal(principal: Principal) -> None:
    """Make ``principal`` the caller for the rest of this context (one request, one task)."""
    _current.set(principal)


class PrincipalSigner:
    """Signs and checks principals between processes of one installation.

    The first of ``secrets`` signs, all of them verify, so that a secret can be changed without a gap.
    """

    def __init__(self, *secrets: bytes) -> None:
        self._secrets = [hashlib.sha256(b"scanly principal " + secret).digest() for secret in secrets]

    def sign(self, principal: Principal) -> str:
        """Return the header's value for ``principal``."""
        body = urlsafe_b64encode(f"{time.time():.3f} ".encode() + principal.model_dump_json().encode())
        return (body + b"." + self._mac(self._secrets[0], body)).decode()

    def verify(self, header: str) -> Principal:
        """Return the principal in ``header``; ``Unauthenticated`` when it is forged, malformed or older than 60 s."""
        body, _, mac = header.encode().partition(b".")
        if not any(hmac.compare_digest(self._mac(secret, body), mac) for secret in self._secrets):
            raise Unauthenticated("The call between services is not signed with this installation's secret.")
        stamp, _, document = urlsafe_b64decode(body).partition(b" ")
        if abs(time.time() - float(stamp)) > _VALIDITY:
            raise Unauthenticated("The call between services is too old. Check the clocks of the servers.")
        return Principal.model_validate_json(document)

    @staticmethod
    def _mac(secret: bytes, body: bytes) -> bytes:
        return hmac.new(secret, body, hashlib.sha256).hexdigest().encode()
