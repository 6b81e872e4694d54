"""Real services in tests: a missing one skips the test with its reason, or fails it where nothing may be skipped."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import pytest

from tests.support.folders import reachable_folder
from tools.services import chromium, paper, postgres, zbar
from tools.services.kafka import KafkaBroker
from tools.services.packages import Unavailable
from tools.services.redis import RedisServer
from tools.services.s3 import S3Server


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
def redis_server(*, keep: bool = False) -> Iterator[RedisServer]:
    """A running Redis server that may be killed, paused and started again; with ``keep`` it finds its data again."""
    with reachable_folder() as folder:
        try:
            server = RedisServer(folder, keep=keep)
            server.start()
        except Unavailable as reason:
            unavailable(reason)
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """A running S3 server with an empty bucket."""
    with reachable_folder() as folder:
        try:
            server = S3Server(folder)
            server.start()
        except Unavailable as reason:
            unavailable(reason)
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def kafka_broker() -> Iterator[KafkaBroker]:
    """A broker of its own that runs; the test may stop, kill and start it."""
    with reachable_folder() as folder:
        try:
            broker = KafkaBroker(folder)
            broker.start()
        except Unavailable as reason:
            unavailable(reason)
        try:
            yield broker
        finally:
            broker.stop()
