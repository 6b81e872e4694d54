"""Forms of the secrets that auth hands out.

- Session token (cookie): 256 random bits, of which only the SHA-256 is kept.
- Sealed tokens (refresh, one-time links): an id, a counter and a MAC over both. Each row has a secret of its own and
  the key comes from the installation's secret, so neither a copy of the database nor that secret alone makes one. The
  same token can be made again: for a mail that is sent a second time, for a second tab that asks for the successor.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

_MAC_BYTES = 32
_HEAD_BYTES = 16 + 4
_LENGTH = (_HEAD_BYTES + _MAC_BYTES) * 4 // 3 + 2


class Purpose(StrEnum):
    """What a sealed token is for; also its prefix, by which scanners of source code find a leaked one."""

    REFRESH = "scrt"
    CONFIRM_EMAIL = "scec"
    RESET_PASSWORD = "scpr"  # noqa: S105 - a prefix
    OPERATOR = "scop"


@dataclass(frozen=True, slots=True)
class SealedToken:
    """A sealed token as read, not yet proven: find its row, then ask ``fits``."""

    purpose: Purpose
    identifier: UUID
    generation: int
    mac: bytes

    def fits(self, key: bytes, row_secret: bytes) -> bool:
        """Tell, in constant time, whether the token was sealed with these."""
        return hmac.compare_digest(self.mac, _mac(key, row_secret, self.purpose, _head(self)))


def new_row_secret() -> bytes:
    """Return what makes a row's sealed tokens its own."""
    return secrets.token_bytes(32)


def seal(key: bytes, row_secret: bytes, purpose: Purpose, identifier: UUID, generation: int = 0) -> str:
    """Return the token for a row; the same arguments give the same token."""
    head = identifier.bytes + generation.to_bytes(4, "big")
    body = urlsafe_b64encode(head + _mac(key, row_secret, purpose, head)).rstrip(b"=")
    return f"{purpose}_{body.decode()}"


def unseal(purpose: Purpose, text: str) -> SealedToken | None:
    """Read a token of this purpose; None when it can't be one."""
    prefix, _, body = text.partition("_")
    if prefix != purpose or len(body) > _LENGTH:
        return None
    try:
        raw = urlsafe_b64decode(body.encode("ascii") + b"==")
    except (Base64Error, UnicodeEncodeError):
        return None
    if len(raw) != _HEAD_BYTES + _MAC_BYTES:
        return None
    return SealedToken(purpose, UUID(bytes=raw[:16]), int.from_bytes(raw[16:20], "big"), raw[20:])


def new_session_token() -> str:
    """Return a cookie's secret."""
    return secrets.token_urlsafe(32)


def session_token_hash(token: str) -> bytes:
    """Return what is kept of a cookie's secret: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _head(token: SealedToken) -> bytes:
    return token.identifier.bytes + token.generation.to_bytes(4, "big")


def _mac(key: bytes, row_secret: bytes, purpose: Purpose, head: bytes) -> bytes:
    return hmac.digest(key, purpose.encode() + b"\0" + row_secret + head, "sha256")
