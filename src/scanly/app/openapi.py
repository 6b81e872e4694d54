"""The OpenAPI document of the whole product, made from the code of every service, also of those in other processes."""

from functools import lru_cache
from typing import Any

from scanly import __version__
from scanly.app.registry import SERVICES
from scanly.kernel.http import create_api


@lru_cache(maxsize=1)
def openapi_document() -> dict[str, Any]:
    """Return the document (OpenAPI 3.1). Its version is the product's."""
    routers = [manifest.router for manifest in SERVICES if manifest.router is not None]
    return create_api(routers, {}, (), version=__version__).openapi()
