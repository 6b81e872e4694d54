"""Tables of analytics: raw hits by day, roll-ups for good, and what ingestion must remember.

``domain.hit.NOBODY`` stands in for a link or code in the rows that sum over all of them.
"""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, Date, DateTime, Index, LargeBinary, SmallInteger, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from scanly.kernel.db import service_metadata

_IS_VISIT: Final = "visitor is not null and verdict in ('human', 'duplicate')"
_TIME = DateTime(timezone=True)


class Base(DeclarativeBase):
    metadata = service_metadata("analytics")


class HitRow(Base):
    """A judged hit; partitioned by the UTC day of its id. The key is what makes a scan count once."""

    __tablename__ = "hits"
    __table_args__ = (
        Index("ix_hits_feed", "workspace_id", "number"),
        Index("ix_hits_newest", "workspace_id", "id"),
        Index("ix_hits_visitor", "visitor", "link_id", "id", postgresql_where=text(_IS_VISIT)),
        {"postgresql_partition_by": "range (day)"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    at: Mapped[datetime] = mapped_column(_TIME)
    workspace_id: Mapped[UUID]
    number: Mapped[int] = mapped_column(BigInteger)
    link_id: Mapped[UUID]
    code_id: Mapped[UUID | None]
    source: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    method: Mapped[str] = mapped_column(Text)
    verdict: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text)
    visitor: Mapped[bytes | None] = mapped_column(LargeBinary)
    local_day: Mapped[date] = mapped_column(Date)
    domain: Mapped[str] = mapped_column(Text)
    slug: Mapped[str] = mapped_column(Text)
    network: Mapped[str | None] = mapped_column(Text)
    place_known: Mapped[bool]
    country: Mapped[str | None] = mapped_column(Text)
    region: Mapped[str | None] = mapped_column(Text)
    city: Mapped[str | None] = mapped_column(Text)
    device: Mapped[str] = mapped_column(Text)
    brand: Mapped[str | None] = mapped_column(Text)
    model: Mapped[str | None] = mapped_column(Text)
    os: Mapped[str | None] = mapped_column(Text)
    os_version: Mapped[str | None] = mapped_column(Text)
    browser: Mapped[str | None] = mapped_column(Text)
    browser_version: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(Text)
    referrer_host: Mapped[str | None] = mapped_column(Text)
    referrer: Mapped[str | None] = mapped_column(Text)
    utm_source: Mapped[str | None] = mapped_column(Text)
    utm_medium: Mapped[str | None] = mapped_column(Text)
    utm_campaign: Mapped[str | None] = mapped_column(Text)
    utm_term: Mapped[str | None] = mapped_column(Text)
    utm_content: Mapped[str | None] = mapped_column(Text)


class TotalRow(Base):
    """All hits by verdict, in quarter hours: one row for the workspace and one for the link and code."""

    __tablename__ = "totals"

    workspace_id: Mapped[UUID] = mapped_column(primary_key=True)
    link_id: Mapped[UUID] = mapped_column(primary_key=True)
    bucket: Mapped[datetime] = mapped_column(_TIME, primary_key=True)
    code_id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text, primary_key=True)
    verdict: Mapped[str] = mapped_column(Text, primary_key=True)
    reason: Mapped[str] = mapped_column(Text, primary_key=True)
    hits: Mapped[int] = mapped_column(BigInteger)


class FigureRow(Base):
    """People's hits by a value that its scope's map had no room for; the sum of both is what counts.

    ``grain`` is 15 for quarter hours and 1440 for whole UTC days.
    """

    __tablename__ = "figures"

    workspace_id: Mapped[UUID] = mapped_column(primary_key=True)
    link_id: Mapped[UUID] = mapped_column(primary_key=True)
    dimension: Mapped[str] = mapped_column(Text, primary_key=True)
    grain: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    bucket: Mapped[datetime] = mapped_column(_TIME, primary_key=True)
    code_id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str] = mapped_column(Text, primary_key=True)
    hits: Mapped[int] = mapped_column(BigInteger)


class FigureMapRow(Base):
    """People's hits of one scope by all dimensions, as JSON text ``{dimension: {value: hits}}``; see ``FigureRow``."""

    __tablename__ = "figure_maps"

    workspace_id: Mapped[UUID] = mapped_column(primary_key=True)
    link_id: Mapped[UUID] = mapped_column(primary_key=True)
    grain: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    bucket: Mapped[datetime] = mapped_column(_TIME, primary_key=True)
    code_id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text, primary_key=True)
    hits: Mapped[str] = mapped_column(Text)


class PeopleRow(Base):
    """Different people on a local day of the workspace: in all, by source, on a link, and through a code.

    ``source`` is empty but in the rows by source, which exist for the workspace as a whole.
    """

    __tablename__ = "people"

    workspace_id: Mapped[UUID] = mapped_column(primary_key=True)
    link_id: Mapped[UUID] = mapped_column(primary_key=True)
    code_id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    people: Mapped[int] = mapped_column(BigInteger)


class CodeRow(Base):
    """Which link a code was scanned on, so that a code's roll-ups are found by the link that leads their key."""

    __tablename__ = "codes"

    workspace_id: Mapped[UUID] = mapped_column(primary_key=True)
    code_id: Mapped[UUID] = mapped_column(primary_key=True)
    link_id: Mapped[UUID] = mapped_column(primary_key=True)


class FeedRow(Base):
    """The last ingestion number of a workspace. Its row lock makes numbers visible in order, without gaps to come."""

    __tablename__ = "feeds"

    workspace_id: Mapped[UUID] = mapped_column(primary_key=True)
    last_number: Mapped[int] = mapped_column(BigInteger)
    place_known: Mapped[bool] = mapped_column(server_default=text("true"))
    """Whether the newest hit came with a place database at hand."""


class WorkspaceRow(Base):
    """The time zone of a workspace, from auth's events."""

    __tablename__ = "workspaces"

    workspace_id: Mapped[UUID] = mapped_column(primary_key=True)
    time_zone: Mapped[str] = mapped_column(Text)
    as_of: Mapped[datetime] = mapped_column(_TIME)


class ConsumerRow(Base):
    """A process that counts, and when it last said so; partitions are shared among those seen lately."""

    __tablename__ = "consumers"

    process: Mapped[UUID] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(_TIME)


class PositionRow(Base):
    """How far a partition of a stream is counted; locked and compared in the transaction that counts."""

    __tablename__ = "positions"

    topic: Mapped[str] = mapped_column(Text, primary_key=True)
    partition: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    offset: Mapped[int] = mapped_column("offset", BigInteger)
