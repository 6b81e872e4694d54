"""What visitors open of codes, outside of the API."""

import hashlib

from fastapi import APIRouter, Request, Response

from scanly.kernel.http import is_known
from scanly.kernel.ids import decode_id
from scanly.services.qr.endpoints.parts import IfNoneMatch, Service
from scanly.services.qr.service.reading import no_such_code

router = APIRouter()


@router.api_route("/e/{code_id}/event.ics", methods=["GET", "HEAD"])
async def open_event(
    code_id: str, *, request: Request, service: Service, if_none_match: IfNoneMatch = None
) -> Response:
    """The event of a dynamic code as it is now, for the calendar of a phone."""
    try:
        calendar = await service.calendar(decode_id("qr", code_id))
    except ValueError as error:
        raise no_such_code() from error
    content = calendar.encode()
    etag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    headers = {"etag": etag, "cache-control": "public, no-cache"}
    if is_known(if_none_match, etag):
        return Response(status_code=304, headers=headers)
    headers |= {
        "content-disposition": 'inline; filename="event.ics"',
        "content-length": str(len(content)),
        "x-content-type-options": "nosniff",
    }
    shown = b"" if request.method == "HEAD" else content
    return Response(shown, headers=headers, media_type="text/calendar; charset=utf-8")
