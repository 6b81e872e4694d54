"""Every operation of the API, from its OpenAPI document, with things to try it on and a body that it accepts."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from scanly.app.openapi import openapi_document
from tests.services.media.factories import add, picture
from tests.support.product import PASSWORD

LOOK = {"modules": {"shape": "dots", "fill": {"color": "#14532d"}}}
MENU = {"type": "url", "url": "https://example.org/menu"}
Make = Callable[[httpx.AsyncClient], Awaitable[str]]


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    document: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def parameters(self) -> list[dict[str, Any]]:
        return list(self.document.get("parameters", ()))

    @property
    def path_parameters(self) -> list[str]:
        return [p["name"] for p in self.parameters if p["in"] == "path"]

    @property
    def query_parameters(self) -> list[str]:
        return [p["name"] for p in self.parameters if p["in"] == "query"]

    @property
    def body(self) -> dict[str, Any] | None:
        """A body in JSON that this operation accepts; None when it takes none."""
        kinds = self.document.get("requestBody", {}).get("content", {})
        return BODIES[self.name] if "application/json" in kinds else None

    @property
    def sent(self) -> dict[str, Any]:
        """What a client sends with it, as arguments of its ``request``."""
        is_form = "multipart/form-data" in self.document.get("requestBody", {}).get("content", {})
        return {"files": {"file": ("menu.png", picture())}} if is_form else {"json": self.body}

    @property
    def is_signed(self) -> bool:
        """Whether its address is signed, and says by itself what may be done."""
        return self.path.endswith("/uploads/{upload_id}")

    @property
    def is_for_operators(self) -> bool:
        return "operator" in self.document["tags"]

    @property
    def is_endless(self) -> bool:
        return self.path.endswith("/live")


def operations() -> list[Operation]:
    """All of them."""
    return [
        Operation(method.upper(), path, document)
        for path, methods in openapi_document()["paths"].items()
        for method, document in methods.items()
    ]


async def _code(client: httpx.AsyncClient) -> str:
    return await _id(client, "/api/v1/qr-codes", {"name": "Menu", "content": MENU})


async def _link(client: httpx.AsyncClient) -> str:
    return await _id(client, "/api/v1/links", {"destination": MENU["url"]})


async def _file(client: httpx.AsyncClient) -> str:
    return str((await add(client, picture()))["id"])


async def _workspace(client: httpx.AsyncClient) -> str:
    return await _first(client, "/api/v1/workspaces")


async def _session(client: httpx.AsyncClient) -> str:
    return await _first(client, "/api/v1/me/sessions")


async def _picture(_client: httpx.AsyncClient) -> str:
    return "svg"


async def _folder(client: httpx.AsyncClient) -> str:
    return await _id(client, "/api/v1/folders", {"name": f"Tables {uuid4().hex}"})


async def _design(client: httpx.AsyncClient) -> str:
    return await _id(client, "/api/v1/qr-designs", {"name": f"Green {uuid4().hex}", "design": LOOK})


async def _kit(client: httpx.AsyncClient) -> str:
    return await _id(client, "/api/v1/brand-kits", {"name": f"Ours {uuid4().hex}", "design": LOOK})


async def _import(client: httpx.AsyncClient) -> str:
    sheet = b"Name,Address\nTable 1,example.org/1\nTable 2,no address\n"
    answer = await client.post("/api/v1/qr-codes/import", files={"file": ("tables.csv", sheet)})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def _upload(client: httpx.AsyncClient) -> str:
    return await _id(client, "/api/v1/files/uploads", BODIES["POST /api/v1/files/uploads"])


async def _line(_client: httpx.AsyncClient) -> str:
    return "3"


async def _group(_client: httpx.AsyncClient) -> str:
    return "modules"


async def _content_type(_client: httpx.AsyncClient) -> str:
    return "upi"


async def _shape(_client: httpx.AsyncClient) -> str:
    return "square"


async def _nothing(_client: httpx.AsyncClient) -> str:
    """What operators look after is nobody's own."""
    return "letter_00000000000000000000000000"


async def _id(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> str:
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def _first(client: httpx.AsyncClient, path: str) -> str:
    return str((await client.get(path)).json()["data"][0]["id"])


THINGS: dict[str, Make] = {
    "code_id": _code,
    "link_id": _link,
    "folder_id": _folder,
    "design_id": _design,
    "kit_id": _kit,
    "import_id": _import,
    "number": _line,
    "upload_id": _upload,
    "group": _group,
    "content_type": _content_type,
    "name": _shape,
    "file_id": _file,
    "workspace_id": _workspace,
    "session_id": _session,
    "form": _picture,
    "letter_id": _nothing,
    "mail_id": _nothing,
}
"""Path parameter → how somebody comes by one of their own. A new parameter needs its line here."""

BODIES: dict[str, dict[str, Any]] = {
    "POST /api/v1/auth/sign-up": {"email": "new@example.org", "password": PASSWORD, "name": "New", "locale": "hi"},
    "POST /api/v1/auth/log-in": {"email": "new@example.org", "password": PASSWORD},
    "POST /api/v1/auth/refresh": {"refresh_token": "unknown"},
    "POST /api/v1/auth/log-out": {"refresh_token": "unknown"},
    "POST /api/v1/auth/email/confirm": {"token": "unknown"},
    "POST /api/v1/auth/password/forgot": {"email": "new@example.org"},
    "POST /api/v1/auth/password/reset": {"token": "unknown", "password": PASSWORD},
    "POST /api/v1/auth/operator/claim": {"token": "unknown"},
    "PATCH /api/v1/me": {"name": "Sunita", "locale": "hi-IN"},
    "POST /api/v1/me/password": {"current_password": "not this one", "new_password": PASSWORD},
    "POST /api/v1/workspaces": {"name": "Second", "time_zone": "Asia/Kolkata"},
    "PATCH /api/v1/workspaces/{workspace_id}": {"name": "Renamed", "time_zone": "Asia/Kathmandu"},
    "POST /api/v1/qr-codes": {
        "name": "Menu",
        "kind": "dynamic",
        "content": MENU,
        "design": {
            "modules": {"shape": "square", "fill": {"color": "#112233"}},
            "background": {"fill": {"color": "#ffffff"}},
            "error_correction": "M",
            "quiet_zone": 4,
        },
    },
    "POST /api/v1/qr-codes/bulk": {"filter": {"q": "Menu"}, "action": "tag", "tags": ["lunch"]},
    "POST /api/v1/qr-codes/export": {"filter": {}, "format": "csv"},
    "POST /api/v1/qr-codes/repair": {"payload": "https://example.org/", "design": {}},
    "POST /api/v1/qr-codes/{code_id}/transfer": {"workspace_id": "ws_00000000000000000000000000"},
    "PATCH /api/v1/qr-codes/imports/{import_id}": {"tags": ["tables"]},
    "PATCH /api/v1/qr-codes/imports/{import_id}/lines/{number}": {"cells": {"1": "example.org/2"}},
    "POST /api/v1/folders": {"name": "Tables"},
    "PATCH /api/v1/folders/{folder_id}": {"name": "Windows"},
    "POST /api/v1/qr-designs": {"name": "Green", "design": LOOK, "is_default": False},
    "PATCH /api/v1/qr-designs/{design_id}": {"name": "Greener", "design": LOOK},
    "POST /api/v1/brand-kits": {"name": "Ours", "colors": ["#14532d"], "design": LOOK, "locked": ["modules"]},
    "PATCH /api/v1/brand-kits/{kit_id}": {"name": "Still ours", "least_contrast": 4.5},
    "POST /api/v1/qr-codes/preview": {"content": MENU, "design": {}},
    "POST /api/v1/qr-codes/check": {"payload": "https://example.org/", "design": {}},
    "PUT /api/v1/qr-codes/by-external-id/{external_id}": {"name": "Table 4", "content": MENU},
    "PATCH /api/v1/qr-codes/{code_id}": {"name": "Lunch", "content": MENU},
    "POST /api/v1/qr-codes/{code_id}/duplicate": {"name": "Copy"},
    "POST /api/v1/links": {"destination": MENU["url"], "status_code": 302},
    "PATCH /api/v1/links/{link_id}": {"destination": "https://example.org/lunch", "paused": True},
    "POST /api/v1/files/uploads": {"name": "menu.pdf", "size": 100_000, "alt": "Menu"},
    "PATCH /api/v1/files/{file_id}": {"name": "Lunch", "alt": "What there is for lunch"},
    "POST /api/v1/dead-letters/replay": {"topic": "qr.created"},
    "POST /api/v1/dead-letters/{letter_id}/replay": {"payload": {"data": {}}},
}
"""Operation → a body of the right shape. A new operation with a body needs its line here."""
