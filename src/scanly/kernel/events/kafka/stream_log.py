"""Streams as topics."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from scanly.kernel.config import Settings
from scanly.kernel.events.kafka.connection import client_options
from scanly.kernel.events.kafka.producer import KafkaProducer
from scanly.kernel.events.kafka.reader import KafkaReader
from scanly.kernel.events.kafka.topics import KafkaTopics
from scanly.kernel.events.stream_log import StreamRecord, every_partition, partition_of

_LOOK_EVERY = 0.1


class KafkaStreamLog:
    """See ``StreamLog``. A topic is made when it is first needed; Kafka forgets records by the topic's retention."""

    def __init__(self, settings: Settings) -> None:
        options = client_options(settings)
        self._prefix = settings.kafka_prefix
        self._topics = KafkaTopics(
            options, partitions=settings.kafka_partitions, retention_days=settings.kafka_retention_days
        )
        self._producer = KafkaProducer(options)
        self._reader = KafkaReader(options)

    async def append(self, topic: str, records: Iterable[tuple[str, bytes]]) -> int:
        """See ``StreamLog``."""
        pairs = list(records)
        if pairs:
            await self.publish(topic, pairs)
        return len(pairs)

    async def publish(self, topic: str, pairs: Sequence[tuple[str, bytes]]) -> dict[int, int]:
        """Append as ``append`` does; return the next offset of each partition that got something."""
        name = self._prefix + topic
        count = await self._topics.partitions(name)
        parts: defaultdict[int, list[tuple[str, bytes]]] = defaultdict(list)
        for pair in pairs:
            parts[partition_of(pair[0], count)].append(pair)
        return await self._producer.send(name, parts)

    async def read(self, topic: str, partition: int, after: int, limit: int) -> list[StreamRecord]:
        """See ``StreamLog``."""
        name = self._prefix + topic
        await self._topics.partitions(name)
        return await self._reader.read(name, partition, after, limit)

    async def origin(self) -> str:
        """See ``StreamLog``: the cluster's own id."""
        return await self._topics.cluster()

    async def heads(self, topic: str) -> dict[int, int]:
        """See ``StreamLog``."""
        return {
            partition: head for partition, head in (await self._topics.heads(self._prefix + topic)).items() if head > 0
        }

    async def wait(
        self, topic: str, after: Mapping[int, int], seconds: float, *, owns: Callable[[int], bool] = every_partition
    ) -> None:
        """See ``StreamLog``; asks for the heads every 0.1 s, which takes a broker a millisecond."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            await asyncio.sleep(min(_LOOK_EVERY, left))
            heads = await self.heads(topic)
            if any(head - 1 > after.get(partition, -1) for partition, head in heads.items() if owns(partition)):
                return

    async def offsets_at(self, topic: str, moment: datetime) -> dict[int, int]:
        """See ``StreamLog``."""
        return await self._topics.offsets_at(self._prefix + topic, moment)

    async def forget(self, topic: str, partition: int, up_to: int, older_than: timedelta) -> int:  # noqa: ARG002
        """See ``StreamLog``; the topic's retention does it."""
        return 0

    async def ping(self) -> None:
        """See ``StreamLog``."""
        await self._topics.ping()

    async def close(self) -> None:
        """See ``StreamLog``."""
        await self._producer.close()
        await self._reader.close()
        await self._topics.close()
