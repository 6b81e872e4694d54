"""Real services in tests: a missing one skips the test with its reason, or fails it where nothing may be skipped."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NoReturn, TypeVar

import pytest

from tests.support.folders import reachable_folder
from tools.services import chromium, paper, postgres, zbar
from tools.services.kafka import KafkaBroker
from tools.services.packages import Unavailable
from tools.services.redis import RedisServer
from tools.services.s3 import S3Server
from tools.services.server import Server

S = TypeVar("S", bound=Server)


def unavailable(reason: object) -> NoReturn:
    """Skip the test; with SCANLYTEST_SERVICES=required, as in CI, fail it."""
    if os.environ.get("SCANLYTEST_SERVICES") == "required":
        pytest.fail(f"SCANLYTEST_SERVICES=required, but: {reason}")
    pytest.skip(str(reason))


def chromium_executable() -> str:
    """The path of the browser."""
    try:
        return chromium.executable()
    except Unavailable as reason:
        unavailable(reason)


def zbar_executable() -> str:
    """The path of the second decoder."""
    try:
        return zbar.executable()
    except Unavailable as reason:
        unavailable(reason)


def paper_renderers() -> None:
    """Make sure that PDF and EPS can be looked at."""
    try:
        paper.require()
    except Unavailable as reason:
        unavailable(reason)


@contextmanager
def system_postgres() -> Iterator[str]:
    """The DSN of an empty database on the system's own PostgreSQL, over TCP."""
    with reachable_folder() as folder:
        try:
            with postgres.run(folder) as dsn:
                yield dsn
        except Unavailable as reason:
            unavailable(reason)


@contextmanager
def _running(make: Callable[[Path], S]) -> Iterator[S]:
    with reachable_folder() as folder:
        try:
            server = make(folder)
            server.start()
        except Unavailable as reason:
            unavailable(reason)
        try:
            yield server
        finally:
            server.stop()


def redis_server(*, keep: bool = False) -> AbstractContextManager[RedisServer]:
    """A running Redis server that may be killed, paused and started again; with ``keep`` it finds its data again."""
    return _running(lambda folder: RedisServer(folder, keep=keep))


def s3_server() -> AbstractContextManager[S3Server]:
    """A running S3 server with an empty bucket."""
    return _running(S3Server)


def kafka_broker() -> AbstractContextManager[KafkaBroker]:
    """A broker of its own that runs; the test may stop, kill and start it."""
    return _running(KafkaBroker)
