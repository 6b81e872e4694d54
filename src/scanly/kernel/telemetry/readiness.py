"""Whether a process can do its work, in three grades: whoever spreads requests must not lose what works less well."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from scanly.kernel.telemetry.metrics import gauge


class Grade(IntEnum):
    """How well something works."""

    FAILING = 0
    DEGRADED = 1
    WORKS = 2


@dataclass(frozen=True, slots=True)
class Check:
    """What was found of one thing that a process depends on; ``detail`` is a plain word about what is wrong."""

    grade: Grade = Grade.WORKS
    detail: str = ""


Readiness = Callable[[], Awaitable[Mapping[str, Check]]]
"""Returns what this process depends on."""

_STATUS = {Grade.WORKS: "ready", Grade.DEGRADED: "degraded", Grade.FAILING: "waiting"}
_grades = gauge("scanly_check_grade", "2: works, 1: worse than it should be, 0: this process is not ready", ("check",))


async def look(ready: Readiness) -> Mapping[str, Check]:
    """Return what ``ready`` finds now, and keep it for the metrics."""
    found = await ready()
    _grades.clear()
    for name, check in found.items():
        _grades.labels(name).set(check.grade)
    return found


async def readiness(ready: Readiness) -> tuple[int, dict[str, Any]]:
    """Return status and body of ``/readyz``, with a line per check: 503 only when this process cannot do its work."""
    found = await look(ready)
    worst = min((check.grade for check in found.values()), default=Grade.WORKS)
    document = {"status": _STATUS[worst], "checks": {name: _shown(check) for name, check in found.items()}}
    return (503 if worst is Grade.FAILING else 200), document


def _shown(check: Check) -> dict[str, Any]:
    if check.grade is Grade.WORKS:
        return {"ok": True}
    return {"ok": False, "degraded": check.grade is Grade.DEGRADED, "detail": check.detail}
