"""`python -m benchmarks.processes`: CPU time per redirect with one redirect process and with two on the same database.

Each process serves visitors directly, at a rate that leaves it room; CPU seconds are those of the processes and of what
they start, so that other work on the machine does not count. Shipping to the log is part of it. For context nginx
answers a constant 302, the outer limit. Five alternating runs, medians.
"""

import contextlib
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from benchmarks.links import make_links
from benchmarks.load import wrk
from scanly.kernel.postgres import EmbeddedPostgres
from tests.e2e.shapes import separate_processes
from tests.support.running import Running
from tools.services import nginx
from tools.services.server import free_port

_RUNS = 5
_SECONDS = 4
_REST = 4.0
"""Seconds in which what was scanned is shipped and counted, so that each part finds the machine as the others do."""
_LINKS = 10_000
_TARGET = 1.1
_SCRIPT = Path(__file__).parent.parent / "redirect/phones.lua"
_CONSTANT = """\
keepalive_requests 1000000000;
server {{ listen 127.0.0.1:{port}; location / {{ return 302 https://example.com/menus/of/sharma-sweets; }} }}
"""


def main() -> int:
    """Print a table; 1 when the target is missed."""
    with tempfile.TemporaryDirectory(prefix="scanly-processes-", dir="/var/tmp") as made:
        folder = Path(made)
        folder.chmod(0o711)
        (folder / "database").mkdir(mode=0o711)
        database = EmbeddedPostgres(folder / "database")
        try:
            dsn = database.start()
            with (
                separate_processes(folder, dsn, SCANLY_LOG_FORMAT="json") as shape,
                _nginx(folder) as (port, pid),
            ):
                slugs = folder / "slugs"
                slugs.write_text("\n".join(make_links(dsn, _LINKS)) + "\n")
                redirects = [shape.processes[name] for name in ("routing-1", "routing-2")]
                for process in redirects:
                    wrk(process.port, _SCRIPT, str(slugs), seconds=_SECONDS)  # every link is in memory afterwards
                one, two, edge = [], [], []
                for number in range(_RUNS):
                    one.append(_run([redirects[0].port] * 2, [_pid(redirects[0])], slugs))
                    two.append(_run([each.port for each in redirects], [_pid(each) for each in redirects], slugs))
                    edge.append(_run([port] * 2, [pid], slugs))
                    print(
                        f"run {number + 1}  one {one[-1]:5.1f} µs  two {two[-1]:5.1f} µs  nginx {edge[-1]:5.1f} µs",
                        flush=True,
                    )
        finally:
            database.stop()
    for name, figures in (("one process", one), ("two processes", two), ("nginx, constant 302", edge)):
        print(f"{name:<20}median {statistics.median(figures):6.1f} µs of CPU per redirect")
    ratio = statistics.median(two) / statistics.median(one)
    print(f"{'ratio':<20}{ratio:.2f} (target at most {_TARGET})")
    return int(ratio > _TARGET)


def _run(ports: list[int], pids: list[int], slugs: Path) -> float:
    """Send scans to ``ports`` one after the other; return the microseconds of CPU per redirect of the processes."""
    before = _spent(pids)
    requests = 0.0
    for port in ports:
        requests += wrk(port, _SCRIPT, str(slugs), seconds=_SECONDS).rate * _SECONDS
        time.sleep(_REST)
    return (_spent(pids) - before) / requests * 1e6


def _spent(pids: list[int]) -> float:
    total = 0.0
    for pid in pids:
        process = psutil.Process(pid)
        for each in (process, *process.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                times = each.cpu_times()
                total += times.user + times.system
    return total


def _pid(process: Running) -> int:
    assert process.process is not None
    return process.process.pid


@contextlib.contextmanager
def _nginx(folder: Path) -> Iterator[tuple[int, int]]:
    nginx.install()
    home = folder / "nginx"
    home.mkdir()
    port = free_port()
    server = nginx.Nginx(home, port=port, sites=_CONSTANT.format(port=port))
    server.start()
    try:
        yield port, server.pid
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
