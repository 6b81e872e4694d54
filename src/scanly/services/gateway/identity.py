"""From credentials to a principal. Tokens are verified with auth's public keys, never decoded unverified.

What auth said of a session is remembered for at most five seconds, so a revocation is seen everywhere within that time.
"""

from typing import Any

from joserfc.jwk import KeySet
from starlette.requests import cookie_parser

from scanly.contracts.auth import Auth, Identity
from scanly.kernel.auth import ANONYMOUS, Principal
from scanly.kernel.cache import TtlCache
from scanly.kernel.clock import Clock
from scanly.kernel.errors import BadRequest, Forbidden, Unauthenticated
from scanly.kernel.ids import decode_id
from scanly.kernel.invalidation import Invalidation
from scanly.kernel.tokens import AccessClaims, read_key_set, verify_access_token

_COOKIE = "scanly_session"
_HTTPS_COOKIE = "__Host-scanly_session"  # nobody but this host can set it; a plain one any page of a sister domain can
_SESSION_TTL = 5.0
_KEYS_TTL = 300.0
_ASK_AGAIN = 10.0


class IdentityResolver:
    """Resolves the credentials of a request."""

    def __init__(self, auth: Auth, invalidation: Invalidation, clock: Clock, *, https: bool) -> None:
        self._auth = auth
        self._cookie = _HTTPS_COOKIE if https else _COOKIE
        self._clock = clock
        self._sessions: TtlCache[str, Identity | None] = TtlCache(size=10_000, ttl=_SESSION_TTL)
        self._keys: TtlCache[str, KeySet] = TtlCache(size=1, ttl=_KEYS_TTL)
        self._asked: TtlCache[str, bool] = TtlCache(size=1, ttl=_ASK_AGAIN)
        invalidation.subscribe("auth.session", lambda _key: self._sessions.evict(None))

    async def resolve(self, headers: dict[bytes, bytes], *, workspace: str | None, unsafe: bool) -> Principal:
        """Return the caller; anonymous without credentials, ``Unauthenticated`` when a token is no good.

        ``workspace`` is what the caller chose; ``unsafe`` says that the method changes something, for which a browser
        must send ``Scanly-Request`` (a page elsewhere cannot).
        """
        authorization = headers.get(b"authorization", b"").decode("latin-1")
        if authorization:
            scheme, _, token = authorization.partition(" ")
            if scheme.lower() != "bearer" or not token.strip():
                raise Unauthenticated("Send the header as Authorization: Bearer TOKEN.")
            return self._principal("token", await self._by_token(token.strip()), workspace)
        cookie = self._session_cookie(headers)
        if cookie is None:
            return ANONYMOUS
        identity = await self._sessions.load(f"cookie:{cookie}", lambda: self._auth.identify_cookie(token=cookie))
        if identity is None:
            return ANONYMOUS
        if unsafe and not headers.get(b"scanly-request"):
            raise Forbidden("Send the header Scanly-Request: 1 with requests that change something.")
        return self._principal("session", identity, workspace)

    def forget(self, principal: Principal, headers: dict[bytes, bytes]) -> None:
        """Forget the caller in this process; the others hear of a change through the invalidation."""
        if principal.session_id is not None:
            self._sessions.evict(f"session:{principal.session_id}")
        if (cookie := self._session_cookie(headers)) is not None:
            self._sessions.evict(f"cookie:{cookie}")

    async def _by_token(self, token: str) -> Identity:
        claims = await self._verified(token)
        key = f"session:{claims.sid}"
        identity = await self._sessions.load(key, lambda: self._auth.identify_session(session_id=claims.sid))
        if identity is None:
            raise Unauthenticated("This session has ended. Sign in again.")
        return identity

    async def _verified(self, token: str) -> AccessClaims:
        keys = await self._keys.load("jwks", self._load_keys)
        try:
            return verify_access_token(token, keys, now=self._clock.now())
        except Unauthenticated:
            if "asked" in self._asked:
                raise
            self._asked.put("asked", value=True)  # a key may be new; but not every forgery makes us ask
            self._keys.evict(None)
            keys = await self._keys.load("jwks", self._load_keys)
            return verify_access_token(token, keys, now=self._clock.now())

    async def _load_keys(self) -> KeySet:
        return read_key_set(await self._auth.jwks())

    def _principal(self, kind: Any, identity: Identity, workspace: str | None) -> Principal:  # noqa: ANN401
        chosen = None
        if workspace:
            try:
                wanted = decode_id("ws", workspace)
            except ValueError as error:
                raise BadRequest(f"Scanly-Workspace is not the id of a workspace: {error}.") from error
            chosen = next((m for m in identity.memberships if m.workspace_id == wanted), None)
            if chosen is None:
                raise Forbidden("You do not belong to the workspace that Scanly-Workspace names.")
        elif len(identity.memberships) == 1:
            chosen = identity.memberships[0]
        return Principal(
            kind=kind,
            user_id=identity.user_id,
            session_id=identity.session_id,
            workspace_id=chosen.workspace_id if chosen else None,
            role=chosen.role if chosen else None,
            is_operator=identity.is_operator,
            email_confirmed=identity.email_confirmed,
            workspaces=len(identity.memberships),
        )

    def _session_cookie(self, headers: dict[bytes, bytes]) -> str | None:
        header = headers.get(b"cookie", b"").decode("latin-1")
        if self._cookie not in header:
            return None
        return cookie_parser(header).get(self._cookie) or None
