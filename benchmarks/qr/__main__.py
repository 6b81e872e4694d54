"""`python -m benchmarks.qr [--codes N] [--archive]`: CPU time of a styled code in each format, of the judge, of many.

For reference segno and qrcode (PyPI, if they are there; plain squares) and qr-code-styling (npm, in a folder of its
own; the same style in jsdom). The archive is what `GET /qr-codes/export` sends: one full judgement, then for each code
a symbol, a quick decode and a file, on one core; memory is that of this process. It is made of N codes and the time for
10,000 computed; ``--codes 10000`` makes all of them, ``--archive`` measures nothing else.
"""

import argparse
import importlib.util
import io
import json
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from scanly.services.qr.glance import glance
from scanly.services.qr.judging import judge
from scanly.services.qr.many.archive import Archive
from scanly.services.qr.rendering.output import Format, Wanted, image_size, render
from scanly.services.qr.rendering.paint import Gradient, Stop
from scanly.services.qr.rendering.scene import Frame, Look
from scanly.services.qr.rendering.symbol import encode

_HERE = Path(__file__).parent
_PAYLOAD = "HTTPS://GO.EXAMPLE/AB23CDE"
_CODES = 10_000
_SAMPLE = 500
_ROUNDS = 5
_REPEATS = 40
_BOUNDS = {"SVG": 1.0, "PNG": 20.0}
_ZIP_BOUNDS: dict[Format, float] = {"svg": 60, "png": 240}
_STYLED = Look("rounded", modules="#12355b", eye_frame="extra_rounded", eye_frames="#7a0019")
_RICH = Look(
    "dots",
    modules=Gradient("linear", (Stop(0, "#0b3d91"), Stop(1, "#7a0019")), 45),
    eye_frame="circle",
    frame=Frame("banner_bottom", "स्कैन करें", "#12355b", "#ffffff"),
)


def milliseconds(work: Callable[[], object]) -> float:
    """Return the median over rounds of the CPU time of one call."""
    work()
    rounds = []
    for _ in range(_ROUNDS):
        began = time.process_time()
        for _ in range(_REPEATS):
            work()
        rounds.append((time.process_time() - began) / _REPEATS * 1e3)
    return statistics.median(rounds)


def fresh(look: Look, form: Format) -> Callable[[], object]:
    """Draw another code each time: nothing of a symbol is remembered."""
    numbers = iter(range(10**9))
    size = image_size(1024, "px", 300)
    return lambda: render(f"HTTPS://GO.EXAMPLE/{next(numbers):07d}", look, Wanted(form, size))


def others() -> dict[str, Callable[[], object]]:
    """Return what else makes codes."""
    found: dict[str, Callable[[], object]] = {}
    if importlib.util.find_spec("segno"):
        import segno  # noqa: PLC0415 - may be absent

        made = lambda: segno.make(_PAYLOAD, error="q")  # noqa: E731
        found["segno SVG"] = lambda: made().save(io.BytesIO(), kind="svg", scale=30)
        found["segno PNG"] = lambda: made().save(io.BytesIO(), kind="png", scale=31)
    if importlib.util.find_spec("qrcode"):
        import qrcode  # noqa: PLC0415 - may be absent
        from qrcode.image.svg import SvgPathImage  # noqa: PLC0415

        found["qrcode SVG"] = lambda: qrcode.make(_PAYLOAD, image_factory=SvgPathImage).save(io.BytesIO())
        found["qrcode PNG"] = lambda: qrcode.make(_PAYLOAD, box_size=31).save(io.BytesIO())
    return found


def styling() -> float | None:
    """Return the milliseconds that qr-code-styling takes for an SVG; None without Node.js."""
    if shutil.which("node") is None:
        return None
    if not (_HERE / "node_modules").is_dir():
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=_HERE, check=True)
    said = subprocess.run(["node", "run.mjs", _PAYLOAD, "60"], cwd=_HERE, check=True, capture_output=True, text=True)
    return statistics.median(json.loads(said.stdout)[20:])


class Made(NamedTuple):
    """An archive: seconds of CPU, bytes, MB of memory at most, and by how many MB that grew after the first tenth."""

    seconds: float
    size: int
    peak: float
    grown: float


def archive(number: int, form: Format) -> Made:
    """Make an archive of so many codes, judged and read as they are saved, and send it nowhere."""
    file = Wanted(form, image_size(1024, "px", 300))
    judge(_PAYLOAD, _STYLED)
    began, first, size, made = time.process_time(), 0.0, 0, Archive()
    for count in range(number):
        payload = f"HTTPS://GO.EXAMPLE/{count:07d}"
        assert glance(payload, _STYLED).reads
        size += len(made.add(f"{count}.{form}", render(payload, _STYLED, file, f"Table {count}")))
        if count == number // 10:
            first = _peak()
    size += len(made.end())
    return Made(time.process_time() - began, size, _peak(), _peak() - first)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def single() -> bool:
    """Print what one code costs; False when a target is missed."""
    good = True
    for form in ("svg", "png", "jpg", "webp", "pdf", "eps"):
        styled, rich = milliseconds(fresh(_STYLED, form)), milliseconds(fresh(_RICH, form))
        bound = _BOUNDS.get(form.upper())
        good = good and (bound is None or styled < bound)
        target = f"  (target {bound:g})" if bound else ""
        print(f"{form:>5} of 1,024 px: {styled:.2f} ms styled, {rich:.2f} ms with gradient, frame and text{target}")
    print(f"symbol: {milliseconds(lambda: encode.__wrapped__(_PAYLOAD, 'auto')):.2f} ms")  # type: ignore[attr-defined]
    print(f"judge: {milliseconds(lambda: judge(_PAYLOAD, _STYLED)):.1f} ms")
    for name, work in others().items():
        print(f"{name}: {milliseconds(work):.2f} ms")
    if (taken := styling()) is not None:
        print(f"qr-code-styling SVG: {taken:.2f} ms")
    return good


def many(number: int) -> bool:
    """Print what an archive costs; False when a target is missed."""
    good = True
    for form, most in _ZIP_BOUNDS.items():
        made = archive(number, form)
        whole = made.seconds * _CODES / number
        good = good and whole <= most
        print(
            f"{number:,} codes as {form} in a ZIP of {made.size / 1e6:.0f} MB: {made.seconds:.0f} s of CPU, "
            f"{whole:.0f} s for {_CODES:,} (target {most:g}); {made.peak:.0f} MB, {made.grown:.1f} more than "
            "after the first tenth"
        )
    return good


def main() -> int:
    """Print a table; 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.qr")
    parser.add_argument("--codes", type=int, default=_SAMPLE, help="codes in the archive")
    parser.add_argument("--archive", action="store_true", help="measure the archive alone")
    asked = parser.parse_args()
    good = asked.archive or single()
    return int(not (many(asked.codes) and good))


if __name__ == "__main__":
    sys.exit(main())
