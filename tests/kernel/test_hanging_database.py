"""A server whose processes stand still: connections stay open and nothing comes back."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from scanly.kernel.db import Database, ServiceDatabase, take_time
from scanly.kernel.db.migrate import migrate
from scanly.kernel.errors import Unavailable
from scanly.kernel.ids import new_id
from scanly.kernel.postgres import EmbeddedPostgres
from scanly.kernel.postgres.layout import Layout
from tests.kernel.shop import SHOP

pytestmark = pytest.mark.slow

PID = text("select pg_backend_pid()")


@pytest.fixture
def server(used_data_dir: Path) -> Iterator[tuple[str, int]]:
    """The address of a server of its own, and the id of its first process."""
    embedded = EmbeddedPostgres(used_data_dir, fsync=False)
    dsn = embedded.start()
    migrate(dsn, (SHOP,))
    try:
        yield dsn, int(Layout(used_data_dir).pid_file.read_text().split("\n")[0])
    finally:
        embedded.stop()


@pytest.fixture
async def database(server: tuple[str, int]) -> AsyncIterator[Database]:
    database = Database(server[0], pool_size=2, timeout=0.5)
    yield database
    await database.close()


@contextmanager
def standing_still(postmaster: int) -> Iterator[None]:
    every = [postmaster, *(child.pid for child in psutil.Process(postmaster).children(recursive=True))]
    for pid in every:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in every:
            os.kill(pid, signal.SIGCONT)


async def backend(shop: ServiceDatabase) -> int:
    async with shop.begin(new_id()) as session:
        pid: int = (await session.execute(PID)).scalar_one()
        return pid


async def test_a_use_case_on_a_server_that_hangs_is_unavailable_soon(
    server: tuple[str, int], database: Database
) -> None:
    shop = database.for_service("shop")
    used = await backend(shop)
    begun = time.monotonic()
    with standing_still(server[1]):
        for _ in range(2):  # on the connection in the pool, and on a new one
            with pytest.raises(Unavailable) as raised:
                await backend(shop)
            assert raised.value.retry_after
    assert time.monotonic() - begun < 2 * (0.5 + 2) + 1
    assert await backend(shop) != used


async def test_a_server_that_hangs_in_the_middle_of_a_use_case(server: tuple[str, int], database: Database) -> None:
    async def begin_and_hang() -> None:
        async with database.connect() as connection:
            await connection.execute(PID)
            with standing_still(server[1]):
                await connection.execute(PID)

    with pytest.raises(Unavailable):
        await begin_and_hang()


async def test_people_who_wait_for_a_connection_do_not_wait_for_ever(database: Database) -> None:
    async with database.borrow(), database.borrow():
        with pytest.raises(Unavailable):
            await backend(database.for_service("shop"))


async def test_work_beside_requests_takes_its_time(database: Database) -> None:
    async def work() -> None:
        take_time()
        async with database.connect() as connection:
            await connection.execute(text("select pg_sleep(0.7)"))

    await asyncio.create_task(work())
    with pytest.raises(Unavailable):
        async with database.connect() as connection:
            await connection.execute(text("select pg_sleep(0.7)"))
