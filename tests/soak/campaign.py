"""Runs a crowd against a site while its parts fail, then compares what was answered with what was counted."""

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg

from tests.soak.crowd import ANSWERED, CUT_OFF, OTHER, REFUSED
from tests.soak.sites import Fault, Site, full_site, lean_site
from tests.support.folders import reachable_folder
from tests.support.product import PASSWORD

SHAPES: dict[str, Callable[[Path], AbstractContextManager[Site]]] = {"lean": lean_site, "scale": full_site}

_WARM_UP = 2.0
_BETWEEN = 2.0
_COUNTED_WITHIN = 600.0
_QUIET = 5.0
"""Seconds without news after which nothing more is expected."""


@dataclass(frozen=True)
class Line:
    """What visitors saw from the beginning of a fault to the beginning of the next."""

    fault: Fault
    seconds: float
    """How long the fault and its mending took."""
    answered: int
    cut_off: int
    refused: int
    other: int


@dataclass
class Outcome:
    """The result of a campaign in one shape."""

    shape: str
    lines: list[Line] = field(default_factory=list)
    answered: int = 0
    cut_off: int = 0
    counted: int = 0
    told_lost: int = 0
    caught_up: float = 0.0
    """Seconds from the last scan until everything was counted."""
    faults: list[str] = field(default_factory=list)
    """What was not as it must be; empty when all is exact."""

    @property
    def is_exact(self) -> bool:
        """Nothing lost, nothing twice, nothing invented, the roll-ups tell the same."""
        return not self.faults

    def describe(self) -> str:
        """Return the table as text."""
        rows = [f"{self.shape}: {self.answered} answered, {self.counted} counted, {self.cut_off} cut off in flight"]
        rows += [
            f"  {line.fault.name:<52}{line.seconds:6.1f} s  {line.answered:>7} answered {line.cut_off:>4} cut off "
            f"{line.refused:>5} refused {line.other:>4} other"
            for line in self.lines
        ]
        rows.append(f"  counted {self.caught_up:.1f} s after the last scan; told as lost: {self.told_lost}")
        rows += [f"  NOT EXACT: {fault}" for fault in self.faults]
        return "\n".join(rows)


def run(shape: str, *, rate: float, seconds: float) -> Outcome:
    """Run the campaign in one shape; what is away stays away for ``seconds``."""
    with reachable_folder() as folder, SHAPES[shape](folder) as site, closing(Owner(site)) as owner:
        sheet = folder / "sheet.txt"
        outcome = Outcome(shape)
        with _crowd(f"{site.url}/{owner.slug}", rate, sheet):
            time.sleep(_WARM_UP)
            began = []
            for fault in site.faults:
                started = time.monotonic()
                before = _lines(sheet)
                print(f"{shape}: {fault.name} …", flush=True)
                fault.act(seconds)
                took = time.monotonic() - started
                time.sleep(_BETWEEN)
                began.append((fault, took, before))
        sheets = [*(before for _, _, before in began), _lines(sheet)]
        for (fault, took, first), last in zip(began, sheets[1:], strict=True):
            kinds = Counter(text[0] for text in sheet.read_text().splitlines()[first:last])
            outcome.lines.append(Line(fault, took, kinds[ANSWERED], kinds[CUT_OFF], kinds[REFUSED], kinds[OTHER]))
        print(f"{shape}: counting …", flush=True)
        _judge(outcome, site, owner, sheet)
        return outcome


class Owner:
    """Somebody with one dynamic link."""

    def __init__(self, site: Site) -> None:
        self._client = httpx.Client(base_url=f"{site.url}/api/v1", timeout=60)
        body = {"email": "soak@example.org", "password": PASSWORD}
        welcome = self._client.post("/auth/sign-up", json=body).raise_for_status().json()
        self._client.headers["authorization"] = f"Bearer {welcome['access_token']}"
        made = self._client.post("/links", json={"destination": "https://example.org/menu"}).raise_for_status().json()
        self.slug: str = made["slug"]

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def get(self, path: str, **parameters: str) -> Any:
        """Return a JSON document of the API."""
        return self._client.get(path, params=parameters).raise_for_status().json()


@contextmanager
def _crowd(url: str, rate: float, sheet: Path) -> Iterator[None]:
    crowd = subprocess.Popen([sys.executable, "-m", "tests.soak.crowd", url, str(rate), str(sheet)])
    try:
        yield
    finally:
        crowd.send_signal(signal.SIGTERM)
        crowd.wait(60)


def _lines(sheet: Path) -> int:
    return sheet.read_bytes().count(b"\n") if sheet.exists() else 0


def _judge(outcome: Outcome, site: Site, owner: Owner, sheet: Path) -> None:
    kinds: dict[str, set[str]] = {ANSWERED: set(), CUT_OFF: set(), REFUSED: set(), OTHER: set()}
    for text in sheet.read_text().splitlines():
        kind, mark, _ = text.split()
        kinds[kind[0]].add(mark)
    answered, cut_off = kinds[ANSWERED], kinds[CUT_OFF]
    outcome.answered, outcome.cut_off = len(answered), len(cut_off)
    ended = time.monotonic()
    hits, last = _counted(site, answered)
    outcome.caught_up = last - ended
    outcome.counted = hits.total()
    lost = answered - hits.keys()
    may_lose = any(line.fault.loses for line in outcome.lines)
    if lost and not may_lose:
        outcome.faults.append(f"{len(lost)} answered scans are not counted")
    if may_lose:
        outcome.told_lost = _told_lost(site)
        if not len(lost) <= outcome.told_lost <= len(lost) + len(cut_off):
            outcome.faults.append(f"{len(lost)} scans are missing, and {outcome.told_lost} were told as lost")
    twice = Counter({mark: number for mark, number in hits.items() if number > 1})
    # Where an edge asks the next redirect when one dies, a visitor in flight is written down by both.
    repeated = sum(number - 1 for number in twice.values())
    if repeated > (0 if site.shape == "lean" else _in_flight(outcome)):
        outcome.faults.append(f"{repeated} scans are counted more than once, such as {list(twice)[:5]}")
    if invented := hits.keys() - answered - cut_off - kinds[OTHER]:
        outcome.faults.append(f"{len(invented)} scans are counted that nobody sent, such as {sorted(invented)[:5]}")
    if kinds[OTHER]:
        outcome.faults.append(f"{len(kinds[OTHER])} visitors of a known link were not redirected")
    outcome.faults += _compare_roll_ups(site, owner, hits.total())


def _in_flight(outcome: Outcome) -> int:
    return 32 * sum(line.fault.cuts for line in outcome.lines)


def _counted(site: Site, answered: set[str]) -> tuple[Counter[str], float]:
    """Wait until all is counted or nothing more comes.

    Returns how often each mark stands among the raw rows, and when the last came (``time.monotonic``).
    """
    until = time.monotonic() + _COUNTED_WITHIN
    quiet_since, before = time.monotonic(), -1
    while True:
        with psycopg.connect(site.dsn()) as connection:
            rows = connection.execute("select utm_content, count(*) from analytics.hits group by 1").fetchall()
        hits = Counter(dict(rows))
        if hits.total() != before:
            print(f"  {hits.total()} counted", flush=True)
            quiet_since, before = time.monotonic(), hits.total()
        is_quiet = time.monotonic() - quiet_since > _QUIET
        if (answered <= hits.keys() and is_quiet) or time.monotonic() > until:
            return hits, quiet_since
        if is_quiet and time.monotonic() - quiet_since > 4 * _QUIET:
            return hits, quiet_since
        time.sleep(0.5)


def _told_lost(site: Site) -> int:
    text = httpx.get(f"{site.ops}/metrics").text if site.ops else ""
    found = [line for line in text.splitlines() if line.startswith("scanly_scans_lost_total ")]
    return round(float(found[0].split()[1])) if found else 0


def _compare_roll_ups(site: Site, owner: Owner, counted: int) -> list[str]:
    with psycopg.connect(site.dsn()) as connection:
        by_verdict = dict(connection.execute("select verdict, count(*) from analytics.hits group by 1").fetchall())
        people = connection.execute(
            "select count(distinct (local_day, visitor)) from analytics.hits where verdict in ('human', 'duplicate')"
        ).fetchone()
    summary = owner.get("/analytics/summary", traffic="all")
    humans = owner.get("/analytics/summary")
    series = owner.get("/analytics/series", traffic="all", interval="hour")
    devices = owner.get("/analytics/breakdown", dimension="device")
    found = {
        "summary of all traffic": (summary["hits"], counted),
        "summary of people": (humans["hits"], by_verdict.get("human", 0)),
        "series": (sum(point["hits"] for point in series["data"]), counted),
        "devices": (devices["total"], by_verdict.get("human", 0)),
        "people": (humans["visitors"], people[0] if people else 0),
    }
    return [f"{name} says {said}, the raw rows {rows}" for name, (said, rows) in found.items() if said != rows]
