"""Topics: made when first needed, with how many partitions, and how far they reach."""

import asyncio
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar

from confluent_kafka import OFFSET_END, Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]

from scanly.kernel.events.kafka.connection import unavailable
from scanly.kernel.events.kafka.producer import LARGEST

T = TypeVar("T")

_REPLICAS = 3
_QUICK = 5.0
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
        return await self._offsets(topic, OFFSET_END)

    async def offsets_at(self, topic: str, moment: datetime) -> dict[int, int]:
        """Return the offset of the first record that is not older than ``moment``; the next one when all are."""
        found = await self._offsets(topic, int(moment.timestamp() * 1000))
        ends = await self.heads(topic)
        return {partition: offset if offset >= 0 else ends[partition] for partition, offset in found.items()}

    async def close(self) -> None:
        """Let go of the connections."""
        asker, self._asker = self._asker, None
        if asker is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, asker.close)
        self._thread.shutdown()

    async def _offsets(self, topic: str, timestamp: int) -> dict[int, int]:
        """Ask for all partitions at once. A timestamp of -1 means their ends, as in Kafka's protocol."""
        places = [TopicPartition(topic, number, timestamp) for number in range(await self.partitions(topic))]

        def ask() -> dict[int, int]:
            # Not list_offsets of the administration: one call in ten of it takes 3 s, see the record of the choice.
            found = self._client().offsets_for_times(places, timeout=_QUICK)
            for place in found:
                if place.error is not None:
                    raise KafkaException(place.error)
            return {place.partition: place.offset for place in found}

        return await self._run(ask)

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
            made = admin.list_topics(topic, timeout=_QUICK).topics[topic].partitions
            if not made:  # another process makes it just now
                raise KafkaException(KafkaError(KafkaError.LEADER_NOT_AVAILABLE)) from error
            return len(made)
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
