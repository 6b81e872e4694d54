"""Answers with the bytes of a file: ranges, validators and lasting copies (RFC 9110, RFC 9111), and safe headers."""

from collections.abc import AsyncIterator, Mapping

from starlette.responses import Response, StreamingResponse

from scanly.kernel.http import is_known
from scanly.services.media.domain import ByteRange, UnsatisfiableRange, byte_range, disposition
from scanly.services.media.service import Content

_FOREVER = "max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
"""Keep it, but ask each time whether it is still right: the answer has no body, and a replaced file is seen at once."""

_POLICIES = {
    # Browsers show a PDF in a page of their own, which a stricter policy would keep from loading it.
    "application/pdf": "frame-ancestors 'self'",
    "image/svg+xml": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
}
_POLICY = "default-src 'none'; sandbox"


async def answer(
    content: Content, headers: Mapping[str, str], *, head: bool, public: bool, version: str | None, download: bool
) -> Response:
    """Return 200, 206, 304 or 416 for a request with these headers.

    ``version`` is the beginning of the content's hash that the address names: then the answer is right for ever.
    """
    etag = f'"{content.tag}"'
    named = version is not None and len(version) >= 16 and content.content_hash.startswith(version)
    common = {
        "etag": etag,
        "cache-control": f"{'public' if public else 'private'}, {_FOREVER if named else _ASK_AGAIN}",
    }
    if is_known(headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=common)
    common |= {
        "accept-ranges": "bytes",
        "content-disposition": disposition(content.name, download=download),
        "content-security-policy": _POLICIES.get(content.media_type, _POLICY),
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "cross-origin" if public else "same-origin",
    }
    try:
        wanted = _range(headers, etag, content.size)
    except UnsatisfiableRange:
        return Response(status_code=416, headers={"content-range": f"bytes */{content.size}"})
    start, end = wanted or (0, content.size)
    common |= {"content-type": content.media_type, "content-length": str(end - start)}
    if wanted is not None:
        common["content-range"] = f"bytes {start}-{end - 1}/{content.size}"
    status = 200 if wanted is None else 206
    if head or start == end:
        return Response(status_code=status, headers=common)
    pieces = content.read(start, end)
    first = await anext(pieces)  # a store that does not answer is told before the head of the answer is gone
    return StreamingResponse(_all(first, pieces), status_code=status, headers=common)


async def _all(first: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in pieces:
        yield piece


def _range(headers: Mapping[str, str], etag: str, size: int) -> ByteRange | None:
    """Return the range that is asked for, unless the caller has the beginning of other bytes (RFC 9110 §13.1.5)."""
    if "range" not in headers or headers.get("if-range", etag).strip() != etag:
        return None
    return byte_range(headers["range"], size)
