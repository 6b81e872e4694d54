"""procrastinate, fitted to the promises of this package. Imported only where jobs are run."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any

from procrastinate import App, PsycopgConnector, exceptions, jobs, manager, retry
from psycopg_pool import AsyncConnectionPool

from scanly.kernel.ids import new_id
from scanly.kernel.telemetry import get_logger

FIRST_WAIT = 5.0  # seconds
LONGEST_WAIT = 3600.0

log = get_logger(__name__)


class Backoff(retry.BaseRetryStrategy):
    """Waits twice as long after each failure, plus or minus a quarter so that failed jobs do not return in step.

    A job that was cut off by a shutdown goes back at once.
    """

    def __init__(self, retries: int, first_wait: float = FIRST_WAIT) -> None:
        self._retries = retries
        self._first_wait = first_wait

    def get_retry_decision(self, *, exception: BaseException, job: jobs.Job) -> retry.RetryDecision | None:
        if isinstance(exception, asyncio.CancelledError):
            return retry.RetryDecision(retry_in={"seconds": 0})
        if job.attempts >= self._retries:
            return None
        wait = min(LONGEST_WAIT, self._first_wait * 2**job.attempts) * random.uniform(0.75, 1.25)  # noqa: S311
        return retry.RetryDecision(retry_in={"milliseconds": round(wait * 1000)})


class Keeper(manager.JobManager):
    """Keeps the outcome of jobs: waits for a database that is away, puts what failed for good among the dead letters.

    Without the waiting, a job that ends during an outage would count as running for as long as its worker lives.
    """

    def __init__(self, connector: PsycopgConnector, stopping: asyncio.Event) -> None:
        super().__init__(connector)
        self.reasons: dict[int, str] = {}
        self._stopping = stopping

    async def finish_job(self, job: jobs.Job, status: jobs.Status, delete_job: bool) -> None:
        assert job.id is not None
        identifier = job.id
        reason = self.reasons.pop(identifier, "No process here knows this job.")
        if status is jobs.Status.FAILED:
            parameters = {"job": identifier, "letter": new_id(), "reason": reason}
            await self._persist(
                lambda: self.connector.execute_query_async(
                    "SELECT scanly.fail_job(%(job)s, %(letter)s, %(reason)s)", **parameters
                )
            )
        else:
            await self._persist(lambda: super(Keeper, self).finish_job(job, status, delete_job))

    async def retry_job(
        self,
        job: jobs.Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        assert job.id is not None
        self.reasons.pop(job.id, None)
        try:
            await self._persist(lambda: super(Keeper, self).retry_job(job, retry_at, priority, queue, lock))
        except (
            exceptions.UniqueViolation
        ):  # the same job was enqueued meanwhile and still waits: it does this one's work
            await self._persist(lambda: super(Keeper, self).finish_job(job, jobs.Status.ABORTED, delete_job=False))

    async def _persist(self, write: Callable[[], Awaitable[None]]) -> None:
        wait = 0.2
        while True:
            try:
                return await write()
            except exceptions.UniqueViolation:
                raise
            except exceptions.ConnectorException as error:
                if self._stopping.is_set():
                    raise
                log.warning("job_outcome_waits", reason=str(error.__cause__ or error))
            await asyncio.sleep(wait)
            wait = min(wait * 2, 5.0)


def make_pool(dsn: str, *, connections: int) -> AsyncConnectionPool:
    """Return a small pool on the schema ``scanly`` that comes back by itself after an outage."""
    return AsyncConnectionPool(
        dsn,
        kwargs={
            "options": "-c search_path=scanly -c idle_in_transaction_session_timeout=60000",
            "application_name": "scanly jobs",
            "connect_timeout": 5,
            "prepare_threshold": None,  # a few queries a minute: not worth a conflict with a pooler between us
        },
        min_size=1,
        max_size=connections,
        timeout=5.0,
        max_idle=60.0,
        check=AsyncConnectionPool.check_connection,
        open=False,
    )


def make_app(stopping: asyncio.Event) -> tuple[App, Keeper]:
    """Return procrastinate's application, to be opened with a pool."""
    connector = PsycopgConnector()
    app = App(connector=connector)
    keeper = Keeper(connector, stopping)
    app.job_manager = keeper
    return app, keeper


async def delete_finished(keeper: Keeper, *, hours: int = 24, failed_hours: int = 24 * 90) -> None:
    """Delete jobs that ended ``hours`` ago; those whose dead letter somebody may still ask about stay longer."""
    ended: Iterable[dict[str, Any]] = (
        {"nb_hours": hours, "include_cancelled": True, "include_aborted": True},
        {"nb_hours": failed_hours, "include_failed": True},
    )
    for which in ended:
        await keeper.delete_old_jobs(**which)
