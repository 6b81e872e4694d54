"""Reads a partition from a position."""

import asyncio
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from scanly.kernel.events.kafka.connection import unavailable
from scanly.kernel.events.stream_log import StreamRecord
from scanly.kernel.telemetry import counter, get_logger

log = get_logger(__name__)

_PATIENCE = 5.0
_FILL = 0.005
"""Seconds without a further record after which a read is answered with what there is."""

_expired = counter("scanly_log_expired_records_total", "Records that Kafka forgot before they were read", ("topic",))


class KafkaReader:
    """One consumer for any number of topics, each read by explicit position.

    Between reads nothing is assigned, so it costs nothing while idle. A read waits for the fetch that is under way,
    hence the short ``fetch.wait.max.ms``: 5 ms a read rather than 500.
    """

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._options = {
            **options,
            "group.id": "scanly",  # required, not used: nothing subscribes or commits
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
            "fetch.wait.max.ms": 1,
            "fetch.error.backoff.ms": 100,
            "fetch.message.max.bytes": 1_048_576,
            "queued.max.messages.kbytes": 4_096,
        }
        self._consumer: Consumer | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="kafka-reader")

    async def read(self, topic: str, partition: int, after: int, limit: int) -> list[StreamRecord]:
        """See ``StreamLog``."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._read, topic, partition, after, limit)

    async def close(self) -> None:
        """Let go of the connections."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._drop)
        self._thread.shutdown()

    def _read(self, topic: str, partition: int, after: int, limit: int) -> list[StreamRecord]:
        consumer = self._consumer = self._consumer or Consumer(self._options)
        place = TopicPartition(topic, partition, after + 1)
        try:
            consumer.incremental_assign([place])
            try:
                found = _fetch(consumer, place, limit)
            finally:
                consumer.incremental_unassign([place])
            if found and found[0].offset > after + 1:
                self._report_gap(consumer, place, found[0].offset)
        except KafkaException as error:
            self._drop()
            raise unavailable(error) from error
        return found

    def _report_gap(self, consumer: Consumer, place: TopicPartition, first: int) -> None:
        low, _ = consumer.get_watermark_offsets(place, timeout=_PATIENCE)
        if (missing := min(low, first) - place.offset) > 0:
            _expired.labels(place.topic).inc(missing)
            log.error("kafka forgot records before they were read", topic=place.topic, records=missing)

    def _drop(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            consumer.close()


def _fetch(consumer: Consumer, place: TopicPartition, limit: int) -> list[StreamRecord]:
    found: list[StreamRecord] = []
    deadline = time.monotonic() + _PATIENCE
    while (left := limit - len(found)) > 0:
        messages = consumer.consume(min(left, 500), _FILL) if found else _first(consumer, deadline)
        if not messages:
            return found
        for message in messages:
            if (error := message.error()) is not None:
                if error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - the name the library gives it
                    return found
                if not error.retriable():
                    raise KafkaException(error)
                continue
            if message.partition() == place.partition and (message.offset() or 0) >= place.offset:
                found.append(_record(message))
    return found


def _first(consumer: Consumer, deadline: float) -> list[Message]:
    while (left := deadline - time.monotonic()) > 0:
        if (message := consumer.poll(left)) is not None:
            return [message]
    raise unavailable("it took too long")


def _record(message: Message) -> StreamRecord:
    key, value, offset = message.key(), message.value(), message.offset()
    assert offset is not None
    return StreamRecord(offset, (key or b"").decode("utf-8", "replace"), value or b"")
