"""Tells open web pages of a workspace that new hits were counted: one listener per process, whatever the pages."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from scanly.kernel.invalidation import Invalidation

FEED_CHANNEL: Final = "analytics.feed"


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
