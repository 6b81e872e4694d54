"""Where the services are: in this process, or at the addresses that ``SCANLY_PEERS`` names."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from fastapi.routing import APIRoute

from scanly.app.registry import SERVICES
from scanly.kernel.http import create_api
from scanly.kernel.http.app import API_PREFIX
from scanly.kernel.manifest import Manifest
from scanly.kernel.startup import StartupError


def parse_peers(text: str) -> dict[str, tuple[str, ...]]:
    """Return service → addresses for ``routing=http://a:1,http://b:2;auth=http://c:3``."""
    known = {manifest.name for manifest in SERVICES}
    peers: dict[str, tuple[str, ...]] = {}
    for entry in filter(None, (part.strip() for part in text.split(";"))):
        name, _, addresses = entry.partition("=")
        bases = tuple(address.strip().rstrip("/") for address in addresses.split(",") if address.strip())
        if name.strip() not in known:
            raise StartupError(f"SCANLY_PEERS names {name.strip()!r}, which is no service. Known: {', '.join(known)}.")
        if not bases or not all(_is_address(base) for base in bases):
            raise StartupError(f"SCANLY_PEERS: write {name.strip()}=http://HOST:PORT, several separated by commas.")
        peers[name.strip()] = bases
    return peers


def _is_address(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def service_of(interface: type) -> str:
    """Return the name of the service that offers an interface."""
    return next(manifest.name for manifest in SERVICES if manifest.interface is interface)


def upstreams(local: set[str], peers: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return path segment → addresses, for services that are not in this process; see ``segments``."""
    return {
        segment: peers[manifest.name]
        for manifest in SERVICES
        if manifest.name not in local and manifest.name in peers
        for segment in segments(manifest)
    }


def segments(manifest: Manifest) -> set[str]:
    """Return the first path segments of a service's endpoints below ``/api/v1``, and its reserved words."""
    if manifest.router is None:
        return set()
    paths = create_api([manifest.router], {}, (), version="").openapi()["paths"]
    words = manifest.visitors.routes if manifest.visitors is not None else ()
    return {path.removeprefix(API_PREFIX).split("/")[1] for path in paths} | {
        route.path.split("/")[1] for route in words if isinstance(route, APIRoute)
    }


def check_reachable(local: list[Manifest], peers: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse to start a process that calls a service which is neither here nor named in ``SCANLY_PEERS``."""
    here = {manifest.name for manifest in local}
    for manifest in local:
        for interface in manifest.calls:
            name = service_of(interface)
            if name not in here and name not in peers:
                raise StartupError(
                    f"{manifest.name} calls {name}: say where it is, SCANLY_PEERS={name}=http://HOST:PORT."
                )
