"""Public REST of analytics: parse, ask the service, answer."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Header
from fastapi import Query as InQuery
from starlette.responses import StreamingResponse

from scanly.kernel.errors import Unavailable
from scanly.kernel.http import Page, Tenant, decode_cursor, encode_cursor, use_service
from scanly.services.analytics import schemas
from scanly.services.analytics.domain.question import Ask
from scanly.services.analytics.service import AnalyticsService

router = APIRouter(prefix="/analytics", tags=["analytics"])

Service = Annotated[AnalyticsService, Depends(use_service(AnalyticsService))]

_LOOK_EVERY: Final = 2.0
_HEARTBEAT: Final = 15.0
_STREAM_LIFE: Final = 300.0
"""Seconds after which a stream ends; the browser comes back with Last-Event-ID and its rights are checked anew."""


@router.get("/summary")
async def get_summary(tenant: Tenant, service: Service, query: Annotated[schemas.Query, InQuery()]) -> schemas.Summary:
    """Hits, people, scans, clicks, what was not counted and why; beside the period before."""
    return schemas.Summary.of(await service.summary(tenant.workspace_id, query.question()))


@router.get("/series")
async def get_series(
    tenant: Tenant, service: Service, query: Annotated[schemas.SeriesQuery, InQuery()]
) -> schemas.Series:
    """Hits and people by hour, day, week or month of the time zone, steps without hits included."""
    answer = await service.series(tenant.workspace_id, query.question(), query.interval)
    return schemas.Series.model_validate(
        {"period": answer.period, "interval": answer.interval, "data": answer.points}, from_attributes=True
    )


@router.get("/breakdown")
async def get_breakdown(
    tenant: Tenant, service: Service, query: Annotated[schemas.BreakdownQuery, InQuery()]
) -> schemas.Breakdown:
    """Hits by place, device, system, browser, language, origin, code, link, campaign, or reason."""
    answer = await service.breakdown(tenant.workspace_id, query.question(), query.dimension, query.limit)
    names = ("period", "dimension", "other", "unknown", "total", "values", "place")
    fields = {name: getattr(answer, name) for name in names}
    return schemas.Breakdown.model_validate({**fields, "data": answer.slices}, from_attributes=True)


@router.get("/hits")
async def list_hits(
    tenant: Tenant, service: Service, query: Annotated[schemas.HitsQuery, InQuery()]
) -> Page[schemas.Hit]:
    """Single hits, newest first, each with its verdict and reason."""
    before = schemas.cursor_id(*decode_cursor(query.cursor, 1)) if query.cursor else None
    rows = await service.hits(tenant.workspace_id, query.question(), before, query.limit + 1)
    more = len(rows) > query.limit
    page = rows[: query.limit]
    return Page(
        data=[schemas.Hit.of(row, service.main_host) for row in page],
        next_cursor=encode_cursor(page[-1].id.hex) if more else None,
        has_more=more,
    )


@router.get("/live", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
async def follow_hits(
    tenant: Tenant,
    service: Service,
    query: Annotated[schemas.LiveQuery, InQuery()],
    last_event_id: Annotated[str | None, Header()] = None,
) -> StreamingResponse:
    """Server-sent events: `ready` at the beginning, then `hit` for each hit as it is counted.

    Event ids are ingestion numbers; `Last-Event-ID` goes on after one of them.
    """
    service.live.require_room(tenant.workspace_id)
    after = int(last_event_id) if last_event_id and last_event_id.isdecimal() and len(last_event_id) < 19 else None
    stream = _events(service, tenant.workspace_id, query.ask(query.traffic), after)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(stream, media_type="text/event-stream", headers=headers)


async def _events(service: AnalyticsService, workspace_id: UUID, ask: Ask, after: int | None) -> AsyncIterator[str]:
    with service.live.watch(workspace_id) as woken:
        position, rows = await service.feed(workspace_id, ask, after)
        yield f"retry: 1000\nid: {position if after is None else after}\nevent: ready\ndata: {{}}\n\n"
        spoken = ends = time.monotonic()
        ends += _STREAM_LIFE
        while True:
            for row in rows:
                hit = schemas.Hit.of(row, service.main_host).model_dump_json()
                yield f"id: {row.number}\nevent: hit\ndata: {hit}\n\n"
                spoken = time.monotonic()
            if time.monotonic() > ends:
                return
            if time.monotonic() - spoken > _HEARTBEAT:
                yield ": still here\n\n"
                spoken = time.monotonic()
            if not rows:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_EVERY):
                        await woken.wait()
            woken.clear()
            try:
                position, rows = await service.feed(workspace_id, ask, position)
            except Unavailable:
                rows = ()
