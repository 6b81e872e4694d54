"""The redirect's own view of links: compiled for the answer, in bounded memory, never older than its promises.

Memory, then Redis if there is one, then the database; what is asked for at the same time is looked up together, so that
neither a restart nor somebody who guesses addresses can flood the database. A change evicts the link through the
invalidation bus; a poll of recently changed rows every two seconds heals a notification that got lost. While the
database is away, known links go on, evicted ones as they were, up to ``link_stale_hours``.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from scanly.kernel.cache import Batches, Overloaded
from scanly.kernel.errors import Unavailable
from scanly.kernel.pace import give_way
from scanly.kernel.redis import RedisAway
from scanly.kernel.telemetry import get_logger
from scanly.services.routing.link_memory import LinkMemory
from scanly.services.routing.links import CompiledLink, LinkFacts, compile_link, unpack
from scanly.services.routing.metrics import Tally
from scanly.services.routing.shared_links import SharedLinks

log = get_logger(__name__)

POLL_SECONDS = 2.0
OVERLAP_SECONDS = 15.0
"""The time of a change is from before its commit; it may become visible this much later."""
_MANY_CHANGES = 20_000
_MAX_UNKNOWN = 10_000
_MAX_STALE = 10_000
_MAX_TOLD = 10_000
_RELOADS = 3
_WARM_PART = 500


@dataclass(frozen=True, slots=True)
class Changes:
    """Which addresses changed in a time, with their present stamps."""

    until: int
    """The database's time when it was asked, in microseconds since 1970."""
    stamps: Mapping[str, bytes]
    is_whole: bool
    """False when there are more than were asked for."""


class LinkSource(Protocol):
    """Where links are read from when they are not in memory."""

    async def find(self, keys: Sequence[str]) -> Mapping[str, LinkFacts]:
        """Return the links of those addresses that have one; ``Unavailable`` when nothing answers within 2 s."""
        ...

    async def stamps(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Return the present stamps of those addresses that have a link; ``Unavailable`` as above."""
        ...

    async def changed(self, since: int | None, overlap: float, limit: int) -> Changes:
        """Return up to ``limit`` changes since a moment (None: now) and ``overlap`` seconds before; ``Unavailable``."""
        ...


class ReadModel:
    """Finds links: in memory, else in Redis and in the database. For the event loop's thread only."""

    def __init__(
        self,
        source: LinkSource,
        tally: Tally,
        *,
        max_bytes: int,
        unknown_seconds: float,
        stale_seconds: float,
        shared: SharedLinks | None = None,
    ) -> None:
        self._source = source
        self._shared = shared
        self._tally = tally
        self._unknown_seconds = unknown_seconds
        self._stale_seconds = stale_seconds
        self.memory = LinkMemory(max_bytes)
        self._unknown: OrderedDict[str, float] = OrderedDict()
        self._stale: OrderedDict[str, CompiledLink] = OrderedDict()
        self._lookups = Batches(self._fetch)
        self._outdated: set[str] = set()
        self._told: dict[str, float] = {}
        """Keys that changed and when this process heard so; Redis may still have them as they were."""
        self._is_away = False
        """The database did not answer last time: nobody waits for it whose link is known as it was."""
        self._wake = asyncio.Event()
        self._checked = time.monotonic()
        self._until: int | None = None
        self._unverified: list[str] = []
        """Keys of the snapshot that were taken on trust, since the database did not answer."""

    @property
    def age(self) -> float:
        """Seconds since all that is known here was compared with the database."""
        return time.monotonic() - self._checked

    async def find(self, key: str) -> CompiledLink | None:
        """Return the link, loaded if need be; ``None`` when there is none, ``Unavailable`` when nobody can know."""
        if (link := self.memory.get(key)) is not None:
            self._tally.link_lookups["memory"] += 1
            return link
        if (until := self._unknown.get(key)) is not None:
            if time.monotonic() < until:
                self._tally.link_lookups["unknown"] += 1
                return None
            del self._unknown[key]
        if self._is_away and (link := self._stale.get(key)) is not None:
            self._tally.link_lookups["stale"] += 1
            return link
        try:
            return await self._lookups.load(key)
        except Overloaded:
            reason = "refused"
        except Unavailable:
            reason = "failed"
        if (link := self.memory.get(key) or self._stale.get(key)) is not None:
            self._tally.link_lookups["stale"] += 1
            return link
        self._tally.link_lookups[reason] += 1
        raise Unavailable("The link cannot be looked up just now.", retry_after=5 if reason == "failed" else 1)

    def evict(self, key: str) -> None:
        """Forget what is known about an address, since it changed."""
        if key in self._lookups:
            self._outdated.add(key)
        if self._shared is not None:
            self._told[key] = time.monotonic()
            if len(self._told) > _MAX_TOLD:
                self._shared.distrust()
                self._told.clear()
        self._unknown.pop(key, None)
        if (link := self.memory.pop(key)) is not None:
            self._stale[key] = link
            self._stale.move_to_end(key)
            if len(self._stale) > _MAX_STALE:
                self._stale.popitem(last=False)

    def evict_all(self) -> None:
        """Forget everything, answers for an absent database included as far as they fit."""
        for key in [*self.memory.keys(), *self._unknown, *self._lookups]:
            self.evict(key)

    def check_now(self) -> None:
        """Look for changed rows now rather than at the next poll."""
        self._wake.set()

    async def watch(self) -> None:
        """Poll for changed rows until cancelled."""
        while True:
            self._wake.clear()
            try:
                await self.check()
            except Unavailable:
                if time.monotonic() - self._checked > self._stale_seconds:
                    self._drop_everything()
            except Exception:
                log.exception("the poll for changed links failed and is tried again")
            try:
                # Not wait_for: before Python 3.12 it can swallow a cancellation (cpython issue 86296).
                async with asyncio.timeout(POLL_SECONDS):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def check(self) -> None:
        """Evict what changed since the last check and is known otherwise, here or in Redis."""
        started = time.monotonic()
        seen, shared = None, self._shared
        if shared is not None:
            try:
                seen = await shared.look()
            except RedisAway:
                shared = None
        since = min((moment for moment in (self._until, seen) if moment is not None), default=None)
        changes = await self._source.changed(since, OVERLAP_SECONDS, _MANY_CHANGES)
        if not changes.is_whole:
            self.evict_all()
        for key, stamp in changes.stamps.items():
            link = self.memory.peek(key)
            if key in self._unknown or (link is not None and link.stamp != stamp):
                self.evict(key)
        if shared is not None:
            await shared.settle(changes.stamps, changes.until, is_whole=changes.is_whole)
            self._told = {key: moment for key, moment in self._told.items() if moment >= started}
        await self._verify()
        self._checked, self._until, self._is_away = started, changes.until, False
        self._count()

    async def warm(self, packed: Sequence[bytes], age: float) -> int:
        """Take links in that were packed ``age`` seconds ago, those that were used last first; return how many.

        Those that have changed since are left out. While the database does not answer they are taken as they are, and
        compared later.
        """
        kept = 0
        for start in range(len(packed), 0, -_WARM_PART):  # the last used come in last, so that they stay longest
            began = time.perf_counter()
            links = {link.key: link for link in map(unpack, reversed(packed[max(0, start - _WARM_PART) : start]))}
            links = {key: link for key, link in links.items() if self.memory.peek(key) is None}
            worked = time.perf_counter() - began
            try:
                stamps = await self._source.stamps(list(links))
            except Unavailable:
                self._unverified += links
                self._checked = min(self._checked, time.monotonic() - age)
            else:
                links = {key: link for key, link in links.items() if stamps.get(key) == link.stamp}
            for key, link in links.items():
                if self.memory.peek(key) is None:
                    self.memory.put(key, link)
                    kept += 1
            self._count()
            await give_way(worked)
        return kept

    async def stop(self) -> None:
        """End what is being looked up and written."""
        await self._lookups.stop()
        if self._shared is not None:
            await self._shared.stop()

    async def _verify(self) -> None:
        while self._unverified:
            keys = self._unverified[-_WARM_PART:]
            stamps = await self._source.stamps(keys)
            for key in keys:
                if (link := self.memory.peek(key)) is not None and link.stamp != stamps.get(key):
                    self.evict(key)
            del self._unverified[-len(keys) :]

    async def _fetch(self, keys: Sequence[str]) -> Mapping[str, CompiledLink]:
        try:
            found = await self._look_up(keys)
            self._keep(keys, found)
            for _ in range(_RELOADS):
                # A change that was announced while we read may be newer than what we read.
                if not self._outdated or not (outdated := [key for key in keys if key in self._outdated]):
                    break
                self._outdated.difference_update(outdated)
                new = await self._look_up(outdated)
                self._keep(outdated, new)
                for key in outdated:
                    found.pop(key, None)
                found |= new
            return found
        finally:
            self._outdated.difference_update(keys)

    async def _look_up(self, keys: Sequence[str]) -> dict[str, CompiledLink]:
        if self._shared is None:
            return await self._read(keys)
        found: dict[str, CompiledLink] = {}
        if self._shared.is_trusted:
            found = await self._shared.get([key for key in keys if key not in self._told])
            self._tally.link_lookups["redis"] += len(found)
        if missing := [key for key in keys if key not in found]:
            try:
                found |= await self._read(missing)
            except Unavailable:
                self._keep(tuple(found), found)
                self._stale |= await self._shared.get(missing)
                raise
        return found

    async def _read(self, keys: Sequence[str]) -> dict[str, CompiledLink]:
        started = time.monotonic()
        try:
            rows = await self._source.find(keys)
        except Unavailable:
            self._is_away = True
            raise
        self._is_away = False
        self._tally.link_lookups["database"] += len(keys)
        links = {key: link for key, row in rows.items() if (link := _compiled(row)) is not None}
        if self._shared is not None:
            self._shared.put(links, started)
        return links

    def _keep(self, keys: Sequence[str], found: Mapping[str, CompiledLink]) -> None:
        """Remember what was found of ``keys``, and that the others are not there; but nothing that is outdated."""
        for key in keys:
            if key in self._outdated:
                continue
            self._stale.pop(key, None)
            if (link := found.get(key)) is not None:
                self.memory.put(key, link)
            else:
                self._unknown[key] = time.monotonic() + self._unknown_seconds
        while len(self._unknown) > _MAX_UNKNOWN:
            self._unknown.popitem(last=False)

    def _drop_everything(self) -> None:
        self.memory.clear()
        self._stale.clear()
        self._count()

    def _count(self) -> None:
        self._tally.links = len(self.memory)
        self._tally.link_bytes = self.memory.size
        self._tally.dropped = self.memory.dropped


def _compiled(row: LinkFacts) -> CompiledLink | None:
    try:
        return compile_link(row)
    except ValueError:  # one destination that no rule of today would let in must not take others along
        log.exception("a link cannot be redirected to", link_id=str(row.link_id))
        return None
