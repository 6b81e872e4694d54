"""From a spooled hit to the log's record: the address becomes place, network kind and visitor hash, then is gone."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from ipaddress import ip_address
from uuid import UUID

import msgspec

from scanly.contracts.routing import encode_scan
from scanly.kernel.http.client import Network, client_address
from scanly.kernel.telemetry import get_logger
from scanly.services.routing.hits import Shippable, Surroundings, decode_hit, to_scan
from scanly.services.routing.place import Address, Place, Places, network_kind
from scanly.services.routing.visitors import QUARTER_NS, Salts, local_day_of_quarter, visitor_hash

log = get_logger(__name__)

_REMEMBERED = 4096


_key = lru_cache(_REMEMBERED)(str)


class Survey:
    """Looks up what a hit's address tells. Remembers what it looked up for the few thousand addresses of a moment."""

    def __init__(self, places: Places, salts: Salts, trusted_proxies: Sequence[Network]) -> None:
        self._places = places
        self._salts = salts
        self._trusted = tuple(trusted_proxies)
        self._locate = lru_cache(_REMEMBERED)(self._look_up)

    async def ship(self, payloads: Sequence[bytes]) -> list[Shippable]:
        """Return the records of spooled hits, in their order; one that cannot be read is logged and passed over."""
        salts: dict[tuple[UUID, date], bytes] = {}
        found = []
        for payload in payloads:
            try:
                hit = decode_hit(payload)
            except msgspec.DecodeError:
                log.exception("a hit in the spool is not readable")
                continue
            target, headers = hit.target, hit.by_name()
            workspace = target.workspace_id
            day = local_day_of_quarter(hit.time_ns // QUARTER_NS, target.time_zone)
            if (salt := salts.get((workspace, day))) is None:
                salt = salts[workspace, day] = await self._salts.get(workspace, day)
            around = self._around(hit.peer, headers, salt, day)
            record = encode_scan(to_scan(hit, target, headers, around))
            found.append(Shippable(_key(target.link_id), record))
        return found

    def forget(self) -> None:
        """Forget the addresses that were looked up."""
        self._locate.cache_clear()

    def _around(self, peer: str, headers: dict[bytes, bytes], salt: bytes, day: date) -> Surroundings:
        address, network, place = self._locate(peer, headers.get(b"x-forwarded-for", b""))
        if address is None:
            return Surroundings()
        return Surroundings(
            network=network,
            place_known=self._places.is_known,
            country=place.country,
            region=place.region,
            city=place.city,
            visitor=visitor_hash(salt, address, headers.get(b"user-agent", b"")),
            day=day.isoformat(),
        )

    def _look_up(self, peer: str, forwarded: bytes) -> tuple[Address | None, str, Place]:
        text = client_address(peer, forwarded.decode("latin-1"), self._trusted)
        if not text:
            return None, "", Place()
        address = ip_address(text)
        return address, network_kind(address), self._places.find(address)
