"""`scanly dlq` and `scanly replay`, against the database of an installation."""

import asyncio
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scanly.app import commands
from scanly.kernel.config import Settings
from scanly.kernel.db import Database
from scanly.kernel.events import DeadLetter, DeadLetters, StreamRecord, bury, bury_record, open_stream_log
from scanly.kernel.ids import new_id

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def scanly(
    product_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Run a command in this process; return its exit code and what it wrote to both streams."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCANLY_DATABASE_URL", product_dsn)
    monkeypatch.setenv("SCANLY_DATA_DIR", str(tmp_path / "data"))

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["scanly", *arguments])
        with pytest.raises(SystemExit) as ended:
            commands.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


def on_database(dsn: str, work: Callable[[Database], Any]) -> Any:
    async def act() -> Any:
        database = Database(dsn, pool_size=2)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(act())


@pytest.fixture
def event_letter(product_dsn: str) -> DeadLetter:
    async def make(database: Database) -> DeadLetter:
        await bury(
            database,
            source="qr.link_status",
            topic="link.updated",
            payload={"id": str(new_id()), "data": {"name": "रोटी"}},
            reason="ValueError: \x1b[31m red \u202e turned",
            attempts=5,
        )
        (letter,) = await DeadLetters(database, open_stream_log(Settings(), database)).find()
        return letter

    letter: DeadLetter = on_database(product_dsn, make)
    return letter


def test_an_installation_without_dead_letters_says_so(scanly: Command) -> None:
    assert scanly("dlq", "list") == (0, "There are no dead letters.\n", "")
    assert json.loads(scanly("dlq", "list", "--json")[1]) == []
    assert scanly("dlq", "replay", "--all")[1] == "0 put back.\n"


def test_a_dead_letter_is_listed_and_shown(scanly: Command, event_letter: DeadLetter) -> None:
    code, said, _ = scanly("dlq", "list")
    head, row = said.splitlines()
    assert code == 0
    assert head.split() == ["ID", "TIME", "SOURCE", "TOPIC", "TRIES", "STATE", "REASON"]
    for part in (str(event_letter.id), "qr.link_status", "link.updated", " 5 ", "open", "ValueError: \\x1b[31m red"):
        assert part in row
    _, whole, _ = scanly("dlq", "show", str(event_letter.id))
    assert "रोटी" in whole
    for control in ("\x1b", "\u202e"):
        assert control not in said + whole
    (listed,) = json.loads(scanly("dlq", "list", "--json")[1])
    assert listed == json.loads(scanly("dlq", "show", str(event_letter.id), "--json")[1])
    assert (listed["reason"], listed["payload"]["data"]) == (event_letter.reason, {"name": "रोटी"})
    assert scanly("dlq", "list", "--topic", "qr.scanned")[1] == "There are no dead letters.\n"


def test_an_event_is_put_back_for_its_group(scanly: Command, event_letter: DeadLetter) -> None:
    code, said, _ = scanly("dlq", "replay", str(event_letter.id))
    assert (code, said) == (0, f"{event_letter.id} goes back to qr.link_status as soon as that runs.\n")
    code, _, fault = scanly("dlq", "replay", str(event_letter.id))
    assert code != 0
    assert "on its way back already" in fault
    assert scanly("dlq", "replay", "--all")[1] == "0 put back.\n"


def test_scans_are_put_back_into_their_stream_all_at_once(scanly: Command, product_dsn: str) -> None:
    async def fail(database: Database) -> None:
        for offset in range(3):
            record = StreamRecord(offset, f"link {offset}", b"scan %d" % offset)
            await bury_record(
                database, source="analytics.ingestion", topic="qr.scanned", partition=0, record=record, reason="no"
            )

    async def scans(database: Database) -> list[bytes]:
        streams = open_stream_log(Settings(), database)
        heads = await streams.heads("qr.scanned")
        return [each.record for number in heads for each in await streams.read("qr.scanned", number, -1, 10)]

    on_database(product_dsn, fail)
    code, said, _ = scanly("dlq", "replay", "--all", "--topic", "qr.scanned")
    assert (code, said.splitlines()[-1]) == (0, "3 put back.")
    assert sorted(on_database(product_dsn, scans)) == [b"scan 0", b"scan 1", b"scan 2"]
    assert scanly("dlq", "list")[1] == "There are no dead letters.\n"
    assert scanly("dlq", "list", "--settled")[1].count("replayed") == 3


def test_a_letter_is_discarded_after_a_question(
    scanly: Command, event_letter: DeadLetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\ny\n"))
    name = str(event_letter.id)
    assert scanly("dlq", "discard", name)[0] != 0
    assert "open" in scanly("dlq", "list")[1]
    assert scanly("dlq", "discard", name)[0] == 0
    code, _, fault = scanly("dlq", "discard", name, "--yes")
    assert code != 0
    assert "discarded already" in fault


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("dlq", "show", "seven"), "'seven' is not the id of a dead letter"),
        (("dlq", "replay", "0191d3a1-0000-7000-8000-000000000000"), "There is no dead letter 0191d3a1"),
        (("dlq", "discard", "seven", "--yes"), "scanly dlq list"),
        (("dlq", "replay"), "Name one dead letter by its id, or all of them with --all."),
        (("replay", "--group", "nobody", "--topic", "link.updated", "--from-beginning"), "There are: analytics."),
        (("replay", "--group", "qr.link_status", "--topic", "qr.created", "--from-beginning"), "reads link.updated"),
        (("replay", "--group", "qr.link_status", "--topic", "link.updated"), "--from-time TIME or"),
        (
            ("replay", "--group", "qr.link_status", "--topic", "link.updated", "--from-time", "noon"),
            "2026-01-31T12:00Z",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(scanly: Command, arguments: tuple[str, ...], sentence: str) -> None:
    code, said, fault = scanly(*arguments)
    assert code != 0
    assert said == ""
    assert sentence in fault
    assert fault.startswith("scanly: ")
    assert fault.count("\n") == 1


def test_a_group_is_set_back(scanly: Command) -> None:
    chosen = ("replay", "--group", "qr.link_status", "--topic", "link.updated")
    assert scanly(*chosen, "--from-beginning") == (
        0,
        "qr.link_status gets link.updated again from the beginning.\n",
        "",
    )
    code, said, _ = scanly(*chosen, "--from-time", "2026-01-31T12:00+05:30")
    assert (code, said) == (0, "qr.link_status gets link.updated again from 2026-01-31 06:30:00 UTC.\n")


def test_a_database_that_is_not_migrated_is_told(
    scanly: Command, kernel_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCANLY_DATABASE_URL", kernel_dsn)
    code, _, fault = scanly("dlq", "list")
    assert code == 2
    assert "scanly migrate" in fault
