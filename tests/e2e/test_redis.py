"""Processes that share a Redis which is killed, hangs, comes back: visitors and owners notice nothing of it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from scanly.services.routing.snapshot import FILE_NAME
from tests.e2e.shapes import Owner, Shape, scan, separate_processes
from tests.support.databases import TestServer
from tests.support.folders import reachable_folder
from tests.support.services import redis_server
from tests.support.waiting import until
from tools.services.redis import RedisServer

pytestmark = [pytest.mark.slow, pytest.mark.redis]

_SOON = 2.0  # seconds on a busy machine; the poll would take longer


@dataclass
class Shared:
    """A running product with Redis, and an owner with a code."""

    shape: Shape
    redis: RedisServer
    owner: Owner

    def edit_arrives(self, address: str) -> None:
        """Point the code to another address and see it behind every door."""
        self.owner.point_to(address)
        for door in self.shape.doors:
            until(lambda: scan(door, self.owner.path).headers.get("location") == address)  # noqa: B023 - called here

    def ready(self) -> dict[str, bool]:
        """What a redirect process says of Redis and of itself."""
        document = scan(self.shape.doors[1], "/readyz").json()
        return {"ready": document["status"] != "waiting", "redis": document["checks"]["redis"]["ok"]}


@pytest.fixture(scope="module")
def shared(postgres: TestServer) -> Iterator[Shared]:
    with (
        reachable_folder() as folder,
        postgres.empty() as dsn,
        redis_server() as redis,
        separate_processes(folder, dsn, SCANLY_REDIS_URL=redis.url) as shape,
        Owner(shape) as owner,
    ):
        yield Shared(shape, redis, owner)


def test_edits_arrive_and_scans_go_on_through_every_fault_of_redis(shared: Shared) -> None:
    shared.edit_arrives("https://example.org/with")
    assert shared.ready() == {"ready": True, "redis": True}

    shared.redis.pause()
    shared.edit_arrives("https://example.org/hanging")
    began = time.monotonic()
    for _ in range(20):
        assert scan(shared.shape.doors[1], shared.owner.path).status_code == 302
    assert time.monotonic() - began < 20 * _SOON
    until(lambda: shared.ready() == {"ready": True, "redis": False})
    shared.redis.resume()
    until(lambda: shared.ready()["redis"])
    shared.edit_arrives("https://example.org/awake")

    shared.redis.kill()
    shared.edit_arrives("https://example.org/without")
    shared.redis.start()
    until(lambda: shared.ready()["redis"])
    shared.edit_arrives("https://example.org/again")


def test_what_changed_while_a_process_was_away_is_not_answered_from_redis_or_its_snapshot(shared: Shared) -> None:
    shared.edit_arrives("https://example.org/before")
    process = shared.shape.processes["routing-2"]
    process.stop()
    assert (process.data_dir / "spool" / FILE_NAME).exists()
    shared.owner.point_to("https://example.org/meanwhile")
    process.start()
    door = f"http://127.0.0.1:{process.port}"
    assert scan(door, shared.owner.path).headers["location"] == "https://example.org/meanwhile"
