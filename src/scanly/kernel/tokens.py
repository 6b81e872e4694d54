"""Access tokens: JSON Web Tokens (RFC 7519) signed with Ed25519 (``EdDSA``, RFC 8037), and with nothing else.

Whoever holds a token's public key can verify it; whether its session still lives is another question, asked elsewhere.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import KeySet, KeySetSerialization, OKPKey
from joserfc.jws import JWSRegistry
from pydantic import BaseModel, ConfigDict, ValidationError

from scanly.kernel.errors import Unauthenticated
from scanly.kernel.ids import new_id

ALGORITHM: Final = "EdDSA"
ISSUER: Final = "scanly"
AUDIENCE: Final = "scanly"
_TYPE: Final = "at+jwt"  # RFC 9068 §2.1: no other kind of token can pass for an access token
_LEEWAY: Final = 5  # seconds that the clocks of two servers may differ
_LONGEST: Final = 4_096  # characters


class AccessClaims(BaseModel):
    """What an access token says."""

    model_config = ConfigDict(frozen=True)

    sub: UUID
    """The user."""
    sid: UUID
    """The session, which may have ended since."""
    exp: int
    """End of validity in seconds since 1970."""


class _OneAlgorithm(JWSRegistry):
    """Knows EdDSA only, so that no header can choose ``none`` or an HMAC over the public key."""

    def get_alg(self, name: str) -> Any:  # noqa: ANN401 - the library's type is private
        if name != ALGORITHM:
            raise UnsupportedAlgorithmError(f"{name!r} does not sign access tokens")
        return self.algorithms[ALGORITHM]


_REGISTRY: Final = _OneAlgorithm(algorithms=[ALGORITHM])


def sign_access_token(key: OKPKey, *, user_id: UUID, session_id: UUID, now: datetime, lifetime: timedelta) -> str:
    """Return a token for one session of a user, valid for ``lifetime`` from ``now``; ``key`` is a private key."""
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(user_id),
        "sid": str(session_id),
        "iat": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
        "jti": new_id().hex,
    }
    header = {"alg": ALGORITHM, "kid": key.kid}
    return jwt.encode(header, claims, key, registry=_REGISTRY, default_type=_TYPE)


def read_key_set(jwks: dict[str, Any]) -> KeySet:
    """Return the public keys of a JWK set (RFC 7517 §5)."""
    return KeySet([OKPKey.import_key(document) for document in KeySetSerialization(keys=jwks["keys"])["keys"]])


def verify_access_token(token: str, keys: KeySet, *, now: datetime) -> AccessClaims:
    """Return the claims of ``token``; ``Unauthenticated`` when it is forged, expired or not an access token of ours."""
    claims_of = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=_LEEWAY,
        iss={"essential": True, "value": ISSUER},
        aud={"essential": True, "value": AUDIENCE},
        sub={"essential": True},
        sid={"essential": True},
        iat={"essential": True},
        exp={"essential": True},
    )
    try:
        read = jwt.decode(token[:_LONGEST], keys, registry=_REGISTRY)
        _check_header(read.header)
        claims_of.validate(read.claims)
        return AccessClaims.model_validate(read.claims)
    except (JoseError, ValidationError, ValueError, TypeError) as error:
        raise Unauthenticated("The access token is expired or not ours. Sign in again, or refresh it.") from error


def _check_header(header: dict[str, Any]) -> None:
    if header.get("typ") != _TYPE or "kid" not in header:
        raise ValueError("not an access token")
