"""Which services exist. The only list of them in the code; deployment files are checked against it."""

from collections.abc import Iterable
from pathlib import Path

import scanly.services
from scanly.kernel.db.migrate import Schema
from scanly.kernel.manifest import Manifest
from scanly.kernel.startup import StartupError
from scanly.services.analytics.manifest import MANIFEST as ANALYTICS
from scanly.services.auth.manifest import MANIFEST as AUTH
from scanly.services.gateway.manifest import MANIFEST as GATEWAY
from scanly.services.media.manifest import MANIFEST as MEDIA
from scanly.services.qr.manifest import MANIFEST as QR
from scanly.services.routing.manifest import MANIFEST as ROUTING

SERVICES: tuple[Manifest, ...] = (GATEWAY, AUTH, QR, ROUTING, ANALYTICS, MEDIA)

ROLES = ("api", "worker", "redirect")

_SERVICES_FOLDER = Path(scanly.services.__file__).parent


def schemas() -> list[Schema]:
    """Return the database schema of every service with the folder of its migrations."""
    return [Schema(manifest.name, _SERVICES_FOLDER / manifest.name / "migrations") for manifest in SERVICES]


def choose(names: Iterable[str]) -> list[Manifest]:
    """Return the services of these names; all for none. ``StartupError`` names what is unknown."""
    wanted = list(dict.fromkeys(names))
    known = {manifest.name: manifest for manifest in SERVICES}
    if unknown := [name for name in wanted if name not in known]:
        raise StartupError(f"There is no service {', '.join(unknown)}. Services are: {', '.join(known)}.")
    return [known[name] for name in wanted] if wanted else list(SERVICES)
