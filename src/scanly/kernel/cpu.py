"""Heavy work outside the event loop: a bounded pool of processes, started on demand and ended when idle.

Nothing above 5 ms runs in the loop: hashing of passwords, drawing and judging of codes come here. Work is a function at
the top level of a light module (everything that module imports is loaded into each worker) with arguments that pickle.
"""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.process import BaseProcess, active_children
from typing import ParamSpec, TypeVar

from scanly.kernel.cpu_worker import Worker, WorkerContext, prepare, ready
from scanly.kernel.errors import Unavailable
from scanly.kernel.telemetry import counter, gauge, get_logger

P = ParamSpec("P")
R = TypeVar("R")

_ATTEMPTS = 2

log = get_logger(__name__)
_tasks = counter("scanly_cpu_tasks_total", "Tasks of the process pool by outcome", ["outcome"])
_waiting = gauge("scanly_cpu_open_tasks", "Tasks in the process pool, running or waiting")


class CpuPool:
    """At most ``workers`` processes and ``waiting`` tasks at once, running ones included.

    By default there is a worker for each core but one, which is left to the event loop and so to visitors.

    A worker that is killed is replaced and its task is tried once more, so tasks must be safe to repeat.
    """

    def __init__(self, *, workers: int | None = None, waiting: int | None = None, idle: float = 30.0) -> None:
        self._workers = workers or max(1, (os.cpu_count() or 1) - 1)
        self._limit = waiting or 32 * self._workers
        self._idle = idle
        self._executor: ProcessPoolExecutor | None = None
        self._busy = 0
        self._rest: asyncio.TimerHandle | None = None
        self._closed = False

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Return ``function(*args)``, computed in a worker; what it raises is raised here.

        ``Unavailable`` when too much is waiting already, when the pool is closed, or when the worker died twice.
        """
        if self._busy >= self._limit:
            _tasks.labels("refused").inc()
            raise Unavailable("A lot is being drawn at the moment; try again in a second.", retry_after=1)
        for _ in range(_ATTEMPTS):
            executor = self._started()
            try:
                result = await asyncio.wrap_future(self._submit(executor, function, *args, **kwargs))
            except BrokenProcessPool:
                _tasks.labels("worker_died").inc()
                log.warning("cpu_worker_died", function=getattr(function, "__qualname__", str(function)))
                self._discard(executor)
            else:
                _tasks.labels("done").inc()
                return result
        raise Unavailable("This could not be computed; try again in a moment.", retry_after=5)

    async def warm(self) -> None:
        """Start one worker now, so that the first task does not wait for it."""
        await self.run(ready)

    async def close(self) -> None:
        """Drop what is waiting, give what is running two seconds, then end the workers."""
        self._closed = True
        if self._rest is not None:
            self._rest.cancel()
        executor, self._executor = self._executor, None
        if executor is None:
            return
        executor.shutdown(wait=False, cancel_futures=True)
        if not await _gone():
            for process in _living():
                process.kill()
            await _gone()

    def _started(self) -> ProcessPoolExecutor:
        if self._closed:
            raise Unavailable("This server is stopping; try again in a moment.", retry_after=5)
        if self._rest is not None:
            self._rest.cancel()
            self._rest = None
        if self._executor is None:
            self._executor = ProcessPoolExecutor(self._workers, mp_context=WorkerContext(), initializer=prepare)
        return self._executor

    def _submit(
        self, executor: ProcessPoolExecutor, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> "Future[R]":
        loop = asyncio.get_running_loop()
        future = executor.submit(function, *args, **kwargs)
        self._busy += 1
        _waiting.inc()

        def done(_future: "Future[R]") -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._finished, loop)

        future.add_done_callback(done)
        return future

    def _finished(self, loop: asyncio.AbstractEventLoop) -> None:
        self._busy -= 1
        _waiting.dec()
        if self._busy == 0 and not self._closed and self._executor is not None:
            self._rest = loop.call_later(self._idle, self._discard, self._executor)

    def _discard(self, executor: ProcessPoolExecutor) -> None:
        if self._executor is executor:
            self._executor = None
        executor.shutdown(wait=False, cancel_futures=True)


async def _gone() -> bool:
    """Whether no worker lives any more, after two seconds at most."""
    for _ in range(40):
        if not _living():
            return True
        await asyncio.sleep(0.05)
    return False


def _living() -> list[BaseProcess]:
    return [process for process in active_children() if isinstance(process, Worker)]
