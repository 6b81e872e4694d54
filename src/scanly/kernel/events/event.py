"""The envelope (CloudEvents 1.0), and how an event is written and consumed once."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.kernel.ids import id_time, new_id
from scanly.kernel.invalidation import invalidate

E = TypeVar("E", bound="Event")


class Event(BaseModel):
    """Base of all events. A class has a topic and a version; fields may be added with a default, never changed."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    topic: ClassVar[str]
    version: ClassVar[int] = 1
    registry: ClassVar[dict[str, type["Event"]]] = {}

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401
        super().__pydantic_init_subclass__(**kwargs)
        if (other := Event.registry.get(cls.topic)) and other.__qualname__ != cls.__qualname__:
            raise TypeError(f"topic {cls.topic!r} already belongs to {other.__name__}")
        Event.registry[cls.topic] = cls

    @abstractmethod
    def key(self) -> str:
        """Return the key within which order is kept."""


class Envelope(BaseModel, Generic[E]):
    """An event on its way; the names are those of CloudEvents 1.0 with two extensions, ``workspace`` and ``key``."""

    model_config = ConfigDict(frozen=True)

    specversion: str = "1.0"
    id: UUID
    source: str
    type: str
    """Topic and version, such as ``qr.created.v1``."""
    time: datetime
    datacontenttype: str = "application/json"
    workspace: UUID | None
    key: str
    data: E


async def append(session: AsyncSession, event: Event, *, source: str = "scanly") -> UUID:
    """Write ``event`` to the outbox, in the caller's transaction and after the row lock of its aggregate.

    Returns the event's id. Consumers get it after the transaction committed, at least once, in order per key.
    """
    row = _row(event, source)
    await session.execute(_INSERT, row)
    await invalidate(session, "outbox", "appended")
    identifier: UUID = row["id"]
    return identifier


async def append_all(session: AsyncSession, events: Sequence[Event], *, source: str = "scanly") -> None:
    """Write many events as ``append`` does, in their order, in one go."""
    if events:
        await session.execute(_INSERT, [_row(event, source) for event in events])
        await invalidate(session, "outbox", "appended")


def _row(event: Event, source: str) -> dict[str, Any]:
    identifier = new_id()
    workspace = getattr(event, "workspace_id", None)
    envelope = Envelope[Any](
        id=identifier,
        source=f"/{source}",
        type=f"{event.topic}.v{event.version}",
        time=id_time(identifier).astimezone(UTC),
        workspace=workspace,
        key=event.key(),
        data=event,
    )
    return {
        "id": identifier,
        "topic": event.topic,
        "key": envelope.key,
        "workspace": workspace,
        "envelope": envelope.model_dump_json(serialize_as_any=True),
    }


async def first_time(session: AsyncSession, group: str, event_id: UUID) -> bool:
    """Record in the caller's transaction that ``group`` has seen the event; False when it had before."""
    answer = await session.execute(_FIRST_TIME, {"group": group, "event": event_id})
    return bool(answer.scalar_one())


async def first_times(session: AsyncSession, group: str, event_ids: Sequence[UUID]) -> set[UUID]:
    """Record the same for many events; return those that ``group`` had not seen before."""
    return set(await session.scalars(_FIRST_TIMES, {"group": group, "events": list(event_ids)}))


async def caught_up_at(session: AsyncSession, group: str) -> datetime | None:
    """Return when ``group`` last had consumed every event there was; None when it never had."""
    known: datetime | None = await session.scalar(_CAUGHT_UP_AT, {"group": group})
    return known


_CAUGHT_UP_AT = text("select scanly.event_position(:group)")
_INSERT = text(
    "insert into scanly.outbox (id, topic, key, workspace_id, envelope) "
    "values (:id, :topic, :key, :workspace, cast(:envelope as jsonb))"
)
_FIRST_TIME = text("select scanly.first_time(:group, :event)")
_FIRST_TIMES = text(
    "select event from unnest(cast(:events as uuid[])) as given (event) where scanly.first_time(:group, event)"
)
