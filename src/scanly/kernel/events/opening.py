"""Which form of the log an installation has."""

from scanly.kernel.config import Settings
from scanly.kernel.db import Database
from scanly.kernel.events.event_log import EventLog
from scanly.kernel.events.outbox_log import OutboxLog
from scanly.kernel.events.postgres_stream_log import PostgresStreamLog
from scanly.kernel.events.stream_log import StreamLog
from scanly.kernel.invalidation import Invalidation


def open_stream_log(settings: Settings, database: Database, invalidation: Invalidation | None = None) -> StreamLog:
    """Return the log in Kafka where ``SCANLY_KAFKA_BOOTSTRAP`` is set, else the one in the database."""
    if settings.kafka_bootstrap is None:
        return PostgresStreamLog(database, invalidation)
    from scanly.kernel.events.kafka import KafkaStreamLog  # noqa: PLC0415 - memory that only this shape pays

    return KafkaStreamLog(settings)


def open_event_log(settings: Settings, database: Database) -> EventLog:
    """Return the log of events in Kafka where ``SCANLY_KAFKA_BOOTSTRAP`` is set, else the outbox itself."""
    if settings.kafka_bootstrap is None:
        return OutboxLog(database)
    from scanly.kernel.events.kafka import KafkaEventLog, KafkaStreamLog  # noqa: PLC0415 - as above

    return KafkaEventLog(database, KafkaStreamLog(settings))
