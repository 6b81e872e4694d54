import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from procrastinate.jobs import Job as ProcrastinateJob
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.kernel.db import Database
from scanly.kernel.jobs import Job, Schedule, enqueue
from scanly.kernel.jobs.library import Backoff, delete_finished, make_app, make_pool
from scanly.kernel.jobs.schema import split
from scanly.kernel.jobs.worker import JobWorker
from scanly.kernel.telemetry import REGISTRY
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow


class Recorder:
    """A service whose job writes down what it was called with, after failing as often as told."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.calls: list[dict[str, Any]] = []

    async def work(self, **args: Any) -> None:
        self.calls.append(args)
        if len(self.calls) <= self.failures:
            raise ValueError("the third party is away")


async def handle(service: Recorder, **args: Any) -> None:
    await service.work(**args)


@pytest.fixture
async def database(kernel_dsn: str) -> AsyncIterator[Database]:
    database = Database(kernel_dsn, pool_size=2)
    yield database
    await database.close()


@asynccontextmanager
async def session_of(database: Database) -> AsyncIterator[AsyncSession]:
    async with AsyncSession(database.engine) as session:
        yield session
        await session.commit()


async def put(database: Database, name: str, **args: Any) -> bool:
    async with session_of(database) as session:
        return await enqueue(session, name, **args)


async def rows(database: Database, query: str) -> list[Any]:
    """The answer to a query; ``mine`` are the jobs without the kernel's own."""
    mine = "(select * from scanly.procrastinate_jobs where queue_name <> 'kernel') as mine"
    async with database.connect() as connection:
        return list((await connection.exec_driver_sql(query.replace("from mine", f"from {mine}"))).all())


@asynccontextmanager
async def working(worker: JobWorker) -> AsyncIterator[None]:
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        await asyncio.wait_for(task, 15)


def make_worker(database: Database, service: Recorder, *jobs: Job, **options: Any) -> JobWorker:
    options = {"poll_every": 0.1, "first_wait": 0.05, **options}
    return JobWorker(database.dsn, [(service, job) for job in jobs], **options)


async def test_a_job_runs_with_its_arguments(database: Database) -> None:
    service = Recorder()
    assert await put(database, "mail.send", to="a@example.org", copies=[1, None, {"x": "ü"}])
    async with working(make_worker(database, service, Job("mail.send", handle))):
        await eventually(lambda: service.calls)
    assert service.calls == [{"to": "a@example.org", "copies": [1, None, {"x": "ü"}]}]
    assert await rows(database, "select status::text from mine") == [("succeeded",)]


async def test_a_job_of_a_rolled_back_transaction_does_not_exist(database: Database) -> None:
    async with session_of(database) as session:
        await enqueue(session, "mail.send")
        await session.rollback()
    assert await rows(database, "select 1 from mine") == []


async def test_a_failing_job_is_tried_again_and_later_each_time(database: Database) -> None:
    service = Recorder(failures=2)
    await put(database, "mail.send", to="x")
    async with working(make_worker(database, service, Job("mail.send", handle, retries=3))):
        await eventually(lambda: len(service.calls) == 3)
        await eventually(lambda: rows(database, "select 1 from mine where status = 'succeeded'"))
    assert await rows(database, "select 1 from scanly.dead_letters") == []


async def test_an_exhausted_job_is_a_dead_letter_with_all_of_it(database: Database) -> None:
    service = Recorder(failures=99)
    await put(database, "mail.send", lock="box", to="x")
    await put(database, "mail.other")
    jobs = (Job("mail.send", handle, retries=1), Job("mail.other", handle, retries=99))
    async with working(make_worker(database, service, *jobs)):
        await eventually(lambda: rows(database, "select 1 from scanly.dead_letters"))
    [(source, topic, payload, reason, attempts, resolved)] = await rows(
        database, "select source, topic, payload, reason, attempts, resolved_at from scanly.dead_letters"
    )
    assert (source, topic, reason) == ("job", "mail.send", "ValueError: the third party is away")
    assert (attempts, resolved) == (2, None)
    assert payload["args"] == {"to": "x"}
    assert (payload["queue"], payload["lock"]) == ("mail", "box")
    status = await rows(database, "select status::text from mine where task_name = 'mail.send'")
    assert status == [("failed",)]


async def test_a_job_nobody_knows_is_a_dead_letter_too(database: Database) -> None:
    await put(database, "mail.forgotten", to="x")
    async with working(make_worker(database, Recorder(), Job("mail.send", handle))):
        await eventually(lambda: rows(database, "select 1 from scanly.dead_letters"))
    assert await rows(database, "select topic, reason from scanly.dead_letters") == [
        ("mail.forgotten", "No process here knows this job.")
    ]


async def test_a_process_leaves_the_jobs_of_other_services_alone(database: Database) -> None:
    service = Recorder()
    await put(database, "other.work")
    await put(database, "mail.send", to="x")
    async with working(make_worker(database, service, Job("mail.send", handle))):
        await eventually(lambda: service.calls)
    waiting = await rows(database, "select task_name from mine where status = 'todo'")
    assert waiting == [("other.work",)]


async def test_unique_jobs_do_not_pile_up(database: Database) -> None:
    assert await put(database, "mail.digest", unique="digest of today")
    assert not await put(database, "mail.digest", unique="digest of today")
    assert await put(database, "mail.digest", unique="digest of tomorrow")
    assert len(await rows(database, "select 1 from mine")) == 2


async def test_a_failed_unique_job_gives_way_to_the_one_that_waits(database: Database) -> None:
    service = Recorder(failures=1)

    async def slow(service: Recorder, **args: Any) -> None:
        if not service.calls:
            assert await put(database, "mail.digest", unique="one")
        await service.work(**args)

    await put(database, "mail.digest", unique="one")
    async with working(make_worker(database, service, Job("mail.digest", slow), concurrency=1)):
        await eventually(lambda: rows(database, "select 1 from mine where status = 'succeeded'"))
    states = await rows(database, "select status::text from mine order by id")
    assert states == [("aborted",), ("succeeded",)]


async def test_a_scheduled_job_waits_for_its_time(database: Database) -> None:
    service = Recorder()
    now = datetime.now(UTC)
    await put(database, "mail.send", scheduled_at=now + timedelta(hours=1), to="later")
    await put(database, "mail.send", scheduled_at=now + timedelta(seconds=0.3), to="soon")
    async with working(make_worker(database, service, Job("mail.send", handle))):
        await eventually(lambda: service.calls)
    assert service.calls == [{"to": "soon"}]
    assert datetime.now(UTC) >= now + timedelta(seconds=0.3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ({"name": "send"}, "service.what"),
        ({"name": "mail.send", "scheduled_at": datetime(2026, 1, 1)}, "time zone"),  # noqa: DTZ001
        ({"name": "mail.send", "when": datetime.now(UTC)}, "'when'"),
        ({"name": "mail.send", "share": float("nan")}, "'share'"),
    ],
)
async def test_what_cannot_be_enqueued_is_refused(database: Database, call: dict[str, Any], message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        await put(database, **call)


async def test_the_job_of_a_dead_worker_is_done_by_another(database: Database) -> None:
    service = Recorder()
    await put(database, "mail.send", to="x")
    async with database.connect() as connection:
        await connection.exec_driver_sql(
            "insert into scanly.procrastinate_workers (last_heartbeat) values (now() - interval '1 h')"
        )
        await connection.exec_driver_sql("update scanly.procrastinate_jobs set status = 'doing', worker_id = 1")
    async with working(make_worker(database, service, Job("mail.send", handle), silent_after=1.0)):
        await eventually(lambda: service.calls)


async def test_a_job_that_kills_its_process_is_not_tried_for_ever(database: Database) -> None:
    service = Recorder()
    await put(database, "mail.send", to="x")
    async with database.connect() as connection:
        await connection.exec_driver_sql("update scanly.procrastinate_jobs set attempts = 4")
    async with working(make_worker(database, service, Job("mail.send", handle, retries=3))):
        await eventually(lambda: rows(database, "select 1 from scanly.dead_letters where reason like 'ProcessDied%%'"))
    assert service.calls == []


async def test_a_schedule_runs_once_per_due_time_over_all_processes(database: Database) -> None:
    services = [Recorder(), Recorder()]
    schedule = Schedule("mail.tick", "* * * * * *", handle)
    first, second = (JobWorker(database.dsn, [], [(service, schedule)], poll_every=0.1) for service in services)
    async with working(first), working(second):
        await eventually(lambda: sum(len(service.calls) for service in services) >= 3)
    times = await rows(database, "select args->>'timestamp' from mine where task_name = 'mail.tick'")
    assert len(times) >= 3
    assert len(times) == len(set(times))
    assert services[0].calls + services[1].calls == [{}] * sum(len(service.calls) for service in services)


async def test_a_long_job_goes_back_when_the_worker_stops(database: Database) -> None:
    started = asyncio.Event()

    async def long(_service: Recorder, **_args: Any) -> None:
        started.set()
        await asyncio.sleep(60)

    await put(database, "mail.send")
    async with working(make_worker(database, Recorder(), Job("mail.send", long), grace=0.1)):
        await started.wait()
    assert await rows(database, "select status::text from mine") == [("todo",)]


async def test_an_outage_of_the_database_only_pauses_the_worker(database: Database) -> None:
    service = Recorder()
    interrupted = asyncio.Event()
    go_on = asyncio.Event()

    async def during(service: Recorder, **args: Any) -> None:
        if not service.calls:
            interrupted.set()
            await go_on.wait()
        await service.work(**args)

    await put(database, "mail.send", to="first")
    name = database.dsn.partition("?")[0].rpartition("/")[2]
    admin = await asyncpg.connect(database.dsn.replace(f"/{name}", "/scanly"))
    async with working(make_worker(database, service, Job("mail.send", during), concurrency=1)):
        await interrupted.wait()
        await admin.execute(f"alter database {name} allow_connections false")
        await admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()",
            name,
        )
        go_on.set()
        await asyncio.sleep(1)
        await admin.execute(f"alter database {name} allow_connections true")
        await database.close()
        await put(database, "mail.send", to="second")
        await eventually(lambda: len(service.calls) == 2, 20)
        await eventually(
            lambda: rows(
                database,
                "select 1 from mine where status = 'succeeded' having count(*) = 2",
            ),
            20,
        )
    await admin.close()
    assert [call["to"] for call in service.calls] == ["first", "second"]


async def test_a_service_can_enqueue_and_touch_nothing_else(database: Database) -> None:
    async with database.connect() as connection:
        await connection.exec_driver_sql("create role svc_mail nologin")
        await connection.exec_driver_sql("grant svc_mail to current_user")
        await connection.exec_driver_sql("grant usage on schema scanly to svc_mail")
        await connection.exec_driver_sql("grant execute on function scanly.enqueue_job to svc_mail")
    async with session_of(database) as session:
        await session.execute(text("set local role svc_mail"))
        assert await enqueue(session, "mail.send", to="x")
        for forbidden in (
            "select * from scanly.procrastinate_jobs",
            "select scanly.fail_job(1, gen_random_uuid(), '')",
            "select scanly.rescue_jobs(0)",
            "select scanly.procrastinate_finish_job_v1(1, 'succeeded', true)",
        ):
            with pytest.raises(DBAPIError, match="permission denied"):
                async with session.begin_nested():
                    await session.execute(text(forbidden))


async def test_finished_jobs_are_deleted_after_a_day(database: Database) -> None:
    for _ in range(2):
        await put(database, "mail.send")
    async with database.connect() as connection:
        await connection.exec_driver_sql("update scanly.procrastinate_jobs set status = 'succeeded'")
        await connection.exec_driver_sql(
            "update scanly.procrastinate_events set at = now() - interval '25 h' where job_id = 1"
        )
    app, keeper = make_app(asyncio.Event())
    async with make_pool(database.dsn, connections=1) as pool, app.open_async(pool):
        await delete_finished(keeper)
    assert await rows(database, "select id from mine") == [(2,)]


def test_a_script_is_split_into_statements() -> None:
    script = "-- a; comment\nselect 'a;''b';\ncreate function f() as $$ begin; end $$;; select 2 - 1"
    assert split(script) == ["select 'a;''b'", "create function f() as $$ begin; end $$", "select 2 - 1"]


def test_waits_grow_and_end() -> None:
    strategy = Backoff(retries=20)
    job = ProcrastinateJob(id=1, queue="q", lock=None, queueing_lock=None, task_name="t")
    waits = []
    for attempts in range(20):
        decision = strategy.get_retry_decision(exception=ValueError(), job=job.evolve(attempts=attempts))
        assert decision is not None
        assert decision.retry_at is not None
        waits.append((decision.retry_at - datetime.now(UTC)).total_seconds())
    assert 3 < waits[0] < 7
    assert 6 < waits[1] < 14
    assert max(waits) < 3600 * 1.3
    assert strategy.get_retry_decision(exception=ValueError(), job=job.evolve(attempts=20)) is None
    assert strategy.get_retry_decision(exception=asyncio.CancelledError(), job=job.evolve(attempts=20)) is not None


async def test_how_many_jobs_are_due_is_told(database: Database) -> None:
    await put(database, "other.work")
    await put(database, "other.work", scheduled_at=datetime.now(UTC) + timedelta(hours=1))
    worker = make_worker(database, Recorder(), Job("mail.send", handle), silent_after=0.1)
    async with working(worker):
        await eventually(lambda: REGISTRY.get_sample_value("scanly_jobs_waiting") == 1)
