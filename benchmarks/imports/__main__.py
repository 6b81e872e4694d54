"""`python -m benchmarks.imports [LINES]`: CPU of making the codes of a sheet, and what visitors feel of it.

CPU seconds are those of the processes of `scanly run`, so that other work on the machine does not count: the main one,
the pool that looks at each code, the database. They go on until what the codes' events cause is done as well.
Redirects come at a steady 100/s, first while nothing else happens, then while the import runs; what they take by
themselves is taken off.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import psutil

from benchmarks.load import redirects
from tests.support.running import Running

_LINES = 1_000
_IDLE_SECONDS = 5.0
_SETTLED = 3.0
"""Seconds after the last code in which the events about it are consumed."""
_MOST = 12.6
"""Milliseconds of CPU per code: a fifth of what an import took when each line was made for itself."""


def main() -> int:
    """Print a table; 1 when the target is missed."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else _LINES
    with tempfile.TemporaryDirectory(prefix="scanly-imports-", dir="/var/tmp") as made:
        folder = Path(made)
        folder.chmod(0o711)
        product = Running(folder, SCANLY_LOG_FORMAT="json", SCANLY_LIMIT_GENERAL="off").start()
        try:
            each = asyncio.run(_measure(product, lines))
        finally:
            product.stop()
    return int(each > _MOST)


async def _measure(product: Running, lines: int) -> float:
    async with httpx.AsyncClient(base_url=product.url, timeout=60) as client:
        slug, sheet = await _prepare(client, lines)
        await redirects(client, slug, asyncio.create_task(asyncio.sleep(1)))
        at_first = _spent(product)
        idle = await redirects(client, slug, asyncio.create_task(asyncio.sleep(_IDLE_SECONDS)))
        before, began = _spent(product), time.monotonic()
        importing = asyncio.create_task(_import(client, sheet, lines))
        busy = await redirects(client, slug, importing)
        seconds = time.monotonic() - began
        await asyncio.sleep(_SETTLED)
        after = _spent(product)
        alone = seconds / _IDLE_SECONDS
        spent = {name: after[name] - before[name] - (before[name] - at_first[name]) * alone for name in after}
    each = sum(spent.values()) / lines * 1000
    for name, took in spent.items():
        print(f"{name:<10}{took / lines * 1000:6.2f} ms of CPU per code")
    print(f"{'together':<10}{each:6.2f} ms of CPU per code (target at most {_MOST}); {lines / seconds:.0f} codes/s")
    print(f"redirect p99: idle {idle:.1f} ms, while the import runs {busy:.1f} ms")
    return each


async def _prepare(client: httpx.AsyncClient, lines: int) -> tuple[str, dict[str, Any]]:
    """Sign up, make a code for the visitors and upload a sheet with folders and numbers of its own."""
    body = {"email": "sheets@example.com", "password": "three quiet lanterns"}
    answer = await client.post("/api/v1/auth/sign-up", json=body)
    answer.raise_for_status()
    client.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
    code = await client.post("/api/v1/qr-codes", json={"content": {"type": "url", "url": "https://example.com"}})
    code.raise_for_status()
    rows = (f"{number},Table {number},menu.example/{number},Hall {number // 200}\n" for number in range(lines))
    file = ("tables.csv", "No,Table,URL,Hall\n" + "".join(rows))
    sheet = await client.post("/api/v1/qr-codes/import", files={"file": file})
    sheet.raise_for_status()
    return code.json()["link"]["slug"], sheet.json()


async def _import(client: httpx.AsyncClient, sheet: dict[str, Any], lines: int) -> None:
    address = f"/api/v1/qr-codes/imports/{sheet['id']}"
    (await client.post(f"{address}/start")).raise_for_status()
    while True:
        now = (await client.get(address)).json()
        if now["state"] == "done":
            break
        await asyncio.sleep(0.5)
    assert now["progress"]["made"] == lines, now["progress"]


def _spent(product: Running) -> dict[str, float]:
    """Return the CPU seconds of the main process, of PostgreSQL's and of the pool's."""
    assert product.process is not None
    main = psutil.Process(product.process.pid)
    spent = {"main": 0.0, "pool": 0.0, "database": 0.0}
    for process in (main, *main.children(recursive=True)):
        name = "main" if process == main else "database" if "postgres" in process.name() else "pool"
        # Of a process that ended meanwhile its parent knows.
        times = process.cpu_times()
        spent[name] += (
            times.user + times.system + (times.children_user + times.children_system if name != "main" else 0)
        )
    return spent


if __name__ == "__main__":
    sys.exit(main())
