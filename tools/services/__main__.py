"""Command line of the package."""

import argparse
import signal
import sys
import tempfile
from pathlib import Path

from tools.services import chromium, kafka, nginx, paper, postgres, prometheus, redis, s3, wrk, zbar
from tools.services.packages import Unavailable

_INSTALL = {
    "chromium": chromium.install,
    "kafka": kafka.install,
    "nginx": nginx.install,
    "paper": paper.install,
    "postgres": postgres.install,
    "prometheus": prometheus.install,
    "redis": redis.install,
    "s3": s3.install,
    "wrk": wrk.install,
    "zbar": zbar.install,
}
_RUN = {"kafka": kafka.run, "postgres": postgres.run, "redis": redis.run, "s3": s3.run}


def main() -> int:
    """Do what the arguments say; 1 when a service cannot be had, with the reason of each on standard error."""
    parser = argparse.ArgumentParser(prog="python -m tools.services", description="Real services for tests.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("install").add_argument("names", nargs="*", choices=[*_INSTALL, []], metavar="NAME")
    commands.add_parser("run").add_argument("name", choices=_RUN)
    asked = parser.parse_args()
    return _run(asked.name) if asked.command == "run" else _install(asked.names or list(_INSTALL))


def _install(names: list[str]) -> int:
    failed = 0
    for name in names:
        try:
            _INSTALL[name]()
        except Unavailable as reason:
            print(f"{name}: {reason}", file=sys.stderr)
            failed = 1
        else:
            print(f"{name}: ready", flush=True)
    return failed


def _run(name: str) -> int:
    with tempfile.TemporaryDirectory(prefix="scanly-service-") as made:
        folder = Path(made)
        folder.chmod(0o711)
        try:
            with _RUN[name](folder) as address:
                print(address, flush=True)
                ends = {signal.SIGINT, signal.SIGTERM}
                signal.pthread_sigmask(signal.SIG_BLOCK, ends)
                signal.sigwait(ends)
        except Unavailable as reason:
            print(f"{name}: {reason}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
