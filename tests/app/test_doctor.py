"""What ``scanly doctor`` finds, and whether it says how to mend it."""

import socket
from pathlib import Path

import psycopg
import pytest

from scanly.app import doctor, registry
from scanly.app.installation import load
from scanly.kernel.db.migrate import migrate
from tests.support.databases import TestServer
from tools.services.kafka import KafkaBroker
from tools.services.redis import RedisServer
from tools.services.server import free_port

pytestmark = pytest.mark.slow


def examine(folder: Path, dsn: str, **settings: str) -> dict[str, str | None]:
    environ = {
        "SCANLY_DATA_DIR": str(folder / "data"),
        "SCANLY_DATABASE_URL": dsn,
        "SCANLY_PORT": str(free_port()),
        **{f"SCANLY_{name.upper()}": value for name, value in settings.items()},
    }
    findings = doctor.examine(load(environ, folder / "scanly.toml"))
    return {finding.what: finding.fault for finding in findings}


def fault(findings: dict[str, str | None], what: str) -> str:
    (found,) = [text for name, text in findings.items() if name.startswith(what)]
    assert found is not None, f"{what} is said to be well"
    return found


def test_a_sound_machine_has_no_faults(tmp_path: Path, product_dsn: str) -> None:
    findings = examine(tmp_path, product_dsn, ops_port=str(free_port()))
    assert {name.split(" /")[0].rstrip("0123456789 ") for name in findings} == {
        "port",
        "data folder",
        "operator's port",
        "free space",
        "database",
        "clock",
        "database schema",
    }
    assert set(findings.values()) == {None}


def test_a_port_in_use_is_found(tmp_path: Path, product_dsn: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert "SCANLY_PORT" in fault(examine(tmp_path, product_dsn, port=port), "port")
        assert "SCANLY_OPS_PORT" in fault(examine(tmp_path, product_dsn, ops_port=port), "operator's port")


def test_a_folder_that_cannot_be_written_to_is_found(tmp_path: Path, product_dsn: str) -> None:
    (tmp_path / "data").write_text("")
    findings = examine(tmp_path, product_dsn)
    assert "SCANLY_DATA_DIR" in fault(findings, "data folder")
    assert findings["database"] is None


def test_little_space_is_found(tmp_path: Path, product_dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_LEAST_FREE", 1 << 60)
    assert "MB are left" in fault(examine(tmp_path, product_dsn), "free space")


def test_a_database_that_is_away_is_found(tmp_path: Path) -> None:
    findings = examine(tmp_path, f"postgresql://x:hunter2@127.0.0.1:{free_port()}/x")
    assert "SCANLY_DATABASE_URL" in fault(findings, "database")
    assert "hunter2" not in str(findings)


def test_a_schema_that_is_behind_is_found(tmp_path: Path, postgres: TestServer) -> None:
    with postgres.empty() as dsn:
        migrate(dsn, registry.schemas()[:1])
        assert "Run scanly migrate" in fault(examine(tmp_path, dsn), "database schema")
        migrate(dsn, registry.schemas())
        assert set(examine(tmp_path, dsn).values()) == {None}


def test_a_database_in_which_nothing_is_yet_is_no_fault(tmp_path: Path, postgres: TestServer) -> None:
    with postgres.empty() as dsn:
        environ = {"SCANLY_DATA_DIR": str(tmp_path), "SCANLY_DATABASE_URL": dsn, "SCANLY_PORT": str(free_port())}
        (schema,) = (f for f in doctor.examine(load(environ, tmp_path / "none")) if f.what == "database schema")
    assert schema.fault is None
    assert schema.note.startswith("not started yet")


def test_a_schema_for_newer_code_is_found(tmp_path: Path, product_dsn: str) -> None:
    with psycopg.connect(product_dsn) as connection:
        connection.execute("update scanly.meta set value = '999' where key = 'min_code_version'")
    assert "Install a newer Scanly" in fault(examine(tmp_path, product_dsn), "database")


def test_a_clock_that_differs_is_found(tmp_path: Path, product_dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_MOST_DRIFT", -1.0)
    assert "NTP" in fault(examine(tmp_path, product_dsn), "clock")


@pytest.mark.redis
def test_redis_is_asked_when_it_is_set(tmp_path: Path, product_dsn: str, redis: RedisServer) -> None:
    assert examine(tmp_path, product_dsn, redis_url=redis.url)["Redis"] is None
    redis.stop()
    assert "SCANLY_REDIS_URL" in fault(examine(tmp_path, product_dsn, redis_url=redis.url), "Redis")


@pytest.mark.kafka
def test_kafka_is_asked_when_it_is_set(tmp_path: Path, product_dsn: str, kafka: KafkaBroker) -> None:
    assert examine(tmp_path, product_dsn, kafka_bootstrap=kafka.address)["Kafka"] is None
    away = examine(tmp_path, product_dsn, kafka_bootstrap=f"127.0.0.1:{free_port()}")
    assert "SCANLY_KAFKA_BOOTSTRAP" in fault(away, "Kafka")
