"""Messages that always failed: kept whole, with why and after how many attempts, until somebody decides about them.

An event goes back to the one group that failed on it, a record of a stream back to its stream, a job back to its queue.
Where events travel through Kafka the relay publishes letters to ``<topic>.dlq`` as well.
"""

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid5

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from scanly.kernel.db import Database
from scanly.kernel.errors import Conflict, Invalid, NotFound
from scanly.kernel.events.stream_log import StreamLog, StreamRecord
from scanly.kernel.ids import new_id

JOBS = "job"
"""The source of letters whose topic is a job's name."""

_JOB = {"queue": str, "name": str, "args": dict}
_RECORDS = UUID("5ca2f1de-0d1e-7c0d-8a11-000000000001")


@dataclass(frozen=True)
class DeadLetter:
    """A message that was given up. ``source`` is the group, the consumer or ``job``; ``payload`` the whole message."""

    id: UUID
    source: str
    topic: str
    payload: Any
    reason: str
    attempts: int
    created_at: datetime
    state: Literal["open", "replaying", "replayed", "discarded"]


class DeadLetters:
    """What an operator does with them. Raises ``NotFound`` for an unknown id and ``Conflict`` for a settled letter."""

    def __init__(self, database: Database, streams: StreamLog) -> None:
        self._database = database
        self._streams = streams

    async def find(
        self, *, topic: str | None = None, settled: bool = False, before: UUID | None = None, limit: int = 100
    ) -> list[DeadLetter]:
        """Return letters, newest first, only open ones unless ``settled``; those older than the id ``before``."""
        parameters = {"topic": topic, "settled": settled, "before": before, "limit": limit}
        async with self._database.connect() as connection:
            return [_letter(row) for row in await connection.execute(_LIST, parameters)]

    async def count(self) -> int:
        """Return how many are open."""
        async with self._database.connect() as connection:
            return int(await connection.scalar(_COUNT) or 0)

    async def get(self, identifier: UUID) -> DeadLetter:
        """Return one."""
        async with self._database.connect() as connection:
            return await _find(connection, identifier)

    async def edit(self, identifier: UUID, payload: object) -> DeadLetter:
        """Replace the message of an open letter, before it is put back; ``Invalid`` for one that cannot be put back."""
        async with self._database.connect() as connection:
            payload = _edited(await _find_open(connection, identifier), payload)
            await connection.execute(_EDIT, {"id": identifier, "payload": msgspec.json.encode(payload).decode()})
        return await self.get(identifier)

    async def replay(self, identifier: UUID) -> DeadLetter:
        """Put the message back where it failed. An event's letter is ``replaying`` until its group handled it.

        When it fails again, an event's letter is open again; a record and a job come back as new letters.
        """
        letter = await self.get(identifier)
        record = _record_of(letter.payload)
        if record is not None and letter.state == "open":
            # Before the letter's end, not with it: whoever reads a stream takes the same record twice for one.
            await self._streams.append(letter.topic, [record])
        async with self._database.connect() as connection:
            letter = await _find_open(connection, identifier)
            if letter.source == JOBS:
                await connection.execute(_ENQUEUE, {"payload": msgspec.json.encode(letter.payload).decode()})
            if letter.source == JOBS or record is not None:
                await connection.execute(_SETTLE, {"id": identifier, "resolution": "replayed"})
            else:
                await connection.execute(_REPLAY, {"id": identifier})
                await connection.execute(_WAKE)
        return await self.get(identifier)

    async def replay_open(self, topic: str | None = None, *, limit: int | None = None) -> list[DeadLetter]:
        """Put back what is open now, oldest first; what fails again meanwhile waits for the next time."""
        async with self._database.connect() as connection:
            wanted = list(await connection.scalars(_OPEN, {"topic": topic, "limit": limit}))
        return [await self.replay(identifier) for identifier in wanted]

    async def discard(self, identifier: UUID) -> DeadLetter:
        """Settle the letter without doing anything with its message."""
        async with self._database.connect() as connection:
            if (letter := await _find(connection, identifier, lock=True)).state not in ("open", "replaying"):
                raise _settled(letter)
            await connection.execute(_SETTLE, {"id": identifier, "resolution": "discarded"})
        return await self.get(identifier)


async def bury(
    database: Database,
    *,
    source: str,
    topic: str,
    payload: object,
    reason: str,
    attempts: int,
    identifier: UUID | None = None,
) -> None:
    """Put a message whole among the dead letters, with why and after how many attempts."""
    async with database.connect() as connection:
        await connection.execute(
            _BURY,
            {
                "id": identifier or new_id(),
                "source": source,
                "topic": topic,
                "payload": msgspec.json.encode(payload).decode(),
                "reason": reason.replace("\x00", "\\x00")[:2000],
                "attempts": attempts,
            },
        )


async def bury_record(
    database: Database,
    *,
    source: str,
    topic: str,
    partition: int,
    record: StreamRecord,
    reason: str,
    attempts: int = 1,
) -> None:
    """Put a record of a stream whole among the dead letters; once, however often it is read."""
    payload = {
        "partition": partition,
        "offset": record.offset,
        "key": record.key.replace("\x00", "\\x00"),
        "record": record.record.decode("utf-8", "backslashreplace").replace("\x00", "\\x00"),
        "base64": base64.b64encode(record.record).decode(),
    }
    identifier = uuid5(_RECORDS, f"{topic}/{partition}/{record.offset}/{payload['base64']}")
    await bury(
        database,
        source=source,
        topic=topic,
        payload=payload,
        reason=reason,
        attempts=attempts,
        identifier=identifier,
    )


def _edited(letter: DeadLetter, payload: Any) -> Any:  # noqa: ANN401 - JSON
    """Return an edited message as it is kept. The bytes of a record stay only as long as its text does."""
    if letter.source == JOBS:
        if not isinstance(payload, dict) or any(type(payload.get(name)) is not kind for name, kind in _JOB.items()):
            raise Invalid("A job keeps its queue and name as texts, and its args as an object.")
    elif _record_of(before := letter.payload) is not None:
        if not isinstance(payload, dict) or any(type(payload.get(name)) is not str for name in ("key", "record")):
            raise Invalid("A record keeps its key and its record, both as texts.")
        edited = {**before, "key": payload["key"], "record": payload["record"]}
        if edited["record"] != before["record"]:
            edited.pop("base64", None)
        return edited
    return payload


def _record_of(payload: Any) -> tuple[str, bytes] | None:  # noqa: ANN401 - JSON
    if not isinstance(payload, dict) or not {"partition", "offset", "key", "record"} <= payload.keys():
        return None
    if (whole := payload.get("base64")) is not None:
        return payload["key"], base64.b64decode(whole)
    return payload["key"], payload["record"].encode()


async def _find(connection: AsyncConnection, identifier: UUID, *, lock: bool = False) -> DeadLetter:
    row = (await connection.execute(_LOCK if lock else _GET, {"id": identifier})).one_or_none()
    if row is None:
        raise NotFound(f"There is no dead letter {identifier}. `scanly dlq list` shows those there are.")
    return _letter(row)


async def _find_open(connection: AsyncConnection, identifier: UUID) -> DeadLetter:
    letter = await _find(connection, identifier, lock=True)
    if letter.state == "replaying":
        raise Conflict(f"The dead letter {identifier} is on its way back already.")
    if letter.state != "open":
        raise _settled(letter)
    return letter


def _settled(letter: DeadLetter) -> Conflict:
    return Conflict(f"The dead letter {letter.id} was {letter.state} already.")


def _letter(row: Any) -> DeadLetter:  # noqa: ANN401 - a row
    return DeadLetter(
        id=row.id,
        source=row.source,
        topic=row.topic,
        payload=msgspec.json.decode(row.payload),
        reason=row.reason,
        attempts=row.attempts,
        created_at=row.created_at,
        state=row.state,
    )


_COLUMNS = (
    "id, source, topic, cast(payload as text) as payload, reason, attempts, created_at, "
    "case when resolved_at is not null then coalesce(resolution, 'discarded') "
    "when replay_at is not null then 'replaying' else 'open' end as state"
)
_LIST = text(
    f"select {_COLUMNS} from scanly.dead_letters where (cast(:settled as boolean) or resolved_at is null) "  # noqa: S608
    "and (cast(:topic as text) is null or topic = :topic) and (cast(:before as uuid) is null or (created_at, id) < "
    "(select created_at, id from scanly.dead_letters where id = :before)) "
    "order by created_at desc, id desc limit :limit"
)
_COUNT = text("select count(*) from scanly.dead_letters where resolved_at is null and replay_at is null")
_OPEN = text(
    "select id from scanly.dead_letters where resolved_at is null and replay_at is null "
    "and (cast(:topic as text) is null or topic = :topic) order by created_at, id limit :limit"
)
_GET = text(f"select {_COLUMNS} from scanly.dead_letters where id = :id")  # noqa: S608 - constants of this module
_LOCK = text(f"select {_COLUMNS} from scanly.dead_letters where id = :id for update")  # noqa: S608
_BURY = text("select scanly.bury(:id, :source, :topic, cast(:payload as jsonb), :reason, :attempts)")
_EDIT = text("update scanly.dead_letters set payload = cast(:payload as jsonb) where id = :id")
_REPLAY = text("update scanly.dead_letters set replay_at = now() where id = :id")
_SETTLE = text("update scanly.dead_letters set resolved_at = now(), resolution = :resolution where id = :id")
_ENQUEUE = text(
    "select scanly.enqueue_job(job->>'queue', job->>'name', job->'args', null, job->>'lock', job->>'unique') "
    "from (select cast(:payload as jsonb) as job) j"
)
_WAKE = text("""select pg_notify('scanly_invalidate', '{"outbox": ["replay"]}')""")
