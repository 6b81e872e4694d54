"""Carries keys of roll-ups to PostgreSQL as one text, a line each: drivers look at every item of an array.

A line is the scope of a target, three ids as 32 hexadecimal digits each, and further fields behind it, all of them
made by this product: ids, numbers, verdicts, sources.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from scanly.kernel.pace import paced

_SEPARATOR: Final = "\x1f"
_STEP: Final = 1_000
"""Lines made in one go, about 2 ms."""


async def lines(keys: Sequence[Iterable[object]]) -> str:
    """Return keys as one text; the first field of each is a scope."""
    made: list[str] = []
    async for some in paced(keys, _STEP):
        made += [_SEPARATOR.join(map(str, key)) for key in some]
    return "\n".join(made)


def scoped(fields: int, *, items: bool = False) -> str:
    """Return the SQL of ``k``: ``number``, ``workspace_id``, ``link_id``, ``code_id``, ``f2`` … of ``:keys``.

    ``fields`` is how many there are, the scope included; with ``items``, ``k.item`` is of the array ``:items``.
    """
    others = "".join(f", f[{place}] as f{place}" for place in range(2, fields + 1))
    arrays = "string_to_array(cast(:keys as text), E'\\n')" + (", cast(:items as text[])" if items else "")
    names = "line, item" if items else "line"
    return (
        f"(select l.*, cast(substr(f[1], 1, 32) as uuid) as workspace_id, "  # noqa: S608 - no value is put in
        f"cast(substr(f[1], 33, 32) as uuid) as link_id, cast(substr(f[1], 65) as uuid) as code_id{others} "
        f"from unnest({arrays}) with ordinality as l ({names}, number), string_to_array(l.line, E'\\x1f') as f) as k"
    )
