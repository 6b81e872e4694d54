"""`python -m tests.soak [--shape lean|scale] [--rate N] [--seconds N] [--write]`: the exactness campaign.

One crowd scans without a pause while the faults happen one after the other. Then everything is counted, in the raw rows
and in the roll-ups that the API answers from. `--write` puts the table into docs/reliability.md. Exits with 1 when a
scan is lost, counted twice, or invented.
"""

import argparse
import signal
import sys
from pathlib import Path

from tests.soak.campaign import SHAPES, Outcome, run
from tests.soak.report import write

_PAGE = Path(__file__).parents[2] / "docs/reliability.md"


def main() -> int:
    """Run the campaign for the shapes that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--shape", choices=sorted(SHAPES), action="append")
    parser.add_argument("--rate", type=float, default=1_000, help="scans per second")
    parser.add_argument("--seconds", type=float, default=60, help="how long a part stays away")
    parser.add_argument("--write", action="store_true", help="write docs/reliability.md")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything is stopped
    outcomes: list[Outcome] = []
    for shape in asked.shape or sorted(SHAPES):
        outcomes.append(run(shape, rate=asked.rate, seconds=asked.seconds))
        print(outcomes[-1].describe(), flush=True)
    if asked.write:
        write(_PAGE, outcomes, rate=asked.rate, seconds=asked.seconds)
    return int(not all(outcome.is_exact for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
