"""Starts the parts of the scale shape one after the other, and keeps a handle on each."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.running import Running, scanly
from tools.services.kafka import KafkaBroker
from tools.services.nginx import Nginx, edge
from tools.services.packages import Unavailable
from tools.services.postgres import PostgresServer
from tools.services.redis import RedisServer
from tools.services.server import free_port

_SECRET = "a secret that all processes of this demonstration share"
LAYOUT = {"api": "gateway,auth,media,qr", "redirect-1": "routing", "redirect-2": "routing", "counting": "analytics"}
"""The processes of Scanly by name, each with its services."""


@dataclass
class Site:
    """A running installation. ``url`` is what people open."""

    url: str
    postgres: PostgresServer
    kafka: KafkaBroker
    redis: RedisServer
    nginx: Nginx
    processes: dict[str, Running]

    def describe(self) -> str:
        """Return the addresses of the parts, a line each."""
        lines = [f"open       {self.url}", f"database   {self.postgres.dsn}", f"Kafka      {self.kafka.address}"]
        lines += [f"Redis      {self.redis.url}"]
        lines += [f"{name:<11}{process.url} ({LAYOUT[name]})" for name, process in self.processes.items()]
        return "\n".join(lines)


@contextmanager
def scale_site(
    folder: Path,
    *,
    port: int | None = None,
    kafka_address: str | None = None,
    kafka: KafkaBroker | None = None,
    **settings: str,
) -> Iterator[Site]:
    """Start everything with its files in ``folder``, which every account must be able to enter; stop it at the end.

    ``kafka`` is a broker that is already there, ``kafka_address`` a way to it through a proxy. Raises ``Unavailable``
    when a server is not installed.
    """
    with ExitStack() as stack:
        postgres = PostgresServer(_made(folder / "postgres"), durable=True)
        stack.callback(postgres.stop)
        redis = RedisServer(_made(folder / "redis"))
        redis.start()
        stack.callback(redis.stop)
        if kafka is None:
            kafka = KafkaBroker(_made(folder / "kafka"))
            kafka.start()
            stack.callback(kafka.stop)
        public = port or free_port()
        url = f"http://localhost:{public}"
        ports = {name: free_port() for name in LAYOUT}
        redirects = [ports[name] for name in LAYOUT if name.startswith("redirect")]
        nginx = edge(_made(folder / "nginx"), port=public, api=[ports["api"]], redirects=redirects)
        nginx.start()
        stack.callback(nginx.stop)
        shared = {
            "SCANLY_DATABASE_URL": postgres.dsn,
            "SCANLY_KAFKA_BOOTSTRAP": kafka_address or kafka.address,
            "SCANLY_REDIS_URL": redis.url,
            "SCANLY_SECRET_KEY": _SECRET,
            "SCANLY_PUBLIC_URL": url,
            "SCANLY_TRUSTED_PROXIES": "127.0.0.1/32",
            "SCANLY_PEERS": _peers(ports),
            **settings,
        }
        migrated = scanly(folder, "migrate", SCANLY_DATABASE_URL=postgres.dsn)
        if migrated.returncode != 0:
            raise Unavailable(f"scanly migrate failed: {migrated.stderr}")
        processes: dict[str, Running] = {}
        for name, services in LAYOUT.items():
            process = Running(_made(folder / name), "--services", services, port=ports[name], **shared)
            stack.callback(process.stop)
            processes[name] = process.start(wait=False)
        for process in processes.values():
            process.wait_ready()
        yield Site(url, postgres, kafka, redis, nginx, processes)


def _peers(ports: dict[str, int]) -> str:
    peers: dict[str, list[str]] = {}
    for name, services in LAYOUT.items():
        for service in services.split(","):
            peers.setdefault(service, []).append(f"http://127.0.0.1:{ports[name]}")
    return ";".join(f"{service}={','.join(bases)}" for service, bases in peers.items())


def _made(folder: Path) -> Path:
    folder.mkdir()
    folder.chmod(0o711)
    return folder
