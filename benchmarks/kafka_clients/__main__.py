"""`python -m benchmarks.kafka_clients`: five alternating runs of both clients against one broker; prints medians.

Each ships 40,000 records of 300 bytes in batches of 2,000 (idempotent, acks=all, lz4, waiting for every batch) and
reads them back by position, inside an event loop whose longest stall is watched. Processor time is the client
process's own. Needs `python -m tools.services install kafka`, and `pip install aiokafka[lz4]` for the second client.
"""

import asyncio
import importlib.util
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from tools.services import kafka

_RECORDS = 40_000
_BATCH = 2_000
_RUNS = 5
_TOPIC = "clients"
_PAYLOAD = [os.urandom(60) + b'{"country":"IN","user_agent":"Mozilla/5.0 (Linux; Android 14)"}' * 4 for _ in range(50)]

Records = list[tuple[str, bytes]]


async def confluent(address: str) -> tuple[float, float, float, float]:
    producer = Producer({"bootstrap.servers": address, "enable.idempotence": True, "compression.type": "lz4"})

    def ship(batch: Records) -> None:
        waiting = len(batch)

        def acknowledged(error: KafkaError | None, _message: object) -> None:
            nonlocal waiting
            assert error is None, error
            waiting -= 1

        messages = [{"key": key, "value": value} for key, value in batch]
        assert producer.produce_batch(_TOPIC, messages, partition=0, on_delivery=acknowledged) == len(batch)
        while waiting:
            producer.poll(0.1)

    async def append(batch: Records) -> None:
        await asyncio.to_thread(ship, batch)

    consumer = Consumer({"bootstrap.servers": address, "group.id": "clients", "enable.auto.commit": False})
    _, head = await asyncio.to_thread(consumer.get_watermark_offsets, TopicPartition(_TOPIC, 0), 10)
    consumer.assign([TopicPartition(_TOPIC, 0, head)])

    async def read() -> int:
        messages = await asyncio.to_thread(consumer.consume, _BATCH, 0.5)
        return sum(message.value() is not None for message in messages)

    measured = await _measure(append, read)
    consumer.close()
    return measured


async def aio(address: str) -> tuple[float, float, float, float]:
    from aiokafka import AIOKafkaConsumer, AIOKafkaProducer  # noqa: PLC0415 - compared, not needed
    from aiokafka import TopicPartition as Place  # noqa: PLC0415

    producer = AIOKafkaProducer(bootstrap_servers=address, enable_idempotence=True, compression_type="lz4", linger_ms=5)
    await producer.start()
    consumer = AIOKafkaConsumer(bootstrap_servers=address, enable_auto_commit=False, group_id=None)
    await consumer.start()
    place = Place(_TOPIC, 0)
    consumer.assign([place])
    await consumer.seek_to_end(place)
    await consumer.position(place)

    async def append(batch: Records) -> None:
        sent = [await producer.send(_TOPIC, value, key=key.encode(), partition=0) for key, value in batch]
        await asyncio.gather(*sent)

    async def read() -> int:
        found = await consumer.getmany(timeout_ms=500, max_records=_BATCH)
        return sum(map(len, found.values()))

    try:
        return await _measure(append, read)
    finally:
        await consumer.stop()
        await producer.stop()


async def _measure(
    append: Callable[[Records], Awaitable[None]], read: Callable[[], Awaitable[int]]
) -> tuple[float, float, float, float]:
    """Records per second written and read, processor microseconds per record for both, longest stall in ms."""
    worst = 0.0

    async def watch() -> None:
        nonlocal worst
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            worst = max(worst, time.perf_counter() - began - 0.001)

    batch = [(f"link {number % 500}", _PAYLOAD[number % len(_PAYLOAD)]) for number in range(_BATCH)]
    await append(batch)
    watcher = asyncio.create_task(watch())
    processor, began = time.process_time(), time.perf_counter()
    for _ in range(_RECORDS // _BATCH):
        await append(batch)
    written = time.perf_counter() - began
    began, got = time.perf_counter(), 0
    while got < _RECORDS:
        got += await read()
    taken = time.perf_counter() - began
    used = time.process_time() - processor
    watcher.cancel()
    with suppress(asyncio.CancelledError):
        await watcher
    return _RECORDS / written, _RECORDS / taken, used / _RECORDS * 1e6, worst * 1e3


def main() -> int:
    clients = {"confluent-kafka": ("confluent_kafka", confluent), "aiokafka": ("aiokafka", aio)}
    measured: dict[str, list[tuple[float, float, float, float]]] = {}
    with tempfile.TemporaryDirectory(prefix="scanly-clients-") as made, kafka.run(Path(made)) as address:
        admin = AdminClient({"bootstrap.servers": address})
        admin.create_topics([NewTopic(_TOPIC, 1, 1)])[_TOPIC].result(10)
        for _ in range(_RUNS):
            for name, (module, run) in clients.items():
                if importlib.util.find_spec(module) is not None:
                    measured.setdefault(name, []).append(asyncio.run(run(address)))
    print(f"{'client':<16} {'written/s':>10} {'read/s':>10} {'CPU µs/record':>14} {'longest stall ms':>17}")
    for name, runs in measured.items():
        written, taken, used, stall = map(statistics.median, zip(*runs, strict=True))
        print(f"{name:<16} {written:>10,.0f} {taken:>10,.0f} {used:>14.1f} {stall:>17.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
