"""The application factory: one FastAPI application for the services of a process."""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.routing import Route

from scanly.kernel.http.problems import install_problems

API_PREFIX = "/api/v1"
OPENAPI_PATH = "/api/openapi.json"


def create_api(
    routers: Iterable[APIRouter],
    services: Mapping[type[Any], Any],
    rpc: Iterable[Route],
    *,
    version: str,
    visitors: Iterable[APIRouter] = (),
) -> FastAPI:
    """Return the API of ``services``, each reachable by its class, with the routes for other processes.

    ``visitors`` stand outside of the API and its document.
    """
    app = FastAPI(
        title="Scanly",
        version=version,
        summary="Dynamic QR codes, short links, and scan analytics that are true.",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.services = dict(services)
    for router in routers:
        app.include_router(router, prefix=API_PREFIX)
    for router in visitors:
        app.include_router(router, include_in_schema=False)
    app.router.routes.extend(rpc)
    install_problems(app)
    return app
