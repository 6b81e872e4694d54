"""Every query of auth. Functions take the session of the use case's transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Row, case, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.services.auth.models import (
    AttemptsRow,
    LinkRow,
    MembershipRow,
    SessionRow,
    SigningKeyRow,
    UserRow,
    WorkspaceRow,
)

# One lock for the two things that exist once per installation: a new signing key, the operator's link.
_INSTALLATION_LOCK = 0x5CA2_0A01


async def lock_installation(session: AsyncSession) -> None:
    await session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _INSTALLATION_LOCK})


# People


async def user(session: AsyncSession, user_id: UUID) -> UserRow | None:
    return await session.get(UserRow, user_id)


async def lock_user(session: AsyncSession, user_id: UUID) -> UserRow | None:
    return await session.scalar(select(UserRow).where(UserRow.id == user_id).with_for_update())


async def user_by_email(session: AsyncSession, email_key: str) -> UserRow | None:
    return await session.scalar(select(UserRow).where(UserRow.email_key == email_key))


async def add_user(session: AsyncSession, row: UserRow) -> bool:
    """Insert a user; False when the address was taken in the meantime."""
    values = {column.key: getattr(row, column.key) for column in UserRow.__table__.columns}
    added = await session.scalar(
        insert(UserRow).values(values).on_conflict_do_nothing(index_elements=["email_key"]).returning(UserRow.id)
    )
    return added is not None


async def replace_hash(session: AsyncSession, user_id: UUID, old: str | None, new: str) -> None:
    """Store a password's hash with newer parameters, unless the password was changed in the meantime."""
    same = (UserRow.id == user_id, UserRow.password_hash == old)
    await session.execute(update(UserRow).where(*same).values(password_hash=new))


async def has_operator(session: AsyncSession) -> bool:
    return bool(await session.scalar(select(select(UserRow.id).where(UserRow.is_operator).exists())))


# Sessions


async def session_by_token(session: AsyncSession, token_hash: bytes) -> Row[SessionRow, UserRow] | None:
    return (await session.execute(_session_with_user().where(SessionRow.token_hash == token_hash))).one_or_none()


async def session_by_id(session: AsyncSession, session_id: UUID) -> Row[SessionRow, UserRow] | None:
    return (await session.execute(_session_with_user().where(SessionRow.id == session_id))).one_or_none()


async def lock_session(session: AsyncSession, session_id: UUID) -> SessionRow | None:
    return await session.scalar(select(SessionRow).where(SessionRow.id == session_id).with_for_update())


async def live_sessions(session: AsyncSession, user_id: UUID, now: datetime) -> Sequence[SessionRow]:
    mine = SessionRow.user_id == user_id
    query = select(SessionRow).where(mine, SessionRow.revoked_at.is_(None), SessionRow.expires_at > now)
    return (await session.scalars(query.order_by(SessionRow.last_used_at.desc(), SessionRow.id).limit(100))).all()


async def touch_session(session: AsyncSession, session_id: UUID, now: datetime, expires_at: datetime) -> None:
    """Note a use; another process may have done so a moment ago, and a session never gets shorter by it."""
    await session.execute(
        update(SessionRow)
        .where(SessionRow.id == session_id, SessionRow.last_used_at < now)
        .values(last_used_at=now, expires_at=expires_at)
    )


async def revoke_sessions(
    session: AsyncSession, user_id: UUID, now: datetime, *, only: UUID | None = None, keep: UUID | None = None
) -> Sequence[UUID]:
    """End living sessions of a user (all, only one, or all but one); return their ids."""
    chosen = [SessionRow.user_id == user_id, SessionRow.revoked_at.is_(None)]
    if only is not None:
        chosen.append(SessionRow.id == only)
    if keep is not None:
        chosen.append(SessionRow.id != keep)
    ended = await session.scalars(update(SessionRow).where(*chosen).values(revoked_at=now).returning(SessionRow.id))
    return ended.all()


def _session_with_user() -> Any:  # noqa: ANN401 - a select of two entities
    return select(SessionRow, UserRow).join(UserRow, UserRow.id == SessionRow.user_id)


# Workspaces


async def workspace(session: AsyncSession, workspace_id: UUID) -> WorkspaceRow | None:
    return await session.get(WorkspaceRow, workspace_id)


async def membership(
    session: AsyncSession, workspace_id: UUID, user_id: UUID, *, lock: bool = False
) -> Row[WorkspaceRow, str] | None:
    """Return a workspace with the user's role in it."""
    query = (
        select(WorkspaceRow, MembershipRow.role)
        .join(MembershipRow, MembershipRow.workspace_id == WorkspaceRow.id)
        .where(WorkspaceRow.id == workspace_id, MembershipRow.user_id == user_id)
    )
    if lock:
        query = query.with_for_update(of=WorkspaceRow)
    return (await session.execute(query)).one_or_none()


async def memberships(session: AsyncSession, user_id: UUID) -> Sequence[Row[WorkspaceRow, str]]:
    """Return a user's workspaces with the role in each, the oldest membership first."""
    query = (
        select(WorkspaceRow, MembershipRow.role)
        .join(MembershipRow, MembershipRow.workspace_id == WorkspaceRow.id)
        .where(MembershipRow.user_id == user_id)
        .order_by(MembershipRow.created_at, WorkspaceRow.id)
    )
    return (await session.execute(query)).all()


async def member_ids(session: AsyncSession, workspace_id: UUID) -> Sequence[UUID]:
    query = select(MembershipRow.user_id).where(MembershipRow.workspace_id == workspace_id)
    return (await session.scalars(query)).all()


async def sessions_of(session: AsyncSession, user_ids: Sequence[UUID], now: datetime) -> Sequence[UUID]:
    query = select(SessionRow.id).where(
        SessionRow.user_id.in_(user_ids), SessionRow.revoked_at.is_(None), SessionRow.expires_at > now
    )
    return (await session.scalars(query)).all()


# One-time links


async def lock_link(session: AsyncSession, link_id: UUID) -> LinkRow | None:
    return await session.scalar(select(LinkRow).where(LinkRow.id == link_id).with_for_update())


async def links_since(session: AsyncSession, user_id: UUID, purpose: str, since: datetime) -> int:
    mine = (LinkRow.user_id == user_id, LinkRow.purpose == purpose, LinkRow.created_at > since)
    return await session.scalar(select(func.count()).select_from(LinkRow).where(*mine)) or 0


async def spend_links(session: AsyncSession, purpose: str, now: datetime, *, user_id: UUID | None) -> None:
    """Make all open links of this purpose (of this user; for None, those of nobody) worthless."""
    owner = LinkRow.user_id == user_id if user_id else LinkRow.user_id.is_(None)
    await session.execute(
        update(LinkRow).where(LinkRow.purpose == purpose, owner, LinkRow.used_at.is_(None)).values(used_at=now)
    )


# Attempts


async def count_attempt(
    session: AsyncSession, account: bytes, network: bytes, now: datetime, window: timedelta
) -> Row[int, datetime]:
    """Count one try before it is made, so that many at once are counted too; return tries and the window's end."""
    over = AttemptsRow.ends_at <= now
    fresh = insert(AttemptsRow).values(account=account, network=network, tries=1, ends_at=now + window)
    return (
        await session.execute(
            fresh.on_conflict_do_update(
                index_elements=["account", "network"],
                set_={
                    "tries": case((over, 1), else_=AttemptsRow.tries + 1),
                    "ends_at": case((over, now + window), else_=AttemptsRow.ends_at),
                },
            ).returning(AttemptsRow.tries, AttemptsRow.ends_at)
        )
    ).one()


async def forget_attempts(session: AsyncSession, account: bytes, network: bytes | None = None) -> None:
    chosen = [AttemptsRow.account == account]
    if network is not None:
        chosen.append(AttemptsRow.network == network)
    await session.execute(delete(AttemptsRow).where(*chosen))


# Signing keys


async def signing_keys(session: AsyncSession) -> Sequence[SigningKeyRow]:
    return (await session.scalars(select(SigningKeyRow).order_by(SigningKeyRow.signs_from.desc()))).all()


async def drop_signing_keys(session: AsyncSession, older_than: datetime) -> None:
    await session.execute(delete(SigningKeyRow).where(SigningKeyRow.signs_from < older_than))


# Tidying


async def tidy(session: AsyncSession, now: datetime, keep: timedelta) -> int:
    """Delete what ended longer than ``keep`` ago; return how many rows."""
    old = now - keep
    statements = (
        delete(SessionRow).where(or_(SessionRow.expires_at < old, SessionRow.revoked_at < old)),
        delete(LinkRow).where(LinkRow.expires_at < old),
        delete(AttemptsRow).where(AttemptsRow.ends_at < now),
    )
    return sum([cast("CursorResult[Any]", await session.execute(one)).rowcount for one in statements])
