"""What runs inside the processes of ``kernel.cpu``. Imports nothing of ours, so that a worker stays small."""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from multiprocessing import parent_process
from multiprocessing.context import SpawnContext, SpawnProcess

NICENESS = 10


class Worker(SpawnProcess):
    """A process that does not import the program's main module, which would load the whole product into it."""

    def start(self) -> None:
        with _without_main():
            super().start()


class WorkerContext(SpawnContext):
    """Makes such processes; spawned rather than forked, since the parent runs threads."""

    Process = Worker


def prepare() -> None:
    """Run first in a worker: give way to the event loop, leave Ctrl-C to the parent, end when the parent ends."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def ready() -> int:
    """Return the worker's process id; the work of warming up."""
    return os.getpid()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    main = vars(sys.modules["__main__"])
    hidden: dict[str, object] = {name: main.pop(name) for name in ("__file__", "__spec__") if name in main}
    main["__spec__"] = None
    try:
        yield
    finally:
        main.update(hidden)
