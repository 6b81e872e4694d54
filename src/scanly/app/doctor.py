"""``scanly doctor``: looks at ports, folder, space, Kafka, Redis, database and clock, and says how to mend each."""

import asyncio
import shutil
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import text

from scanly.app import installation, registry
from scanly.kernel.config import LoadedSettings, Settings
from scanly.kernel.db.migrate import is_new, pending, sync_engine
from scanly.kernel.errors import Unavailable
from scanly.kernel.postgres import EmbeddedPostgres
from scanly.kernel.redis import RedisAway, open_redis
from scanly.kernel.startup import StartupError

_LEAST_FREE = 500 * 1024 * 1024
_MOST_DRIFT = 5.0


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; ``fault`` says what is wrong and how to mend it, ``note`` what is good to know."""

    what: str
    fault: str | None
    note: str = ""


def examine(loaded: LoadedSettings) -> list[Finding]:
    """Look at everything; nothing is changed except that the data folder is made."""
    settings = loaded.get(Settings)
    running = settings.database_url is None and EmbeddedPostgres.attach(settings.data_dir) is not None
    findings = [
        Finding(f"port {settings.port}", None if running else _port(settings.host, settings.port, "SCANLY_PORT")),
        _tried(f"data folder {settings.data_dir}", lambda: _folder(settings)),
    ]
    if settings.ops_port:
        fault = None if running else _port("127.0.0.1", settings.ops_port, "SCANLY_OPS_PORT")
        findings.append(Finding(f"operator's port {settings.ops_port}", fault))
    findings.append(_tried("free space", lambda: _space(settings)))
    if settings.kafka_bootstrap is not None:
        findings.append(Finding("Kafka", asyncio.run(_kafka(settings))))
    if settings.redis_url is not None:
        findings.append(Finding("Redis", asyncio.run(_redis(settings))))
    return [*findings, *_database(settings)]


def _tried(what: str, check: Callable[[], str | None]) -> Finding:
    try:
        return Finding(what, check())
    except StartupError as error:
        return Finding(what, str(error))


def _port(host: str, port: int, setting: str) -> str | None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return f"cannot be used ({error.strerror}). Stop what runs there, or choose another with {setting}."
    return None


def _folder(settings: Settings) -> str | None:
    installation.prepare_data_dir(settings)
    return None


def _space(settings: Settings) -> str | None:
    free = shutil.disk_usage(installation.prepare_data_dir(settings)).free
    if free < _LEAST_FREE:
        return f"only {free // 1024 // 1024} MB are left for the data folder. Free at least 500 MB."
    return None


async def _redis(settings: Settings) -> str | None:
    redis = open_redis(settings)
    assert redis is not None
    try:
        await redis.call("PING")
    except RedisAway as error:
        return f"does not answer ({error.__cause__}). Start it, or check SCANLY_REDIS_URL; Scanly goes on without."
    finally:
        await redis.stop()
    return None


async def _kafka(settings: Settings) -> str | None:
    from scanly.kernel.events.kafka import KafkaStreamLog  # noqa: PLC0415 - memory that only this shape pays

    kafka = KafkaStreamLog(settings)
    try:
        await kafka.ping()
    except Unavailable:
        return f"does not answer at {settings.kafka_bootstrap}. Start it, or check SCANLY_KAFKA_BOOTSTRAP."
    finally:
        await kafka.close()
    return None


def _database(settings: Settings) -> list[Finding]:
    try:
        database = installation.open_database(settings, attach=True)
    except StartupError as error:
        return [Finding("database", str(error))]
    try:
        engine = sync_engine(database.dsn)
        with engine.connect() as connection:
            theirs: datetime = connection.execute(text("select clock_timestamp()")).scalar_one()
        drift = abs((datetime.now(UTC) - theirs).total_seconds())
        clock = None
        if drift > _MOST_DRIFT:
            clock = f"this machine and the database differ by {drift:.0f} s. Set the clocks with NTP."
        return [Finding("database", None), Finding("clock", clock), _schema(database.dsn)]
    except StartupError as error:
        return [Finding("database", str(error))]
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the database is the finding
        return [Finding("database", f"it does not answer ({error.__class__.__name__}). Check SCANLY_DATABASE_URL.")]
    finally:
        database.close()


def _schema(dsn: str) -> Finding:
    if is_new(dsn):
        return Finding("database schema", None, "not started yet. scanly run makes it, scanly migrate for a cluster.")
    behind = pending(dsn, registry.schemas())
    fault = f"{', '.join(behind)} not up to date. Run scanly migrate." if behind else None
    return Finding("database schema", fault)
