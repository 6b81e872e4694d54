"""Passwords of the use cases: judged, hashed and compared outside the event loop, and tried only so often."""

import hmac
import math
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from scanly.contracts.auth import PasswordTooWeak
from scanly.kernel.cpu import CpuPool
from scanly.kernel.errors import FieldFault, RateLimited
from scanly.services.auth import repository
from scanly.services.auth.domain.attempts import TRIES, WINDOW, network_of
from scanly.services.auth.domain.passwords import Verdict, hash_password, is_guessable, length_fault, verify_password

_FIELD: Final = "/password"


class Passwords:
    """Judges and keeps passwords."""

    def __init__(self, cpu: CpuPool) -> None:
        self._cpu = cpu

    async def require_strength(self, password: str, *, hints: tuple[str, ...], field: str = _FIELD) -> None:
        """Raise ``PasswordTooWeak`` at the JSON pointer ``field`` when ``password`` is short or soon guessed."""
        fault = length_fault(password)
        if fault is None and await self._cpu.run(is_guessable, password, hints):
            fault = "This password is guessed soon. Three or four words that only you would put together are good."
        if fault is not None:
            raise PasswordTooWeak(fault, errors=[FieldFault(field, "weak_password", fault)])

    async def hash(self, password: str) -> str:
        """Return what to store."""
        return await self._cpu.run(hash_password, password)

    async def verify(self, stored: str | None, password: str) -> Verdict:
        """Compare; for an unknown account (None) it takes as long."""
        return await self._cpu.run(verify_password, stored, password)


class Attempts:
    """Counts tries per account and network, so that guessing is slow and nobody can lock out somebody else."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    async def count(self, session: AsyncSession, email_key: str, address: str, now: datetime) -> float | None:
        """Count a try before it is made; return the seconds to wait when there were too many."""
        tries, ends_at = await repository.count_attempt(
            session, self._account(email_key), self._network(address), now, WINDOW
        )
        return (ends_at - now).total_seconds() if tries > TRIES else None

    async def forget(self, session: AsyncSession, email_key: str, address: str | None = None) -> None:
        """Forget the tries from ``address``, or from everywhere: the right password was given, or a new one set."""
        network = None if address is None else self._network(address)
        await repository.forget_attempts(session, self._account(email_key), network)

    def _account(self, email_key: str) -> bytes:
        return hmac.digest(self._key, b"account " + email_key.encode(), "sha256")

    def _network(self, address: str) -> bytes:
        return hmac.digest(self._key, b"network " + network_of(address).encode(), "sha256")


def require_patience(wait: float | None) -> None:
    """Raise ``RateLimited`` when there is something to wait for; after the transaction, so that the count stays."""
    if wait is not None:
        minutes = max(1, math.ceil(wait / 60))
        raise RateLimited(
            f"Too many tries with this address from here. Wait {minutes} min, or choose a new password by e-mail.",
            retry_after=wait,
        )
