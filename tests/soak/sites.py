"""Both shapes as the campaign sees them: an address, a database to count in, and the faults that can befall them."""

import asyncio
import contextlib
import os
import random
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psutil

from scanly.contracts.routing import SCAN_TOPIC
from scanly.kernel.config import Settings
from scanly.kernel.db import Database
from scanly.kernel.events import open_stream_log
from scanly.kernel.postgres import EmbeddedPostgres
from tests.soak.proxy import slow_proxy
from tests.support.running import Running
from tools.scale.site import scale_site
from tools.services.kafka import KafkaBroker
from tools.services.server import free_port

_SPOOL_BYTES = 64 << 20


@dataclass(frozen=True)
class Fault:
    """Something that fails. ``act`` makes it fail, waits ``seconds`` where that means something, and mends it."""

    name: str
    act: Callable[[float], None]
    cuts: bool = False
    """Requests in flight may be cut off."""
    loses: bool = False
    """Scans cannot be written down; the loss must be counted."""


@dataclass(frozen=True)
class Site:
    """A running installation."""

    shape: str
    url: str
    dsn: Callable[[], str]
    faults: Sequence[Fault]
    ops: str = ""
    """Address of the redirect's metrics, where scans can be lost at all."""


@contextmanager
def lean_site(folder: Path) -> Iterator[Site]:
    """One process on the embedded database, its spool on a small disk of its own where we may mount one."""
    with ExitStack() as stack:
        ops = free_port()
        settings = {"SCANLY_OPS_PORT": str(ops)}
        faults = []
        if os.geteuid() == 0:
            disk = stack.enter_context(_small_disk(folder / "disk"))
            settings["SCANLY_SPOOL_DIR"] = str(disk / "spool")
            faults.append(Fault("disk of the spool full", lambda seconds: _fill(disk, seconds), loses=True))
        else:
            print("not root: the full disk is left out, since no small disk can be mounted")
        process = Running(folder, **settings)
        stack.callback(process.stop)
        process.start()

        def dsn() -> str:
            found = EmbeddedPostgres.attach(folder)
            assert found is not None
            return found

        def postmaster() -> psutil.Process:
            return psutil.Process(int(next(folder.rglob("postmaster.pid")).read_text().split()[0]))

        yield Site(
            "lean",
            process.url,
            dsn,
            [
                Fault("kill -9 of the process (redirect, shipper, consumer)", lambda _: _restart(process), cuts=True),
                Fault("kill -9 of PostgreSQL", lambda _: postmaster().kill()),
                Fault("PostgreSQL hangs", lambda seconds: _hang([postmaster(), *postmaster().children()], seconds)),
                Fault("duplicate and reordered delivery", lambda _: _deliver_again(dsn(), None)),
                Fault("kill -9 of the process, again", lambda _: _restart(process), cuts=True),
                *faults,
            ],
            ops=f"http://127.0.0.1:{ops}",
        )


@contextmanager
def full_site(folder: Path) -> Iterator[Site]:
    """The scale shape, with a proxy between Scanly and Kafka."""
    with ExitStack() as stack:
        home = folder / "kafka"
        home.mkdir()
        port = free_port()
        proxy = stack.enter_context(slow_proxy(port))
        broker = KafkaBroker(home, port=port, advertise=proxy.port)
        broker.start()
        stack.callback(broker.stop)
        site = stack.enter_context(scale_site(folder, kafka=broker))
        redirect, counting, api = (site.processes[name] for name in ("redirect-1", "counting", "api"))

        def slow(seconds: float) -> None:
            proxy.delay = 0.3
            time.sleep(seconds)
            proxy.delay = 0.0

        def away(part: "_Part", seconds: float) -> None:
            part.stop()
            time.sleep(seconds)
            part.start()

        def crash(part: "_Part") -> None:
            part.kill()
            part.start()

        yield Site(
            "scale",
            site.url,
            lambda: site.postgres.dsn,
            [
                Fault("kill -9 of a redirect (with its shipper)", lambda _: _restart(redirect), cuts=True),
                Fault("kill -9 of the consumer", lambda _: _restart(counting)),
                Fault("kill -9 of the API", lambda _: _restart(api)),
                Fault("kill -9 of Kafka", lambda _: crash(broker)),
                Fault("kill -9 of Redis", lambda _: crash(site.redis)),
                Fault("kill -9 of PostgreSQL", lambda _: crash(site.postgres)),
                Fault("PostgreSQL away", lambda seconds: away(site.postgres, seconds)),
                Fault("Kafka away", lambda seconds: away(broker, seconds)),
                Fault("Redis away", lambda seconds: away(site.redis, seconds)),
                Fault("300 ms to and from Kafka", slow),
                Fault("duplicate and reordered delivery", lambda _: _deliver_again(site.postgres.dsn, broker.address)),
            ],
        )


class _Part(Protocol):
    def start(self) -> object: ...
    def stop(self) -> object: ...
    def kill(self) -> None: ...


def _restart(process: Running) -> None:
    process.kill()
    process.start()


def _hang(processes: Sequence[psutil.Process], seconds: float) -> None:
    for process in processes:
        process.suspend()
    time.sleep(seconds)
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.resume()


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    options = f"size={_SPOOL_BYTES},mode=0700"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _fill(disk: Path, seconds: float) -> None:
    ballast = disk / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)
    time.sleep(seconds)
    ballast.unlink()


def _deliver_again(dsn: str, kafka: str | None) -> None:
    """Append the newest records of each partition once more, in any order."""

    async def deliver() -> None:
        database = Database(dsn, pool_size=2)
        settings = Settings(kafka_bootstrap=kafka)
        log = open_stream_log(settings, database)
        try:
            for partition, head in (await log.heads(SCAN_TOPIC)).items():
                records = await log.read(SCAN_TOPIC, partition, max(-1, head - 2_000), 2_000)
                pairs = [(record.key, record.record) for record in records]
                random.shuffle(pairs)
                for start in range(0, len(pairs), 500):
                    await log.append(SCAN_TOPIC, pairs[start : start + 500])
        finally:
            await database.close()

    asyncio.run(deliver())
