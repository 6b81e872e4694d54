"""Putting work into the queue, in the transaction that makes it necessary."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.kernel.jobs.job import checked_name, queue_of

_ENQUEUE = text(
    "select scanly.enqueue_job(:queue, :name, cast(:args as jsonb), cast(:scheduled_at as timestamptz), :lock, :once)"
)


async def enqueue(
    session: AsyncSession,
    name: str,
    *,
    scheduled_at: datetime | None = None,
    lock: str | None = None,
    unique: str | None = None,
    **args: Any,  # noqa: ANN401 - any JSON
) -> bool:
    """Enqueue the job ``name`` with JSON arguments; it exists if and when the transaction commits.

    It runs at ``scheduled_at`` (aware) or at once. Of jobs with the same ``lock`` one runs at a time, in order. A job
    with the same ``unique`` that still waits makes this one superfluous: then nothing happens and False is returned.
    """
    if scheduled_at is not None and scheduled_at.tzinfo is None:
        raise ValueError("scheduled_at needs a time zone")
    parameters = {
        "queue": queue_of(checked_name(name)),
        "name": name,
        "args": _json(args),
        "scheduled_at": scheduled_at,
        "lock": lock,
        "once": unique,
    }
    return (await session.execute(_ENQUEUE, parameters)).scalar_one() is not None


def _json(args: dict[str, Any]) -> str:
    for key, value in args.items():
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise TypeError(f"argument {key!r} of a job must be JSON: pass ids and times as text") from error
    return json.dumps(args)
