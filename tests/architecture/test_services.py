"""The services as a whole: all registered, each able to stand alone, calls without circles."""

import ast
import inspect
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from types import MappingProxyType

import httpx
import pytest
from fastapi.routing import APIRoute

from scanly.app import installation, topology
from scanly.app.product import Product
from scanly.app.registry import SERVICES, schemas
from scanly.kernel.config import PREFIX, Settings
from scanly.kernel.events import Subscriber
from scanly.kernel.manifest import Manifest
from scanly.kernel.rpc import interface_methods
from scanly.kernel.startup import StartupError
from scanly.kernel.telemetry import Check
from tests.support.databases import TestServer
from tests.support.product import SECRET
from tools.lints.tree import Module, Tree, called

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
BY_NAME = {manifest.name: manifest for manifest in SERVICES}


def test_every_service_on_disk_is_registered_once() -> None:
    names = [manifest.name for manifest in SERVICES]
    assert sorted(names) == Tree(ROOT).services
    assert len(set(names)) == len(names)


def test_every_service_has_a_contract_and_its_interface_stands_there() -> None:
    for manifest in SERVICES:
        assert (ROOT / f"src/scanly/contracts/{manifest.name}.py").exists()
        if manifest.interface is not None:
            assert manifest.interface.__module__ == f"scanly.contracts.{manifest.name}"


def test_every_method_of_an_interface_can_travel() -> None:
    for manifest in SERVICES:
        if manifest.interface is not None:
            for name in interface_methods(manifest.interface):
                method = getattr(manifest.interface, name)
                assert inspect.iscoroutinefunction(method), f"{manifest.name}.{name}"
                assert method.__doc__, f"{manifest.name}.{name} promises nothing"


def test_no_request_is_sent_through_a_thread() -> None:
    """FastAPI runs endpoints and dependencies that are not ``async`` in threads, a millisecond each."""
    routes = [route for m in SERVICES if m.router for route in m.router.routes if isinstance(route, APIRoute)]
    assert routes
    for route in routes:
        waiting = [route.dependant]
        while waiting:
            part = waiting.pop()
            assert inspect.iscoroutinefunction(part.call), f"{route.path}: {part.call}"
            waiting += part.dependencies


def calls(manifests: Iterable[Manifest]) -> dict[str, set[str]]:
    """Who calls whom."""
    return {manifest.name: {topology.service_of(each) for each in manifest.calls} for manifest in manifests}


def order(graph: Mapping[str, set[str]]) -> tuple[str, ...]:
    """The services, callees first; ``CycleError`` names the circle."""
    return tuple(TopologicalSorter(graph).static_order())


def test_calls_form_no_circle() -> None:
    assert set(order(calls(SERVICES))) == set(BY_NAME)


def test_a_circle_of_calls_is_caught() -> None:
    with pytest.raises(CycleError):
        order({**calls(SERVICES), "auth": {"gateway"}})


def clients(module: Module) -> set[str]:
    """The interfaces that a module asks its context for."""
    nodes = (node for node in ast.walk(module.syntax) if isinstance(node, ast.Call))
    return {
        ast.unparse(node.args[0]) for node in nodes if called(node).endswith("context.client") and len(node.args) == 1
    }


@pytest.mark.parametrize("manifest", SERVICES, ids=lambda manifest: manifest.name)
def test_the_manifest_declares_exactly_the_calls(manifest: Manifest) -> None:
    asked = set().union(*(clients(module) for module in Tree(ROOT).modules_of(manifest.name)))
    assert asked == {interface.__name__ for interface in manifest.calls}


@pytest.mark.parametrize("manifest", SERVICES, ids=lambda manifest: manifest.name)
def test_names_carry_the_service(manifest: Manifest) -> None:
    names = [
        *(job.name for job in manifest.jobs),
        *(schedule.name for schedule in manifest.schedules),
        *(background.name for background in manifest.background),
        *(subscriber.group for subscriber in manifest.subscribers),
    ]
    assert [name for name in names if not name.startswith(f"{manifest.name}.")] == []
    assert len(set(names)) == len(names)


def test_groups_and_settings_and_paths_belong_to_one_service() -> None:
    groups = [subscriber.group for manifest in SERVICES for subscriber in manifest.subscribers]
    fields = [name for m in SERVICES if m.settings is not None for name in m.settings.model_fields]
    fields += list(Settings.model_fields)
    segments = [segment for manifest in SERVICES for segment in topology.segments(manifest)]
    for names in (groups, fields, segments):
        assert len(set(names)) == len(names)


def test_every_setting_says_what_it_is_for() -> None:
    for manifest in SERVICES:
        for name, field in manifest.settings.model_fields.items() if manifest.settings else ():
            assert field.description, f"{PREFIX}{name.upper()} of {manifest.name}"


def product_of(manifest: Manifest, dsn: str, data_dir: Path, peers: Iterable[str]) -> Product:
    """A process with one service; the others are named as being elsewhere."""
    elsewhere = ";".join(f"{name}=http://127.0.0.1:9" for name in peers)
    environment = {"SCANLY_DATA_DIR": str(data_dir), "SCANLY_PEERS": elsewhere}
    loaded = installation.load(MappingProxyType(environment), data_dir / "scanly.toml")
    return Product(loaded, dsn, SECRET, [manifest])


@pytest.mark.parametrize("manifest", SERVICES, ids=lambda manifest: manifest.name)
async def test_a_service_boots_alone(manifest: Manifest, postgres: TestServer, data_dir: Path) -> None:
    own = tuple(schema for schema in schemas() if schema.name == manifest.name)
    with postgres.copy(own) as dsn:
        product = product_of(manifest, dsn, data_dir, calls(SERVICES)[manifest.name])
        try:
            await product.start()
            assert set((await product.ready()).values()) == {Check()}
            assert list(product.services) == [manifest.name]
            transport = httpx.ASGITransport(app=product.application)
            async with httpx.AsyncClient(transport=transport, base_url="http://alone") as client:
                assert (await client.get("/healthz")).status_code == 200
        finally:
            await product.stop()


async def test_a_process_that_only_redirects_stays_in_service_without_its_database(
    postgres: TestServer, data_dir: Path
) -> None:
    (manifest,) = (m for m in SERVICES if m.front is not None)
    with postgres.copy(tuple(schema for schema in schemas() if schema.name == manifest.name)) as dsn:
        product = product_of(manifest, dsn, data_dir, ())
        try:
            await product.start()
            postgres.close_to_connections(dsn)
            transport = httpx.ASGITransport(app=product.application)
            async with httpx.AsyncClient(transport=transport, base_url="http://alone") as client:
                answer = await client.get("/readyz")
            assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
            assert "database" in answer.json()["checks"]["database"]["detail"]
        finally:
            await product.stop()


@pytest.mark.parametrize("manifest", [m for m in SERVICES if m.calls], ids=lambda manifest: manifest.name)
def test_a_service_that_cannot_reach_another_does_not_start(
    manifest: Manifest, kernel_dsn: str, data_dir: Path
) -> None:
    with pytest.raises(StartupError, match="SCANLY_PEERS="):
        product_of(manifest, kernel_dsn, data_dir, [])


def test_subscribers_consume_events_of_contracts() -> None:
    for manifest in SERVICES:
        for subscriber in manifest.subscribers:
            assert isinstance(subscriber, Subscriber)
            assert subscriber.event.__module__.startswith("scanly.contracts.")
