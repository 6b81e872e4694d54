"""Counting people without knowing them: a hash that is salted per workspace and per local day.

The salts lie in PostgreSQL, so that every process makes the same hash, and are destroyed 48 h after their day. From
then on nobody, with any amount of computing, can tell whether an address was among the visitors.
"""

import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from ipaddress import IPv6Address
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scanly.kernel.errors import Unavailable
from scanly.services.routing.place import Address

SALT_BYTES = 32
HASH_BYTES = 16
QUARTER_NS = 900 * 1_000_000_000
KEEP_SALTS = timedelta(hours=48)
_REMEMBERED_SALTS = 20_000
_RETRY_AFTER_FAULT = 1.0

ShareSalt = Callable[[UUID, date, bytes], Awaitable[bytes]]
"""Offers a salt for a workspace's day and returns the one that all processes use; ``Unavailable`` when it can't."""


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """Return the zone; UTC when this machine does not know the name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def local_day(moment: datetime, time_zone: str) -> date:
    """Return the calendar day of an aware ``moment`` in a zone."""
    return moment.astimezone(zone(time_zone)).date()


@lru_cache(maxsize=1024)
def local_day_of_quarter(quarter: int, time_zone: str) -> date:
    """Return the local day of a quarter of an hour, counted since 1970: no zone's midnight lies within one."""
    return local_day(datetime.fromtimestamp(quarter * 900, tz=UTC), time_zone)


def network_of(address: Address) -> bytes:
    """Return the bytes of an address by which a visitor is known again.

    Of an IPv6 address the first 64 bits count: phones change the rest every few hours (RFC 8981).
    """
    return address.packed[:8] if isinstance(address, IPv6Address) else address.packed


def visitor_hash(salt: bytes, network: bytes, user_agent: bytes) -> bytes:
    """Return 16 bytes that are equal for equal visitors of one salt (keyed BLAKE2b, RFC 7693)."""
    return blake2b(network + b"\0" + user_agent, key=salt, digest_size=HASH_BYTES).digest()


def salt_expired(day: date, now: datetime) -> bool:
    """Say whether 48 h have passed since ``day`` ended everywhere on earth (UTC-12)."""
    end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1, hours=12)
    return now >= end + KEEP_SALTS


class Salts:
    """The salts this process has seen. While the database is away it uses salts of its own and offers them later."""

    def __init__(self, share: ShareSalt) -> None:
        self._share = share
        self._shared: OrderedDict[tuple[UUID, date], bytes] = OrderedDict()
        self._own: OrderedDict[tuple[UUID, date], bytes] = OrderedDict()
        self._faulty_until = 0.0

    async def get(self, workspace_id: UUID, day: date) -> bytes:
        """Return the salt of a workspace's day; never fails.

        A salt made while the database was away may turn out to differ from the others': then somebody who was seen by
        two processes in that time counts twice, which is better than not at all.
        """
        key = (workspace_id, day)
        if (salt := self._shared.get(key)) is not None:
            return salt
        own = self._own.get(key) or secrets.token_bytes(SALT_BYTES)
        if time.monotonic() >= self._faulty_until:
            try:
                salt = await self._share(workspace_id, day, own)
            except (Unavailable, TimeoutError):
                self._faulty_until = time.monotonic() + _RETRY_AFTER_FAULT
            else:
                self._own.pop(key, None)
                _remember(self._shared, key, salt)
                return salt
        _remember(self._own, key, own)
        return own

    def forget_expired(self, now: datetime) -> None:
        """Drop the salts whose time is over."""
        for salts in (self._shared, self._own):
            for key in [key for key in salts if salt_expired(key[1], now)]:
                del salts[key]


def _remember(salts: OrderedDict[tuple[UUID, date], bytes], key: tuple[UUID, date], salt: bytes) -> None:
    salts[key] = salt
    if len(salts) > _REMEMBERED_SALTS:
        salts.popitem(last=False)
