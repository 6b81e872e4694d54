"""Appends batches and waits until every record of a batch is acknowledged by all replicas in sync."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from scanly.kernel.events.kafka.connection import unavailable

Pairs = Sequence[tuple[str, bytes]]

LARGEST = 4 * 1024 * 1024
"""Bytes that a record may have; topics are made to take a batch of them."""

_PATIENCE = 3.0
"""Seconds for a batch."""
_MORE_PATIENCE = 10.0
"""Seconds for a batch after one that took too long: a slow network must not have every batch begun again for ever."""
_DOWN = 1.0
"""Seconds for a batch while no broker can be reached."""
_SLICE = 200
"""Records handed over at once; the interpreter's lock is held for as long, well below 5 ms."""


class KafkaProducer:
    """One producer; batches go one after the other, each whole or failed.

    Without order a failed batch could leave its second half in the log and be sent again behind a newer one. So what
    is not acknowledged in time is purged as a whole, and the order of a key survives when the caller sends it again.
    """

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._options = {
            **options,
            "enable.idempotence": True,  # implies acks=all and order over retries
            "compression.type": "lz4",
            "linger.ms": 2,
            "message.max.bytes": LARGEST + 65_536,
            "message.timeout.ms": 0,  # the deadline is ours, for the batch as a whole
            "queue.buffering.max.messages": 200_000,
            "queue.buffering.max.kbytes": 131_072,
            "error_cb": self._heard,
        }
        self._producer: Producer | None = None
        self._was_slow = False
        self._is_down = False
        self._turn = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="kafka-producer")

    async def send(self, topic: str, parts: Mapping[int, Pairs]) -> dict[int, int]:
        """Append pairs of key and record to partitions; return the offset behind them in each.

        ``Unavailable`` means that any part of them may be missing.
        """
        async with self._turn:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._send, topic, parts)

    async def close(self) -> None:
        """Let go of the connections."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._drop)
        self._thread.shutdown()

    def _send(self, topic: str, parts: Mapping[int, Pairs]) -> dict[int, int]:
        batch = _Batch(sum(map(len, parts.values())))
        began = time.monotonic()
        deadline = began + (_MORE_PATIENCE if self._was_slow else _PATIENCE)
        self._is_down = False
        try:
            producer = self._producer = self._producer or Producer(self._options)
            for partition, pairs in parts.items():
                for start in range(0, len(pairs), _SLICE):
                    messages = [{"key": key, "value": value} for key, value in pairs[start : start + _SLICE]]
                    _hand_over(producer, topic, partition, messages, batch)
            while batch.waiting and batch.error is None and time.monotonic() < deadline:
                producer.poll(0.1)
                if self._is_down:
                    deadline = min(deadline, began + _DOWN)
        except (KafkaException, BufferError) as error:
            self._give_up(batch)
            raise unavailable(error) from error
        if batch.waiting or batch.error is not None:
            reason = batch.error or "it took too long"
            self._give_up(batch)
            raise unavailable(reason)
        self._was_slow = False
        return batch.ends

    def _heard(self, error: KafkaError) -> None:
        """Hear from librdkafka, inside of ``poll``, that the last connection ended or that another attempt failed.

        It does not repeat itself for half a minute, so silence does not mean that a broker is back.
        """
        if error.code() in (KafkaError._ALL_BROKERS_DOWN, KafkaError._TRANSPORT):  # noqa: SLF001 - the library's names
            self._is_down = True

    def _give_up(self, batch: "_Batch") -> None:
        """Take back what was not sent, so that nothing of the batch reaches the log behind what follows it."""
        self._was_slow = not self._is_down
        if self._producer is None:
            return
        self._producer.purge()
        self._producer.poll(0)
        if batch.error is not None and batch.error.fatal():
            self._drop()

    def _drop(self) -> None:
        if self._producer is not None:
            self._producer.purge()
            self._producer.poll(0)
        self._producer = None


class _Batch:
    def __init__(self, records: int) -> None:
        self.waiting = records
        self.error: KafkaError | None = None
        self.ends: dict[int, int] = {}

    def report(self, error: KafkaError | None, message: Message) -> None:
        """Take note of what became of one record."""
        if error is None:
            partition, offset = message.partition() or 0, message.offset() or 0
            self.ends[partition] = max(self.ends.get(partition, 0), offset + 1)
            self.waiting -= 1
        elif self.error is None:
            self.error = error


def _hand_over(producer: Producer, topic: str, partition: int, messages: list[dict[str, Any]], batch: _Batch) -> None:
    taken = producer.produce_batch(topic, messages, partition=partition, on_delivery=batch.report)
    if taken < len(messages):
        refused = next((message["_error"] for message in messages if "_error" in message), None)
        raise KafkaException(refused or "its queue is full")
    producer.poll(0)
