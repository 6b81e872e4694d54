"""Runs the jobs of the services in this process."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from scanly.kernel.jobs.job import Job, Schedule, queue_of
from scanly.kernel.telemetry import counter, gauge, get_logger, histogram, request_context, span

if TYPE_CHECKING:
    from procrastinate import App
    from procrastinate.job_context import JobContext

    from scanly.kernel.jobs.library import Keeper

_LIBRARY = ("builtin:", "procrastinate.")
_CLEANING = "kernel.delete_finished_jobs"
_DUE = (
    "SELECT count(*) AS jobs FROM scanly.procrastinate_jobs "
    "WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())"
)

log = get_logger(__name__)
_runs = counter("scanly_job_runs_total", "Runs of jobs by outcome", ["name", "outcome"])
_seconds = histogram("scanly_job_run_seconds", "Duration of a job's run", ["name"])
_due = gauge("scanly_jobs_waiting", "Jobs whose time has come and which no worker has taken yet")


class JobWorker:
    """Fetches and runs the jobs of the given services, until it is stopped; an outage of the database only pauses it.

    ``jobs`` and ``schedules`` pair the object a handler is called with (its service) and the declaration. A job runs in
    the event loop, ``concurrency`` of them at a time.
    """

    def __init__(
        self,
        dsn: str,
        jobs: Iterable[tuple[Any, Job]],
        schedules: Iterable[tuple[Any, Schedule]] = (),
        *,
        concurrency: int = 4,
        grace: float = 10.0,
        poll_every: float = 5.0,
        first_wait: float | None = None,
        heartbeat_every: float = 10.0,
        silent_after: float = 40.0,
    ) -> None:
        self._dsn = dsn
        self._jobs = tuple(jobs)
        self._schedules = tuple(schedules)
        self._concurrency = concurrency
        self._grace = grace
        self._poll_every = poll_every
        self._first_wait = first_wait
        self._heartbeat_every = heartbeat_every
        self._silent_after = silent_after
        self._stopping = asyncio.Event()
        self._worker: Any = None
        self._task: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Work until ``stop`` is called or the task is cancelled; either way, running jobs get ``grace`` seconds."""
        self._task = asyncio.create_task(self._keep_working(), name="job worker")
        try:
            await asyncio.shield(self._task)
        except asyncio.CancelledError:
            self.stop()
            await asyncio.wait([self._task])
            raise

    def stop(self) -> None:
        """Ask ``run`` to return when the running jobs are done; jobs that need longer than the grace go back."""
        self._stopping.set()
        if self._worker is not None:
            self._worker.stop()

    async def _keep_working(self) -> None:
        from scanly.kernel.jobs.library import make_app, make_pool  # noqa: PLC0415 - memory that only workers pay

        app, keeper = make_app(self._stopping)
        self._register(app, keeper)
        pool = make_pool(self._dsn, connections=4)
        await pool.open(wait=False)
        rescuer = asyncio.create_task(self._rescue(keeper), name="job rescuer")
        try:
            async with app.open_async(pool):
                wait = 0.25
                while not self._stopping.is_set():
                    began = time.monotonic()
                    await self._work(app)
                    wait = 0.25 if time.monotonic() - began > 30 else min(wait * 2, 5.0)
                    await self._pause(wait)
        finally:
            rescuer.cancel()
            await pool.close()

    async def _work(self, app: "App") -> None:
        from procrastinate.exceptions import ConnectorException  # noqa: PLC0415
        from procrastinate.worker import Worker  # noqa: PLC0415

        self._worker = Worker(
            app=app,
            queues=sorted({queue_of(name) for name in app.tasks if not name.startswith(_LIBRARY)}),
            concurrency=self._concurrency,
            fetch_job_polling_interval=self._poll_every,
            shutdown_graceful_timeout=self._grace,
            install_signal_handlers=False,
            update_heartbeat_interval=self._heartbeat_every,
            stalled_worker_timeout=self._silent_after,
        )
        try:
            await self._worker.run()
            reason = "the connection was lost"
        except ConnectorException as error:
            reason = str(error.__cause__ or error)
        finally:
            self._worker = None
        if not self._stopping.is_set():
            log.warning("job_worker_waits_for_database", reason=reason)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    async def _rescue(self, keeper: "Keeper") -> None:
        from procrastinate.exceptions import ConnectorException  # noqa: PLC0415

        while True:
            await asyncio.sleep(self._silent_after / 2)
            with contextlib.suppress(ConnectorException):  # the worker itself reports an outage
                found = await keeper.connector.execute_query_one_async(
                    "SELECT scanly.rescue_jobs(%(seconds)s) AS jobs", seconds=self._silent_after
                )
                if found["jobs"]:
                    log.warning("jobs_rescued", jobs=found["jobs"])
                _due.set((await keeper.connector.execute_query_one_async(_DUE))["jobs"])

    def _register(self, app: "App", keeper: "Keeper") -> None:
        from scanly.kernel.jobs.library import delete_finished  # noqa: PLC0415

        async def clean(keeper: "Keeper") -> None:
            await delete_finished(keeper)

        for service, job in self._jobs:
            self._add(app, keeper, service, job)
        for service, schedule in (*self._schedules, (keeper, Schedule(_CLEANING, "17 * * * *", clean))):
            task = self._add(app, keeper, service, schedule)
            app.periodic_registry.register_task(
                task=task, cron=schedule.cron, periodic_id="", configure_kwargs={"queueing_lock": schedule.name}
            )

    def _add(self, app: "App", keeper: "Keeper", service: object, job: Job | Schedule) -> Any:  # noqa: ANN401
        from scanly.kernel.jobs.library import FIRST_WAIT, Backoff  # noqa: PLC0415

        async def run(context: "JobContext", /, **args: Any) -> None:  # noqa: ANN401
            if isinstance(job, Schedule):
                args.pop("timestamp", None)
            await _run(keeper, service, job, context, args)

        strategy = Backoff(job.retries, self._first_wait or FIRST_WAIT)
        return app.task(name=job.name, queue=queue_of(job.name), retry=strategy, pass_context=True)(run)


async def _run(
    keeper: "Keeper", service: object, job: Job | Schedule, context: "JobContext", args: dict[str, Any]
) -> None:
    identifier, attempts = context.job.id, context.job.attempts
    assert identifier is not None
    began = time.perf_counter()
    with request_context(f"job-{identifier}"), span(f"job {job.name}"):
        try:
            _check_survival(job, attempts)
            await job.handle(service, **args)
        except Exception as error:
            keeper.reasons[identifier] = f"{type(error).__name__}: {error}"[:2000]
            final = attempts >= job.retries
            _runs.labels(job.name, "exhausted" if final else "failed").inc()
            level = logging.ERROR if final else logging.WARNING
            log.log(level, "job_failed", job=job.name, attempt=attempts + 1, final=final, exc_info=True)
            raise
        else:
            _runs.labels(job.name, "done").inc()
        finally:
            _seconds.labels(job.name).observe(time.perf_counter() - began)


class ProcessDied(Exception):
    """A job which ends its process again and again is not tried for ever."""


def _check_survival(job: Job | Schedule, attempts: int) -> None:
    if attempts > job.retries:
        raise ProcessDied(f"The process died while it ran this job, for the last time on try {attempts}.")
