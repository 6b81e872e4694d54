"""People's hits by dimension: a few large rows in place of many small ones.

All that a link, code and source says in a quarter hour or a day stands in one row of ``figure_maps``, as JSON text by
dimension and value, which PostgreSQL neither parses nor compresses. A map that has become long takes no further
values; these get a row each in ``figures``, so that a link with a hundred thousand different referrers costs a batch
no more than another. So does all that a batch says when it says too little for writing a long map anew. What a reader
wants is always the sum of both. The lock on a workspace's feed, taken before, makes reading and writing back safe.
"""

from collections.abc import Generator, Mapping, Sequence
from functools import reduce
from typing import Final

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from scanly.kernel.pace import paced, pausing
from scanly.services.analytics.domain.tally import Figures, Scope, Tally, added
from scanly.services.analytics.repository.keys import lines, scoped

_LONGEST: Final = 65_536
"""Bytes of a map beyond which new values become rows."""
_WORTH: Final = 1_024
"""Bytes of a map that cost as much to write anew as a row."""
_ROWS: Final = 2_000
"""Rows written in one go."""

_decode = msgspec.json.Decoder(dict[str, dict[str, int]]).decode
_encode = msgspec.json.Encoder().encode


async def add(session: AsyncSession, tally: Tally) -> None:
    """Add what a batch says to the figures of each scope; the feeds of all workspaces must be locked."""
    days = await pausing(tally.days())
    if not days:
        return
    news: dict[Scope, Figures] = {}
    written: list[tuple[Scope, str]] = []
    rows: list[tuple[Scope, str, str, int]] = []

    def said() -> Generator[None, None, None]:
        for day, quarters in days.items():
            news.update((quarter, tally.figures(quarter)) for quarter in quarters)
            news[day] = reduce(added, (news[quarter] for quarter in quarters))
            yield

    def merged() -> Generator[None, None, None]:
        for scope, figures in news.items():
            before = stored.get(scope, "")
            if before is None:
                left = all_of(figures)
            else:
                figure_map = _decode(before) if before else {}
                left = merge(figure_map, figures, open_for_new=len(before) < _LONGEST)
                if (after := _encode(figure_map).decode()) != before:
                    written.append((scope, after))
            rows.extend((scope, dimension, value, hits) for dimension, value, hits in left)
            yield

    await pausing(said())
    stored = await _stored(session, news)
    await pausing(merged())
    async for some_maps in paced(written, _ROWS):
        keys = await lines([scope for scope, _ in some_maps])
        await session.execute(_WRITE, {"keys": keys, "items": [figure_map for _, figure_map in some_maps]})
    async for some_rows in paced(rows, _ROWS):
        await _add_rows(session, some_rows)


def merge(figure_map: Figures, news: Figures, *, open_for_new: bool) -> list[tuple[str, str, int]]:
    """Add ``news`` to a map; return dimension, value and hits of what it has no place for."""
    left: list[tuple[str, str, int]] = []
    for dimension, values in news.items():
        if (known := figure_map.get(dimension)) is None:
            if not open_for_new:
                left += [(dimension, value, hits) for value, hits in values.items() if hits]
                continue
            known = figure_map[dimension] = {}
        for value, hits in values.items():
            if value in known:
                known[value] += hits
            elif not hits:
                continue
            elif open_for_new:
                known[value] = hits
            else:
                left.append((dimension, value, hits))
    return left


def all_of(news: Figures) -> list[tuple[str, str, int]]:
    """Return dimension, value and hits of all that changes."""
    return [(dimension, value, hits) for dimension, values in news.items() for value, hits in values.items() if hits]


async def _stored(session: AsyncSession, news: Mapping[Scope, Figures]) -> dict[Scope, str | None]:
    """Return the maps of the scopes that have one; None for one that is too long for as little as the batch says."""
    stored: dict[Scope, str | None] = {}
    async for some in paced([(*scope, _WORTH * sum(map(len, said.values()))) for scope, said in news.items()], _ROWS):
        rows = await session.execute(_READ, {"keys": await lines(some)})
        stored |= {Scope(*some[number - 1][:-1]): figure_map for number, figure_map in rows}
    return stored


async def _add_rows(session: AsyncSession, rows: Sequence[tuple[Scope, str, str, int]]) -> None:
    await session.execute(
        _ADD,
        {
            "keys": await lines([(*scope, dimension, hits) for scope, dimension, _, hits in rows]),
            "items": [value for _, _, value, _ in rows],
        },
    )


_scope = "workspace_id, link_id, code_id, source, grain, bucket"
_of_scope = (
    "k.workspace_id, k.link_id, k.code_id, k.f3, cast(k.f4 as smallint), "
    "timestamptz 'epoch' + cast(k.f2 as integer) * interval '1 minute'"
)
_READ = text(
    "select k.number, case when octet_length(m.hits) <= cast(k.f5 as bigint) then m.hits end "  # noqa: S608
    f"from {scoped(5)} join analytics.figure_maps m "
    f"on (m.workspace_id, m.link_id, m.code_id, m.source, m.grain, m.bucket) = ({_of_scope})"
)
_WRITE = text(
    f"insert into analytics.figure_maps as m ({_scope}, hits) "  # noqa: S608
    f"select {_of_scope}, k.item from {scoped(4, items=True)} order by 1, 2, 5, 6 "
    "on conflict (workspace_id, link_id, grain, bucket, code_id, source) do update set hits = excluded.hits"
)
_ADD = text(
    f"insert into analytics.figures as f ({_scope}, dimension, value, hits) "  # noqa: S608
    f"select {_of_scope}, k.f5, k.item, cast(k.f6 as bigint) "
    f"from {scoped(6, items=True)} order by 1, 2, 7, 5, 6, 3, 4, 8 "
    "on conflict (workspace_id, link_id, dimension, grain, bucket, code_id, source, value) "
    "do update set hits = f.hits + excluded.hits"
)
