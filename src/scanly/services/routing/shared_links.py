"""Redis as the second level of the redirect's memory: links that some process has read from the database.

What stands there is trusted while this process has lately compared it with the database's list of changes, and no
longer: a link may change while Redis is away, or while nobody hears of changes. So Redis also holds up to which moment
its links were compared. Every process goes on from there at each poll, drops what has changed and notes the new moment;
who finds no such note (Redis is empty) begins an epoch, whose name is part of every key.
"""

import asyncio
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Final

from scanly.kernel.redis import Redis, RedisAway, Script, Value
from scanly.services.routing.links import FORM, CompiledLink, unpack

KEEP_SECONDS: Final = 86_400
TRUST_SECONDS: Final = 8.0
"""Links are read and written for so long after a comparison: four polls."""
SLOWEST_PUT: Final = 5.0
"""Links that were read longer ago are not written: the poll looks back no further than three times that."""

_PART: Final = 500
_MOST_PUTS: Final = 4

_PUT = Script("""
for i, key in ipairs(KEYS) do
  local new, old, write = ARGV[i + 1], redis.call('GETRANGE', key, 0, 15), true
  if #old == 16 then
    local old_address, old_workspace = struct.unpack('>I8I8', old)
    local new_address, new_workspace = struct.unpack('>I8I8', new)
    write = new_address >= old_address and new_workspace >= old_workspace
    if not write and (new_address > old_address or new_workspace > old_workspace) then
      redis.call('DEL', key)
    end
  end
  if write then redis.call('SET', key, new, 'EX', ARGV[1]) end
end
""")
"""Writes links (``ARGV[2…]``) unless a newer one is there; of two that are each newer in one half, neither stays."""

_SETTLE = Script("""
local state = redis.call('GET', KEYS[1])
local epoch, seen
if state then epoch, seen = string.match(state, '^(%x+) (%d+)$') end
if not epoch or (epoch == ARGV[1] and ARGV[2] ~= '') then
  epoch, seen = ARGV[2] ~= '' and ARGV[2] or ARGV[1], '0'
elseif epoch ~= ARGV[1] then
  return epoch
end
for i = 2, #KEYS do
  local old = redis.call('GETRANGE', KEYS[i], 0, 15)
  if old ~= '' and old ~= ARGV[i + 2] then redis.call('DEL', KEYS[i]) end
end
if tonumber(ARGV[3]) > tonumber(seen) then seen = ARGV[3] end
redis.call('SET', KEYS[1], epoch .. ' ' .. seen)
return epoch
""")
"""Drops links whose stamp is not that of ``ARGV[4…]`` and notes the moment ``ARGV[3]``, in the epoch ``ARGV[1]``; or
begins the epoch ``ARGV[2]``. Returns the epoch that counts now."""


class SharedLinks:
    """The links in Redis. While Redis is away nothing is found and nothing is kept."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._state = redis.name(f"links:{FORM}")
        self._epoch = ""
        self._settled: float | None = None
        self._outages = -1
        self._puts: set[asyncio.Task[None]] = set()

    @property
    def is_trusted(self) -> bool:
        """Whether what is found counts as the truth."""
        return (
            self._settled is not None
            and self._outages == self._redis.outages
            and time.monotonic() - self._settled < TRUST_SECONDS
        )

    def distrust(self) -> None:
        """Trust nothing before the next comparison."""
        self._settled = None

    async def get(self, keys: Sequence[str]) -> dict[str, CompiledLink]:
        """Return what is there of ``keys``; whether that is still true says ``is_trusted``."""
        if not keys or not self._epoch:
            return {}
        try:
            found = await self._redis.call("MGET", *map(self._name, keys))
        except RedisAway:
            return {}
        return {key: link for key, packed in zip(keys, found, strict=True) if (link := _unpacked(packed)) is not None}

    def put(self, links: Mapping[str, CompiledLink], read_at: float) -> None:
        """Keep links, read from the database at the monotonic time ``read_at``, beside what goes on."""
        if links and self.is_trusted and len(self._puts) < _MOST_PUTS:
            task = asyncio.create_task(self._put(dict(links), read_at))
            self._puts.add(task)
            task.add_done_callback(self._puts.discard)

    async def look(self) -> int | None:
        """Return up to which moment the links were compared, in microseconds; None when none are there; ``RedisAway``.

        Whoever gets an answer must ask what changed since then before it calls ``settle``.
        """
        outages = self._redis.outages
        state = await self._redis.call("GET", self._state)
        epoch, _, seen = (state or b"").decode().partition(" ")
        self._outages = outages
        if not seen.isdecimal():
            self._epoch = ""
            return None
        self._epoch = epoch
        return int(seen)

    async def settle(self, stamps: Mapping[str, bytes], until: int, *, is_whole: bool) -> None:
        """Drop what is not as ``stamps`` say, which is all that changed since ``look`` and before ``until``.

        Without ``is_whole`` more has changed than is listed, and a new epoch begins.
        """
        new = "" if is_whole and self._epoch else secrets.token_hex(4)
        changed = [] if new else list(stamps)
        try:
            for start in range(0, max(1, len(changed)), _PART):
                part = changed[start : start + _PART]
                # The moment counts once the last part is through.
                moment = until if start + _PART >= len(changed) else 0
                keys = [self._state, *map(self._name, part)]
                told: list[Value] = [self._epoch, new, moment, *(stamps[key] for key in part)]
                epoch = (await self._redis.run(_SETTLE, keys, told)).decode()
        except RedisAway:
            return
        if epoch == (new or self._epoch):
            self._epoch = epoch
            self._settled = time.monotonic()

    async def stop(self) -> None:
        """Let what is being written end."""
        await asyncio.gather(*self._puts)

    async def _put(self, links: Mapping[str, CompiledLink], read_at: float) -> None:
        if time.monotonic() - read_at > SLOWEST_PUT:
            return
        packed = [link.packed for link in links.values()]
        try:
            await self._redis.run(_PUT, [self._name(key) for key in links], [KEEP_SECONDS, *packed])
        except RedisAway:
            return

    def _name(self, key: str) -> str:
        return self._redis.name(f"link:{FORM}:{self._epoch}:{key}")


def _unpacked(packed: bytes | None) -> CompiledLink | None:
    if packed is None:
        return None
    try:
        return unpack(packed)
    except ValueError:
        return None
