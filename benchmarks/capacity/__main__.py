"""`python -m benchmarks.capacity [--write]`: machines and money for 10, 1,000 and 100,000 scans a second.

Computed from the measured figures in ``figures.toml`` beside this file; ``--write`` puts the page between the marks in
``docs/capacity.md``. Prices and loads are assumptions, in the same file.
"""

import math
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
PAGE = _HERE.parents[1] / "docs/capacity.md"
MARKS = ("<!-- computed -->\n", "<!-- end -->\n")
_RATES = (10, 1_000, 100_000)
_DAY = 86_400


@dataclass(frozen=True)
class Plan:
    """What a rate takes. Cores are planned, not used: of each only a part is loaded."""

    rate: int
    redirect_cores: float
    ingestion_cores: float
    database_cores: float
    database_gigabytes: float
    log_gigabytes: float
    raw_days: int
    machines: str
    dollars: float


def plan(rate: int, measured: dict[str, Any], assumed: dict[str, Any]) -> Plan:
    """Compute what ``rate`` scans a second take."""
    load = assumed["load"]
    raw_days = int(assumed["raw_days"][str(rate)])
    redirect = rate / measured["redirects_per_core"] / load
    ingestion = rate * (measured["survey_microseconds"] + measured["count_python_microseconds"]) * 1e-6 / load
    database = rate * measured["count_postgres_microseconds"] * 1e-6 / load
    raw_gigabytes = rate * _DAY * raw_days * measured["bytes_per_scan"] / 1e9
    cores = redirect + ingestion + database
    if cores < assumed["smallest_cores"]:
        more = max(0.0, raw_gigabytes - assumed["smallest_gigabytes"]) * assumed["gigabyte_month"]
        dollars = assumed["smallest_month"] + more
        return Plan(rate, redirect, ingestion, database, raw_gigabytes, 0, raw_days, "1 of the smallest", dollars)
    if cores < assumed["machine_cores"]:
        whole = max(2, math.ceil(cores))
        dollars = whole * assumed["core_month"] + raw_gigabytes * assumed["gigabyte_month"]
        machines = f"1 with {whole} cores"
        return Plan(rate, redirect, ingestion, database, raw_gigabytes, 0, raw_days, machines, dollars)
    log_gigabytes = rate * _DAY * assumed["log_days"] * measured["bytes_per_record"] * assumed["copies"] / 1e9
    size = assumed["machine_cores"]
    workers = math.ceil((redirect + ingestion) / size) + 1  # one may be away
    brokers = assumed["copies"]
    databases = 2 * max(1, math.ceil(database / size))  # each with a standby
    machines = f"{workers} for redirects and counting, {brokers} Kafka, {databases} PostgreSQL, 2 small: nginx, Redis"
    all_cores = (workers + brokers + databases) * size + 2 * 2
    dollars = all_cores * assumed["core_month"] + (2 * raw_gigabytes + log_gigabytes) * assumed["gigabyte_month"]
    return Plan(rate, redirect, ingestion, database, raw_gigabytes, log_gigabytes, raw_days, machines, dollars)


def page(figures: dict[str, Any]) -> str:
    """Return the computed part of the page."""
    measured, assumed = figures["measured"], figures["assumed"]
    plans = [plan(rate, measured, assumed) for rate in _RATES]
    rows: list[tuple[str, list[str]]] = [
        ("scans a month", [f"{each.rate * _DAY * 30:,}" for each in plans]),
        ("cores for redirects", [f"{each.redirect_cores:.2f}" for each in plans]),
        ("cores for looking up and counting", [f"{each.ingestion_cores:.2f}" for each in plans]),
        ("cores for PostgreSQL", [f"{each.database_cores:.2f}" for each in plans]),
        ("days that single scans are kept", [f"{each.raw_days}" for each in plans]),
        ("disk for single scans, GB", [f"{each.database_gigabytes:,.0f}" for each in plans]),
        ("disk for Kafka, GB", [f"{each.log_gigabytes:,.0f}" if each.log_gigabytes else "none" for each in plans]),
        ("machines", [each.machines for each in plans]),
        ("**dollars a month**", [f"**{each.dollars:,.0f}**" for each in plans]),
    ]
    lines = [
        "| | " + " | ".join(f"{each.rate:,} scans/s" for each in plans) + " |",
        "|---" * (len(plans) + 1) + "|",
        *(f"| {name} | " + " | ".join(cells) + " |" for name, cells in rows),
    ]
    assumptions = (
        f"Assumed: cores loaded to {assumed['load']:.0%}; machines of {assumed['machine_cores']} cores; "
        f"${assumed['core_month']:.0f} a month for a core with 4 GB of memory, ${assumed['gigabyte_month']:.2f} "
        f"for a GB of disk, ${assumed['smallest_month']:.0f} for the smallest server with "
        f"{assumed['smallest_gigabytes']} GB; {assumed['copies']} copies of the log for {assumed['log_days']} days, "
        "2 of the database."
    )
    return "\n".join(lines) + f"\n\n{assumptions}\n"


def written(text: str, computed: str) -> str:
    """Return the page's text with its computed part put between the marks."""
    before, rest = text.split(MARKS[0])
    _, after = rest.split(MARKS[1])
    return before + MARKS[0] + computed + MARKS[1] + after


def figures() -> dict[str, Any]:
    """Return what was measured and what is assumed."""
    return tomllib.loads((_HERE / "figures.toml").read_text(encoding="utf-8"))


def main() -> int:
    """Print the page, or write it."""
    computed = page(figures())
    if "--write" in sys.argv[1:]:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), computed), encoding="utf-8")
    else:
        sys.stdout.write(computed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
