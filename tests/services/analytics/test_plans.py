"""PostgreSQL finds visitors by their index, also on a day of which it has no statistics yet."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from scanly.services.analytics.repository import ingestion, visits
from scanly.services.analytics.repository.keys import lines
from tests.services.analytics.factories import CODE, LINK, NOW, WORKSPACE, Bench, make_scan

_VISITORS = 20
_SCANS = 1_500


async def test_visitors_are_found_by_their_index_without_statistics(analytics: Bench) -> None:
    await analytics.ship(
        *(make_scan(NOW + timedelta(seconds=n), visitor=f"visitor {n % _VISITORS}") for n in range(_SCANS))
    )
    hashed = [f"visitor {number}".encode().ljust(16, b".") for number in range(_VISITORS)]
    scope = f"{WORKSPACE.hex}{LINK.hex}{CODE.hex}"
    around = {"first": NOW.date() - timedelta(days=1), "last": NOW.date() + timedelta(days=1)}
    ids = [UUID(int=0)] * _VISITORS
    questions: dict[Any, dict[str, Any]] = {
        visits._SEEN: {"hashes": b"".join(hashed)},
        visits._KNOWN: {"keys": await lines([(scope, each.hex(), "scan") for each in hashed])},
        visits._NEIGHBOURS: {
            "visitors": hashed,
            "links": [LINK] * _VISITORS,
            "floors": ids,
            "firsts": ids,
            "ceilings": [UUID(int=(1 << 128) - 1)] * _VISITORS,
        },
    }
    async with analytics.database.connect() as connection:
        await connection.execute(ingestion._PROBE_INDEXES)
        for question, values in questions.items():
            answer = await connection.execute(text(f"explain {question.text}"), {**values, **around})
            plan = "\n".join(row[0] for row in answer)
            used = re.findall(r"Index (?:Only )?Scan (?:Backward )?(?:using|on) (\S+)", plan)
            assert used, plan
            assert all("_visitor_" in index for index in used), plan
