"""The same journey through both shapes: sign up, make a code, scan it, count, change, pause."""

import itertools
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from scanly.app.registry import schemas
from scanly.kernel.db.migrate import migrate
from tests.e2e.shapes import PHONES, PROGRAMS, Owner, Shape, one_process, scan, separate_processes
from tests.support.databases import TestServer
from tests.support.folders import reachable_folder
from tests.support.running import Running, scanly
from tests.support.waiting import until
from tools.services.kafka import KafkaBroker
from tools.services.server import free_port

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def separate(postgres: TestServer) -> Iterator[Shape]:
    with reachable_folder() as folder, postgres.empty() as dsn, separate_processes(folder, dsn) as started:
        yield started


@pytest.fixture(scope="module")
def single() -> Iterator[Shape]:
    with reachable_folder() as folder, one_process(folder) as started:
        yield started


@pytest.fixture(scope="module")
def on_kafka(postgres: TestServer, kafka: KafkaBroker) -> Iterator[Shape]:
    settings = {"SCANLY_KAFKA_BOOTSTRAP": kafka.address, "SCANLY_KAFKA_PREFIX": "shapes."}
    with (
        reachable_folder() as folder,
        postgres.empty() as dsn,
        separate_processes(folder, dsn, **settings) as started,
    ):
        yield started


@pytest.fixture(params=["single", "separate", pytest.param("on_kafka", marks=pytest.mark.kafka)])
def shape(request: pytest.FixtureRequest) -> Shape:
    started: Shape = request.getfixturevalue(request.param)
    return started


@pytest.fixture
def owner(shape: Shape) -> Iterator[Owner]:
    with Owner(shape) as owner:
        yield owner


def test_a_code_is_scanned_counted_changed_and_paused(shape: Shape, owner: Owner) -> None:
    doors = itertools.cycle(shape.doors)
    for agent in [*PHONES.values(), *PROGRAMS.values()]:
        answer = scan(next(doors), owner.path, agent)
        assert answer.status_code == 302, answer.text
        assert answer.headers["location"] == "https://example.org/menu"
        assert answer.headers["cache-control"] == "private, no-store"
    assert scan(next(doors), owner.path, method="HEAD").status_code == 302

    until(lambda: owner.summary()["excluded"] == 3)
    summary = owner.summary()
    assert (summary["visitors"], summary["hits"], summary["scans"], summary["clicks"]) == (2, 2, 2, 0)
    assert sum(summary["by_reason"].values()) == 3
    hits = owner.client.get("/analytics/hits", params={"qr_code_id": owner.code["id"], "traffic": "all"}).json()["data"]
    assert sorted(hit["verdict"] for hit in hits) == ["bot", "head", "human", "human", "preview"]
    assert all(hit["reason"] for hit in hits if hit["verdict"] != "human")
    assert "127.0.0.1" not in json.dumps(hits)

    owner.point_to("https://example.org/lunch")
    for door in shape.doors:
        until(lambda: scan(door, owner.path).headers.get("location") == "https://example.org/lunch")  # noqa: B023 - called here
    assert owner.client.post(f"/qr-codes/{owner.code['id']}/pause").status_code == 200
    for door in shape.doors:
        paused = until(lambda: (a := scan(door, owner.path)).status_code != 302 and a)  # noqa: B023 - called here
        assert paused.headers["content-type"].startswith("text/html")
        assert "location" not in paused.headers
    assert owner.client.post(f"/qr-codes/{owner.code['id']}/resume").status_code == 200
    for door in shape.doors:
        until(lambda: scan(door, owner.path).status_code == 302)  # noqa: B023 - called here


def test_the_live_feed_comes_through_as_it_happens(shape: Shape, owner: Owner) -> None:
    seen = threading.Event()
    lines: list[str] = []

    def listen() -> None:
        with owner.client.stream("GET", "/analytics/live", headers={"accept": "text/event-stream"}) as feed:
            assert feed.headers["content-type"].startswith("text/event-stream")
            for line in feed.iter_lines():
                lines.append(line)
                if line.startswith("data:") and owner.code["id"] in line:
                    seen.set()
                    return

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    numbers = itertools.count()
    until(lambda: scan(shape.doors[-1], owner.path, f"{PHONES['iPhone']} {next(numbers)}") and seen.wait(0.5), 30)
    listener.join(10)
    assert any(line.startswith("id:") for line in lines)
    assert any(line == "event: hit" for line in lines)


def test_pictures_and_pages_come_through_every_door(shape: Shape, owner: Owner) -> None:
    picture = owner.client.get(f"/qr-codes/{owner.code['id']}/image.png", params={"size": 300, "unit": "px"})
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    for door in shape.doors:
        unknown = scan(door, "/never-made")
        assert unknown.status_code == 404
        assert "<html" in unknown.text
        preview = scan(door, owner.path + "+")
        assert preview.status_code == 200
        assert "example.org/menu" in preview.text


def test_a_body_that_is_too_large_is_answered_before_the_connection_ends(shape: Shape) -> None:
    for content in (b"x" * 10_485_760, iter([b"x" * 65_536] * 160)):
        answer = httpx.post(
            f"{shape.url}/api/v1/qr-codes", content=content, headers={"content-type": "application/json"}, timeout=30
        )
        assert answer.status_code == 413
        assert answer.json()["code"] == "too_large"


def test_a_redirect_process_that_dies_is_passed_over_and_loses_nothing(separate: Shape) -> None:
    dying = separate.processes["routing-1"]
    with Owner(separate) as owner:
        for number in range(20):
            assert scan(separate.doors[1], owner.path, f"{PHONES['iPhone']} {number}").status_code == 302
        dying.kill()
        for number in range(20, 30):
            assert scan(separate.url, owner.path, f"{PHONES['iPhone']} {number}").status_code == 302
        dying.start()
        until(lambda: owner.summary()["hits"] + owner.summary()["excluded"] == 30, 40)


@pytest.mark.kafka
def test_scans_and_events_wait_for_a_broker_that_was_killed(on_kafka: Shape, stoppable_kafka: KafkaBroker) -> None:
    with Owner(on_kafka) as owner:
        for number in range(10):
            assert scan(on_kafka.doors[1], owner.path, f"{PHONES['iPhone']} {number}").status_code == 302
        stoppable_kafka.kill()
        for number in range(10, 20):
            assert scan(on_kafka.doors[2], owner.path, f"{PHONES['iPhone']} {number}").status_code == 302
        owner.point_to("https://example.org/lunch")
        for door in on_kafka.doors:
            until(lambda: scan(door, owner.path).headers.get("location") == "https://example.org/lunch")  # noqa: B023
        stoppable_kafka.start()
        until(lambda: owner.summary()["hits"] + owner.summary()["excluded"] >= 20 + len(on_kafka.doors), 60)


def test_processes_wait_for_the_database_and_for_its_migration(postgres: TestServer) -> None:
    with reachable_folder() as folder, postgres.empty() as dsn:
        settings = {"SCANLY_DATABASE_URL": dsn, "SCANLY_SECRET_KEY": "x" * 40, "SCANLY_DATABASE_POOL": "2"}
        process = Running(folder, "--services", "routing", **settings)
        postgres.close_to_connections(dsn)
        process.start(wait=False)

        def start_check() -> str:
            try:
                answer = httpx.get(f"http://127.0.0.1:{process.port}/readyz")
            except httpx.TransportError:
                return ""
            assert answer.status_code == 503
            return str(answer.json()["checks"]["start"]["detail"])

        try:
            until(lambda: "The database cannot be reached" in start_check())
            postgres.open_to_connections(dsn)
            until(lambda: "run scanly migrate" in start_check())
            assert httpx.get(f"http://127.0.0.1:{process.port}/healthz").status_code == 200
            migrate(dsn, schemas())
            process.wait_ready()
        finally:
            process.stop()


@pytest.mark.parametrize("arguments", [(), ("--services", "sorting")])
def test_what_keeps_a_process_from_starting_is_one_sentence(data_dir: Path, arguments: tuple[str, ...]) -> None:
    database = "postgresql://x:hunter2@127.0.0.1:1/x"
    ended = scanly(data_dir, "run", *arguments, SCANLY_PORT=str(free_port()), SCANLY_DATABASE_URL=database)
    assert ended.returncode == 2, ended.stderr
    (sentence,) = [line for line in ended.stderr.splitlines() if line.startswith("scanly: ")]
    assert ("There is no service sorting" if arguments else "The database cannot be reached") in sentence
    assert "Traceback" not in ended.stderr
    assert "hunter2" not in ended.stderr
