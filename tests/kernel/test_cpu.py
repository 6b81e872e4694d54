import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress

import psutil
import pytest

from scanly.kernel.cpu import CpuPool
from scanly.kernel.cpu_worker import NICENESS
from scanly.kernel.errors import Unavailable
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow


@pytest.fixture
async def pool() -> AsyncIterator[CpuPool]:
    pool = CpuPool(workers=2, waiting=4, idle=0.2)
    yield pool
    await pool.close()
    assert workers() == []


def workers() -> list[psutil.Process]:
    """The pool's processes, without the helper that Python itself starts."""
    return [
        process
        for process in psutil.Process().children()
        if process.status() != psutil.STATUS_ZOMBIE and "--multiprocessing-fork" in process.cmdline()
    ]


async def test_work_is_done_in_another_polite_process(pool: CpuPool) -> None:
    assert workers() == []
    worker = await pool.run(os.getpid)
    assert worker != os.getpid()
    assert psutil.Process(worker).nice() >= NICENESS


async def test_errors_come_back(pool: CpuPool) -> None:
    with pytest.raises(ZeroDivisionError):
        await pool.run(divmod, 1, 0)
    assert await pool.run(divmod, 7, 2) == (3, 1)


async def test_a_worker_is_small_and_knows_nothing_of_the_program(pool: CpuPool) -> None:
    modules = set(await pool.run(eval, "list(__import__('sys').modules)"))
    assert "scanly.kernel.cpu_worker" in modules
    assert not modules & {"pytest", "fastapi", "sqlalchemy", "structlog", "prometheus_client", "pydantic"}
    [worker] = workers()
    assert worker.memory_full_info().uss < 25e6


async def test_what_is_too_much_is_refused_at_once(pool: CpuPool) -> None:
    running = [asyncio.create_task(pool.run(time.sleep, 0.3)) for _ in range(4)]
    await asyncio.sleep(0.01)
    with pytest.raises(Unavailable) as caught:
        await pool.run(os.getpid)
    assert caught.value.retry_after == 1
    await asyncio.gather(*running)
    await asyncio.sleep(0.01)
    assert await pool.run(os.getpid)
    assert len(workers()) <= 2


async def test_work_survives_a_killed_worker(pool: CpuPool) -> None:
    await pool.warm()
    task = asyncio.create_task(pool.run(time.sleep, 0.3))
    await asyncio.sleep(0.1)
    workers()[0].kill()
    await task


async def test_work_that_always_kills_its_worker_is_given_up(pool: CpuPool) -> None:
    with pytest.raises(Unavailable):
        await pool.run(os._exit, 3)
    assert await pool.run(divmod, 7, 2) == (3, 1)


async def test_idle_workers_go_and_come_back(pool: CpuPool) -> None:
    first = await pool.run(os.getpid)
    await eventually(lambda: not workers())
    assert await pool.run(os.getpid) != first


async def test_a_caller_that_gives_up_frees_its_place(pool: CpuPool) -> None:
    tasks = [asyncio.create_task(pool.run(time.sleep, 0.2)) for _ in range(4)]
    await asyncio.sleep(0.01)
    for task in tasks:
        task.cancel()
    with suppress(asyncio.CancelledError):
        await tasks[0]
    await asyncio.sleep(0.5)
    assert await pool.run(divmod, 7, 2) == (3, 1)


async def test_close_ends_what_runs(pool: CpuPool) -> None:
    running = asyncio.create_task(pool.run(time.sleep, 60))
    await asyncio.sleep(0.3)
    await pool.close()
    assert workers() == []
    with pytest.raises(Unavailable):
        await running
    with pytest.raises(Unavailable):
        await pool.run(os.getpid)


@pytest.mark.slow
def test_workers_end_with_a_killed_parent() -> None:
    program = (
        "import asyncio, os, time\n"
        "from scanly.kernel.cpu import CpuPool\n"
        "async def main():\n"
        "    pool = CpuPool(workers=1)\n"
        "    print(await pool.run(os.getpid), flush=True)\n"
        "    await pool.run(time.sleep, 60)\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = psutil.Process(int(parent.stdout.readline()))
        parent.send_signal(signal.SIGKILL)
    gone, _ = psutil.wait_procs([worker], timeout=5)
    assert gone or worker.status() == psutil.STATUS_ZOMBIE
