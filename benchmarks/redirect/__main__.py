"""`python -m benchmarks.redirect`: five alternating runs of wrk against ours and the reference; prints medians.

Ours is started by `scanly run` with its defaults: metrics, spool and shipper on, counting beside it. Both servers' main
process is bound to the first core, everything else (wrk, PostgreSQL) to the other ones. 10,000 codes, phones' headers.
"""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import psutil
import psycopg

from benchmarks.load import Run, wrk
from scanly.kernel.ids import new_id
from scanly.kernel.postgres import EmbeddedPostgres
from tests.support.running import Running
from tools.services.server import free_port

OURS = "scanly run"
BARE = "bare constant 302"
_CODES = 10_000
_RUNS = 5
_SECONDS = 5
_PAUSE = 3.0
_TARGET_RATE = 0.7
_TARGET_P99 = 2.0
_HERE = Path(__file__).parent


def main() -> int:
    """Print a table; 1 when a target is missed."""
    with tempfile.TemporaryDirectory(prefix="scanly-redirect-", dir="/var/tmp") as made:
        folder = Path(made)
        folder.chmod(0o711)
        product = Running(folder, SCANLY_LOG_FORMAT="json").start()
        port = free_port()
        bare = subprocess.Popen([sys.executable, "-m", "benchmarks.redirect.bare", str(port)])
        try:
            slugs = _make_codes(product, folder)
            _bind(product, bare)
            runs = _alternate(product, port, slugs)
        finally:
            bare.kill()
            bare.wait()
            product.stop()
    return _report(runs)


def _make_codes(product: Running, folder: Path) -> Path:
    assert product.process is not None
    slugs = folder / "slugs"
    workspace = new_id()
    names = [f"code{number:05d}" for number in range(_CODES)]
    links = [(new_id(), new_id(), f"https://example.com/menus/of/sharma-sweets/{name}") for name in names]
    with psycopg.connect(_dsn(product)) as connection, connection.cursor() as cursor:
        cursor.execute("set role svc_routing_system")
        cursor.executemany(
            "insert into routing.links (id, workspace_id, code_id, destination, status_code, version, created_at, "
            "updated_at) values (%s, %s, %s, %s, 302, 1, now(), now())",
            [(link, workspace, code, destination) for link, code, destination in links],
        )
        cursor.executemany(
            "insert into routing.addresses (domain, slug_key, slug, kind, workspace_id, link_id, code_id, claimed_at, "
            "confirmed_at, changed_at) values ('', %s, %s, 'link', %s, %s, %s, now(), now(), now() - interval '1 day')",
            [(name, name, workspace, link, code) for name, (link, code, _) in zip(names, links, strict=True)],
        )
    slugs.write_text("\n".join(names) + "\n")
    return slugs


def _dsn(product: Running) -> str:
    dsn = EmbeddedPostgres.attach(product.data_dir)
    assert dsn is not None
    return dsn


def _bind(product: Running, bare: "subprocess.Popen[bytes]") -> None:
    first, *others = sorted(os.sched_getaffinity(0))
    assert product.process is not None
    main_process = psutil.Process(product.process.pid)
    for server in (main_process, psutil.Process(bare.pid)):
        for thread in server.threads():
            os.sched_setaffinity(thread.id, {first})
    for child in main_process.children(recursive=True):
        os.sched_setaffinity(child.pid, others or {first})
    os.sched_setaffinity(0, others or {first})


def _alternate(product: Running, bare: int, slugs: Path) -> dict[str, list[Run]]:
    assert product.process is not None
    runs: dict[str, list[Run]] = {OURS: [], BARE: []}
    with httpx.Client() as client:
        for slug in slugs.read_text().split():  # every code is in memory afterwards
            client.get(f"http://127.0.0.1:{product.port}/{slug}")
    for port in (product.port, bare):
        _wrk(port, slugs)
    for number in range(_RUNS):
        time.sleep(_PAUSE)
        runs[OURS].append(_wrk(product.port, slugs))
        # What ours still has to count must not slow the reference down.
        product.process.send_signal(signal.SIGSTOP)
        runs[BARE].append(_wrk(bare, slugs))
        product.process.send_signal(signal.SIGCONT)
        for name, those in runs.items():
            run = those[-1]
            print(
                f"run {number + 1}  {name:<20}{run.rate:9.0f}/s  p50 {run.p50:6.2f} ms  p99 {run.p99:6.2f} ms",
                flush=True,
            )
    return runs


def _wrk(port: int, slugs: Path) -> Run:
    return wrk(port, _HERE / "phones.lua", str(slugs), seconds=_SECONDS)


def _report(runs: dict[str, list[Run]]) -> int:
    ours, bare = runs[OURS], runs[BARE]
    print()
    for name, those in runs.items():
        rate, p50, p99 = (statistics.median(getattr(run, field) for run in those) for field in ("rate", "p50", "p99"))
        print(f"{name:<26}median {rate:9.0f}/s  p50 {p50:6.2f} ms  p99 {p99:6.2f} ms")
    rate = statistics.median(run.rate for run in ours) / statistics.median(run.rate for run in bare)
    p99 = statistics.median(run.p99 for run in ours) / statistics.median(run.p99 for run in bare)
    print(
        f"{'ratio':<26}rate {rate:.2f} (target at least {_TARGET_RATE})  p99 {p99:.2f} (target at most {_TARGET_P99})"
    )
    return int(rate < _TARGET_RATE or p99 > _TARGET_P99)


if __name__ == "__main__":
    sys.exit(main())
