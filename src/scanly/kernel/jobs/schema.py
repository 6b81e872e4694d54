"""The tables of procrastinate in the schema ``scanly``, and the functions around them.

Services may call ``scanly.enqueue_job`` and nothing else; the worker connects as the login role, the owner.
"""

import re
from importlib.util import find_spec
from pathlib import Path

_PIECE = re.compile(r"--[^\n]*|\$\$.*?\$\$|'(?:[^']|'')*'|;|[^-$';]+|.", re.DOTALL)

_FUNCTIONS = (
    """
create function scanly.enqueue_job(
    p_queue text, p_name text, p_args jsonb, p_scheduled_at timestamptz, p_lock text, p_queueing_lock text
) returns bigint language plpgsql security definer set search_path = scanly, pg_temp as $$
begin
    return (scanly.procrastinate_defer_jobs_v1(array[
        row(p_queue, p_name, 0, p_lock, p_queueing_lock, p_args, p_scheduled_at)
    ]::scanly.procrastinate_job_to_defer_v1[]))[1];
exception when unique_violation then
    return null;
end $$
""",
    # The job's end and its dead letter are one transaction: none is lost, none is written twice.
    """
create function scanly.fail_job(p_job bigint, p_letter uuid, p_reason text)
returns void language plpgsql set search_path = scanly, pg_temp as $$
begin
    perform scanly.procrastinate_finish_job_v1(p_job, 'failed', false);
    insert into scanly.dead_letters (id, source, topic, payload, reason, attempts)
    select p_letter, 'job', task_name,
           jsonb_build_object('id', id, 'queue', queue_name, 'name', task_name, 'args', args, 'lock', lock,
                              'unique', queueing_lock, 'scheduled_at', scheduled_at),
           p_reason, attempts
    from scanly.procrastinate_jobs where id = p_job;
end $$
""",
    # Jobs of a worker that stopped to give signs of life go back into the queue; each counts as a failed try.
    """
create function scanly.rescue_jobs(p_silent_seconds double precision)
returns integer language sql set search_path = scanly, pg_temp as $$
    with lost as (
        select j.id from scanly.procrastinate_jobs j left join scanly.procrastinate_workers w on w.id = j.worker_id
        where j.status = 'doing'
          and (w.id is null or w.last_heartbeat < now() - make_interval(secs => p_silent_seconds))
        for update of j skip locked
    ), back as (
        update scanly.procrastinate_jobs j
        set status = 'todo', attempts = attempts + 1, scheduled_at = now(), worker_id = null, queueing_lock = null
        from lost where j.id = lost.id returning 1
    )
    select count(*)::integer from back
$$
""",
)


def statements() -> list[str]:
    """Return what creates all of it, one statement each, to be run in one transaction by a driver without parameters.

    Leaves ``search_path`` at ``scanly`` until that transaction ends. The schema and ``scanly.dead_letters`` exist.
    """
    return ["set local search_path = scanly, pg_temp", *split(_library_schema()), *_FUNCTIONS]


def split(script: str) -> list[str]:
    """Return the statements of an SQL script without its comments; understands quotes and ``$$`` bodies."""
    found = [""]
    for piece in _PIECE.findall(script):
        if piece == ";":
            found.append("")
        elif not piece.startswith("--"):
            found[-1] += piece
    return [statement.strip() for statement in found if statement.strip()]


def _library_schema() -> str:
    spec = find_spec("procrastinate")  # found, not imported: only workers pay for the library's memory
    assert spec is not None
    assert spec.origin is not None
    return (Path(spec.origin).parent / "sql" / "schema.sql").read_text(encoding="utf-8")
