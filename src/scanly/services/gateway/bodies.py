"""Bodies of requests: in an expected media type, not too large or too slow, and whole before a service sees them."""

import asyncio
from collections.abc import Mapping

from starlette.types import Message, Receive

from scanly.kernel.errors import BadRequest, TooLarge, UnsupportedMediaType
from scanly.services.gateway.domain import JSON, UNSAFE, BodyLimit

Headers = Mapping[bytes, bytes]


def check_media_type(method: str, headers: Headers, allowed: BodyLimit) -> None:
    """Raise ``UnsupportedMediaType`` for a body in another form than ``allowed``."""
    has_body = headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers
    if method not in UNSAFE or not has_body:
        return
    if headers.get(b"content-encoding", b"identity").strip().lower() != b"identity":
        raise UnsupportedMediaType("Send the body as it is, without Content-Encoding.")
    if headers.get(b"content-type", b"").split(b";")[0].strip().lower() not in allowed.media_types:
        if JSON in allowed.media_types:
            raise UnsupportedMediaType("Send JSON, with the header Content-Type: application/json.")
        name = min(allowed.media_types).decode()
        raise UnsupportedMediaType(f"Send the bytes as they are, with the header Content-Type: {name}.")


async def bounded(headers: Headers, receive: Receive, allowed: BodyLimit) -> Receive:
    """Read the body, and refuse one that is too large, by its stated length or as it comes, or that takes for ever."""
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length) > allowed.size:
        raise _too_large(allowed)
    if int(length) == 0 and b"transfer-encoding" not in headers:
        return receive
    try:
        async with asyncio.timeout(allowed.seconds):
            body = await _read(receive, allowed)
    except TimeoutError as error:
        words = f"The body did not arrive within {allowed.seconds:g} seconds. Try again, or send less at once."
        raise BadRequest(words) from error
    whole: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return whole.pop() if whole else await receive()

    return replay


async def _read(receive: Receive, allowed: BodyLimit) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BadRequest("The body broke off before its end.")
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > allowed.size:
            raise _too_large(allowed)
    return bytes(body)


def _too_large(allowed: BodyLimit) -> TooLarge:
    return TooLarge(f"The body is larger than {allowed.size // 1_000_000} MB. Send less at once.")
