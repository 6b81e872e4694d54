"""HTTP answers and requests of operators."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from scanly.app.operator.report import ProcessReport
from scanly.kernel.http import ApiModel
from scanly.kernel.ids import PublicId

LetterId = Annotated[UUID, PublicId("letter")]
MailId = Annotated[UUID, PublicId("mail")]


class _Answer(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class GroupLag(_Answer):
    """How far a consumer group is behind."""

    group: str
    topic: str
    events: int
    seconds: float | None = Field(description="Since it last had every event; null when it never had")


class EventLogState(_Answer):
    """The log of events between services."""

    groups: list[GroupLag]
    waiting: int = Field(description="Committed events that are not in the log yet")


class Health(_Answer):
    """The installation at a glance."""

    processes: list[ProcessReport] = Field(description="The process that answers, then its peers")
    event_log: EventLogState | None = Field(description="null while the database does not answer")
    dead_letters: int | None = Field(description="Open ones; null while the database does not answer")
    mail_delivers: bool = Field(description="Whether a mail server is set")
    mail_waiting: int = Field(description="Mails in the outbox of the process that answers")


class Room(_Answer):
    """Bytes that are used."""

    scans: int
    database: int = Field(description="The whole database, scans included")
    files: int
    files_whole: bool = Field(description="False when there are more files than could be counted in time")
    files_at: str = Field(description="`local` for a folder of the machine, else the address of the store")
    disk_used: int = Field(description="Of the disk that holds the data folder")
    disk_size: int


class Setting(_Answer):
    """One setting."""

    name: str
    shown: str = Field(description="Its value; `(hidden)` for a secret")
    origin: str = Field(description="Where the value came from")
    description: str


class Settings(BaseModel):
    """Settings of the process that answers."""

    version: str
    data: list[Setting]
    warnings: list[str]


class DeadLetter(_Answer):
    """A message that was given up, whole."""

    id: LetterId
    source: str = Field(description="The group or consumer that failed, or `job`")
    topic: str = Field(description="The topic of the message, or the name of the job")
    payload: Any = Field(description="The whole message")
    reason: str
    attempts: int
    created_at: datetime
    state: Literal["open", "replaying", "replayed", "discarded"]


class Replay(ApiModel):
    """How a letter is put back."""

    payload: Any = Field(None, description="In place of the message that failed; left out: as it was")


class ReplayOpen(ApiModel):
    """Which letters are put back."""

    topic: str | None = Field(None, max_length=200, description="Only letters of this topic")


class Replayed(BaseModel):
    """What was put back."""

    replayed: int
    remaining: int = Field(description="Open letters that are left; ask again while it is not 0")


class WaitingMail(_Answer):
    """A mail that could not leave."""

    id: MailId
    to: str
    subject: str
    created_at: datetime


class WholeMail(WaitingMail):
    """The same with its text."""

    text: str
