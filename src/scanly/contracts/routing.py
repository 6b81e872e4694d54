"""routing: links, their addresses, and the redirect."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from uuid import UUID

import msgspec
from pydantic import BaseModel, ConfigDict

from scanly.kernel.errors import Conflict, Invalid
from scanly.kernel.events import Event
from scanly.kernel.ids import PublicId

LinkId = Annotated[UUID, PublicId("link")]

SCAN_TOPIC = "qr.scanned"


class LinkStatus(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class TypedLink(BaseModel):
    """One of several things that an address leads to, for those who ask for its type."""

    model_config = ConfigDict(frozen=True)

    rel: str
    """The type as an address (RFC 8288 §2.1.2), such as ``https://ref.gs1.org/voc/instructions``."""
    href: str
    title: str
    hreflang: str | None = None
    """Its language (RFC 5646); several links of one type differ in it or in ``type``."""
    type: str | None = None
    """Its media type."""


class Link(BaseModel):
    """A short address with its destination. ``short_url`` is the address as a person types it."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    workspace_id: UUID
    domain: str
    slug: str
    short_url: str
    print_url: str
    """The form for the symbol: upper case where the slug allows it, since that makes the symbol smaller."""
    destination: str
    status: LinkStatus
    status_code: int
    code_id: UUID | None
    starts_at: datetime | None
    expires_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime
    typed_links: tuple[TypedLink, ...] | None = None
    """``None`` for an ordinary link. Else it resolves GS1 Digital Link addresses: ``<short_url>/01/…``, too, leads to
    the typed link that is asked for, or to the destination."""
    elements: str | None = None
    """The path below the short address that says what the link stands for, such as ``/01/09506000134352/10/ABC``."""


class Claim(BaseModel):
    """An address and a link that a code asks for."""

    model_config = ConfigDict(frozen=True)

    link_id: UUID
    code_id: UUID
    destination: str
    slug: str | None = None
    """Left out: a random one."""
    domain: str | None = None
    typed_links: tuple[TypedLink, ...] | None = None
    elements: str | None = None


class Routing(ABC):
    """What other services may ask of routing."""

    @abstractmethod
    async def claim(self, *, workspace_id: UUID, claims: Sequence[Claim]) -> list[Link]:
        """Take an address and a link for each of some codes, all or none; idempotent by ``link_id``.

        Returns the links in the order of the claims. A claim is confirmed by ``qr.created`` and reaped when that never
        comes. Raises ``SlugTaken``, ``SlugReserved``, ``SlugInvalid``, ``DestinationRefused``, ``DomainUnknown``.
        """

    @abstractmethod
    async def change_destination(
        self,
        *,
        workspace_id: UUID,
        link_id: UUID,
        destination: str,
        typed_links: Sequence[TypedLink] | None = None,
        if_version: int | None = None,
    ) -> Link:
        """Point the link elsewhere, its typed links as well; redirect processes follow within a second.

        ``StaleVersion`` when ``if_version`` is not the present one; ``NotFound``, ``DestinationRefused``.
        """

    @abstractmethod
    async def set_paused(self, *, workspace_id: UUID, link_id: UUID, paused: bool) -> Link:
        """Pause or resume; doing it twice changes nothing. ``NotFound``."""

    @abstractmethod
    async def remove(self, *, workspace_id: UUID, link_ids: Sequence[UUID]) -> None:
        """End links: visitors get 410. The addresses stay taken by the workspace. Unknown ids are passed over."""

    @abstractmethod
    async def restore(self, *, workspace_id: UUID, link_ids: Sequence[UUID]) -> None:
        """Undo ``remove``."""

    @abstractmethod
    async def transfer(self, *, workspace_id: UUID, to_workspace_id: UUID, link_ids: Sequence[UUID]) -> None:
        """Give links with their addresses to another workspace; doing it twice changes nothing.

        The caller has made sure that the person may do so in both. What was counted stays where it was counted.
        Unknown ids are passed over.
        """

    @abstractmethod
    async def links(self, *, workspace_id: UUID, link_ids: Sequence[UUID]) -> list[Link]:
        """Return those of ``link_ids`` which the workspace has, removed ones too (status ``ended``), in any order."""

    @abstractmethod
    async def find(self, *, workspace_id: UUID, text: str, limit: int) -> list[UUID]:
        """Return ids of links whose slug or destination contains ``text``, without regard to case."""


class SlugTaken(Conflict):
    code = "slug_taken"
    title = "That address is already taken"


class SlugReserved(Invalid):
    code = "slug_reserved"
    title = "That word is kept for Scanly itself"


class SlugInvalid(Invalid):
    code = "slug_invalid"
    title = "That cannot be an address"


class DestinationRefused(Invalid):
    code = "destination_refused"
    title = "That address cannot be opened by a phone"


class DomainUnknown(Invalid):
    code = "domain_unknown"
    title = "That domain is not set up here"


class Scan(msgspec.Struct, frozen=True, omit_defaults=True):
    """One hit as it travels from the shipper to analytics on the topic ``qr.scanned``; before any judgement.

    ``id`` is a UUIDv7 made at the redirect, its time is the time of the hit. It carries no network address: place,
    network kind and visitor hash were made from it, then it was dropped. Header values are cut to 1,024 characters and
    carry no control characters.
    """

    id: UUID
    workspace_id: UUID
    link_id: UUID
    source: str
    """``scan`` through a printed code, ``click`` through a link."""
    outcome: str
    """``redirect``, ``paused``, ``ended``, ``not_started`` or ``preview``: what the visitor got."""
    method: str = "GET"
    code_id: UUID | None = None
    domain: str = ""
    slug: str = ""
    user_agent: str = ""
    accept_language: str = ""
    referrer: str = ""
    purpose: str = ""
    """Sec-Purpose, or its older forms, as sent."""
    visitor: bytes = b""
    """16 bytes, salted per workspace and per local day; empty when the address was unusable."""
    day: str = ""
    """The local day of the workspace's zone, ``YYYY-MM-DD``, that ``visitor`` is salted for."""
    network: str = ""
    """``private``, ``loopback``, ``public`` or empty."""
    place_known: bool = False
    """False when this server has no place database; then the fields below are empty."""
    country: str = ""
    region: str = ""
    city: str = ""
    utm: dict[str, str] = {}
    extra: dict[str, Any] = {}


def encode_scan(scan: Scan) -> bytes:
    """Return the record as JSON."""
    return msgspec.json.encode(scan)


def decode_scan(record: bytes) -> Scan:
    """Return the record; ``msgspec.DecodeError`` (or its subclass ``ValidationError``) when it is not one."""
    return msgspec.json.decode(record, type=Scan)


class LinkUpdated(Event):
    """A link changed in a way that its owner sees."""

    topic: ClassVar[str] = "link.updated"
    version: ClassVar[int] = 1

    workspace_id: UUID
    link_id: UUID
    code_id: UUID | None
    destination: str
    status: LinkStatus

    def key(self) -> str:
        return str(self.link_id)
