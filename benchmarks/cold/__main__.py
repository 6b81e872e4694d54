"""`python -m benchmarks.cold`: five alternating runs of cold redirects and of bare reads; prints medians.

A cold redirect is everything from the request to its answer inside the process: look-up in the database, compiling,
the scan's place in the spool. The reference is one read of an address by its primary key, on the connection that the
look-ups use. Both one after the other, each address once, all pages in PostgreSQL's memory. Redis is not set.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

import asyncpg
import uvloop

from benchmarks.links import make_links
from scanly.app.registry import schemas
from scanly.kernel.db.migrate import migrate
from scanly.kernel.postgres import EmbeddedPostgres
from scanly.services.routing.link_source import DatabaseLinks
from scanly.services.routing.metrics import Tally
from scanly.services.routing.read_model import ReadModel
from scanly.services.routing.redirect import Redirect
from scanly.services.routing.spool import Spool

_LINKS = 100_000
_RUNS = 5
_EACH = 3_000
_TARGET = 2.0
_READ = "select link_id, code_id, slug from routing.addresses where domain = '' and slug_key = $1"
_HEADERS = [
    (b"user-agent", b"Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36"),
    (b"accept-language", b"hi"),
]


def main() -> int:
    """Print a table; 1 when the target is missed."""
    with tempfile.TemporaryDirectory(prefix="scanly-cold-", dir="/var/tmp") as made:
        folder = Path(made)
        folder.chmod(0o711)
        database = EmbeddedPostgres(folder)
        try:
            dsn = database.start()
            migrate(dsn, schemas())
            slugs = make_links(dsn, _LINKS)
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                cold, reads = runner.run(_measure(dsn, folder, slugs))
        finally:
            database.stop()
    ratio = statistics.median(cold) / statistics.median(reads)
    print(f"cold redirect    median {statistics.median(cold):7.1f} µs")
    print(f"one indexed read median {statistics.median(reads):7.1f} µs")
    print(f"ratio {ratio:.2f} (target at most {_TARGET})")
    return int(ratio > _TARGET)


async def _measure(dsn: str, folder: Path, slugs: list[str]) -> tuple[list[float], list[float]]:
    source = DatabaseLinks(dsn)
    spool = Spool(folder / "spool")
    spool.open()
    tally = Tally()
    links = ReadModel(source, tally, max_bytes=1 << 30, unknown_seconds=30, stale_seconds=3600)
    redirect = Redirect(links, spool, tally)
    cold: list[float] = []
    reads: list[float] = []
    asked = iter(slugs)
    await _redirects(redirect, [next(asked) for _ in range(_EACH)])
    for number in range(_RUNS):
        part = [next(asked) for _ in range(_EACH)]
        (connection,) = source._idle  # noqa: SLF001 - the very connection of the look-ups
        reads.append(await _reads(connection, part))
        cold.append(await _redirects(redirect, part))
        print(f"run {number + 1}  cold redirect {cold[-1]:7.1f} µs  one indexed read {reads[-1]:7.1f} µs", flush=True)
    assert tally.link_lookups["memory"] == 0
    assert tally.link_lookups["database"] == (_RUNS + 1) * _EACH
    await links.stop()
    await source.close()
    spool.close()
    return cold, reads


async def _redirects(redirect: Redirect, slugs: list[str]) -> float:
    """Return the median of microseconds."""
    times = []
    statuses = set()

    async def send(message: dict[str, object]) -> None:
        statuses.add(message.get("status", 302))

    async def receive() -> dict[str, object]:
        raise AssertionError("the redirect reads no body")

    for slug in slugs:
        scope = {
            "type": "http",
            "method": "GET",
            "path": f"/{slug}",
            "query_string": b"",
            "headers": _HEADERS,
            "client": ("49.36.1.1", 50_000),
        }
        began = time.perf_counter()
        await redirect(scope, receive, send)
        times.append(time.perf_counter() - began)
    assert statuses == {302}
    return statistics.median(times) * 1e6


async def _reads(connection: asyncpg.Connection, slugs: list[str]) -> float:
    times = []
    for slug in slugs:
        began = time.perf_counter()
        rows = await connection.fetch(_READ, slug)
        times.append(time.perf_counter() - began)
        assert len(rows) == 1
    return statistics.median(times) * 1e6


if __name__ == "__main__":
    sys.exit(main())
