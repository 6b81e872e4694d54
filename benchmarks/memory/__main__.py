"""`python -m benchmarks.memory [MINUTES] [PER_SECOND]`: the memory (PSS) of each process while phones scan steadily.

`scanly run` with its defaults and 10,000 links; every scan comes from another address. 1 when a kind of process holds a
tenth more in the last third of the time than in the middle one: what is remembered has reached its bounds by then.
"""

import asyncio
import statistics
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import psutil

from benchmarks.latency.__main__ import send
from benchmarks.links import make_links
from scanly.kernel.postgres import EmbeddedPostgres
from tests.support.running import Running

_MINUTES = 30
_RATE = 300
_LINKS = 10_000
_PART = 60.0
_MOST_GROWTH = 1.1
"""The last third's median by that of the middle third."""


async def measure(product: Running, minutes: int, rate: int) -> dict[str, list[float]]:
    """Return megabytes by kind of process, at the end of each minute."""
    dsn = EmbeddedPostgres.attach(product.data_dir)
    assert dsn is not None
    assert product.process is not None
    slugs = make_links(dsn, _LINKS)
    main = psutil.Process(product.process.pid)
    held: defaultdict[str, list[float]] = defaultdict(list)
    answered = 0
    for minute in range(1, minutes + 1):
        answered += len(await send(product.port, slugs, rate, _PART))
        for kind, size in memory(main).items():
            held[kind].append(size)
        line = "  ".join(f"{kind} {sizes[-1]:.0f} MB" for kind, sizes in held.items())
        print(f"{minute:>3} min  {answered:>9,} scans  {line}", flush=True)
    return held


def memory(main: psutil.Process) -> dict[str, float]:
    """Return megabytes of the main process, of its workers together and of the database."""
    sizes: defaultdict[str, float] = defaultdict(float)
    for process in [main, *main.children(recursive=True)]:
        is_database = process.name().startswith("postgres")
        kind = "main" if process == main else "PostgreSQL" if is_database else "workers"
        sizes[kind] += process.memory_full_info().pss / 1e6
    return sizes


def main() -> int:
    """Print a line a minute; 1 when something grows on."""
    minutes, rate = (int(sys.argv[n]) if len(sys.argv) > n else default for n, default in ((1, _MINUTES), (2, _RATE)))
    with tempfile.TemporaryDirectory(prefix="scanly-memory-", dir="/var/tmp") as made:
        folder = Path(made)
        folder.chmod(0o711)
        product = Running(folder, SCANLY_LOG_FORMAT="json", SCANLY_TRUSTED_PROXIES="127.0.0.1").start()
        try:
            held = asyncio.run(measure(product, minutes, rate))
        finally:
            product.stop()
    third = max(minutes // 3, 1)
    growth = {
        kind: statistics.median(sizes[-third:]) / statistics.median(sizes[-2 * third : -third] or sizes)
        for kind, sizes in held.items()
    }
    print("last third by middle third: " + "  ".join(f"{kind} {ratio:.2f}" for kind, ratio in growth.items()))
    return int(max(growth.values()) > _MOST_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
