"""Keys of auth: derived ones from the installation's secret, and the rotating pairs that sign access tokens."""

import asyncio
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc.jwk import OKPKey
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.kernel.clock import Clock
from scanly.kernel.db import ServiceDatabase, system_scope
from scanly.kernel.errors import Internal
from scanly.kernel.tokens import ALGORITHM, sign_access_token
from scanly.services.auth import repository
from scanly.services.auth.models import SigningKeyRow

ACCESS_LIFETIME: Final = timedelta(minutes=15)

_REPLACED_AFTER: Final = timedelta(days=90)
_ANNOUNCED: Final = timedelta(hours=1)  # a new key is published before it signs, so that no verifier meets it unknown
_REMEMBERED: Final = timedelta(minutes=1)
_NONCE_BYTES: Final = 12


def derive(secret: bytes, purpose: str) -> bytes:
    """Return a key of 32 bytes for one purpose (HKDF, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"scanly auth {purpose}".encode()).derive(secret)


@dataclass(frozen=True)
class _Keys:
    read_at: datetime
    signing: OKPKey
    jwks: dict[str, Any]


class SigningKeys:
    """Signs access tokens and publishes the keys that verify them."""

    def __init__(self, db: ServiceDatabase, clock: Clock, secret: bytes) -> None:
        self._db = db
        self._clock = clock
        self._cipher = AESGCM(derive(secret, "signing keys"))
        self._keys: _Keys | None = None
        self._reading = asyncio.Lock()

    async def sign(self, *, user_id: UUID, session_id: UUID) -> str:
        """Return an access token for a session, valid for ``ACCESS_LIFETIME``."""
        return sign_access_token(
            (await self._current()).signing,
            user_id=user_id,
            session_id=session_id,
            now=self._clock.now(),
            lifetime=ACCESS_LIFETIME,
        )

    async def jwks(self) -> dict[str, Any]:
        """Return all public keys that may have signed a living token, as a JWK set (RFC 7517 §5)."""
        return (await self._current()).jwks

    async def _current(self) -> _Keys:
        async with self._reading:
            if self._keys is None or self._clock.now() - self._keys.read_at > _REMEMBERED:
                self._keys = await self._read()
            return self._keys

    @system_scope("signing keys belong to the installation, not to a tenant")
    async def _read(self) -> _Keys:
        now = self._clock.now()
        async with self._db.system() as session:
            rows = await repository.signing_keys(session)
            if not rows:
                await repository.lock_installation(session)
                rows = await repository.signing_keys(session) or [self._add(session, now)]
        signing = next((row for row in rows if row.signs_from <= now), rows[-1])
        return _Keys(now, self._open(signing), {"keys": [row.public_key for row in rows]})

    @system_scope("signing keys belong to the installation, not to a tenant")
    async def rotate(self) -> None:
        """Add a key when the newest is old, and drop those whose last token expired long ago."""
        now = self._clock.now()
        async with self._db.system() as session:
            await repository.lock_installation(session)
            rows = await repository.signing_keys(session)
            if not rows or rows[0].signs_from < now - _REPLACED_AFTER:
                self._add(session, now + _ANNOUNCED if rows else now)
            await repository.drop_signing_keys(session, now - 2 * _REPLACED_AFTER)
        self._keys = None

    def _add(self, session: AsyncSession, signs_from: datetime) -> SigningKeyRow:
        key = OKPKey.generate_key("Ed25519", {"alg": ALGORITHM, "use": "sig"}, auto_kid=True)
        identifier = cast("str", key.kid)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        private = json.dumps(key.as_dict(private=True)).encode()
        row = SigningKeyRow(
            id=identifier,
            public_key=key.as_dict(private=False),
            private_key=nonce + self._cipher.encrypt(nonce, private, identifier.encode()),
            signs_from=signs_from,
        )
        session.add(row)
        return row

    def _open(self, row: SigningKeyRow) -> OKPKey:
        nonce, sealed = row.private_key[:_NONCE_BYTES], row.private_key[_NONCE_BYTES:]
        try:
            return OKPKey.import_key(json.loads(self._cipher.decrypt(nonce, sealed, row.id.encode())))
        except InvalidTag as error:
            raise Internal(
                "The signing keys were encrypted with another SCANLY_SECRET_KEY. Start with the former secret, "
                "or delete the rows of auth.signing_keys, which signs programs out."
            ) from error
