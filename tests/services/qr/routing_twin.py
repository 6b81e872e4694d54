"""routing as qr sees it, in memory: what its contract promises, without a database."""

from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from scanly.contracts.routing import (
    Claim,
    DestinationRefused,
    Link,
    LinkStatus,
    Routing,
    SlugReserved,
    SlugTaken,
    TypedLink,
)
from scanly.kernel.errors import NotFound, StaleVersion

HOST = "go.example"
_NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


class RoutingTwin(Routing):
    """Keeps links in a dictionary; ``away`` makes every call fail with it."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Link] = {}
        self.removed: set[UUID] = set()
        self.claims = 0
        self.asked: list[int] = []
        """How many links were asked for in each call of ``links``."""
        self.away: Exception | None = None
        self.fails_after_claim: Exception | None = None
        """The claim is made, but its answer never comes."""
        self.before_change: Awaitable[object] | None = None
        """What somebody else does just before the next change."""

    async def claim(self, *, workspace_id: UUID, claims: Sequence[Claim]) -> list[Link]:
        kept = dict(self.kept)
        try:
            return [self._claim(workspace_id, **dict(claim)) for claim in claims]
        except (SlugReserved, SlugTaken, DestinationRefused):
            self.kept = kept
            raise

    def _claim(
        self,
        workspace_id: UUID,
        link_id: UUID,
        code_id: UUID,
        destination: str,
        slug: str | None,
        domain: str | None,
        typed_links: Sequence[TypedLink] | None,
        elements: str | None,
    ) -> Link:
        self._answers()
        self.claims += 1
        if link_id in self.kept:
            return self.kept[link_id]
        if slug == "api":
            raise SlugReserved("That word is kept. Choose another one.")
        if "refused.example" in destination:
            raise DestinationRefused("That place is not opened.")
        slug = slug or f"AB{len(self.kept):05d}"
        if any(link.slug.casefold() == slug.casefold() for link in self.kept.values()):
            raise SlugTaken("That address is taken. Choose another one.")
        self.kept[link_id] = Link(
            id=link_id,
            workspace_id=workspace_id,
            domain=domain or HOST,
            slug=slug,
            short_url=f"https://{HOST}/{slug}",
            print_url=f"https://{HOST}/{slug}".upper(),
            destination=destination,
            status=LinkStatus.ACTIVE,
            status_code=302,
            code_id=code_id,
            starts_at=None,
            expires_at=None,
            version=1,
            created_at=_NOW,
            updated_at=_NOW,
            typed_links=_in_order(typed_links),
            elements=elements,
        )
        if self.fails_after_claim is not None:
            raise self.fails_after_claim
        return self.kept[link_id]

    async def change_destination(
        self,
        *,
        workspace_id: UUID,
        link_id: UUID,
        destination: str,
        typed_links: Sequence[TypedLink] | None = None,
        if_version: int | None = None,
    ) -> Link:
        self._answers()
        if self.before_change is not None:
            other, self.before_change = self.before_change, None
            await other
        if if_version is not None and if_version != self.kept[link_id].version:
            raise StaleVersion("Somebody was faster.")
        return self._change(workspace_id, link_id, destination=destination, typed_links=_in_order(typed_links))

    async def set_paused(self, *, workspace_id: UUID, link_id: UUID, paused: bool) -> Link:
        return self._change(workspace_id, link_id, status=LinkStatus.PAUSED if paused else LinkStatus.ACTIVE)

    async def remove(self, *, workspace_id: UUID, link_ids: Sequence[UUID]) -> None:
        self._answers()
        self.removed.update(link.id for link in await self.links(workspace_id=workspace_id, link_ids=link_ids))

    async def restore(self, *, workspace_id: UUID, link_ids: Sequence[UUID]) -> None:
        self._answers()
        mine = {link.id for link in self.kept.values() if link.workspace_id == workspace_id}
        self.removed.difference_update(mine.intersection(link_ids))

    async def transfer(self, *, workspace_id: UUID, to_workspace_id: UUID, link_ids: Sequence[UUID]) -> None:
        self._answers()
        for link in await self.links(workspace_id=workspace_id, link_ids=link_ids):
            self.kept[link.id] = link.model_copy(update={"workspace_id": to_workspace_id, "version": link.version + 1})

    async def links(self, *, workspace_id: UUID, link_ids: Sequence[UUID]) -> list[Link]:
        self._answers()
        self.asked.append(len(link_ids))
        return [link for link in self.kept.values() if link.workspace_id == workspace_id and link.id in link_ids]

    async def find(self, *, workspace_id: UUID, text: str, limit: int) -> list[UUID]:
        self._answers()
        text = text.casefold()
        mine = [link for link in self.kept.values() if link.workspace_id == workspace_id]
        return [link.id for link in mine if text in f"{link.slug} {link.destination}".casefold()][:limit]

    def _change(self, workspace_id: UUID, link_id: UUID, **changes: object) -> Link:
        self._answers()
        link = self.kept.get(link_id)
        if link is None or link.workspace_id != workspace_id:
            raise NotFound("There is no such link.")
        self.kept[link_id] = link.model_copy(update={**changes, "version": link.version + 1})
        return self.kept[link_id]

    def _answers(self) -> None:
        if self.away is not None:
            raise self.away


def _in_order(links: Sequence[TypedLink] | None) -> tuple[TypedLink, ...] | None:
    return None if links is None else tuple(links)
