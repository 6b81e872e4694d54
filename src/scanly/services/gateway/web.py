"""The built web application from memory: every file is read and compressed once."""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.types import Send

_COMPRESSED = frozenset({"text/html", "text/css", "text/javascript", "application/json", "image/svg+xml", "text/plain"})
_FOREVER = b"public, max-age=31536000, immutable"
_ASK_AGAIN = b"no-cache"
_NAMED_BY_CONTENT = re.compile(r"/assets/.*-[\w-]{8}\.\w+")
_MISSING = (
    b"<!doctype html><meta charset=utf-8><title>Scanly</title><p>The web application is not built. "
    b"Run <code>make web</code> and start again. The API works: see <a href=/api/docs>/api/docs</a>."
)


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    packed: bytes | None
    kind: bytes
    etag: bytes
    cache: bytes


class WebFiles:
    """Serves the files of a folder; every address of the application itself answers with its first page."""

    def __init__(self, folder: Path) -> None:
        self._files: dict[str, _File] = {}
        if folder.is_dir():
            for path in folder.rglob("*"):
                if path.is_file():
                    name = "/" + path.relative_to(folder).as_posix()
                    self._files[name] = _read(path, name)

    def knows(self, path: str) -> bool:
        """Whether ``path`` is a file of the application other than its first page."""
        return path in self._files and path != "/index.html"

    async def answer(
        self, path: str, headers: dict[bytes, bytes], method: str, send: Send, extra: list[tuple[bytes, bytes]]
    ) -> int:
        """Send the file at ``path``, or the first page; return the status."""
        file = self._files.get(path) if self.knows(path) else self._files.get("/index.html")
        if path.startswith("/assets/") and not self.knows(path):
            return await _send(send, 404, b"", [*extra, (b"cache-control", b"no-store")], method)
        if file is None:
            return await _send(send, 503, _MISSING, [*extra, (b"content-type", b"text/html; charset=utf-8")], method)
        common = [*extra, (b"etag", file.etag), (b"cache-control", file.cache), (b"vary", b"accept-encoding")]
        if headers.get(b"if-none-match") == file.etag:
            return await _send(send, 304, b"", common, method)
        body = file.body
        common.append((b"content-type", file.kind))
        if file.packed is not None and b"gzip" in headers.get(b"accept-encoding", b""):
            body = file.packed
            common.append((b"content-encoding", b"gzip"))
        return await _send(send, 200, body, common, method)


def _read(path: Path, name: str) -> _File:
    body = path.read_bytes()
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if name.endswith(".js"):
        kind = "text/javascript"
    packed = gzip.compress(body, 9, mtime=0) if kind in _COMPRESSED and len(body) > 512 else None
    charset = "; charset=utf-8" if kind in _COMPRESSED else ""
    return _File(
        body=body,
        packed=packed,
        kind=(kind + charset).encode(),
        etag=b'"' + hashlib.sha256(body).hexdigest()[:20].encode() + b'"',
        cache=_FOREVER if _NAMED_BY_CONTENT.fullmatch(name) else _ASK_AGAIN,
    )


async def _send(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]], method: str) -> int:
    if status != 304:
        headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})
    return status
