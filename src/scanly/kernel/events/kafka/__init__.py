"""The event log in Kafka, by librdkafka. Imported only where ``SCANLY_KAFKA_BOOTSTRAP`` is set.

librdkafka works in threads of its own; whatever waits for it waits in a thread of ours, never in the event loop.
Kafka's consumer groups and committed offsets are not used: positions belong to the transaction that uses a record.
"""

from scanly.kernel.events.kafka.event_log import KafkaEventLog
from scanly.kernel.events.kafka.stream_log import KafkaStreamLog

__all__ = ["KafkaEventLog", "KafkaStreamLog"]
