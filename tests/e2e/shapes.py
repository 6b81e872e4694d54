"""The product in its two shapes: one process, or five that find each other by ``SCANLY_PEERS``."""

import itertools
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx

from tests.support.product import PASSWORD
from tests.support.running import Running, running, scanly
from tools.services.server import free_port

SECRET = "a secret that all processes of the installation share"
PHONES = {
    "iPhone": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1",
    "Android": "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Mobile Safari/537.36",
}
PROGRAMS = {
    "Googlebot": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "WhatsApp": "WhatsApp/2.24.20.80 A",
}
TOGETHER = {"main": "gateway,auth,media,qr", "routing-1": "routing", "routing-2": "routing", "analytics": "analytics"}
ALONE = {
    "main": "gateway",
    "people": "auth",
    **{name: name for name in ("media", "qr", "analytics")},
    "1": "routing",
    "2": "routing",
}
_numbers = itertools.count(1)


@dataclass
class Shape:
    """A running product: where people go, and every address that redirects."""

    url: str
    doors: list[str]
    processes: dict[str, Running]


@contextmanager
def one_process(folder: Path, **settings: str) -> Iterator[Shape]:
    """All services in one process, on the embedded database."""
    with running(folder, **settings) as process:
        yield Shape(process.url, [process.url], {"scanly": process})


@contextmanager
def separate_processes(
    folder: Path, dsn: str, layout: Mapping[str, str] = TOGETHER, **settings: str
) -> Iterator[Shape]:
    """Processes with the services that `layout` names for each; a folder for each, one database for all."""
    ports = {name: free_port() for name in layout}
    addresses = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    url = f"http://localhost:{ports['main']}"
    peers: dict[str, list[str]] = {}
    for name, services in layout.items():
        for service in services.split(","):
            peers.setdefault(service, []).append(addresses[name])
    shared = {
        "SCANLY_DATABASE_URL": dsn,
        "SCANLY_SECRET_KEY": SECRET,
        "SCANLY_PUBLIC_URL": url,
        "SCANLY_DATABASE_POOL": "4",
        "SCANLY_PEERS": ";".join(f"{service}={','.join(bases)}" for service, bases in peers.items()),
        **settings,
    }
    processes: dict[str, Running] = {}
    with ExitStack() as stack:
        for name, port in ports.items():
            home = folder / name
            home.mkdir()
            process = Running(home, "--services", layout[name], port=port, **shared)
            stack.callback(process.stop)
            processes[name] = process.start(wait=False)
        migrated = scanly(folder, "migrate", SCANLY_DATABASE_URL=dsn)
        assert migrated.returncode == 0, migrated.stderr
        for process in processes.values():
            process.wait_ready()
        yield Shape(url, [url, *peers["routing"]], processes)


class Owner:
    """Somebody who signed up, with one dynamic code; a context that closes their connection."""

    def __init__(self, shape: Shape) -> None:
        self.client = httpx.Client(base_url=f"{shape.url}/api/v1", timeout=30)
        body = {"email": f"owner{next(_numbers)}@example.org", "password": PASSWORD}
        answer = self.client.post("/auth/sign-up", json=body)
        assert answer.status_code == 201, answer.text
        self.client.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
        made = self.client.post("/qr-codes", json={"name": "Menu", "content": url("https://example.org/menu")})
        assert made.status_code == 201, made.text
        self.code = made.json()
        self.path = f"/{self.code['link']['slug']}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.client.close()

    def point_to(self, address: str) -> None:
        answer = self.client.patch(f"/qr-codes/{self.code['id']}", json={"content": url(address)})
        assert answer.status_code == 200, answer.text

    def summary(self) -> dict[str, Any]:
        answer = self.client.get("/analytics/summary", params={"qr_code_id": self.code["id"]})
        assert answer.status_code == 200, answer.text
        document: dict[str, Any] = answer.json()
        return document


def url(address: str) -> dict[str, str]:
    return {"type": "url", "url": address}


def scan(door: str, path: str, agent: str = PHONES["iPhone"], method: str = "GET") -> httpx.Response:
    return httpx.request(method, door + path, headers={"user-agent": agent, "accept-language": "en"}, timeout=30)
