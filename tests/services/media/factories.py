"""media behind its API in one process, with files of every kind to send to it."""

import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

import httpx
from PIL import Image
from pypdf import PdfWriter
from starlette.types import ASGIApp, Receive, Scope, Send

import scanly.services.media
from scanly.kernel.auth import ANONYMOUS, Principal, set_principal
from scanly.kernel.clock import ManualClock
from scanly.kernel.cpu import CpuPool
from scanly.kernel.db import Database
from scanly.kernel.db.migrate import Schema
from scanly.kernel.http import create_api
from scanly.kernel.ids import encode_id, new_id
from scanly.kernel.signing import AddressSigner
from scanly.kernel.storage import Storage
from scanly.services.media.intake import Intake
from scanly.services.media.manifest import MANIFEST
from scanly.services.media.service import MediaService
from scanly.services.media.settings import MediaSettings

P = ParamSpec("P")
R = TypeVar("R")

SCHEMA = Schema("media", Path(scanly.services.media.__file__).parent / "migrations")
START = datetime.now(UTC)
"""Now, since what lies in a store has the real time."""
HOST = "https://go.example"


class AtOnce(CpuPool):
    """Runs work in this process."""

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)


@dataclass
class Bench:
    """The running service and what surrounds it."""

    service: MediaService
    storage: Storage
    clock: ManualClock
    _app: ASGIApp

    def client(self, workspace_id: UUID | None = None, *, role: str = "owner") -> httpx.AsyncClient:
        """A client of somebody with a workspace (a new one by default)."""
        workspace_id = workspace_id or new_id()
        principal = Principal(kind="session", user_id=new_id(), workspace_id=workspace_id, role=role, workspaces=1)
        client = self._client(principal)
        client.headers["x-test-workspace"] = encode_id("ws", workspace_id)
        return client

    def visitor(self) -> httpx.AsyncClient:
        """A client of nobody."""
        return self._client(ANONYMOUS)

    async def keys(self, prefix: str = "") -> set[str]:
        """What is in the store."""
        return {stored.key async for stored in self.storage.list(prefix)}

    def _client(self, principal: Principal) -> httpx.AsyncClient:
        async def as_principal(scope: Scope, receive: Receive, send: Send) -> None:
            set_principal(principal)
            await self._app(scope, receive, send)

        return httpx.AsyncClient(transport=httpx.ASGITransport(app=as_principal), base_url="http://test")


@asynccontextmanager
async def running_media(dsn: str, storage: Storage, settings: MediaSettings | None = None) -> AsyncIterator[Bench]:
    """Build the service on a migrated database."""
    database = Database(dsn, pool_size=4)
    cpu, clock = AtOnce(), ManualClock(START)
    service = MediaService(
        database.for_service("media"),
        storage,
        cpu=cpu,
        clock=clock,
        intake=Intake(cpu, settings or MediaSettings()),
        signer=AddressSigner(b"secret", "media uploads"),
        public_address=HOST,
    )
    assert MANIFEST.router is not None
    assert MANIFEST.visitors is not None
    app = create_api([MANIFEST.router], {MediaService: service}, [], version="test", visitors=[MANIFEST.visitors])
    try:
        yield Bench(service, storage, clock, app)
    finally:
        await database.close()


async def send(client: httpx.AsyncClient, content: bytes, name: str = "menu.png", **fields: str) -> httpx.Response:
    """Upload a file at once."""
    return await client.post("/api/v1/files", files={"file": (name, content)}, data=fields)


async def add(client: httpx.AsyncClient, content: bytes, name: str = "menu.png", **fields: str) -> dict[str, Any]:
    """Upload a file at once and return it."""
    answer = await send(client, content, name, **fields)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def begin(client: httpx.AsyncClient, content: bytes, name: str = "menu.pdf", **fields: Any) -> dict[str, Any]:
    """Begin an upload in parts."""
    answer = await client.post("/api/v1/files/uploads", json={"name": name, "size": len(content), **fields})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def put(client: httpx.AsyncClient, upload: dict[str, Any], part: bytes, offset: int) -> httpx.Response:
    """Send a part."""
    headers = {"content-type": "application/octet-stream", "upload-offset": str(offset)}
    return await client.put(upload["url"], content=part, headers=headers)


def picture(form: str = "PNG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: Any) -> bytes:
    """A picture whose four corners differ, so that it shows which way up it is."""
    image = Image.new("RGB", size, "white")
    half = (size[0] // 2, size[1] // 2)
    image.paste("red", (0, 0, *half))
    image.paste("blue", (half[0], half[1], *size))
    file = io.BytesIO()
    image.convert(mode).save(file, form, **options)
    return file.getvalue()


def moving(form: str) -> bytes:
    """A picture of two frames."""
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    file = io.BytesIO()
    frames[0].save(file, form, save_all=True, append_images=frames[1:], duration=100)
    return file.getvalue()


def pdf(pages: int = 1, *, password: str | None = None, padding: int = 0) -> bytes:
    """A PDF of empty pages, made larger by ``padding`` bytes."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 300)
    if padding:
        writer.add_attachment("padding", b"\x5a" * padding)
    if password is not None:
        writer.encrypt(password, algorithm="AES-256")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def svg(inside: str = '<rect width="10" height="10" fill="#123"/>', attributes: str = 'viewBox="0 0 20 10"') -> bytes:
    """A drawing."""
    namespaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"<svg {namespaces} {attributes}>{inside}</svg>".encode()


def refusal(answer: httpx.Response) -> str:
    """Why a file was refused."""
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert problem["code"] == "file_refused"
    (fault,) = problem["errors"]
    assert fault["pointer"] == "/file"
    assert fault["detail"] == problem["detail"]
    return str(fault["code"])
