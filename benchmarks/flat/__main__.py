"""`python -m benchmarks.flat [SCANS …]`: CPU time per scan, and seconds per view, over so many stored scans.

The scans are of one workspace with 100 links, over 30 days until today, and come in by the ingestion's own writing. A
view is a breakdown over the 30 days, by each dimension, of the workspace and of its busiest link. Ratios are to the
first size.
"""

import asyncio
import random
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import msgspec
import psycopg

from benchmarks.ingestion.__main__ import Stand, hits, stand, targets
from scanly.contracts.routing import decode_scan
from scanly.kernel import pace
from scanly.kernel.db.patience import take_time
from scanly.services.analytics.domain.hit import DAY_MS, Hit, as_date, read_hit
from scanly.services.analytics.domain.question import Ask, Dimension
from scanly.services.analytics.repository import ingestion as repository
from scanly.services.routing.hits import Target

_SIZES = (1_000_000, 10_000_000, 50_000_000)
_BATCH = 200_000
_SAMPLE = 10_000
_RUNS = 3
_DAYS = 30
_WINDOW = timedelta(seconds=10)
_SLOWEST = 0.05
"""Seconds that 19 of 20 views may take."""
_GROWTH = 1.25
"""By how much a scan may cost more than over the first size."""


async def patterns(made: Stand, links: list[Target]) -> list[Hit]:
    """Return hits as they come from the log, to be repeated at other times by other visitors."""
    routing: Any = made.product.services["routing"]
    survey = routing.runtime.shipper._survey  # noqa: SLF001 - as in benchmarks.ingestion
    payloads = hits(_SAMPLE, 1, links)
    scans = [scan for start in range(0, _SAMPLE, 1_000) for scan in await survey.ship(payloads[start : start + 1_000])]
    return [read_hit(decode_scan(scan.record), oldest=0, newest=1 << 46) for scan in scans]


async def seed(made: Stand, pattern: list[Hit], number: int, chance: random.Random) -> None:
    """Store ``number`` scans of the last days, a day after the other."""
    db = made.product.database.for_service("analytics")
    today = int(time.time() * 1000) // DAY_MS
    for start in range(0, number, _BATCH):
        day = today - _DAYS + 1 + start * _DAYS // number
        batch = [
            msgspec.structs.replace(hit, id=identifier, at=at, local_day=day, visitor=chance.randbytes(16))
            for hit in chance.choices(pattern, k=min(_BATCH, number - start))
            for at in (day * DAY_MS + chance.randrange(DAY_MS),)
            for identifier in (at.to_bytes(6, "big") + b"\x70" + chance.randbytes(1) + b"\x80" + chance.randbytes(7),)
        ]
        async with db.system() as session:
            await repository.make_days(session, {as_date(day)})
            await repository.write(session, batch, _WINDOW)
    with psycopg.connect(made.dsn, autocommit=True) as connection:  # the chores of seeding are not of the scans
        connection.execute("vacuum analyze")


async def _at_full_speed(_worked: float) -> None:
    """Take the place of giving way: while sets are generated there are no visitors."""


async def views(made: Stand, link: Target) -> list[float]:
    """Return the seconds that views took."""
    analytics: Any = made.product.services["analytics"]
    now = datetime.now(UTC)
    taken = []
    for link_ids in ((), (link.link_id,)):
        for dimension in Dimension:
            ask = Ask(start=(now - timedelta(days=_DAYS - 1)).date(), end=now.date(), link_ids=link_ids)
            for _ in range(3):
                began = time.perf_counter()
                await analytics.breakdown(link.workspace_id, ask, dimension, 10)
                taken.append(time.perf_counter() - began)
    return taken


async def measure(sizes: list[int]) -> bool:
    """Print a line for each size; return whether cost and views stay in bounds."""
    links = targets(1, 100)
    chance = random.Random(2)
    first, stored, good = 0.0, 0, True
    async with stand(in_memory=False) as made:  # fifty million scans have 25 GB
        take_time()  # seeding on a busy machine is no reason to end
        pattern = await patterns(made, links)
        for size in sizes:
            with mock.patch.object(pace, "give_way", _at_full_speed):
                await seed(made, pattern, size - stored, chance)
            runs = [(await made.run(hits(_SAMPLE, chance.getrandbits(32), links)))["count"] for _ in range(_RUNS)]
            stored = size + _RUNS * _SAMPLE
            python = statistics.median(spent.python for spent in runs) / _SAMPLE * 1e6
            postgres = statistics.median(spent.postgres for spent in runs) / _SAMPLE * 1e6
            first = first or python + postgres
            growth = (python + postgres) / first
            before = made.spent()
            taken = await views(made, links[0])
            spent = made.spent().since(before)
            slow = statistics.quantiles(taken, n=20)[-1]
            good = good and growth <= _GROWTH and slow <= _SLOWEST
            each = (spent.python + spent.postgres) / len(taken)
            print(
                f"{size:>12,} scans  {python:.1f} + {postgres:.1f} µs a scan ({growth:.2f})  "
                f"views p95 {slow * 1e3:.0f} ms, {each * 1e3:.1f} ms of CPU each",
                flush=True,
            )
    return good


def main() -> int:
    """Measure the sizes of the command line; 1 when cost or views leave their bounds."""
    sizes = sorted(int(size) for size in sys.argv[1:]) or list(_SIZES)
    return int(not asyncio.run(measure(sizes)))


if __name__ == "__main__":
    sys.exit(main())
