"""A redirect without a database, and people who visit it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from uuid import UUID

from scanly.contracts.routing import Scan
from scanly.kernel.errors import Unavailable
from scanly.services.routing.hits import Hit, Surroundings, decode_hit, to_scan
from scanly.services.routing.links import LinkFacts, address_key, make_stamp
from scanly.services.routing.metrics import Tally
from scanly.services.routing.read_model import Changes, ReadModel
from scanly.services.routing.redirect import Redirect
from scanly.services.routing.spool import RAW, Spool, parse

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)
WORKSPACE = UUID(int=1)
DESTINATION = "https://menu.sharmasweets.example/november"


def facts(slug: str, **changes: Any) -> LinkFacts:
    """A link as the database has it."""
    values: dict[str, Any] = {
        "domain": "",
        "slug": slug,
        "slug_key": slug.lower(),
        "link_id": UUID(int=2),
        "workspace_id": WORKSPACE,
        "code_id": UUID(int=3),
        "destination": DESTINATION,
        "status_code": 302,
        "is_removed": False,
        "is_paused": False,
        "starts_at": None,
        "expires_at": None,
        "stamp": make_stamp(1, 1),
        "shop": "Sharma Sweets",
        "time_zone": "Asia/Kolkata",
        "typed_links": None,
        "elements": None,
    }
    return LinkFacts(**{**values, **changes})


def scan_of(hit: Hit) -> Scan:
    """The record of a hit of which nothing was looked up."""
    return to_scan(hit, hit.target, hit.by_name(), Surroundings(), b"", date(2026, 11, 9))


@dataclass
class Shelf:
    """A source of links that counts what it is asked, and can be away."""

    links: dict[str, LinkFacts] = field(default_factory=dict)
    changes: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    since: int | None = None
    now: int = 1_000_000
    is_away: bool = False

    def put(self, link: LinkFacts) -> None:
        self.links[address_key(link.domain, link.slug_key)] = link

    async def find(self, keys: Sequence[str]) -> dict[str, LinkFacts]:
        self.asked += keys
        if self.is_away:
            raise Unavailable("away")
        return {key: self.links[key] for key in keys if key in self.links}

    async def stamps(self, keys: Sequence[str]) -> dict[str, bytes]:
        if self.is_away:
            raise Unavailable("away")
        return {key: self.links[key].stamp for key in keys if key in self.links}

    async def changed(self, since: int | None, _overlap: float, limit: int) -> Changes:
        if self.is_away:
            raise Unavailable("away")
        self.since = since
        self.now += 1
        return Changes(self.now, self.changes, len(self.changes) < limit)


@dataclass
class Answer:
    """What a visitor got."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Stand:
    """A redirect with its parts in reach."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.shelf = Shelf()
        self.tally = Tally()
        self.spool = Spool(folder)
        self.spool.open()
        self.now = now
        self.links = ReadModel(self.shelf, self.tally, max_bytes=1 << 20, unknown_seconds=30, stale_seconds=3600)
        self.redirect = Redirect(
            self.links,
            self.spool,
            self.tally,
            time_ns=lambda: round(self.now.timestamp() * 1_000) * 1_000_000,
            base_url="https://go.example",
        )

    async def get(
        self,
        path: str,
        *,
        method: str = "GET",
        query: bytes = b"",
        headers: Mapping[str, str] | list[tuple[bytes, bytes]] | None = None,
    ) -> Answer:
        """Ask as a server would: header names in lower case, ``path`` decoded beside the one that was sent."""
        if not isinstance(headers, list):
            headers = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
        scope = {
            "type": "http",
            "method": method,
            "path": unquote(path),
            "raw_path": quote(path, safe="/%+~").encode(),
            "query_string": query,
            "headers": headers,
            "client": ("49.36.1.1", 50_000),
        }
        sent: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        async def receive() -> dict[str, Any]:
            raise AssertionError("the redirect reads no body")

        await self.redirect(scope, receive, send)
        start, *bodies = sent
        answer_headers = {name.decode(): value.decode() for name, value in start["headers"]}
        return Answer(start["status"], answer_headers, b"".join(message["body"] for message in bodies))

    def hits(self) -> list[Hit]:
        """What stands in the spool."""
        return [decode_hit(payload) for payload in parse(self.spool.writing.read_bytes(), RAW).payloads]
