"""Compiled links in the memory of this process, bounded in bytes."""

from itertools import islice

from scanly.services.routing.links import CompiledLink


class LinkMemory:
    """Links by key, bounded in bytes. Two generations: what nobody asked for during a whole generation is dropped.

    That is nearly least-recently-used, and a hit writes nothing, which a list in order of use would.
    """

    def __init__(self, max_bytes: int) -> None:
        self._half = max_bytes // 2
        self._young: dict[str, CompiledLink] = {}
        self._old: dict[str, CompiledLink] = {}
        self._young_bytes = 0
        self._old_bytes = 0
        self.dropped = 0
        """Links dropped for room since the start."""
        self.puts = 0
        """Counts up whenever a link comes in."""

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    @property
    def size(self) -> int:
        """Bytes that the links take."""
        return self._young_bytes + self._old_bytes

    def get(self, key: str) -> CompiledLink | None:
        """Return the link if it is here."""
        link = self._young.get(key)
        if link is None and (link := self._old.get(key)) is not None:
            self.put(key, link)
        return link

    def peek(self, key: str) -> CompiledLink | None:
        """Return the link without counting that as a use."""
        return self._young.get(key) or self._old.get(key)

    def put(self, key: str, link: CompiledLink) -> None:
        """Keep a link."""
        self.pop(key)
        self.puts += 1
        self._young[key] = link
        self._young_bytes += link.cost
        if self._young_bytes > self._half:
            self.dropped += len(self._old)
            self._old, self._young = self._young, {}
            self._old_bytes, self._young_bytes = self._young_bytes, 0

    def pop(self, key: str) -> CompiledLink | None:
        """Take a link away."""
        if (link := self._young.pop(key, None)) is not None:
            self._young_bytes -= link.cost
        elif (link := self._old.pop(key, None)) is not None:
            self._old_bytes -= link.cost
        return link

    def keys(self) -> list[str]:
        """Return all keys."""
        return [*self._young, *self._old]

    def newest(self, most: int) -> list[CompiledLink]:
        """Return up to ``most`` links, those that came or were used last first. 100,000 take 3 ms."""
        found = list(islice(reversed(self._young.values()), most))
        return found + list(islice(reversed(self._old.values()), most - len(found)))

    def clear(self) -> None:
        """Forget all."""
        self._young, self._old = {}, {}
        self._young_bytes = self._old_bytes = 0
