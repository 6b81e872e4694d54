"""`python -m benchmarks.latency [PER_SECOND]`: seconds from an answered redirect to its count, at a steady rate.

`scanly run` with its defaults answers phones of different addresses on a hundred links. Another process asks the
database every few milliseconds how many hits are counted; the n-th answer is counted once n are, which the log's
partitions may only make look later than it was.
"""

import asyncio
import random
import sys
import tempfile
import time
from bisect import bisect_left
from pathlib import Path

import psycopg

from benchmarks.links import make_links
from scanly.kernel.postgres import EmbeddedPostgres
from tests.support.running import Running

_RATE = 2_000
_SECONDS = 15
_WARM_UP = 3
_CONNECTIONS = 16
_LINKS = 100
_LOOK_EVERY = 0.01
_PATIENCE = 30.0
_TARGET = 1.0
_REQUEST = (
    "GET /{slug} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {address}\r\nUser-Agent: Mozilla/5.0 (iPhone; CPU "
    "iPhone OS 18_{minor} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.{minor} Mobile/15E148 "
    "Safari/604.1\r\nAccept-Language: hi-IN,hi;q=0.9\r\n\r\n"
)
_COUNTED = "select coalesce(sum(last_number), 0)::bigint from analytics.feeds"


async def visit(port: int, slugs: list[str], turns: asyncio.Queue[None], answered: list[float], seed: int) -> None:
    """Send a request for each turn and note when it was answered."""
    chance = random.Random(seed)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while True:
        await turns.get()
        address = ".".join(str(chance.randrange(1, 224)) for _ in range(4))
        request = _REQUEST.format(slug=chance.choice(slugs), address=address, minor=chance.randrange(9))
        writer.write(request.encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 302"), head
        answered.append(time.time())


async def send(port: int, slugs: list[str], rate: int, seconds: float) -> list[float]:
    """Send ``rate`` requests a second; return when each was answered."""
    answered: list[float] = []
    turns: asyncio.Queue[None] = asyncio.Queue()
    visitors = [asyncio.create_task(visit(port, slugs, turns, answered, seed)) for seed in range(_CONNECTIONS)]
    began, sent = time.perf_counter(), 0
    while (passed := time.perf_counter() - began) < seconds:
        for _ in range(int(passed * rate) - sent):
            turns.put_nowait(None)
            sent += 1
        await asyncio.sleep(0.005)
    while len(answered) < sent:  # noqa: ASYNC110 - as often as answers come
        await asyncio.sleep(0.005)
    for visitor in visitors:
        visitor.cancel()
    return sorted(answered)


def look(dsn: str, goal: list[int], seen: list[tuple[float, int]]) -> None:
    """Note how many hits are counted until they are as many as ``goal`` says, which is known once all were sent."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        deadline = time.time() + _SECONDS + _PATIENCE
        while time.time() < deadline:
            row = connection.execute(_COUNTED).fetchone()
            assert row is not None
            seen.append((time.time(), int(row[0])))
            if goal and seen[-1][1] >= goal[0]:
                return
            time.sleep(_LOOK_EVERY)
    raise AssertionError(f"{seen[-1][1]} of {goal} were counted")


async def measure(product: Running, rate: int) -> list[float]:
    """Return the seconds from answer to count."""
    dsn = EmbeddedPostgres.attach(product.data_dir)
    assert dsn is not None
    slugs = make_links(dsn, _LINKS)
    before = len(await send(product.port, slugs, rate // 4, _WARM_UP))
    await asyncio.to_thread(look, dsn, [before], [])
    goal: list[int] = []
    seen: list[tuple[float, int]] = []
    looking = asyncio.create_task(asyncio.to_thread(look, dsn, goal, seen))
    answered = await send(product.port, slugs, rate, _SECONDS)
    goal.append(before + len(answered))
    await looking
    counts = [number for _, number in seen]
    return [seen[bisect_left(counts, before + place)][0] - at for place, at in enumerate(answered, start=1)]


def main() -> int:
    """Print percentiles; 1 when the target is missed."""
    rate = int(sys.argv[1]) if len(sys.argv) > 1 else _RATE
    with tempfile.TemporaryDirectory(prefix="scanly-latency-", dir="/var/tmp") as made:
        folder = Path(made)
        folder.chmod(0o711)
        product = Running(folder, SCANLY_LOG_FORMAT="json", SCANLY_TRUSTED_PROXIES="127.0.0.1").start()
        try:
            taken = sorted(asyncio.run(measure(product, rate)))
        finally:
            product.stop()
    p50, p99 = (taken[int(len(taken) * part)] for part in (0.5, 0.99))
    print(f"{len(taken)} scans at {rate}/s: answered to counted p50 {p50:.2f} s, p99 {p99:.2f} s (target {_TARGET} s)")
    return int(p99 > _TARGET)


if __name__ == "__main__":
    sys.exit(main())
