"""`python -m benchmarks.zipf`: five alternating runs of wrk over a million links and over one; prints medians.

`scanly run` with its defaults but for the links' memory, which has room for a third of the million: what is asked for
less often is read from the database again and again. The most popular ones are asked for once beforehand. The same
load generator asks for the one link, and for the others by Zipf's law (exponent 1). The main process is bound to the
first core, wrk and PostgreSQL to the other ones.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil

from benchmarks.links import make_links
from benchmarks.load import Run, wrk
from scanly.kernel.postgres import EmbeddedPostgres
from tests.support.running import Running

_LINKS = 1_000_000
_MEMORY_MB = 256
_ROOM = 330_000
"""Links that fit into so much memory."""
_WARM_UPS = 6
_WARM_UP_SECONDS = 15
_RUNS = 5
_SECONDS = 4
_PAUSE = 2.0
_TARGET = 0.6
_MOST_MEMORY = 1.25
_SCRIPT = Path(__file__).parent / "zipf.lua"


def main() -> int:
    """Print a table; 1 when a target is missed."""
    with tempfile.TemporaryDirectory(prefix="scanly-zipf-", dir="/var/tmp") as made:
        folder = Path(made)
        folder.chmod(0o711)
        product = Running(folder, SCANLY_LOG_FORMAT="json", SCANLY_LINK_CACHE_MB=str(_MEMORY_MB)).start()
        try:
            dsn = EmbeddedPostgres.attach(product.data_dir)
            assert dsn is not None
            make_links(dsn, _LINKS)
            _bind(product)
            before = _memory(product)
            many, one = _alternate(product)
            grown = _memory(product) - before
        finally:
            product.stop()
    ratio = statistics.median(run.rate for run in many) / statistics.median(run.rate for run in one)
    for name, runs in (("a million links", many), ("one link", one)):
        rate, p50, p99 = (statistics.median(getattr(run, field) for run in runs) for field in ("rate", "p50", "p99"))
        print(f"{name:<18}median {rate:9.0f}/s  p50 {p50:6.2f} ms  p99 {p99:6.2f} ms")
    print(f"ratio {ratio:.2f} (target at least {_TARGET})")
    print(f"the process grew by {grown:.0f} MB (target at most {_MOST_MEMORY} x {_MEMORY_MB} MB)")
    return int(ratio < _TARGET or grown > _MOST_MEMORY * _MEMORY_MB)


def _bind(product: Running) -> None:
    assert product.process is not None
    first, *others = sorted(os.sched_getaffinity(0))
    process = psutil.Process(product.process.pid)
    for thread in process.threads():
        os.sched_setaffinity(thread.id, {first})
    for child in process.children(recursive=True):
        os.sched_setaffinity(child.pid, others or {first})
    os.sched_setaffinity(0, others or {first})


def _memory(product: Running) -> float:
    """Return the megabytes of the main process."""
    assert product.process is not None
    resident: int = psutil.Process(product.process.pid).memory_info().rss
    return resident / 2**20


def _alternate(product: Running) -> tuple[list[Run], list[Run]]:
    many: list[Run] = []
    one: list[Run] = []
    seeds = iter(range(1, 100))
    rank = 1
    for _ in range(_WARM_UPS):
        run = wrk(product.port, _SCRIPT, str(_LINKS), "0", str(rank), seconds=_WARM_UP_SECONDS)
        rank += round(run.rate * _WARM_UP_SECONDS)
        print(f"warm-up to rank {rank:,} of {_LINKS:,}: {run.rate:9.0f}/s, none of them in memory before", flush=True)
        time.sleep(_PAUSE)
        if rank > _ROOM:
            break
    for number in range(_RUNS):
        one.append(wrk(product.port, _SCRIPT, "1", str(next(seeds)), seconds=_SECONDS))
        time.sleep(_PAUSE)
        many.append(wrk(product.port, _SCRIPT, str(_LINKS), str(next(seeds)), seconds=_SECONDS))
        time.sleep(_PAUSE)
        print(f"run {number + 1}  a million links {many[-1].rate:9.0f}/s  one link {one[-1].rate:9.0f}/s", flush=True)
    return many, one


if __name__ == "__main__":
    sys.exit(main())
