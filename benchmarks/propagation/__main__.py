"""`python -m benchmarks.propagation`: edits a code 200 times and asks every redirect process for it all the while.

Two redirect processes, one with the API, one for analytics, one PostgreSQL; then the same with Redis, if it is
installed. A time runs from the API's answer until the last redirect process leads to the new address. Five rounds.
"""

import asyncio
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from scanly.kernel.postgres import EmbeddedPostgres
from tests.e2e.shapes import Owner, Shape, separate_processes
from tools.services import redis
from tools.services.packages import Unavailable

_ROUNDS = 5
_EDITS = 40
_PAUSE = 0.05
_ASK_EVERY = 0.002
_TARGET = 1.0
_numbers = itertools.count(1)


def main() -> int:
    """Print a table; 1 when the target is missed."""
    missed = _measure("PostgreSQL", {})
    with _folder() as folder:
        try:
            with redis.run(folder) as url:
                missed |= _measure("PostgreSQL and Redis", {"SCANLY_REDIS_URL": url})
        except Unavailable as reason:
            print(f"without Redis: {reason}")
    return int(missed)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="scanly-propagation-", dir="/var/tmp") as made:
        folder = Path(made)
        folder.chmod(0o711)
        yield folder


def _measure(name: str, settings: dict[str, str]) -> bool:
    settings = {**settings, "SCANLY_LOG_FORMAT": "json", "SCANLY_LIMIT_GENERAL": "off"}
    with _folder() as folder:
        (folder / "database").mkdir(mode=0o711)
        database = EmbeddedPostgres(folder / "database")
        try:
            with separate_processes(folder, database.start(), **settings) as shape, Owner(shape) as owner:
                rounds = [asyncio.run(_round(shape, owner)) for _ in range(_ROUNDS)]
        finally:
            database.stop()
    times = sorted(itertools.chain(*rounds))
    p99 = statistics.quantiles(times, n=100)[98]
    for number, those in enumerate(rounds, start=1):
        print(f"round {number}  median {statistics.median(those) * 1000:6.1f} ms  worst {max(those) * 1000:6.1f} ms")
    print(
        f"{name:<22}median {statistics.median(times) * 1000:6.1f} ms  p99 {p99 * 1000:6.1f} ms  worst {times[-1]:.2f} s"
    )
    print(f"{'':<22}target p99 at most {_TARGET:.0f} s", flush=True)
    return p99 > _TARGET


async def _round(shape: Shape, owner: Owner) -> list[float]:
    times = []
    async with httpx.AsyncClient(timeout=30) as client:
        for _ in range(_EDITS):
            address = f"https://example.org/menu/{next(_numbers)}"
            await asyncio.to_thread(owner.point_to, address)
            began = time.perf_counter()
            await asyncio.gather(*(_until_it_leads(client, door + owner.path, address) for door in shape.doors))
            times.append(time.perf_counter() - began)
            await asyncio.sleep(_PAUSE)
    return times


async def _until_it_leads(client: httpx.AsyncClient, url: str, address: str) -> None:
    while True:
        answer = await client.get(url)
        if answer.headers.get("location") == address:
            return
        await asyncio.sleep(_ASK_EVERY)


if __name__ == "__main__":
    sys.exit(main())
