"""Every query of routing. Functions take the session of the use case's transaction."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Row, delete, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from scanly.services.routing.models import AddressRow, LinkRow, SaltRow, WorkspaceRow

Linked = Row[LinkRow, AddressRow]

_STAMP = """(extract(epoch from a.changed_at) * 1000000)::bigint,
    coalesce((extract(epoch from w.changed_at) * 1000000)::bigint, 0)"""

_FACTS = f"""
select a.domain, a.slug, a.slug_key, a.link_id, a.workspace_id, a.code_id, coalesce(l.destination, ''),
    coalesce(l.status_code, 302), l.id is null or l.removed_at is not null or a.tombstoned_at is not null,
    l.paused_at is not null, l.starts_at, l.expires_at, coalesce(w.name, ''), coalesce(w.time_zone, 'UTC'),
    l.typed_links::text, l.elements, {_STAMP}
"""

FIND_LINK = f"""{_FACTS}
from routing.addresses a
left join routing.links l on l.id = a.link_id
left join routing.workspaces w on w.id = a.workspace_id
where a.domain = $1 and a.slug_key = $2 and a.kind = 'link'
"""
"""The link at an address, as ``link_source`` reads it."""

FIND_LINKS = f"""{_FACTS}
from unnest($1::text[], $2::text[]) as wanted(domain, slug_key)
join routing.addresses a on a.domain = wanted.domain and a.slug_key = wanted.slug_key and a.kind = 'link'
left join routing.links l on l.id = a.link_id
left join routing.workspaces w on w.id = a.workspace_id
"""
"""The same for many addresses."""

STAMPS = f"""
select a.domain, a.slug_key, {_STAMP}
from unnest($1::text[], $2::text[]) as wanted(domain, slug_key)
join routing.addresses a on a.domain = wanted.domain and a.slug_key = wanted.slug_key and a.kind = 'link'
left join routing.workspaces w on w.id = a.workspace_id
"""  # noqa: S608

CHANGED_ADDRESSES = f"""
with asked as (select (extract(epoch from now()) * 1000000)::bigint as now),
recent as (
    select timestamptz 'epoch' + make_interval(secs => coalesce($1, now) / 1000000.0 - $2) as start from asked
),
changed as (
    (
        select a.domain, a.slug_key, {_STAMP}
        from routing.addresses a left join routing.workspaces w on w.id = a.workspace_id
        where a.changed_at > (select start from recent) order by a.changed_at limit $3
    )
    union
    (
        select a.domain, a.slug_key, {_STAMP}
        from routing.workspaces w
        -- the limit keeps the planner from joining with the whole table
        cross join lateral (select * from routing.addresses where workspace_id = w.id limit $3) a
        where w.changed_at > (select start from recent) limit $3
    )
    limit $3
)
select asked.now, changed.* from asked left join changed on true
"""  # noqa: S608
"""The present time, and what changed since a time (both in microseconds since 1970) and some seconds before it."""


async def add_links(session: AsyncSession, rows: Sequence[LinkRow]) -> set[UUID]:
    """Insert links; return the ids of those that did not exist yet."""
    return await _added(session, LinkRow, rows, LinkRow.id)


async def add_addresses(session: AsyncSession, rows: Sequence[AddressRow]) -> set[UUID]:
    """Insert addresses of links; return the ids of the links whose address nobody had."""
    return await _added(session, AddressRow, rows, AddressRow.link_id)


async def _added(
    session: AsyncSession,
    model: type[LinkRow | AddressRow],
    rows: Sequence[LinkRow | AddressRow],
    key: InstrumentedAttribute[Any],
) -> set[UUID]:
    if not rows:
        return set()
    names = [column.key for column in model.__table__.columns if column.key != "changed_at"]
    values = [{name: getattr(row, name) for name in names} for row in rows]
    return set(await session.scalars(insert(model).on_conflict_do_nothing().returning(key), values))


async def link(session: AsyncSession, workspace_id: UUID, link_id: UUID) -> Linked | None:
    return (await session.execute(_linked(workspace_id).where(LinkRow.id == link_id))).one_or_none()


async def lock_link(session: AsyncSession, workspace_id: UUID, link_id: UUID) -> Linked | None:
    """Return the link with its row locked until the transaction ends."""
    found = await session.execute(_linked(workspace_id).where(LinkRow.id == link_id).with_for_update(of=LinkRow))
    return found.one_or_none()


async def links(session: AsyncSession, workspace_id: UUID, link_ids: Sequence[UUID]) -> Sequence[Linked]:
    return (await session.execute(_linked(workspace_id).where(LinkRow.id.in_(link_ids)))).all()


async def lock_links(session: AsyncSession, workspace_id: UUID, link_ids: Sequence[UUID]) -> Sequence[Linked]:
    """Return the links with their rows locked, in the order of their ids so that two callers cannot deadlock."""
    query = _linked(workspace_id).where(LinkRow.id.in_(link_ids)).order_by(LinkRow.id)
    return (await session.execute(query.with_for_update(of=LinkRow))).all()


async def list_links(
    session: AsyncSession, workspace_id: UUID, *, text: str, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Linked]:
    """Return links that are not removed, newest first, whose slug or destination contains ``text``."""
    query = _linked(workspace_id).where(LinkRow.removed_at.is_(None))
    if text:
        query = query.where(_contains(text))
    if after is not None:
        query = query.where(tuple_(LinkRow.created_at, LinkRow.id) < after)
    order = (LinkRow.created_at.desc(), LinkRow.id.desc())
    return (await session.execute(query.order_by(*order).limit(limit))).all()


async def find_links(session: AsyncSession, workspace_id: UUID, text: str, limit: int) -> Sequence[UUID]:
    query = (
        select(LinkRow.id)
        .join(AddressRow, AddressRow.link_id == LinkRow.id)
        .where(LinkRow.workspace_id == workspace_id, _contains(text))
        .order_by(LinkRow.created_at.desc())
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def touch_addresses(
    session: AsyncSession, link_ids: Sequence[UUID], **values: datetime | UUID | None
) -> Sequence[Row[str, str]]:
    """Note that links changed, and set ``values`` on their addresses; return domain and slug key of each."""
    query = (
        update(AddressRow)
        .where(AddressRow.link_id.in_(link_ids))
        .values(changed_at=_later(AddressRow.changed_at), **values)
        .returning(AddressRow.domain, AddressRow.slug_key)
    )
    return (await session.execute(query)).all()


async def confirm(session: AsyncSession, workspace_id: UUID, link_ids: Collection[UUID], now: datetime) -> set[UUID]:
    """Note that claims are wanted; return the links of those that there are."""
    kept = await session.scalars(
        update(AddressRow)
        .where(AddressRow.workspace_id == workspace_id, AddressRow.link_id.in_(link_ids))
        .values(confirmed_at=func.coalesce(AddressRow.confirmed_at, now))
        .returning(AddressRow.link_id)
    )
    return {link_id for link_id in kept if link_id is not None}


async def reap(session: AsyncSession, claimed_before: datetime) -> Sequence[Row[str, str]]:
    """Delete claims that were never confirmed, with their links; return domain and slug key of each."""
    gone = (
        await session.execute(
            delete(AddressRow)
            .where(AddressRow.confirmed_at.is_(None), AddressRow.claimed_at < claimed_before)
            .returning(AddressRow.domain, AddressRow.slug_key, AddressRow.link_id)
        )
    ).all()
    await session.execute(delete(LinkRow).where(LinkRow.id.in_([row.link_id for row in gone])))
    return [row[:2] for row in gone]  # type: ignore[misc]


async def purge_links(session: AsyncSession, removed_before: datetime) -> int:
    """Delete links that were removed before a moment; their addresses stay as tombstones. Return how many."""
    done = await session.execute(delete(LinkRow).where(LinkRow.removed_at < removed_before))
    return cast("CursorResult[Any]", done).rowcount


async def learn_workspace(
    session: AsyncSession, workspace_id: UUID, name: str, time_zone: str, told_at: datetime
) -> None:
    added = insert(WorkspaceRow).values(id=workspace_id, name=name, time_zone=time_zone, told_at=told_at)
    fresh = added.excluded
    await session.execute(
        added.on_conflict_do_update(
            index_elements=["id"],
            set_={
                "name": fresh.name,
                "time_zone": fresh.time_zone,
                "told_at": fresh.told_at,
                "changed_at": _later(WorkspaceRow.changed_at),
            },
            where=WorkspaceRow.told_at <= fresh.told_at,
        )
    )


async def share_salt(session: AsyncSession, workspace_id: UUID, day: date, offered: bytes) -> bytes:
    """Store ``offered`` unless there is a salt already; return the one that counts."""
    key = (SaltRow.workspace_id == workspace_id, SaltRow.day == day)
    if (found := await session.scalar(select(SaltRow.salt).where(*key))) is not None:
        return found
    row = {"workspace_id": workspace_id, "day": day, "salt": offered}
    await session.execute(insert(SaltRow).values(row).on_conflict_do_nothing())
    return (await session.scalars(select(SaltRow.salt).where(*key))).one()


async def destroy_salts(session: AsyncSession, before: date) -> int:
    """Delete the salts of days before ``before``; return how many."""
    done = await session.execute(delete(SaltRow).where(SaltRow.day < before))
    return cast("CursorResult[Any]", done).rowcount


def _linked(workspace_id: UUID) -> Any:  # noqa: ANN401 - a select of two entities
    return (
        select(LinkRow, AddressRow)
        .join(AddressRow, AddressRow.link_id == LinkRow.id)
        .where(LinkRow.workspace_id == workspace_id, AddressRow.workspace_id == workspace_id)
    )


def _later(changed_at: Any) -> Any:  # noqa: ANN401 - SQL expressions
    """Return the time of this change: later than the last one, whichever transaction began first or the clock says."""
    return func.greatest(func.clock_timestamp(), changed_at + timedelta(microseconds=1))


def _contains(text: str) -> Any:  # noqa: ANN401 - an SQL expression
    return or_(AddressRow.slug.icontains(text, autoescape=True), LinkRow.destination.icontains(text, autoescape=True))
