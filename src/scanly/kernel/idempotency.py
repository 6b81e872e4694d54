"""``Idempotency-Key``: the same request twice is done once and answered alike, for 24 hours.

The record stands in the transaction of the use case, so it exists exactly when the effect does. Scope: workspace + key.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import Depends, Header, Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.kernel.errors import Conflict, FieldFault, Invalid

KEEP = timedelta(hours=24)

_BOUNDARY = re.compile(r'multipart/.*;\s*boundary="?([^";]+)"?', re.IGNORECASE)


class KeyReused(Invalid):
    """The key came before with another body."""

    code = "idempotency_key_reused"
    title = "This key belongs to another request"


class KeyForgotten(Conflict):
    """What the key made is still there, but its answer was kept for 24 hours only."""

    code = "idempotency_key_old"
    title = "This key was used long ago"


@dataclass(frozen=True)
class Once:
    """The key of a request with the hash of its address and body; an empty key makes every method a no-op."""

    key: str
    body_hash: bytes

    def identifier(self, workspace_id: UUID, name: str, *, whatever_body: bool = False) -> UUID | None:
        """Return an id that is the same for each repetition, for parts made outside the transaction; None without key.

        A UUIDv8 (RFC 9562 §5.8) over workspace, key, body and ``name``: what a request that failed has left behind
        must never become part of another one's answer. ``whatever_body`` leaves the body out, for the id of what the
        key itself is scoped by.
        """
        if not self.key:
            return None
        body = b"" if whatever_body else self.body_hash
        parts = workspace_id.bytes + body + name.encode() + b"\0" + self.key.encode()
        digest = hashlib.sha256(parts).digest()
        value = int.from_bytes(digest[:16], "big") & ~(0xF000 << 64) & ~(0xC << 60) | 0x8000 << 64 | 0x8 << 60
        return UUID(int=value)

    async def stored(self, session: AsyncSession, workspace_id: UUID) -> Any | None:  # noqa: ANN401 - any JSON
        """Return the answer of the first request, or None; takes the key for the rest of the transaction.

        A second request with the same key waits here until the first one is through. ``KeyReused`` for another body.
        """
        if not self.key:
            return None
        parameters = {"workspace": workspace_id, "key": self.key, "hash": self.body_hash, "keep": KEEP}
        await session.execute(_TAKE, parameters)
        row = (await session.execute(_READ, parameters)).one()
        if bytes(row.body_hash) != self.body_hash:
            fault = FieldFault("header:Idempotency-Key", "reused", "Use a new key for a new request.")
            raise KeyReused("This Idempotency-Key was used with another body.", errors=[fault])
        return row.answer

    async def store(self, session: AsyncSession, workspace_id: UUID, answer: Any) -> None:  # noqa: ANN401
        """Remember ``answer`` (any JSON) in the same transaction."""
        if self.key:
            encoded = msgspec.json.encode(answer).decode()
            await session.execute(_STORE, {"workspace": workspace_id, "key": self.key, "answer": encoded})


def key_forgotten() -> KeyForgotten:
    """Return the error for a key whose work is found but whose answer is not kept any more."""
    words = "This Idempotency-Key was used more than 24 hours ago. Use a new key for a new request."
    return KeyForgotten(words, errors=[FieldFault("header:Idempotency-Key", "old", words)])


async def _once(
    request: Request, idempotency_key: Annotated[str, Header(max_length=255, description="Same key, same effect")] = ""
) -> Once:
    body = await request.body()
    if (boundary := _BOUNDARY.match(request.headers.get("content-type", ""))) is not None:
        body = body.replace(b"--" + boundary[1].encode("latin-1"), b"--")  # each sending of a form draws another one
    return Once(idempotency_key, hashlib.sha256(request.url.path.encode() + b"\0" + body).digest())


Idempotent = Annotated[Once, Depends(_once)]

_TAKE = text(
    "insert into scanly.idempotency as i (workspace_id, key, body_hash) values (:workspace, :key, :hash) "
    "on conflict (workspace_id, key) do update set body_hash = excluded.body_hash, answer = null, created_at = now() "
    "where i.created_at < now() - cast(:keep as interval)"
)
_READ = text("select body_hash, answer from scanly.idempotency where workspace_id = :workspace and key = :key")
_STORE = text(
    "update scanly.idempotency set answer = cast(:answer as jsonb) where workspace_id = :workspace and key = :key"
)
