"""Writes what a campaign found into the documentation."""

from collections.abc import Sequence
from pathlib import Path

from tests.soak.campaign import Outcome

BEGIN = "<!-- measured: begin -->"
END = "<!-- measured: end -->"


def write(page: Path, outcomes: Sequence[Outcome], *, rate: float, seconds: float) -> None:
    """Put the tables between the marks of ``page``."""
    text = page.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    asked = f"At most {rate:.0f} scans/s were sent; what was away was away for {seconds:.0f} s."
    tables = "\n\n".join(_table(outcome) for outcome in outcomes)
    page.write_text(f"{head}{BEGIN}\n\n{asked}\n\n{tables}\n\n{END}{tail}", encoding="utf-8")


def _table(outcome: Outcome) -> str:
    rows = [
        f"### {outcome.shape.capitalize()}",
        "",
        "| fault | took | answered | cut off in flight | connection refused | other answers |",
        "|---|---|---|---|---|---|",
    ]
    rows += [
        f"| {line.fault.name} | {line.seconds:.1f} s | {line.answered} | {line.cut_off} | {line.refused} "
        f"| {line.other} |"
        for line in outcome.lines
    ]
    verdict = "exact" if outcome.is_exact else "; ".join(outcome.faults)
    counted = f"{outcome.counted} counted {outcome.caught_up:.0f} s after the last one"
    rows += ["", f"{outcome.answered} scans answered, {counted}, {outcome.told_lost} told as lost: **{verdict}**."]
    return "\n".join(rows)
