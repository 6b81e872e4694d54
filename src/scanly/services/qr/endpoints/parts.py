"""What several endpoints of qr take: the service, filters of lists, sizes of pictures."""

from collections.abc import AsyncIterator
from typing import Annotated, Literal

from fastapi import Depends, Header, Query

from scanly.contracts.qr import CodeKind, FolderId
from scanly.kernel.auth import current_principal
from scanly.kernel.http import use_service
from scanly.services.qr.domain import CodeStatus, Filters
from scanly.services.qr.rendering.output import ImageSize, Unit, image_size
from scanly.services.qr.rendering.page import Ink
from scanly.services.qr.schemas import InkName, Tag
from scanly.services.qr.service import QrService

Service = Annotated[QrService, Depends(use_service(QrService))]
IfMatch = Annotated[str | None, Header(description="ETag of the version you saw")]
IfNoneMatch = Annotated[str | None, Header(description="ETags of files you have")]

FolderFilter = Annotated[
    list[FolderId | Literal["none"]] | None, Query(description="In one of these folders; none: in no folder")
]


async def size_of(
    size: Annotated[float | None, Query(description="Width of the picture, with all around the code")] = None,
    unit: Annotated[Unit, Query(description="Unit of the size")] = "px",
    dpi: Annotated[int, Query(description="Dots per inch of a raster picture in mm or inches")] = 300,
) -> ImageSize:
    return image_size(size, unit, dpi)


async def filters_of(
    *,
    q: Annotated[str, Query(max_length=200, description="Part of the name, place, tag, folder or address")] = "",
    status: Annotated[list[CodeStatus] | None, Query(description="Left out: all but archived and deleted")] = None,
    kind: CodeKind | None = None,
    tag: Annotated[list[Tag] | None, Query(max_length=20, description="Codes with all of these tags")] = None,
    folder: FolderFilter = None,
    content_type: Annotated[str | None, Query(max_length=50)] = None,
) -> Filters:
    filters = Filters(
        text=q.strip(),
        kind=kind,
        tags=tuple(tag or ()),
        content_type=content_type,
        folders=None if folder is None else frozenset(each for each in folder if each != "none"),
        unfiled="none" in (folder or ()),
    )
    return filters if status is None else filters.with_statuses(status)


async def own_turn(service: Service) -> AsyncIterator[None]:
    """Let what is drawn for one caller wait for that caller's own."""
    caller = current_principal()
    async with service.turns.take(str(caller.user_id or caller.client)):
        yield


async def ink_of(
    *,
    color: Annotated[Literal["rgb", "cmyk"], Query(description="Colours of PDF and EPS")] = "rgb",
    spot: Annotated[InkName | None, Query(description="A printing ink for the dots, by its name")] = None,
    overprint: Annotated[bool, Query(description="Print pure black over other inks; PDF and EPS in CMYK")] = False,
) -> Ink:
    return Ink(color, spot, overprint)


Size = Annotated[ImageSize, Depends(size_of)]
Inked = Annotated[Ink, Depends(ink_of)]
Filtered = Annotated[Filters, Depends(filters_of)]
