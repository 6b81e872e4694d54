"""The redirect's own view of links: compiled for the answer, in bounded memory, never older than its promises.

A change evicts the link through the invalidation bus; a poll of recently changed rows every two seconds heals a
notification that got lost. Misses are loaded once however many wait for them. While the database is away, links that
are in memory go on, and evicted ones are answered as they were, up to ``link_stale_hours``.
"""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Protocol
from uuid import UUID

import msgspec

from scanly.kernel.errors import Unavailable
from scanly.kernel.http.door import RESERVED_WORDS
from scanly.kernel.telemetry import get_logger
from scanly.services.routing.domain import Conditions, first_word, to_uri
from scanly.services.routing.hits import Target, encode_target
from scanly.services.routing.metrics import Tally

log = get_logger(__name__)

MAIN_DOMAIN = ""
"""The installation's own host: nameless, so that addresses survive when it gets another name."""

POLL_SECONDS = 2.0
OVERLAP_SECONDS = 15.0
"""A row's time of change is that of its transaction's beginning; it may become visible this much later."""
_MANY_CHANGES = 20_000
_LOAD_TIMEOUT = 2.0
_MAX_UNKNOWN = 10_000
_MAX_STALE = 10_000
_RELOADS = 3
_ENTRY_BYTES = 1_000
"""What a compiled link takes besides its destination, measured with ``tracemalloc`` on CPython 3.11."""


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """A link with its address and its workspace, as the database has it."""

    domain: str
    slug: str
    slug_key: str
    link_id: UUID
    workspace_id: UUID
    code_id: UUID | None
    destination: str
    status_code: int
    is_removed: bool
    is_paused: bool
    starts_at: datetime | None
    expires_at: datetime | None
    stamp: str
    """Changes whenever anything of this row changes."""
    shop: str
    time_zone: str


_STATUS_LINES = {code: f"HTTP/1.1 {code} {HTTPStatus(code).phrase}\r\n".encode() for code in (301, 302, 303, 307, 308)}
_REDIRECT_HEADERS = b"\r\ncache-control: private, no-store\r\ncontent-length: 0\r\n"


class LinkSource(Protocol):
    """Where links are read from when they are not in memory."""

    async def find(self, domain: str, slug_key: str) -> LinkFacts | None:
        """Return the link at an address; ``Unavailable`` when the database does not answer."""
        ...

    async def changed(self, seconds: float, limit: int) -> list[tuple[str, str, str]]:
        """Return domain, slug key and stamp of up to ``limit`` addresses that changed in the last ``seconds``."""
        ...


class CompiledLink:
    """A link with everything made ready that does not depend on the visitor."""

    __slots__ = ("conditions", "cost", "is_plain", "location", "row", "target")

    def __init__(self, row: LinkFacts) -> None:
        self.row = row
        self.conditions = Conditions(
            row.is_removed, row.is_paused, _milliseconds(row.starts_at), _milliseconds(row.expires_at)
        )
        # A word that was reserved after somebody had claimed it belongs to the application.
        self.is_plain = self.conditions.is_plain and first_word(row.slug) not in RESERVED_WORDS
        self.target = msgspec.Raw(
            encode_target(
                Target(row.workspace_id, row.link_id, row.code_id, row.domain, row.slug, row.time_zone),
            )
        )
        self.location = to_uri(row.destination).encode() if row.destination else b"/"
        self.cost = _ENTRY_BYTES + 4 * len(row.destination)

    @property
    def head(self) -> bytes:
        """Status line and headers of the redirect as HTTP/1.1 sends them, without the blank line."""
        return b"%blocation: %b%b" % (_STATUS_LINES[self.row.status_code], self.location, _REDIRECT_HEADERS)

    @property
    def start(self) -> dict[str, Any]:
        """The same as ASGI's message."""
        headers = [(b"location", self.location), (b"cache-control", b"private, no-store"), (b"content-length", b"0")]
        return {"type": "http.response.start", "status": self.row.status_code, "headers": headers}


def address_key(domain: str, slug_key: str) -> str:
    """Return the key of an address: on the main domain the path as most visitors send it, ``/menu``."""
    return f"{domain}/{slug_key}"


def _milliseconds(moment: datetime | None) -> int | None:
    return None if moment is None else round(moment.timestamp() * 1000)


class LinkMemory:
    """Links by key, bounded in bytes. Two generations: what nobody asked for during a whole generation is dropped.

    That is nearly least-recently-used, and a hit writes nothing, which a list in order of use would.
    """

    def __init__(self, max_bytes: int) -> None:
        self._half = max_bytes // 2
        self._young: dict[str, CompiledLink] = {}
        self._old: dict[str, CompiledLink] = {}
        self._young_bytes = 0
        self.dropped = 0
        """Links dropped for room since the start."""

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def get(self, key: str) -> CompiledLink | None:
        """Return the link if it is here."""
        link = self._young.get(key)
        if link is None and (link := self._old.pop(key, None)) is not None:
            self.put(key, link)
        return link

    def peek(self, key: str) -> CompiledLink | None:
        """Return the link without counting that as a use."""
        return self._young.get(key) or self._old.get(key)

    def put(self, key: str, link: CompiledLink) -> None:
        """Keep a link."""
        self.pop(key)
        self._young[key] = link
        self._young_bytes += link.cost
        if self._young_bytes > self._half:
            self.dropped += len(self._old)
            self._old, self._young, self._young_bytes = self._young, {}, 0

    def pop(self, key: str) -> CompiledLink | None:
        """Take a link away."""
        link = self._young.pop(key, None)
        if link is not None:
            self._young_bytes -= link.cost
            return link
        return self._old.pop(key, None)

    def keys(self) -> list[str]:
        """Return all keys."""
        return [*self._young, *self._old]

    def clear(self) -> None:
        """Forget all."""
        self._young, self._old, self._young_bytes = {}, {}, 0


class ReadModel:
    """Finds links: in memory, else in the database. For the event loop's thread only."""

    def __init__(
        self, source: LinkSource, tally: Tally, *, max_bytes: int, unknown_seconds: float, stale_seconds: float
    ) -> None:
        self._source = source
        self._tally = tally
        self._unknown_seconds = unknown_seconds
        self._stale_seconds = stale_seconds
        self.memory = LinkMemory(max_bytes)
        self._unknown: OrderedDict[str, float] = OrderedDict()
        self._stale: OrderedDict[str, CompiledLink] = OrderedDict()
        self._flights: dict[str, asyncio.Task[CompiledLink | None]] = {}
        self._outdated: set[str] = set()
        self._wake = asyncio.Event()
        self._checked = time.monotonic()

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
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = asyncio.create_task(self._load(key))
            flight.add_done_callback(lambda done: self._land(key, done))
        # The load goes on when this visitor hangs up: others may wait for it.
        return await asyncio.shield(flight)

    def evict(self, key: str) -> None:
        """Forget what is known about an address, since it changed."""
        if key in self._flights:
            self._outdated.add(key)
        self._unknown.pop(key, None)
        if (link := self.memory.pop(key)) is not None:
            self._stale[key] = link
            self._stale.move_to_end(key)
            if len(self._stale) > _MAX_STALE:
                self._stale.popitem(last=False)

    def evict_all(self) -> None:
        """Forget everything, answers for an absent database included as far as they fit."""
        for key in [*self.memory.keys(), *self._unknown, *self._flights]:
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
            except (Unavailable, TimeoutError):
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
        """Evict what changed since the last check and is known otherwise here."""
        started = time.monotonic()
        window = started - self._checked + OVERLAP_SECONDS
        changed = await self._source.changed(window, _MANY_CHANGES)
        self._checked = started
        if len(changed) == _MANY_CHANGES:
            self.evict_all()
        for domain, slug_key, stamp in changed:
            key = address_key(domain, slug_key)
            link = self.memory.peek(key)
            if key in self._unknown or (link is not None and link.row.stamp != stamp):
                self.evict(key)
        self._tally.links = len(self.memory)

    async def _load(self, key: str) -> CompiledLink | None:
        for _ in range(_RELOADS):
            self._outdated.discard(key)
            try:
                async with asyncio.timeout(_LOAD_TIMEOUT):
                    row = await self._source.find(*key.split("/", 1))
            except (Unavailable, TimeoutError) as error:
                if (link := self._stale.get(key)) is not None:
                    self._tally.link_lookups["stale"] += 1
                    return link
                self._tally.link_lookups["failed"] += 1
                raise Unavailable("The link cannot be looked up just now.", retry_after=5) from error
            # A change that was announced while we read may be newer than what we read.
            if key not in self._outdated:
                return self._keep(key, row)
        return CompiledLink(row) if row else None

    def _keep(self, key: str, row: LinkFacts | None) -> CompiledLink | None:
        self._tally.link_lookups["database"] += 1
        self._stale.pop(key, None)
        if row is None:
            self._unknown[key] = time.monotonic() + self._unknown_seconds
            if len(self._unknown) > _MAX_UNKNOWN:
                self._unknown.popitem(last=False)
            return None
        link = CompiledLink(row)
        self.memory.put(key, link)
        self._tally.links = len(self.memory)
        self._tally.dropped = self.memory.dropped
        return link

    def _land(self, key: str, flight: "asyncio.Task[CompiledLink | None]") -> None:
        del self._flights[key]
        self._outdated.discard(key)
        if not flight.cancelled():
            flight.exception()  # retrieved here, since every waiter may have hung up

    def _drop_everything(self) -> None:
        self.memory.clear()
        self._stale.clear()
        self._tally.links = 0
