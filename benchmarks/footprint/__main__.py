"""Start `scanly run` on a fresh and then five times on a used data folder; measure time and memory (PSS)."""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil

from tests.support.running import Running

_STARTS = 5
_IDLE = 20.0  # seconds between ready and measuring memory
_TARGET_MEMORY = 300  # MB
_TARGET_READY = 5.0  # seconds


def main() -> int:
    """Print a table; 1 when a target is missed."""
    # Not tmpfs: reading a used data folder from disk is part of what is measured.
    with tempfile.TemporaryDirectory(prefix="scanly-footprint-", dir="/var/tmp") as made:
        folder = Path(made)
        folder.chmod(0o711)
        first, _ = _measure(folder, idle=0)
        used = [_measure(folder, idle=_IDLE if number == 0 else 0) for number in range(_STARTS)]
    ready = statistics.median(seconds for seconds, _ in used)
    memory = used[0][1]
    total = sum(memory.values())
    print(f"{'start to ready, fresh data folder':<48}{first:8.2f} s")
    print(
        f"{f'start to ready, used data folder, median of {_STARTS}':<48}{ready:8.2f} s   target {_TARGET_READY:.0f} s"
    )
    for name, size in memory.items():
        print(f"{f'idle memory (PSS), {name}':<48}{size:8.1f} MB")
    print(f"{'idle memory (PSS), all processes':<48}{total:8.1f} MB  target {_TARGET_MEMORY} MB")
    return int(total > _TARGET_MEMORY or ready > _TARGET_READY)


def _measure(folder: Path, *, idle: float) -> tuple[float, dict[str, float]]:
    """Seconds from start to ready, and megabytes after `idle` seconds by kind of process."""
    product = Running(folder, SCANLY_LOG_FORMAT="json")
    began = time.monotonic()
    try:
        product.start()
        seconds = time.monotonic() - began
        time.sleep(idle)
        assert product.process is not None
        return seconds, _memory(psutil.Process(product.process.pid))
    finally:
        product.stop()


def _memory(parent: psutil.Process) -> dict[str, float]:
    sizes: dict[str, float] = {}
    for process in [parent, *parent.children(recursive=True)]:
        kind = "PostgreSQL" if process.name().startswith("postgres") else "scanly"
        sizes[kind] = sizes.get(kind, 0.0) + _pss(process) / 1e6
    return sizes


def _pss(process: psutil.Process) -> int:
    info = process.memory_full_info()
    # macOS tells what is unique to a process, not its share of what is shared.
    return int(getattr(info, "pss", None) or info.uss)


if __name__ == "__main__":
    if not os.access("/var/tmp", os.W_OK):
        sys.exit("/var/tmp cannot be written to.")
    sys.exit(main())
