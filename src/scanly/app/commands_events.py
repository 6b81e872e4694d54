"""The commands for events: dead letters, and setting a group back."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import typer

from scanly.app import installation, registry, serve
from scanly.kernel.config import Settings
from scanly.kernel.db import Database
from scanly.kernel.db.migrate import pending
from scanly.kernel.errors import Invalid, NotFound
from scanly.kernel.events import DeadLetter, DeadLetters, open_event_log, open_stream_log
from scanly.kernel.startup import StartupError

T = TypeVar("T")

_REASON = 60

dlq = typer.Typer(no_args_is_help=True, help="Dead letters: messages that always failed, kept whole.")

Id = Annotated[str, typer.Argument(help="Id of a dead letter, as the list shows it")]
Topic = Annotated[str | None, typer.Option(help="Only letters of this topic")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs")]


@dlq.command("list")
def dlq_list(
    topic: Topic = None,
    settled: Annotated[bool, typer.Option("--settled", help="Those replayed and discarded too")] = False,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most this many")] = 100,
    as_json: AsJson = False,
) -> None:
    """List dead letters, newest first."""
    letters = _with_letters(lambda held: held.find(topic=topic, settled=settled, limit=limit))
    if as_json:
        serve.say(json.dumps([_plain(letter) for letter in letters], indent=2))
        return
    if not letters:
        serve.say("There are no dead letters.")
        return
    rows = [("ID", "TIME", "SOURCE", "TOPIC", "TRIES", "STATE", "REASON"), *map(_row, letters)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        serve.say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


@dlq.command("show")
def dlq_show(letter: Id, as_json: AsJson = False) -> None:
    """Show a dead letter whole."""
    found = _with_letters(lambda held: held.get(_identifier(letter)))
    if as_json:
        serve.say(json.dumps(_plain(found), indent=2))
        return
    for name, value in _plain(found).items():
        if name != "payload":
            serve.say(f"{name:<10}  {_printable(str(value))}")
    for line in json.dumps(found.payload, indent=2, ensure_ascii=False).splitlines():
        serve.say(_printable(line))


@dlq.command("replay")
def dlq_replay(
    letter: Annotated[str | None, typer.Argument(help="Id of a dead letter")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every open one")] = False,
    topic: Topic = None,
) -> None:
    """Put a message back where it failed: an event to its group, a scan to its topic, a job to its queue."""
    if (letter is None) == (not everything):
        raise Invalid("Name one dead letter by its id, or all of them with --all.")
    if letter is not None:
        _say_replayed(_with_letters(lambda held: held.replay(_identifier(letter))))
        return
    replayed = _with_letters(lambda held: held.replay_open(topic))
    for each in replayed:
        _say_replayed(each)
    serve.say(f"{len(replayed)} put back.")


@dlq.command("discard")
def dlq_discard(
    letter: Id, yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation")] = False
) -> None:
    """Settle a dead letter without doing anything with its message."""
    identifier = _identifier(letter)
    found = _with_letters(lambda held: held.get(identifier))
    if not yes:
        what = f"the {_printable(found.topic)} that failed at {found.created_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        typer.confirm(f"Discard {what} for good?", abort=True)
    _with_letters(lambda held: held.discard(identifier))
    serve.say(f"{identifier} is discarded.")


def replay(
    group: Annotated[str, typer.Option(help="The consumer group that gets them again")],
    topic: Annotated[str, typer.Option(help="The topic it reads")],
    from_time: Annotated[str | None, typer.Option(help="Events since then, such as 2026-01-31T12:00Z")] = None,
    from_beginning: Annotated[bool, typer.Option("--from-beginning", help="All events that are still kept")] = False,
) -> None:
    """Set a consumer group back, so that it handles the events of its topic again."""
    groups = {sub.group: sub.event.topic for manifest in registry.SERVICES for sub in manifest.subscribers}
    if group not in groups:
        known = ", ".join(f"{name} ({read})" for name, read in sorted(groups.items()))
        raise NotFound(f"There is no consumer group {group}. There are: {known}.")
    if groups[group] != topic:
        raise Invalid(f"The group {group} reads {groups[group]}, not {topic}.")
    if (from_time is None) == (not from_beginning):
        raise Invalid("Say from when: with --from-time TIME or with --from-beginning.")
    moment = _moment(from_time) if from_time is not None else None

    async def rewind(settings: Settings, database: Database) -> None:
        log = open_event_log(settings, database)
        try:
            await log.rewind(group, topic, moment)
        finally:
            await log.close()

    _with_database(rewind)
    since = "the beginning" if moment is None else f"{moment:%Y-%m-%d %H:%M:%S} UTC"
    serve.say(f"{group} gets {topic} again from {since}.")


def _say_replayed(letter: DeadLetter) -> None:
    if letter.state == "replaying":
        serve.say(f"{letter.id} goes back to {letter.source} as soon as that runs.")
    else:
        serve.say(f"{letter.id} is back in {letter.topic}.")


def _with_letters(work: Callable[[DeadLetters], Awaitable[T]]) -> T:
    async def act(settings: Settings, database: Database) -> T:
        streams = open_stream_log(settings, database)
        try:
            return await work(DeadLetters(database, streams))
        finally:
            await streams.close()

    return _with_database(act)


def _with_database(work: Callable[[Settings, Database], Awaitable[T]]) -> T:
    settings = installation.load().get(Settings)
    opened = installation.open_database(settings, attach=True)

    async def act() -> T:
        database = Database(opened.dsn, pool_size=4)
        try:
            return await work(settings, database)
        finally:
            await database.close()

    try:
        if behind := pending(opened.dsn, registry.schemas()):
            raise StartupError(f"The database is not up to date ({', '.join(behind)}). Run scanly migrate.")
        return asyncio.run(act())
    finally:
        opened.close()


def _identifier(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(f"{text!r} is not the id of a dead letter. `scanly dlq list` shows those there are.") from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(f"{text!r} is not a time. Write it as 2026-01-31T12:00Z.") from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _plain(letter: DeadLetter) -> dict[str, Any]:
    return {**vars(letter), "id": str(letter.id), "created_at": letter.created_at.astimezone(UTC).isoformat()}


def _row(letter: DeadLetter) -> tuple[str, ...]:
    reason = _printable(letter.reason)
    return (
        str(letter.id),
        f"{letter.created_at.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
        _printable(letter.source),
        _printable(letter.topic),
        str(letter.attempts),
        letter.state,
        reason if len(reason) <= _REASON else f"{reason[: _REASON - 1]}…",
    )


def _printable(text: str) -> str:
    """Return ``text`` without what a terminal would obey or turn round."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
