"""The OpenAPI document of the whole product, made from the code of every service, also of those in other processes."""

from functools import lru_cache
from typing import Any, Final

from scanly import __version__
from scanly.app.operator.endpoints import router as operator_router
from scanly.app.registry import SERVICES
from scanly.kernel.http import create_api
from scanly.kernel.http.problems import Problem

_REFUSAL: Final = {
    "description": "What is wrong and how to mend it (RFC 9457)",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_SECURITY: Final = {
    "token": {"type": "http", "scheme": "bearer", "description": "For programs: an access token"},
    "session": {"type": "apiKey", "in": "cookie", "name": "scanly_session", "description": "For browsers"},
}


@lru_cache(maxsize=1)
def openapi_document() -> dict[str, Any]:
    """Return the document (OpenAPI 3.1). Its version is the product's."""
    routers = [*(manifest.router for manifest in SERVICES if manifest.router is not None), operator_router]
    document = create_api(routers, {}, (), version=__version__).openapi()
    for methods in document["paths"].values():
        for operation in methods.values():
            operation["responses"].pop("422", None)  # FastAPI's own shape, which is never sent
            operation["responses"]["default"] = _REFUSAL
    components = document["components"]
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    components["schemas"].update(problem.pop("$defs"))
    components["schemas"]["Problem"] = problem
    components["securitySchemes"] = _SECURITY
    document["security"] = [{}, *({name: []} for name in _SECURITY)]
    return document
