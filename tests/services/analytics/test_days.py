"""The partition of a day is made by whoever needs it first, and nobody stumbles over that."""

import threading
import time

import psycopg

from tests.services.analytics.factories import SCHEMA
from tests.support.databases import TestServer

MAKE = "select analytics.make_day('2026-11-23')"
WAITING = "select count(*) from pg_locks where locktype = 'advisory' and not granted"


def test_two_may_make_the_same_day_at_once(postgres: TestServer) -> None:
    with (
        postgres.copy((SCHEMA,)) as dsn,
        psycopg.connect(dsn) as first,
        psycopg.connect(dsn) as second,
        psycopg.connect(dsn, autocommit=True) as watcher,
    ):
        first.execute(MAKE)
        faults: list[Exception] = []

        def make() -> None:
            try:
                second.execute(MAKE)
                second.commit()
            except psycopg.Error as error:
                faults.append(error)

        waiting = threading.Thread(target=make)
        waiting.start()
        deadline = time.monotonic() + 20
        while watcher.execute(WAITING).fetchone() == (0,):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        first.commit()
        waiting.join(20)
        assert faults == []
        made = watcher.execute("select count(*) from pg_inherits where inhrelid::regclass::text ~ '20261123$'")
        assert made.fetchone() == (1,)
