"""Tells open web pages of a workspace that new hits were counted: one listener per process, whatever the pages."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from scanly.kernel.errors import RateLimited
from scanly.kernel.invalidation import Invalidation

FEED_CHANNEL: Final = "analytics.feed"
MOST_WATCHERS: Final = 50
"""Open live views of one workspace in one process: each looks into the database now and then."""


class LiveFeed:
    """Wakes those who wait for a workspace. A lost notification only delays them until their next look."""

    def __init__(self, invalidation: Invalidation) -> None:
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        invalidation.subscribe(FEED_CHANNEL, self._notify)

    def _notify(self, workspace: str | None) -> None:
        groups = self._waiting.values() if workspace is None else [self._waiting.get(workspace, set())]
        for group in groups:
            for event in group:
                event.set()

    def require_room(self, workspace_id: UUID) -> None:
        """Raise ``RateLimited`` when so many watch a workspace that one more would cost others their answers."""
        if len(self._waiting.get(str(workspace_id), ())) >= MOST_WATCHERS:
            raise RateLimited(
                f"{MOST_WATCHERS} live views of this workspace are open. Close one and try again.", retry_after=30
            )

    @contextmanager
    def watch(self, workspace_id: UUID) -> Iterator[asyncio.Event]:
        """Yield an event that is set whenever hits of the workspace were counted; the waiter clears it."""
        key, event = str(workspace_id), asyncio.Event()
        self._waiting[key].add(event)
        try:
            yield event
        finally:
            self._waiting[key].discard(event)
            if not self._waiting[key]:
                del self._waiting[key]
