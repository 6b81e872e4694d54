"""What a service declares in its manifest."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Handle = Callable[..., Awaitable[None]]
"""``async def handle(service, **args)``: unpack, call the service. A schedule's handler gets the service alone."""

_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of work, named ``service.what``; after the first failure it is tried ``retries`` more times.

    The waits double from 5 s up to an hour: 8 retries give a third party about 20 minutes, 14 about 6 hours.
    """

    name: str
    handle: Handle
    retries: int = 8

    def __post_init__(self) -> None:
        checked_name(self.name)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A job that is due by the clock: ``cron`` in UTC, five fields (a sixth counts seconds).

    All processes together enqueue each due time once, and none while the one before still waits.
    """

    name: str
    cron: str
    handle: Handle
    retries: int = 2

    def __post_init__(self) -> None:
        checked_name(self.name)


def checked_name(name: str) -> str:
    """Return ``name`` if it reads ``service.what``; ``ValueError`` otherwise."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r}: a job is named service.what, in lower-case letters, digits and _")
    return name


def queue_of(name: str) -> str:
    """Return the queue of a job: its service, so that a process fetches only what its services can run."""
    return name.partition(".")[0]
