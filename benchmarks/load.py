"""Visitors: wrk at full load, or redirects at a steady rate, and what they saw."""

import asyncio
import re
import statistics
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

_STEADY_RATE = 100
_UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3}


@dataclass(frozen=True)
class Run:
    """What wrk saw: requests per second, milliseconds."""

    rate: float
    p50: float
    p99: float


def wrk(port: int, script: Path, *arguments: str, seconds: int) -> Run:
    """One thread with 64 connections sends what the script says; all answers must be 2xx or 3xx."""
    command = ["wrk", "-t1", "-c64", f"-d{seconds}s", "--latency", "-s", str(script), f"http://127.0.0.1:{port}", "--"]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=True)
    assert "Non-2xx" not in done.stdout, done.stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    assert rate is not None, done.stdout
    return Run(float(rate[1]), _percentile(done.stdout, 50), _percentile(done.stdout, 99))


async def redirects(client: httpx.AsyncClient, slug: str, until: "asyncio.Task[None]") -> float:
    """Send redirects at the steady rate until the task is done; return the 99th percentile in milliseconds."""
    times: list[float] = []
    running: set[asyncio.Task[None]] = set()

    async def once() -> None:
        begun = time.perf_counter()
        answer = await client.get(f"/{slug}")
        times.append((time.perf_counter() - begun) * 1000)
        assert answer.status_code == 302

    while not until.done():
        task = asyncio.create_task(once())
        running.add(task)
        task.add_done_callback(running.discard)
        await asyncio.sleep(1 / _STEADY_RATE)
    await asyncio.gather(*running)
    await until
    return statistics.quantiles(times, n=100)[98]


def _percentile(output: str, percent: int) -> float:
    found = re.search(rf"^\s+{percent}%\s+([\d.]+)(us|ms|s)\s*$", output, re.MULTILINE)
    assert found is not None, output
    return float(found[1]) * _UNITS[found[2]]
