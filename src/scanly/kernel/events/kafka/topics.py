"""Topics: made when first needed, with how many partitions, and how far they reach."""

import asyncio
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]

from scanly.kernel.events.kafka.connection import unavailable
from scanly.kernel.events.kafka.producer import LARGEST

T = TypeVar("T")

_REPLICAS = 3
_QUICK = 3.0
"""Seconds within which a broker answers a question."""
_SETTLING = 10.0
"""Seconds within which the partitions of a topic that was just made have leaders."""
_UNSETTLED = (
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.UNKNOWN_TOPIC_OR_PART,
)


class KafkaTopics:
    """What this process knows of the topics. Questions go one after the other, in a thread."""

    def __init__(self, options: Mapping[str, Any], *, partitions: int, retention_days: int) -> None:
        self._options = dict(options)
        self._partitions = partitions
        self._retention_days = retention_days
        self._known: dict[str, int] = {}
        self._cluster = ""
        self._asker: Consumer | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="kafka-topics")

    async def partitions(self, topic: str) -> int:
        """Return the number of partitions of a topic, which is made when it is missing."""
        if topic not in self._known:
            self._known[topic] = await self._run(lambda: self._find_or_make(topic))
        return self._known[topic]

    async def cluster(self) -> str:
        """Return the id of the cluster."""
        if not self._cluster:
            self._cluster = await self._run(lambda: self._client().cluster_id(timeout=_QUICK))
        return self._cluster

    async def ping(self) -> None:
        """Ask the cluster for a sign of life."""
        await self._run(lambda: self._client().list_topics("__none", timeout=_QUICK))

    async def heads(self, topic: str) -> dict[int, int]:
        """Return the next offset of every partition of a topic."""
        places = await self._places(topic)

        def ask() -> dict[int, int]:
            # Not list_offsets of the administration: one call in ten of it takes 3 s, see the record of the choice.
            asker = self._client()
            return {place.partition: asker.get_watermark_offsets(place, timeout=_QUICK)[1] for place in places}

        return await self._run(ask)

    async def offsets_at(self, topic: str, moment: datetime) -> dict[int, int]:
        """Return the offset of the first record that is not older than ``moment``; the next one when all are."""
        milliseconds = int(moment.timestamp() * 1000)
        places = [TopicPartition(topic, place.partition, milliseconds) for place in await self._places(topic)]
        found = await self._run(lambda: self._client().offsets_for_times(places, timeout=_QUICK))
        ends = await self.heads(topic)
        return {place.partition: place.offset if place.offset >= 0 else ends[place.partition] for place in found}

    async def close(self) -> None:
        """Let go of the connections."""
        asker, self._asker = self._asker, None
        if asker is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, asker.close)
        self._thread.shutdown()

    async def _places(self, topic: str) -> list[TopicPartition]:
        return [TopicPartition(topic, number) for number in range(await self.partitions(topic))]

    async def _run(self, ask: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, _patiently, ask)

    def _client(self) -> Consumer:
        self._asker = self._asker or Consumer({**self._options, "group.id": "scanly", "enable.auto.commit": False})
        return self._asker

    def _find_or_make(self, topic: str) -> int:
        admin = AdminClient(self._options)
        cluster = admin.list_topics(timeout=_QUICK)
        if (found := cluster.topics.get(topic)) is not None and found.partitions:
            return len(found.partitions)
        replicas = min(_REPLICAS, len(cluster.brokers))
        wanted = NewTopic(
            topic,
            self._partitions,
            replicas,
            config={
                "max.message.bytes": str(LARGEST + 65_536),
                "retention.ms": str(self._retention_days * 86_400_000),
                "min.insync.replicas": str(max(replicas - 1, 1)),
            },
        )
        try:
            admin.create_topics([wanted], operation_timeout=_SETTLING)[topic].result(_SETTLING)
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise
            return len(admin.list_topics(topic, timeout=_QUICK).topics[topic].partitions)
        return self._partitions


def _patiently(ask: Callable[[], T]) -> T:
    """Ask again while partitions have no leader, as right after they were made or after a broker ended."""
    deadline = time.monotonic() + _SETTLING
    while True:
        try:
            return ask()
        except KafkaException as error:
            if error.args[0].code() not in _UNSETTLED or time.monotonic() > deadline:
                raise unavailable(error) from error
        except TimeoutError as error:
            raise unavailable("it took too long") from error
        time.sleep(0.05)
