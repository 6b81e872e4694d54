"""What operators ask for and do, over the parts of one process and its peers."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import httpx

from scanly.app.operator.outbox import Outbox
from scanly.app.operator.report import ProcessReport, ask_peers
from scanly.app.operator.storage import StorageSurvey
from scanly.app.registry import SERVICES
from scanly.kernel.auth import PrincipalSigner
from scanly.kernel.config import LoadedSettings, Settings
from scanly.kernel.db import Database
from scanly.kernel.errors import Unavailable
from scanly.kernel.events import DeadLetter, DeadLetters, StreamLog
from scanly.kernel.events.event_log import EventLog
from scanly.kernel.events.runner import seconds_behind
from scanly.kernel.mail import Mailer
from scanly.kernel.storage import Storage
from scanly.kernel.telemetry import Readiness, get_logger

T = TypeVar("T")

log = get_logger(__name__)

_MOST_AT_ONCE = 200
"""Letters that one request puts back."""


@dataclass(frozen=True, slots=True)
class GroupLag:
    """How far a consumer group is behind; ``seconds`` is None for one that never had all events."""

    group: str
    topic: str
    events: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class EventLogState:
    """The log of events."""

    groups: Sequence[GroupLag]
    waiting: int
    """Committed events that are not in the log yet."""


@dataclass(frozen=True, slots=True)
class Health:
    """Everything at a glance. What the database would have to tell is None while it does not answer."""

    processes: Sequence[ProcessReport]
    event_log: EventLogState | None
    dead_letters: int | None
    mail_delivers: bool
    mail_waiting: int


class OperatorDesk:
    """See the package. Rights are checked by whoever calls."""

    def __init__(
        self,
        *,
        loaded: LoadedSettings,
        process: str,
        services: Iterable[str],
        roles: Iterable[str],
        ready: Readiness,
        database: Database,
        streams: StreamLog,
        event_log: EventLog,
        mail: Mailer,
        storage: Storage,
        peers: Mapping[str, tuple[str, ...]],
        http: httpx.AsyncClient,
        signer: PrincipalSigner,
    ) -> None:
        self.settings = loaded
        self.letters = DeadLetters(database, streams)
        self.outbox = Outbox(loaded.get(Settings).data_dir / "outbox", mail)
        self.storage = StorageSurvey(loaded.get(Settings), database, storage)
        self.mail_delivers = mail.delivers
        self._process = process
        self._services = list(services)
        self._roles = list(roles)
        self._ready = ready
        self._database = database
        self._event_log = event_log
        self._ask_peers: Callable[[], Awaitable[list[ProcessReport]]] = lambda: ask_peers(peers, http, signer)

    async def process(self) -> ProcessReport:
        """Return what this process tells of itself."""
        checks = await self._ready()
        return ProcessReport.of(name=self._process, services=self._services, roles=self._roles, checks=checks)

    async def health(self) -> Health:
        """Return how this process, its peers, the log and what waits are doing."""
        own, others, event_log, letters, mails = await asyncio.gather(
            self.process(),
            self._ask_peers(),
            _if_there(self._read_event_log()),
            _if_there(self.letters.count()),
            asyncio.to_thread(self.outbox.count),
        )
        return Health(
            processes=[own, *others],
            event_log=event_log,
            dead_letters=letters,
            mail_delivers=self.mail_delivers,
            mail_waiting=mails,
        )

    async def replay(self, identifier: UUID, payload: object | None, *, operator: UUID) -> DeadLetter:
        """Put a letter's message back, or ``payload`` in its place."""
        if payload is not None:
            await self.letters.edit(identifier, payload)
        letter = await self.letters.replay(identifier)
        log.info("dead_letter_replayed", letter=str(identifier), edited=payload is not None, operator=str(operator))
        return letter

    async def replay_open(self, topic: str | None, *, operator: UUID) -> int:
        """Put back the open letters, oldest first, at most 200 of them; return how many."""
        letters = await self.letters.replay_open(topic, limit=_MOST_AT_ONCE)
        log.info("dead_letters_replayed", letters=len(letters), topic=topic, operator=str(operator))
        return len(letters)

    async def discard(self, identifier: UUID, *, operator: UUID) -> DeadLetter:
        """Settle a letter without doing anything with its message."""
        letter = await self.letters.discard(identifier)
        log.info("dead_letter_discarded", letter=str(identifier), operator=str(operator))
        return letter

    async def resend(self, identifier: UUID, *, operator: UUID) -> None:
        """Send a mail from the outbox; see ``Outbox.resend``."""
        await self.outbox.resend(identifier)
        log.info("mail_resent", mail=str(identifier), operator=str(operator))

    async def _read_event_log(self) -> EventLogState:
        groups = {sub.group: sub.event.topic for manifest in SERVICES for sub in manifest.subscribers}
        events = await self._event_log.lags(groups)
        seconds = await seconds_behind(self._database, groups)
        return EventLogState(
            groups=[
                GroupLag(group, topic, events.get(group, 0), seconds.get(group))
                for group, topic in sorted(groups.items())
            ],
            waiting=await self._event_log.waiting(),
        )


async def _if_there(asking: Awaitable[T]) -> T | None:
    try:
        return await asking
    except Unavailable:
        return None
