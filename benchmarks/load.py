"""wrk, and what it saw."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

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


def _percentile(output: str, percent: int) -> float:
    found = re.search(rf"^\s+{percent}%\s+([\d.]+)(us|ms|s)\s*$", output, re.MULTILINE)
    assert found is not None, output
    return float(found[1]) * _UNITS[found[2]]
