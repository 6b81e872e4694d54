"""`python -m benchmarks.guessing [ADDRESSES]`: so many different unknown addresses, beside visitors of known ones.

64 connections guess as fast as they are answered. Prints the memory of the main process (PSS) and what the known links'
visitors felt, part by part; 1 when memory grows beyond the bound or a known link was not redirected.
"""

import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx
import psutil

from benchmarks.links import make_links
from scanly.kernel.postgres import EmbeddedPostgres
from tests.support.running import Running

_ADDRESSES = 1_000_000
_KNOWN = 1_000
_PART = 20  # seconds
_PER_SECOND = 20
_MOST_GROWTH = 64.0
"""MB after the first part: bounds of what is remembered are reached within it."""
_SCRIPT = Path(__file__).parent / "guesses.lua"


class Known:
    """Asks for known links at a steady rate."""

    def __init__(self, url: str, slugs: list[str]) -> None:
        self._url = url
        self._slugs = slugs
        self._stop = threading.Event()
        self.times: list[float] = []
        self.refused = 0
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()

    def take(self) -> list[float]:
        """Return the milliseconds since the last call, sorted."""
        times, self.times = self.times, []
        return sorted(times)

    def stop(self) -> None:
        """Ask no more."""
        self._stop.set()
        self._thread.join()

    def _ask(self) -> None:
        with httpx.Client(base_url=self._url, timeout=30) as client:
            number = 0
            while not self._stop.wait(1 / _PER_SECOND):
                number += 1
                began = time.perf_counter()
                answer = client.get(f"/{self._slugs[number % len(self._slugs)]}")
                self.times.append((time.perf_counter() - began) * 1e3)
                self.refused += answer.status_code != 302


def main() -> int:
    """Guess; print a line for each part."""
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else _ADDRESSES
    with tempfile.TemporaryDirectory(prefix="scanly-guessing-", dir="/var/tmp") as made:
        folder = Path(made)
        folder.chmod(0o711)
        product = Running(folder, SCANLY_LOG_FORMAT="json").start()
        try:
            dsn = EmbeddedPostgres.attach(product.data_dir)
            assert dsn is not None
            slugs = make_links(dsn, _KNOWN)
            assert product.process is not None
            process = psutil.Process(product.process.pid)
            with httpx.Client(base_url=product.url) as client:
                for slug in slugs:
                    client.get(f"/{slug}")
            known = Known(product.url, slugs)
            time.sleep(10)
            idle = known.take()
            print(f"{'before':>12}  {_memory(process):6.1f} MB  known links p50 {_at(idle, 50)}  p99 {_at(idle, 99)}")
            try:
                grown = _guess(product.port, process, known, asked)
            finally:
                known.stop()
            print(f"{known.refused} known addresses were not redirected; growth {grown:.1f} MB since the first part")
        finally:
            product.stop()
    return int(known.refused > 0 or grown > _MOST_GROWTH)


def _guess(port: int, process: psutil.Process, known: Known, asked: int) -> float:
    done, first = 0, 0.0
    while done < asked:
        command = ["wrk", "-t1", "-c64", f"-d{_PART}s", "-s", str(_SCRIPT), f"http://127.0.0.1:{port}", "--", str(done)]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        number = re.search(r"(\d+) requests in", said)
        assert number is not None, said
        done += int(number[1]) + 64  # what was under way
        memory, times = _memory(process), known.take()
        first = first or memory
        print(
            f"{done:>12,}  {memory:6.1f} MB  known links p50 {_at(times, 50)}  p99 {_at(times, 99)}  "
            f"{int(number[1]) / _PART:.0f} guesses/s",
            flush=True,
        )
    return memory - first


def _memory(process: psutil.Process) -> float:
    return float(process.memory_full_info().pss) / 1e6


def _at(times: list[float], percent: int) -> str:
    return f"{times[len(times) * percent // 100]:.1f} ms"


if __name__ == "__main__":
    sys.exit(main())
