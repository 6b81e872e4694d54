"""The parts that redirect and record, as one process runs them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from scanly.kernel.errors import Unavailable
from scanly.kernel.invalidation import Invalidation
from scanly.services.routing.link_source import DatabaseLinks
from scanly.services.routing.metrics import Tally, publish, withdraw
from scanly.services.routing.place import Places
from scanly.services.routing.read_model import ReadModel
from scanly.services.routing.redirect import Redirect
from scanly.services.routing.shipper import Shipper
from scanly.services.routing.snapshot import Snapshot
from scanly.services.routing.spool import Spool


@dataclass
class Runtime:
    """Everything between a visitor and the event log."""

    redirect: Redirect
    links: ReadModel
    source: DatabaseLinks
    spool: Spool
    spool_dir: Path
    shipper: Shipper
    places: Places
    tally: Tally
    snapshot: Snapshot
    invalidation: Invalidation
    channel: str
    _unsubscribe: Callable[[], None] | None = field(default=None, init=False)

    async def start(self) -> None:
        """Open the spool and listen for changes; ``Unavailable`` when the spool's folder cannot be used."""
        try:
            await asyncio.to_thread(self.spool.open)
        except OSError as error:
            raise Unavailable(f"The spool folder {self.spool_dir} cannot be used: {error.strerror}.") from error
        publish(self.tally)
        self._unsubscribe = self.invalidation.subscribe(self.channel, self._changed)

    async def stop(self) -> None:
        """Ship what is there and close everything; without a start nothing happens."""
        if self._unsubscribe is None:
            return
        self._unsubscribe()
        self._unsubscribe = None
        withdraw(self.tally)
        await self.shipper.drain()
        await asyncio.to_thread(self.spool.close)
        await self.snapshot.save()
        await self.links.stop()
        await self.source.close()
        self.places.close()

    def check(self) -> str | None:
        """Return why scans cannot be recorded or shipped, or None; visitors are redirected all the same."""
        if (fault := self.spool.fault) is not None:
            return f"Scans are not recorded: {fault}. Visitors are redirected; make room on the disk."
        return self.shipper.fault

    def _changed(self, key: str | None) -> None:
        if key is None:
            self.links.check_now()
        else:
            self.links.evict(key)
