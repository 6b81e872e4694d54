"""Use cases of routing: links and their addresses. The redirect itself is in ``redirect``."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from scanly.contracts.routing import (
    Claim,
    DestinationRefused,
    DomainUnknown,
    Link,
    LinkStatus,
    LinkUpdated,
    Routing,
    SlugReserved,
    SlugTaken,
    TypedLink,
)
from scanly.kernel.clock import Clock
from scanly.kernel.db import ServiceDatabase, system_scope
from scanly.kernel.errors import FieldFault, NotFound
from scanly.kernel.events import append, caught_up_at, first_time, first_times
from scanly.kernel.http import check_version, etag
from scanly.kernel.http.door import RESERVED_WORDS
from scanly.kernel.idempotency import Once, key_forgotten
from scanly.kernel.ids import new_id
from scanly.kernel.invalidation import EVERYTHING, invalidate
from scanly.kernel.telemetry import get_logger
from scanly.kernel.web_address import AddressFault, web_address
from scanly.services.routing import domain, repository, resolver
from scanly.services.routing.domain import LinkDraft, draft_of
from scanly.services.routing.links import MAIN_DOMAIN, address_key
from scanly.services.routing.models import AddressRow, LinkRow
from scanly.services.routing.repository import Linked
from scanly.services.routing.runtime import Runtime
from scanly.services.routing.visitors import KEEP_SALTS

log = get_logger(__name__)

CHANNEL = "routing.links"
CONFIRM_GROUP = "routing.confirm_claims"
WORKSPACE_GROUP = "routing.workspaces"

_CLAIM_LIFE = timedelta(hours=1)
_GRACE = timedelta(days=30)
_RANDOM_TRIES = 5


class RoutingService(Routing):
    """Links and addresses; ``runtime`` is what redirects."""

    def __init__(self, *, db: ServiceDatabase, clock: Clock, public_address: str, runtime: Runtime) -> None:
        self._db = db
        self._clock = clock
        self._base = public_address
        self._host = urlsplit(public_address).netloc.lower()
        self.runtime = runtime

    async def claim(self, *, workspace_id: UUID, claims: Sequence[Claim]) -> list[Link]:
        async with self._db.begin(workspace_id) as session:
            ids = [claim.link_id for claim in claims]
            kept = {row.id for row, _ in await repository.links(session, workspace_id, ids)}
            await self._add(
                session,
                workspace_id,
                {claim.link_id: (claim.code_id, draft_of(claim)) for claim in claims if claim.link_id not in kept},
            )
            found = {linked[0].id: linked for linked in await repository.links(session, workspace_id, ids)}
            return [self._link(_require(found.get(link_id))) for link_id in ids]

    async def change_destination(
        self,
        *,
        workspace_id: UUID,
        link_id: UUID,
        destination: str,
        typed_links: Sequence[TypedLink] | None = None,
        if_version: int | None = None,
    ) -> Link:
        seen = None if if_version is None else etag(if_version)
        changes = {"destination": destination, "typed_links": resolver.stored(typed_links)}
        return await self.change(workspace_id, link_id, changes, check=lambda version: check_version(seen, version))

    async def set_paused(self, *, workspace_id: UUID, link_id: UUID, paused: bool) -> Link:
        return await self.change(workspace_id, link_id, {"paused": paused})

    async def remove(self, *, workspace_id: UUID, link_ids: Sequence[UUID]) -> None:
        await self._set_removed(workspace_id, link_ids, self._clock.now())

    async def restore(self, *, workspace_id: UUID, link_ids: Sequence[UUID]) -> None:
        await self._set_removed(workspace_id, link_ids, None)

    @system_scope("links go from one tenant to another")
    async def transfer(self, *, workspace_id: UUID, to_workspace_id: UUID, link_ids: Sequence[UUID]) -> None:
        async with self._db.system() as session:
            rows = await repository.lock_links(session, workspace_id, link_ids)
            for row, _ in rows:
                row.workspace_id = to_workspace_id
            if rows:
                await self._announce(session, rows, workspace_id=to_workspace_id)

    async def links(self, *, workspace_id: UUID, link_ids: Sequence[UUID]) -> list[Link]:
        async with self._db.begin(workspace_id) as session:
            return [self._link(found) for found in await repository.links(session, workspace_id, link_ids)]

    async def find(self, *, workspace_id: UUID, text: str, limit: int) -> list[UUID]:
        async with self._db.begin(workspace_id) as session:
            return list(await repository.find_links(session, workspace_id, text.strip(), limit))

    async def create(self, workspace_id: UUID, draft: LinkDraft, once: Once) -> Link:
        """Make a link without a code."""
        link_id = once.identifier(workspace_id, "link") or new_id()
        async with self._db.begin(workspace_id) as session:
            if (answer := await once.stored(session, workspace_id)) is not None:
                return Link.model_validate(answer)
            if link_id not in await self._add(session, workspace_id, {link_id: (None, draft)}):
                raise key_forgotten()
            link = self._link(_require(await repository.link(session, workspace_id, link_id)))
            await once.store(session, workspace_id, link.model_dump(mode="json"))
            return link

    async def get(self, workspace_id: UUID, link_id: UUID) -> Link:
        """Return a link; ``NotFound``."""
        async with self._db.begin(workspace_id) as session:
            return self._link(_require(await repository.link(session, workspace_id, link_id)))

    async def page(
        self, workspace_id: UUID, *, text: str, after: tuple[datetime, UUID] | None, limit: int
    ) -> list[Link]:
        """Return living links, newest first, from ``after`` on."""
        async with self._db.begin(workspace_id) as session:
            rows = await repository.list_links(session, workspace_id, text=text.strip(), after=after, limit=limit)
            return [self._link(found) for found in rows]

    async def change(
        self,
        workspace_id: UUID,
        link_id: UUID,
        changes: dict[str, Any],
        *,
        check: Callable[[int], None] = lambda _version: None,
    ) -> Link:
        """Set some of destination, status_code, starts_at, expires_at, paused; what is so already changes nothing.

        ``check`` gets the present version and may raise. ``NotFound``, ``DestinationRefused``, ``Invalid``.
        """
        async with self._db.begin(workspace_id) as session:
            found = _require(await repository.lock_link(session, workspace_id, link_id))
            row, address = found
            check(row.version)
            values = dict(changes)
            if "destination" in values:
                values["destination"] = self._destination(values["destination"], address.slug_key)
            if "paused" in values:
                paused = values.pop("paused")
                values["paused_at"] = (row.paused_at or self._clock.now()) if paused else None
            changed = {name: value for name, value in values.items() if getattr(row, name) != value}
            for name, value in changed.items():
                setattr(row, name, value)
            domain.check_conditions(row.status_code, row.starts_at, row.expires_at)
            if changed:
                await self._announce(session, [found])
            return self._link(found)

    async def confirm(self, workspace_id: UUID, claims: Mapping[UUID, UUID]) -> None:
        """Keep claims, since their codes were made; ``claims`` are links by the ids of the events that say so."""
        async with self._db.begin(workspace_id) as session:
            fresh = await first_times(session, CONFIRM_GROUP, list(claims))
            wanted = {link_id for event_id, link_id in claims.items() if event_id in fresh}
            kept = await repository.confirm(session, workspace_id, wanted, self._clock.now())
            for link_id in wanted - kept:
                log.error("a code was made whose address had been given up", link_id=str(link_id))

    async def learn_workspace(
        self, event_id: UUID, workspace_id: UUID, name: str, time_zone: str, told_at: datetime
    ) -> None:
        """Remember a workspace's name and time zone, unless something newer is known."""
        async with self._db.begin(workspace_id) as session:
            if await first_time(session, WORKSPACE_GROUP, event_id):
                await repository.learn_workspace(session, workspace_id, name, time_zone, told_at)
                await invalidate(session, CHANNEL, EVERYTHING)

    @system_scope("claims of all workspaces are reaped by the clock")
    async def reap_claims(self) -> int:
        """Give up claims that were not confirmed within an hour; return how many.

        Counts from the moment up to which all events are known, so that a slow event log costs nobody an address.
        """
        async with self._db.system() as session:
            known = await caught_up_at(session, CONFIRM_GROUP)
            if known is None:
                return 0
            gone = await repository.reap(session, known - _CLAIM_LIFE)
            await self._forget(session, gone)
            return len(gone)

    @system_scope("removed links of all workspaces are purged by the clock")
    async def purge(self) -> int:
        """Delete links that were removed 30 days ago; the addresses stay taken. Return how many."""
        async with self._db.system() as session:
            return await repository.purge_links(session, self._clock.now() - _GRACE)

    @system_scope("salts belong to no tenant's requests")
    async def destroy_salts(self) -> int:
        """Destroy the salts whose 48 h are over; return how many."""
        # A day ends last at UTC-12; see visitors.salt_expired.
        before = (self._clock.now() - KEEP_SALTS - timedelta(hours=12)).astimezone(UTC).date()
        async with self._db.system() as session:
            return await repository.destroy_salts(session, before)

    async def _add(
        self, session: AsyncSession, workspace_id: UUID, drafts: Mapping[UUID, tuple[UUID | None, LinkDraft]]
    ) -> set[UUID]:
        """Make links by their ids, each with its code and an address; return those that were not there before."""
        drafts = {link_id: (code_id, self._named(draft)) for link_id, (code_id, draft) in drafts.items()}
        rows = [self._row(workspace_id, link_id, code_id, draft) for link_id, (code_id, draft) in drafts.items()]
        added = await repository.add_links(session, rows)
        left = {link_id: draft for link_id, draft in drafts.items() if link_id in added}
        for _ in range(_RANDOM_TRIES):
            addresses = []
            for link_id, (code_id, draft) in left.items():
                slug = draft.slug or domain.random_slug()
                address = AddressRow(
                    domain=self._domain(draft.domain),
                    slug_key=domain.slug_key(slug),
                    slug=slug,
                    kind="link",
                    workspace_id=workspace_id,
                    link_id=link_id,
                    code_id=code_id,
                    claimed_at=self._clock.now(),
                    confirmed_at=None if code_id else self._clock.now(),
                )
                addresses.append(address)
            addresses.sort(key=lambda row: (row.domain, row.slug_key))  # so that two callers cannot deadlock
            named = await repository.add_addresses(session, addresses)
            await self._forget(session, ((row.domain, row.slug_key) for row in addresses if row.link_id in named))
            left = {link_id: draft for link_id, draft in left.items() if link_id not in named}
            if not left:
                return added
            if any(draft.slug for _, draft in left.values()):
                break
        raise SlugTaken(
            "Somebody has this address already. Choose another one, or leave it out for a random one.",
            errors=[FieldFault("/slug", "slug_taken", "This address is taken.")],
        )

    def _named(self, draft: LinkDraft) -> LinkDraft:
        """Return a draft with its slug as it is kept; a fault about the slug or the domain."""
        self._domain(draft.domain)
        is_resolver = draft.typed_links is not None
        return replace(draft, slug=self._slug(draft.slug, is_resolver=is_resolver) if draft.slug else None)

    def _row(self, workspace_id: UUID, link_id: UUID, code_id: UUID | None, draft: LinkDraft) -> LinkRow:
        now = self._clock.now()
        domain.check_conditions(draft.status_code, draft.starts_at, draft.expires_at)
        return LinkRow(
            id=link_id,
            workspace_id=workspace_id,
            code_id=code_id,
            destination=self._destination(draft.destination, domain.slug_key(draft.slug or "")),
            status_code=draft.status_code,
            typed_links=resolver.stored(draft.typed_links),
            elements=draft.elements,
            starts_at=draft.starts_at,
            expires_at=draft.expires_at,
            version=1,
            created_at=now,
            updated_at=now,
        )

    async def _set_removed(self, workspace_id: UUID, link_ids: Sequence[UUID], moment: datetime | None) -> None:
        async with self._db.begin(workspace_id) as session:
            rows = await repository.lock_links(session, workspace_id, link_ids)
            changed = [found for found in rows if (found[0].removed_at is None) != (moment is None)]
            for row, _ in changed:
                row.removed_at = moment
            if changed:
                await self._announce(session, changed, tombstoned_at=moment)

    async def _announce(
        self, session: AsyncSession, changed: Sequence[Linked], **address_values: datetime | UUID | None
    ) -> None:
        """Count up versions, tell the owners' other services, and every redirect process."""
        now = self._clock.now()
        for row, _ in changed:
            row.version += 1
            row.updated_at = now
        await session.flush()
        await self._forget(
            session, await repository.touch_addresses(session, [row.id for row, _ in changed], **address_values)
        )
        for row, _ in changed:
            event = LinkUpdated(
                workspace_id=row.workspace_id,
                link_id=row.id,
                code_id=row.code_id,
                destination=row.destination,
                status=self._status(row),
            )
            await append(session, event)

    @staticmethod
    async def _forget(session: AsyncSession, addresses: Iterable[Any]) -> None:
        for domain_name, key in addresses:
            await invalidate(session, CHANNEL, address_key(domain_name, key))

    def _domain(self, name: str | None) -> str:
        if name is None or name.lower().rstrip(".") == self._host:
            return MAIN_DOMAIN
        raise DomainUnknown(
            f"{name} is not set up here. Leave the domain out to use {self._host}.",
            errors=[FieldFault("/domain", "domain_unknown", "This domain is not set up.")],
        )

    @staticmethod
    def _slug(text: str, *, is_resolver: bool) -> str:
        slug = domain.check_slug(text)
        if domain.first_word(slug) in RESERVED_WORDS:
            raise SlugReserved(
                f"{domain.first_word(slug)} is a word that Scanly needs itself. Choose another address.",
                errors=[FieldFault("/slug", "slug_reserved", "This word is reserved.")],
            )
        key = domain.slug_key(slug)
        if resolver.is_thing(key) or (is_resolver and resolver.BELOW.search(f"{key}/")):
            words = (
                "Only a product's own code has an address with its number in it. Choose one without /01/ or the like."
            )
            raise SlugReserved(words, errors=[FieldFault("/slug", "slug_reserved", words)])
        return slug

    def _destination(self, text: str, own_slug_key: str) -> str:
        try:
            destination = web_address(text)
        except AddressFault as wrong:
            raise _refused(wrong.code, wrong.detail) from wrong
        parts = urlsplit(destination)
        if parts.netloc == self._host and domain.slug_key(unquote(parts.path).strip("/+")) == own_slug_key:
            raise _refused("url_circle", "This address leads back to itself. Choose another destination.")
        return destination

    def _status(self, row: LinkRow) -> LinkStatus:
        return domain.link_status(
            removed=row.removed_at is not None,
            paused=row.paused_at is not None,
            expires_at=row.expires_at,
            now=self._clock.now(),
        )

    def _link(self, found: Linked) -> Link:
        row, address = found
        return Link(
            id=row.id,
            workspace_id=row.workspace_id,
            domain=address.domain or self._host,
            slug=address.slug,
            short_url=domain.short_url(self._base, address.slug),
            print_url=domain.print_url(self._base, address.slug),
            destination=row.destination,
            status=self._status(row),
            status_code=row.status_code,
            code_id=row.code_id,
            starts_at=row.starts_at,
            expires_at=row.expires_at,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
            typed_links=row.typed_links,
            elements=row.elements,
        )


def share_salt(db: ServiceDatabase) -> Any:  # noqa: ANN401 - visitors.ShareSalt
    """Return the function by which all processes agree on a salt."""

    @system_scope("scans of all workspaces are shipped together")
    async def share(workspace_id: UUID, day: date, offered: bytes) -> bytes:
        async with db.system() as session:
            return await repository.share_salt(session, workspace_id, day, offered)

    return share


def _refused(code: str, words: str) -> DestinationRefused:
    return DestinationRefused(words, errors=[FieldFault("/destination", code, words)])


def _require(found: Linked | None) -> Linked:
    if found is None:
        raise NotFound("There is no such link in this workspace.")
    return found
