"""From a spooled hit to the log's record: the address becomes place, network kind and visitor hash, then is gone."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import msgspec

from scanly.contracts.routing import encode_scan
from scanly.kernel.cpu import CpuPool
from scanly.kernel.http.client import Network, client_ip
from scanly.kernel.telemetry import get_logger
from scanly.services.routing.hits import Shippable, Surroundings, decode_hit, encode_ready, to_scan
from scanly.services.routing.place import Places, network_kind
from scanly.services.routing.spool import RAW, Segment, write_ready
from scanly.services.routing.visitors import QUARTER_NS, Salts, local_day_of_quarter, network_of, visitor_hash

log = get_logger(__name__)

_REMEMBERED = 16_384
"""Addresses and links that a busy process sees between two times of forgetting; a few MB."""
_key = lru_cache(_REMEMBERED)(str)

SaltKey = tuple[UUID, date]
"""A workspace and its local day."""


class Desk(NamedTuple):
    """What surveying needs to know, in any process."""

    places_dir: Path
    trusted_proxies: tuple[Network, ...]


class Result(NamedTuple):
    """``missing`` salts have to be fetched for another try; without any the ``scans`` are complete."""

    scans: list[Shippable]
    missing: set[SaltKey]
    unreadable: int
    """Hits that cannot be decoded; they are passed over."""


class Surveyor:
    """Looks up what a hit's address tells. Remembers what it looked up for the addresses of a moment."""

    def __init__(self, places: Places, trusted_proxies: Sequence[Network]) -> None:
        self._places = places
        self._trusted = tuple(trusted_proxies)
        self._locate = lru_cache(_REMEMBERED)(self._look_up)

    def survey(self, payloads: Sequence[bytes], salts: Mapping[SaltKey, bytes]) -> Result:
        """Return the records of spooled hits, in their order."""
        scans: list[Shippable] = []
        missing: set[SaltKey] = set()
        unreadable = 0
        for payload in payloads:
            try:
                hit = decode_hit(payload)
                target = hit.target
            except msgspec.DecodeError:
                unreadable += 1
                continue
            day = local_day_of_quarter(hit.time_ns // QUARTER_NS, target.time_zone)
            key = (target.workspace_id, day)
            if (salt := salts.get(key)) is None:
                missing.add(key)
            elif not missing:
                headers = hit.by_name()
                network, around = self._locate(hit.peer, headers.get(b"x-forwarded-for", b""))
                visitor = visitor_hash(salt, network, headers.get(b"user-agent", b"")) if network else b""
                record = encode_scan(to_scan(hit, target, headers, around, visitor, day))
                scans.append(Shippable(_key(target.link_id), record))
        return Result(scans, missing, unreadable)

    def forget(self) -> None:
        """Forget the addresses that were looked up."""
        self._locate.cache_clear()

    def _look_up(self, peer: str, forwarded: bytes) -> tuple[bytes, Surroundings]:
        """Return the network that counts as a visitor's, empty when unknown, and what its address tells."""
        address = client_ip(peer, forwarded.decode("latin-1"), self._trusted)
        if address is None:
            return b"", Surroundings()
        place = self._places.find(address)
        return network_of(address), Surroundings(network_kind(address), self._places.is_known, *place)


class Survey:
    """Surveys hits here, or whole segments of them in another process while visitors need this one."""

    def __init__(self, desk: Desk, places: Places, salts: Salts, cpu: CpuPool) -> None:
        self._desk = desk
        self._surveyor = Surveyor(places, desk.trusted_proxies)
        self._salts = salts
        self._recent: dict[SaltKey, bytes] = {}
        self._cpu = cpu

    async def ship(self, payloads: Sequence[bytes]) -> list[Shippable]:
        """Return the records of spooled hits, in their order; one that cannot be read is logged and passed over."""
        while True:
            result = self._surveyor.survey(payloads, self._recent)
            if not result.missing:
                _report(result.unreadable)
                return result.scans
            await self._fetch(result.missing)

    async def make_ready(self, segment: Segment) -> int:
        """Replace a raw segment by ready ones, in another process; return the bytes behind its last whole frame.

        ``Unavailable`` when no process is to be had.
        """
        while True:
            done = await self._cpu.run(survey_segment, segment.path, self._desk, self._recent)
            if not done.missing:
                _report(done.unreadable)
                return done.unread
            await self._fetch(done.missing)

    def forget(self) -> None:
        """Forget the addresses that were looked up."""
        self._surveyor.forget()
        self._recent = {}

    async def _fetch(self, keys: set[SaltKey]) -> None:
        for workspace_id, day in keys:
            self._recent[workspace_id, day] = await self._salts.get(workspace_id, day)


class Surveyed(NamedTuple):
    """What became of a segment: nothing as long as salts are ``missing``."""

    missing: set[SaltKey]
    unreadable: int
    unread: int


def survey_segment(path: Path, desk: Desk, salts: Mapping[SaltKey, bytes]) -> Surveyed:
    """Replace the raw segment at ``path`` by ready ones; safe to repeat, and a segment that is gone is done."""
    segment = Segment(path, RAW)
    try:
        content = segment.read()
    except FileNotFoundError:
        return Surveyed(set(), 0, 0)
    surveyor = _surveyor(desk)
    scans, missing, unreadable = surveyor.survey(content.payloads, salts)
    surveyor.forget()
    if not missing:
        write_ready(path, encode_ready(scans))
        segment.delete()
    return Surveyed(missing, unreadable, content.unread)


@lru_cache(1)
def _surveyor(desk: Desk) -> Surveyor:
    return Surveyor(Places(desk.places_dir), desk.trusted_proxies)


def _report(unreadable: int) -> None:
    if unreadable:
        log.error("hits in the spool are not readable", hits=unreadable)
